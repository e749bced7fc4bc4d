#include "ctf/pupil.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ctf/checks.h"
#include "record/merge.h"
#include "record/phone.h"

struct pupil *pupil_new(void)
{
    struct pupil *pupil = mem_alloc(sizeof *pupil);

    pupil_begin(pupil, 0);
    return pupil;
}

void pupil_free(struct pupil *pupil)
{
    if (pupil == NULL)
        return;
    arena_free(&pupil->arena);
    explicit_bzero(pupil, sizeof *pupil);
    free(pupil);
}

void pupil_begin(struct pupil *pupil, uint64_t line)
{
    arena_clear(&pupil->arena);
    leaver_init(&pupil->leaver);
    pupil->leaver.contacts = pupil->contacts;
    pupil->leaver.languages = pupil->languages;
    pupil->leaver.needs = pupil->needs;
    pupil->leaver.disabilities = pupil->disabilities;
    pupil->leaver.years = pupil->years;
    pupil->leaver.results = pupil->results;
    pupil->leaver.schools = pupil->schools;
    pupil->line = line;
    pupil->at = line;
    pupil->dob_is_text = false;
    pupil->findings.count = 0;
    pupil->text_left = PUPIL_MAX_TEXT;
    pupil->date_count = 0;
}

const char *pupil_text(struct pupil *pupil, const char *text)
{
    const size_t len = strlen(text);

    if (len == 0)
        return "";
    if (len >= pupil->text_left) {
        if (pupil->text_left > 0)
            findings_add(&pupil->findings, FINDING_HOLD, "too-long",
                pupil->line, "the texts of this pupil together");
        pupil->text_left = 0;
        return "";
    }
    pupil->text_left -= len;
    return arena_copy(
        &pupil->arena, (struct bytes){(const uint8_t *)text, len});
}

/* Room for one more in a list; once a list is full, one finding says so. */
static bool has_room(
    struct pupil *pupil, size_t count, size_t limit, const char *what)
{
    if (count < limit)
        return true;
    for (size_t i = 0; i < pupil->findings.count; i++)
        if (strcmp(pupil->findings.list[i].code, "too-many") == 0)
            return false;
    findings_add(&pupil->findings, FINDING_HOLD, "too-many", pupil->line,
        "more than %zu %s", limit, what);
    return false;
}

struct leaver_contact *pupil_add_contact(struct pupil *pupil)
{
    const size_t at = pupil->leaver.contact_count;

    if (!has_room(pupil, at, LEAVER_MAX_CONTACTS, "contacts"))
        return NULL;
    leaver_contact_init(&pupil->contacts[at]);
    pupil->contacts[at].points = pupil->points[at];
    pupil->has_phone[at] = false;
    pupil->leaver.contact_count++;
    return &pupil->contacts[at];
}

struct leaver_language *pupil_add_language(struct pupil *pupil)
{
    const size_t at = pupil->leaver.language_count;

    if (!has_room(pupil, at, LEAVER_MAX_LANGUAGES, "languages"))
        return NULL;
    pupil->languages[at] = (struct leaver_language){.type = "", .code = ""};
    pupil->leaver.language_count++;
    return &pupil->languages[at];
}

struct leaver_need *pupil_add_need(struct pupil *pupil)
{
    const size_t at = pupil->leaver.need_count;

    if (!has_room(pupil, at, LEAVER_MAX_NEEDS, "needs"))
        return NULL;
    pupil->needs[at] = (struct leaver_need){.type = ""};
    pupil->leaver.need_count++;
    return &pupil->needs[at];
}

struct leaver_year *pupil_add_year(struct pupil *pupil)
{
    const size_t at = pupil->leaver.year_count;

    if (!has_room(pupil, at, LEAVER_MAX_YEARS, "years of attendance"))
        return NULL;
    pupil->years[at] = (struct leaver_year){.school = ""};
    pupil->leaver.year_count++;
    return &pupil->years[at];
}

struct leaver_result *pupil_add_result(struct pupil *pupil)
{
    const size_t at = pupil->leaver.result_count;

    if (!has_room(pupil, at, LEAVER_MAX_RESULTS, "results"))
        return NULL;
    pupil->results[at] = (struct leaver_result){
        .stage = "",
        .locale = "",
        .year = "",
        .subject = "",
        .method = "",
        .component = "",
        .status = "",
        .qualifier = "",
        .result = "",
    };
    pupil->leaver.result_count++;
    return &pupil->results[at];
}

struct leaver_school *pupil_add_school(struct pupil *pupil)
{
    const size_t at = pupil->leaver.school_count;

    if (!has_room(pupil, at, LEAVER_MAX_SCHOOLS, "schools"))
        return NULL;
    pupil->schools[at] = (struct leaver_school){
        .laestab = "", .urn = "", .name = "", .reason = ""};
    pupil->leaver.school_count++;
    return &pupil->schools[at];
}

void pupil_add_disability(struct pupil *pupil, const char *code)
{
    const size_t at = pupil->leaver.disability_count;

    if (code[0] == '\0' ||
        !has_room(pupil, at, LEAVER_MAX_DISABILITIES, "disabilities"))
        return;
    pupil->disabilities[at] = pupil_text(pupil, code);
    pupil->leaver.disability_count++;
}

/* One @ with something on both sides, and no space. */
static bool is_email(const char *text)
{
    const char *at = strchr(text, '@');

    return at != NULL && at != text && at[1] != '\0' &&
           strlen(text) <= LEAVER_MAX_EMAIL && strchr(at + 1, '@') == NULL &&
           strchr(text, ' ') == NULL;
}

/* A text phone or a fax is never dialled for a voice. */
static const char *dial_form(
    struct pupil *pupil, enum point_kind kind, const char *raw)
{
    char dial[PHONE_DIAL_SIZE];

    if (kind == POINT_EMAIL)
        return is_email(raw) ? raw : "";
    if (kind == POINT_TEXTPHONE || kind == POINT_FAX)
        return "";
    return pupil_text(pupil, phone_dial(dial, raw));
}

/* A number that nobody can ring as it stands: a person has to look at it. */
static void check_dial(struct pupil *pupil, const struct leaver_point *point)
{
    if (point->dial[0] != '\0' || point->kind == POINT_TEXTPHONE ||
        point->kind == POINT_FAX)
        return;
    if (point->kind == POINT_EMAIL)
        findings_add(&pupil->findings, FINDING_WARN, "email-unclear", pupil->at,
            "an e-mail address cannot be written to as it stands");
    else
        findings_add(&pupil->findings, FINDING_WARN, "phone-unclear", pupil->at,
            "a telephone number cannot be dialled as it stands");
}

void pupil_add_point(struct pupil *pupil, struct leaver_contact *contact,
    enum point_kind kind, const char *raw)
{
    const size_t at = contact->point_count;
    const char *kept;

    if (kind != POINT_EMAIL)
        pupil->has_phone[contact - pupil->contacts] = true;
    if (raw[0] == '\0' ||
        !has_room(pupil, at, LEAVER_MAX_POINTS, "numbers of one contact"))
        return;
    kept = pupil_text(pupil, raw);
    contact->points[at] = (struct leaver_point){
        .number = (uint32_t)at + 1,
        .kind = kind,
        .raw = kept,
        .dial = dial_form(pupil, kind, kept),
    };
    check_dial(pupil, &contact->points[at]);
    contact->point_count++;
}

void pupil_take_date(struct pupil *pupil, const char *name, struct date *stored,
    const char *text)
{
    struct date date = {.year = 0};

    if (text[0] == '\0')
        return;
    if (date_parse(&date, text, NULL) != 0) {
        findings_add(&pupil->findings, FINDING_WARN, "bad-date", pupil->at,
            "%s is no date: not kept", name);
        return;
    }
    if (stored != NULL)
        *stored = date;
    if (pupil->date_count < PUPIL_MAX_DATES)
        pupil->dates[pupil->date_count++] = (struct pupil_date){
            .name = name,
            .stored = stored,
            .date = date,
            .may_be_future = strcmp(name, "LeavingDate") == 0 ||
                             strcmp(name, "FSMreviewDate") == 0 ||
                             strcmp(name, "entry_date") == 0,
        };
}

void pupil_take_dob(struct pupil *pupil, const char *text)
{
    pupil->leaver.dob = (struct date){.year = 0};
    pupil->dob_is_text =
        text[0] != '\0' && date_parse(&pupil->leaver.dob, text, NULL) != 0;
}

int pupil_deliver(struct pupil *pupil, struct date now, struct seen *seen,
    const struct findings_sink *sink)
{
    checks_pupil(pupil, now, seen, sink);
    merge_number(&pupil->leaver);
    return sink->on_pupil(sink->arg, &pupil->leaver, pupil->line,
        pupil->findings.list, pupil->findings.count);
}

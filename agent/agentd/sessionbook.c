#include "agentd/sessionbook.h"

#include <stdio.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/leaver_json.h"
#include "base/err.h"
#include "outreach/invitation.h"
#include "outreach/languages.h"
#include "outreach/meeting.h"
#include "outreach/when.h"
#include "record/codes.h"

void sessionbook_fill(struct sessionbook *book, const struct agent *agent)
{
    const struct casework *c = agent->casework;

    arena_clear(&book->arena);
    book->family_count = c->count;
    book->families =
        arena_take(&book->arena, (c->count + 1) * sizeof *book->families);
    for (size_t i = 0; i < c->count; i++) {
        const struct casework_file *file = c->files[i];

        book->families[i] = (struct sessions_family){file->family,
            file->reach_pupils, file->pupil_count, file->events,
            file->event_count, &file->reach};
    }
    sessions_fold(&book->sessions, c->school.events, c->school.event_count,
        book->families, book->family_count, &book->arena);
}

int sessionbook_open(
    struct sessionbook *book, struct request *request, struct err *err)
{
    int rc = casework_refresh(request->agent, err);

    if (rc == 0)
        sessionbook_fill(book, request->agent);
    return rc;
}

void sessionbook_close(struct sessionbook *book)
{
    arena_free(&book->arena);
}

int sessionbook_session(struct sessions_one **out,
    const struct sessionbook *book, struct request *request, struct err *err)
{
    int64_t number;
    int rc = args_number(&number, request->args, "session", 1, UINT32_MAX, err);

    if (rc < 0)
        return rc;
    *out = sessions_find(&book->sessions, (uint32_t)number);
    if (*out != NULL)
        return 0;
    request->next = "moveup session list shows the sessions and their numbers";
    return err_set(
        err, ERR_NOT_FOUND, "there is no session %lld", (long long)number);
}

int sessionbook_open_at(struct sessions_one **out, struct sessionbook *book,
    struct request *request, struct err *err)
{
    const int rc = sessionbook_open(book, request, err);

    return rc < 0 ? rc : sessionbook_session(out, book, request, err);
}

const struct sessions_family *sessionbook_family(
    const struct sessionbook *book, const struct casework_file *file)
{
    for (size_t i = 0; i < book->family_count; i++)
        if (book->families[i].family == file->family)
            return &book->families[i];
    return NULL;
}

struct casework_file *sessionbook_file(
    const struct agent *agent, const struct sessions_family *family)
{
    return casework_find(agent, family->family);
}

static json_t *places_json(uint32_t places)
{
    return places == UINT32_MAX ? json_null() : json_integer(places);
}

/* How many parties stand so; those kept apart are in no figure. */
static json_int_t count_of(const struct sessions_one *one, enum rsvp rsvp)
{
    json_int_t count = 0;

    for (size_t i = 0; i < one->party_count; i++)
        count += !one->parties[i].apart && one->parties[i].rsvp == rsvp;
    return count;
}

static void add_figures(json_t *out, const struct sessions_one *one)
{
    json_int_t invited = 0;
    json_int_t attended = 0;
    json_int_t missed = 0;

    for (size_t i = 0; i < one->party_count; i++) {
        invited += one->parties[i].invite != NULL && !one->parties[i].apart;
        attended += one->parties[i].attended && !one->parties[i].apart;
        missed += sessions_missed(&one->parties[i]);
    }
    json_object_set_new(out, "taken", json_integer(one->taken));
    json_object_set_new(out, "free", places_json(sessions_free(one)));
    json_object_set_new(out, "creche_taken", json_integer(one->creche_taken));
    json_object_set_new(out, "invited", json_integer(invited));
    json_object_set_new(out, "yes", json_integer(count_of(one, RSVP_YES)));
    json_object_set_new(
        out, "tentative", json_integer(count_of(one, RSVP_TENTATIVE)));
    json_object_set_new(out, "no", json_integer(count_of(one, RSVP_NO)));
    json_object_set_new(
        out, "waiting", json_integer(count_of(one, RSVP_WAITING)));
    json_object_set_new(out, "attended", json_integer(attended));
    json_object_set_new(out, "missed", json_integer(missed));
}

json_t *sessionbook_json(const struct sessions_one *one)
{
    const struct event_session *s = one->is;
    SCOPED(buf_free) struct buf when = BUF_EMPTY;
    json_t *out;

    invitation_when(&when, s);
    buf_add(&when, (struct bytes){(const uint8_t *)"", 1});
    out = json_pack("{s:I,s:s,s:s,s:s,s:s,s:o,s:o,s:s,s:s}", "session",
        (json_int_t)s->session, "type", meeting_type_name(s->type), "title",
        s->title[0] != '\0' ? s->title : meeting_type_text(s->type), "status",
        meeting_status_name(s->status), "when", (const char *)when.data,
        "start", args_time(s->start.ms), "end", args_time(s->end.ms), "band",
        bands_code(bands_of(s->start)), "place", s->place);
    json_object_set_new(out, "capacity",
        s->capacity == 0 ? json_null() : json_integer(s->capacity));
    json_object_set_new(out, "creche", json_integer(s->creche));
    json_object_set_new(out, "step_free", json_boolean(s->step_free));
    json_object_set_new(
        out, "learning_linked", json_boolean(s->learning_linked));
    json_object_set_new(out, "interpreters", args_string(s->interpreters));
    json_object_set_new(out, "online_link", args_string(s->online_link));
    json_object_set_new(out, "person", args_string(s->person));
    json_object_set_new(out, "phone", args_string(s->phone));
    add_figures(out, one);
    return out;
}

static bool is_unnamed(const struct sessions_family *family)
{
    for (size_t i = 0; i < family->pupil_count; i++)
        if (family->pupils[i].visible->pupil_not_to_be_named)
            return true;
    return false;
}

/* "Tariq and Ada": those whom this adult may be spoken to about. */
static void children(struct buf *out, const struct sessions_party *party)
{
    const struct sessions_family *f = party->family;
    size_t count = 0;

    for (size_t i = 0; i < f->pupil_count; i++)
        if ((party->person->pupils >> i & 1) != 0)
            buf_format(out, "%s%s", count++ == 0 ? "" : " and ",
                leaver_known_forename(f->pupils[i].leaver));
    buf_add(out, (struct bytes){(const uint8_t *)"", 1});
}

json_t *sessionbook_party_json(
    const struct agent *agent, const struct sessions_party *party)
{
    const struct casework_file *file = sessionbook_file(agent, party->family);
    SCOPED(buf_free) struct buf named = BUF_EMPTY;
    bool withheld = false;
    char id[24];

    children(&named, party);
    snprintf(id, sizeof id, "%lld", (long long)party->family->family);
    return json_pack("{s:s,s:s,s:I,s:o,s:s,s:I,s:I,s:I,s:s,s:s,s:s,s:o}",
        "case", id, "children", (const char *)named.data, "contact",
        (json_int_t)party->person->n, "name",
        leaver_json_name(party->person->seen->contact), "rsvp",
        meeting_rsvp_name(party->rsvp), "guests", (json_int_t)party->guests,
        "creche", (json_int_t)party->creche, "waiting_place",
        (json_int_t)party->place, "needs",
        party->reply == NULL ? ""
                             : desk_shown(file, party->reply->needs, &withheld),
        "language", party->person->language, "interpreter",
        leaver_json_interpreter(party->person->interpreter), "attended",
        party->marked ? json_boolean(party->attended) : json_null());
}

/* --- letters --- */

/* The address to write to, or nothing if none may be shown. */
static json_t *address_json(const struct sessions_party *party)
{
    const struct leaver_contact *c = party->person->seen->contact;
    const struct leaver_address *address = NULL;
    json_t *lines = json_array();

    for (size_t i = 0; i < party->family->pupil_count; i++) {
        const struct reach_pupil *pupil = &party->family->pupils[i];

        if (pupil->visible->address_withheld)
            return lines;
        if (pupil->record == party->person->record)
            address =
                c->address_as_pupil ? &pupil->leaver->address : &c->address;
    }
    if (address == NULL)
        return lines;
    for (size_t i = 0; i < sizeof address->lines / sizeof *address->lines; i++)
        if (address->lines[i] != NULL && address->lines[i][0] != '\0')
            json_array_append_new(lines, json_string(address->lines[i]));
    if (address->postcode != NULL && address->postcode[0] != '\0')
        json_array_append_new(lines, json_string(address->postcode));
    return lines;
}

/* Where a message of this kind goes; "" if there is nowhere. */
static const char *where_to(
    const struct reach_person *person, enum event_channel channel)
{
    for (size_t i = 0; i < person->point_count; i++) {
        const struct reach_point *p = &person->points[i];

        if (!reach_usable(p) || !p->dials)
            continue;
        if (channel == CHANNEL_EMAIL && p->kind == POINT_EMAIL)
            return p->value;
        if (channel == CHANNEL_TEXT && p->kind == POINT_MOBILE &&
            !person->no_text)
            return p->value;
    }
    return "";
}

/* Names somebody whom this adult's letter must not name: not the adult, who may
 * be restricted for one child and invited for another. */
static bool betrays(const struct sessions_party *party, const char *text)
{
    const struct sessions_family *family = party->family;

    for (size_t i = 0; i < family->pupil_count; i++)
        if (visible_betrays_another(
                family->pupils[i].leaver, party->person->seen->contact, text))
            return true;
    return false;
}

static const char *or_standard(const char *format)
{
    return format == NULL || format[0] == '\0' ? "standard" : format;
}

int sessionbook_letter(json_t **out, const struct request *request,
    const struct sessions_one *one, const struct sessions_party *party,
    struct err *err)
{
    const struct reach_person *person = party->person;
    const enum event_channel channel =
        party->invite == NULL || party->invite->how == 0 ? CHANNEL_LETTER
                                                         : party->invite->how;
    SCOPED(buf_free) struct buf named = BUF_EMPTY;
    SCOPED(buf_free) struct buf body = BUF_EMPTY;
    SCOPED(buf_free) struct buf advice = BUF_EMPTY;
    json_t *name = leaver_json_name(person->seen->contact);
    char id[24];
    struct invitation about = {.session = one->is,
        .school = request->agent->identity->name,
        .name = json_string_value(name),
        .children = "",
        .language = person->language,
        .format =
            or_standard(party->invite == NULL ? NULL : party->invite->format),
        .interpreter =
            languages_speaks(one->is->interpreters, person->language)};
    int rc = 0;

    snprintf(id, sizeof id, "%lld", (long long)party->family->family);
    if (!is_unnamed(party->family)) {
        children(&named, party);
        about.children = (const char *)named.data;
    }
    if (channel == CHANNEL_TEXT)
        invitation_text(&body, &about);
    else
        invitation_letter(&body, &about);
    buf_add(&body, (struct bytes){(const uint8_t *)"", 1});
    invitation_advice(&advice, &about);
    buf_add(&advice, (struct bytes){(const uint8_t *)"", 1});
    if (betrays(party, (const char *)body.data))
        rc = err_set(err, ERR_DENIED,
            "the letter would name an adult who is restricted");
    else
        *out = json_pack("{s:s,s:I,s:s,s:s,s:s,s:s,s:s,s:s,s:o,s:s,s:s}",
            "case", id, "session", (json_int_t)one->is->session, "name",
            about.name, "channel", event_channel_name(channel), "to",
            where_to(person, channel), "language", person->language,
            "language_name",
            person->language[0] == '\0'
                ? ""
                : codes_describe(CODES_LANGUAGE, person->language),
            "format", about.format, "address",
            channel == CHANNEL_LETTER ? address_json(party) : json_array(),
            "body", (const char *)body.data, "advice",
            (const char *)advice.data);
    json_decref(name);
    return rc;
}

/* household - a family with a random history, at a primary and a secondary,
 * lived through the real commands (cli_round.h).
 *
 * Two children or one and three adults, some of them in one child's record
 * only, some sharing a number.  Every adult has a name, an e-mail and a road
 * that nothing else has, so that a test finds them wherever they appear.
 * What is hidden is worked out here, apart from the code that hides.
 */
#ifndef TEST_HOUSEHOLD_H
#define TEST_HOUSEHOLD_H

#include "agentd/roll.h"
#include "cli_round.h"
#include "family.h"
#include "record/upn.h"

#define ADULTS 3
#define MOST_NUMBERS 12

/* In every text that is nobody's business but the school's that wrote it. */
#define HUSH "hushword"
/* In the note of every restriction: for the safeguarding lead alone. */
#define HUSH_NOTE "hushnote"

struct adult {
    char forename[16];
    char surname[16];
    bool own_surname; /* else that of the children */
    char email[40];
    char road[24];
    char numbers[MOST_NUMBERS][16]; /* all there ever were: "07700900123" */
    size_t number_count;
    char current[MOST_NUMBERS][16]; /* those that a record has now */
    size_t current_count;
    unsigned listed; /* bit i: in the record of pupil i */
    unsigned hidden; /* bit i: restricted there */
};

struct household {
    struct cli_round *world;
    struct agent *primary;
    struct agent *secondary;
    unsigned dice;
    struct adult adults[ADULTS];
    char upns[2][UPN_SIZE];
    size_t pupil_count;
    char id[24]; /* of the case */
    int64_t now;
    unsigned refused, done; /* commands */
};

static inline unsigned household_roll(struct household *h, size_t sides)
{
    return (unsigned)rand_r(&h->dice) % (unsigned)sides;
}

/* --- names --- */

/* Three letters for a number: no two of a run are the same. */
static inline void household_letters(char out[4], unsigned n)
{
    for (size_t i = 0; i < 3; i++, n /= 20)
        out[i] = "bcdfghjklmnpqrstvwxz"[n % 20];
    out[3] = '\0';
}

static inline const char *household_number(
    struct household *h, size_t who, unsigned n)
{
    struct adult *a = &h->adults[who];
    char *number = a->numbers[a->number_count++];

    assert_in_range(a->number_count, 1, MOST_NUMBERS);
    snprintf(number, sizeof a->numbers[0], "07700900%03u", n % 1000);
    return number;
}

static inline void household_name(struct household *h, unsigned seed)
{
    *h = (struct household){.world = h->world,
        .primary = h->world->round->hillside,
        .secondary = h->world->round->northgate,
        .dice = seed,
        .now = h->now,
        .pupil_count = 1 + seed % 2};
    for (unsigned i = 0; i < ADULTS; i++) {
        struct adult *a = &h->adults[i];
        char letters[4];

        household_letters(letters, seed * ADULTS + i);
        snprintf(a->forename, sizeof a->forename, "Xaq%s", letters);
        a->own_surname = i > 0 && household_roll(h, 2) == 0;
        snprintf(a->surname, sizeof a->surname, "%s%s",
            a->own_surname ? "Wuv" : "Okoro", a->own_surname ? letters : "");
        snprintf(a->email, sizeof a->email, "kej.%s@example.org", letters);
        snprintf(a->road, sizeof a->road, "%u Jyq%s Lane", 10 + i, letters);
        a->listed = h->pupil_count == 2 && household_roll(h, 4) > 0 ? 3 : 1;
        household_number(h, i, seed * 4 + i);
    }
    h->adults[0].listed = (1U << h->pupil_count) - 1;
    for (size_t i = 0; i < h->pupil_count; i++) {
        char right = '?';

        snprintf(h->upns[i], UPN_SIZE, "A8732001%02u%03u", 10 + seed / 450 % 90,
            seed * 2 % 900 + (unsigned)i);
        upn_check(h->upns[i], &right);
        h->upns[i][0] = right;
    }
}

/* What somebody might write down, about whoever it may be. */
static inline char *household_text(struct household *h)
{
    const struct adult *a = &h->adults[household_roll(h, ADULTS)];
    const char *number = a->numbers[household_roll(h, a->number_count)];

    switch (household_roll(h, 9)) {
    case 0:
        return mem_format(HUSH " ask %s %s", a->forename, a->surname);
    case 1:
        return mem_format(HUSH " %s, %s rang", a->surname, a->forename);
    case 2:
        return mem_format(HUSH " on %s", number);
    case 3:
        return mem_format(HUSH " +44 %.4s %s!", number + 1, number + 5);
    case 4:
        return mem_format(HUSH " write to %s", a->email);
    case 5:
        return mem_format(HUSH " %.5s-%.3s-%s", number, number + 5, number + 8);
    case 6:
        return mem_format(HUSH " lives at %s", a->road);
    default:
        return mem_text(HUSH " the bus at 8");
    }
}

/* --- records --- */

static inline void household_list(
    struct family *f, struct household *h, size_t pupil, size_t who)
{
    const struct adult *a = &h->adults[who];
    struct leaver_contact *c = family_add(f, a->forename, a->surname);

    c->source_id = arena_text(&f->arena, a->forename);
    c->relationship = who == 0 ? "PAM" : who == 1 ? "PAF" : "REL";
    c->responsibility = who < 2 ? STATED_YES : STATED_NO;
    c->address.lines[0] = a->road;
    family_point(f, c, a->numbers[0]);
    family_point(f, c, a->email);
    /* the mother has the father's number too, at least for one child */
    if (who == 0 && (pupil == 1 || household_roll(h, 2) == 0))
        family_point(f, c, h->adults[1].numbers[0]);
}

static inline void household_append(
    struct household *h, struct leavers_row *row, const struct leaver *leaver)
{
    row->revision++;
    assert_int_equal(db_begin(h->primary->db, NULL), 0);
    assert_int_equal(roll_store(h->primary, row, leaver, NULL), 0);
    assert_int_equal(
        sender_append_leaver(h->primary, LANE_NORMAL, &row->tag, NULL), 0);
    assert_int_equal(db_commit(h->primary->db, NULL), 0);
}

static inline void household_send(struct household *h, size_t pupil)
{
    struct leavers_row row = {.revision = 0};
    SCOPED(family_free) struct family f;
    SCOPED(mem_freep) char *strengths = household_text(h);

    memcpy(strengths, "primary:", strlen(HUSH)); /* not this school's secret */
    family_init(&f);
    f.leaver.upn = h->upns[pupil];
    f.leaver.forename = pupil == 0 ? "Tariq" : "Amara";
    f.leaver.dob = (struct date){2015, 3, 14};
    f.leaver.sex = "F";
    f.leaver.destination = h->secondary->identity->laestab;
    f.leaver.strengths = strengths;
    if (household_roll(h, 3) == 0)
        f.leaver.phone = h->adults[household_roll(h, ADULTS)].numbers[0];
    if (household_roll(h, 3) == 0)
        f.leaver.address.lines[0] = h->adults[household_roll(h, ADULTS)].road;
    for (size_t i = 0; i < ADULTS; i++)
        if ((h->adults[i].listed >> pupil & 1) != 0)
            household_list(&f, h, pupil, i);
    household_append(h, &row, &f.leaver);
}

/* The number that this adult has in that record; 0 if not listed. */
static inline uint32_t household_contact(
    const struct household *h, size_t who, size_t pupil)
{
    uint32_t n = 0;

    for (size_t i = 0; i <= who; i++)
        n += h->adults[i].listed >> pupil & 1;
    return (h->adults[who].listed >> pupil & 1) != 0 ? n : 0;
}

/* A later file: somebody has another number. */
static inline void household_correct(struct household *h, unsigned n)
{
    const size_t who = household_roll(h, ADULTS);
    const size_t pupil = household_roll(h, h->pupil_count);
    const uint32_t number = household_contact(h, who, pupil);
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    char dial[PHONE_DIAL_SIZE];
    struct leavers_row row;
    struct leaver leaver;

    if (number == 0 || h->adults[who].number_count == MOST_NUMBERS)
        return;
    assert_int_equal(
        roll_find(&row, &leaver, h->primary, h->upns[pupil], &arena, NULL), 0);
    for (size_t i = 0; i < leaver.contact_count; i++)
        if (leaver.contacts[i].number == number) {
            struct leaver_point *point = &leaver.contacts[i].points[0];

            point->raw = household_number(h, who, n);
            point->dial = arena_text(&arena, phone_dial(dial, point->raw));
        }
    household_append(h, &row, &leaver);
}

/* See in the primary's own records which numbers each adult has now. */
static inline void household_count_numbers(struct household *h)
{
    for (size_t who = 0; who < ADULTS; who++)
        h->adults[who].current_count = 0;
    for (size_t pupil = 0; pupil < h->pupil_count; pupil++) {
        SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
        struct leavers_row row;
        struct leaver leaver;

        assert_int_equal(
            roll_find(&row, &leaver, h->primary, h->upns[pupil], &arena, NULL),
            0);
        for (size_t who = 0; who < ADULTS; who++) {
            struct adult *a = &h->adults[who];
            const struct leaver_contact *c =
                leaver_contact(&leaver, household_contact(h, who, pupil));

            for (size_t i = 0; c != NULL && i < c->point_count; i++)
                if (c->points[i].kind != POINT_EMAIL &&
                    a->current_count < MOST_NUMBERS)
                    snprintf(a->current[a->current_count++], 16, "0%s",
                        c->points[i].dial + 3);
        }
    }
}

/* --- commands --- */

/* Type a line at a school, acting for login (NULL: who runs the agent).  In it
 * `+` stands for a space within a word. */
static inline void household_type(struct household *h, const struct agent *at,
    const char *login, const char *line)
{
    const char *words[CLI_MOST_WORDS + 1] = {NULL};
    SCOPED(mem_freep) char *copy = mem_text(line);
    char *rest = copy;
    size_t count = 0;

    while (rest != NULL) {
        assert_in_range(count, 0, CLI_MOST_WORDS - 3);
        words[count++] = strsep(&rest, " ");
    }
    for (size_t i = 0; i < count; i++)
        for (char *c = copy + (words[i] - copy); *c != '\0'; c++)
            *c = *c == '+' ? ' ' : *c;
    if (login != NULL) {
        words[count++] = "--as";
        words[count++] = login;
    }
    cli_type(h->world, at, words);
    if (h->world->code == 0)
        h->done++;
    else
        h->refused++;
    if (getenv("TEST_SHOW") != NULL)
        printf("$ %s [%s]\n%s%s", line, login == NULL ? "owner" : login,
            h->world->out, h->world->err);
}

/* Text with its spaces as household_type() wants them. */
static inline char *household_word(char *text)
{
    for (char *c = text; *c != '\0'; c++)
        *c = *c == ' ' ? '+' : *c == '+' ? '0' : *c;
    return text;
}

static inline json_t *household_json(struct household *h)
{
    json_t *json = json_loads(h->world->out, 0, NULL);

    if (json == NULL)
        fail_msg("no JSON: %s%s", h->world->out, h->world->err);
    return json;
}

static inline void household_arrive(struct household *h)
{
    json_t *list;
    json_t *one;
    size_t i;

    for (size_t pupil = 0; pupil < h->pupil_count; pupil++)
        household_send(h, pupil);
    cli_exchange(h->world);
    household_count_numbers(h);
    household_type(h, h->secondary, NULL, "list --all --json");
    list = household_json(h);
    json_array_foreach(json_object_get(list, "calls"), i, one) snprintf(h->id,
        sizeof h->id, "%s", json_string_value(json_object_get(one, "case")));
    assert_int_equal(json_array_size(json_object_get(list, "calls")), 1);
    json_decref(list);
}

static inline void household_restrict(struct household *h)
{
    const size_t who = household_roll(h, ADULTS);
    const size_t pupil = household_roll(h, h->pupil_count);
    const uint32_t contact = household_contact(h, who, pupil);
    SCOPED(mem_freep)
    char *line = mem_format("restrict add %s --contact %u --kind %s --basis "
                            "court-order --note " HUSH_NOTE "+of+%s",
        h->upns[pupil], contact,
        household_roll(h, 2) == 0 ? "do-not-contact" : "no-information",
        h->adults[who].forename);

    if (contact == 0)
        return;
    household_type(h, h->primary, NULL, line);
    assert_int_equal(h->world->code, 0);
    h->adults[who].hidden |= 1U << pupil;
}

/* End one restriction; its adult is shown again if it was the last there. */
static inline void household_release(struct household *h)
{
    const size_t pupil = household_roll(h, h->pupil_count);
    SCOPED(mem_freep)
    char *list = mem_format("restrict list %s --json", h->upns[pupil]);
    json_t *all;
    json_t *one;
    size_t i;
    size_t chosen;

    household_type(h, h->primary, NULL, list);
    all = household_json(h);
    chosen = json_array_size(json_object_get(all, "restrictions"));
    chosen = chosen == 0 ? 0 : household_roll(h, chosen);
    for (size_t who = 0; who < ADULTS; who++)
        h->adults[who].hidden &= ~(1U << pupil);
    json_array_foreach(json_object_get(all, "restrictions"), i, one)
    {
        const json_int_t contact =
            json_integer_value(json_object_get(one, "contact"));
        SCOPED(mem_freep)
        char *end = mem_format("restrict end %s --evidence order+lifted",
            json_string_value(json_object_get(one, "id")));

        if (!json_is_null(json_object_get(one, "ended")))
            continue;
        if (i == chosen) {
            household_type(h, h->primary, NULL, end);
            assert_int_equal(h->world->code, 0);
            continue;
        }
        for (size_t who = 0; who < ADULTS; who++)
            if (household_contact(h, who, pupil) == contact)
                h->adults[who].hidden |= 1U << pupil;
    }
    json_decref(all);
}

/* Nobody at the secondary may see this adult: restricted wherever listed. */
static inline bool household_hides(const struct household *h, size_t who)
{
    return h->adults[who].hidden == h->adults[who].listed;
}

#endif

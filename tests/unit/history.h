/* history - random days of a household (household.h): calls, plans,
 * invitations, promises, questions to the primary and its answers, corrections,
 * and restrictions that come and go in between. */
#ifndef TEST_HISTORY_H
#define TEST_HISTORY_H

#include "household.h"

#define HISTORY_HOUR INT64_C(3600000)
/* Tuesday 1 June 2027, 10:00 in England */
#define HISTORY_START INT64_C(1811840400000)

/* What the secondary asks in words of its own. */
#define HISTORY_QUESTION "asktext"
#define HISTORY_TUTOR "Ms Lund"
#define HISTORY_ENTRY "2027-06-01" /* so that children start, or do not */

static const char *const HISTORY_LOGINS[] = {
    "jlcaller", "ktlead", "dddsl", "ofoffice", "snsenco", "hhyear", NULL};
#define HISTORY_MOST_LOGINS (sizeof HISTORY_LOGINS / sizeof HISTORY_LOGINS[0])

static inline const char *history_login(struct household *h)
{
    return HISTORY_LOGINS[household_roll(h, HISTORY_MOST_LOGINS)];
}

/* Once for a world: the staff, and two sessions. */
static inline void history_prepare(struct household *h)
{
    static const char *const lines[] = {
        "staff add jlcaller --name Quibble+Caller --role caller --languages en",
        "staff add ktlead --name Quibble+Lead --role lead",
        "staff add dddsl --name Quibble+Dale --role dsl",
        "staff add ofoffice --name Quibble+Fay --role office",
        "staff add snsenco --name Quibble+Senco --role senco",
        "staff add hhyear --name Quibble+Year --role head-of-year",
        "dates set entry " HISTORY_ENTRY,
        "session add --type new-intake-evening --start 2027-07-12+18:00 "
        "--place Main+hall --capacity 3 --publish",
        "session add --type meet-the-tutor --start 2027-07-15+16:00 "
        "--place Library --publish"};

    h->primary = h->world->round->hillside;
    h->secondary = h->world->round->northgate;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        household_type(h, h->secondary, NULL, lines[i]);
        if (h->world->code != 0)
            fail_msg("%s: %s", lines[i], h->world->err);
    }
}

static inline void history_wait(struct household *h)
{
    h->now += (1 + household_roll(h, 20)) * HISTORY_HOUR;
    cli_set_time(h->now);
}

/* --- the secondary's days --- */

static inline void history_log(struct household *h, const char *text)
{
    static const char *const outcomes[] = {"spoke", "spoke-short", "no-answer",
        "vm-none", "busy", "other-person", "language", "wrong-number",
        "not-in-service", "not-now", "no-more", "hung-up", "sent", "replied",
        "met", "inbound-missed", "skipped", "not-in"};
    const char *outcome =
        outcomes[household_roll(h, sizeof outcomes / sizeof outcomes[0])];
    const struct adult *a = &h->adults[household_roll(h, ADULTS)];
    const char *number = a->numbers[household_roll(h, a->number_count)];
    SCOPED(mem_freep)
    char *who =
        household_roll(h, 3) == 0
            ? mem_format("--phone %s", number)
            : mem_format("--contact %u --point 1",
                  1 + household_roll(h, 3) + 100 * household_roll(h, 2));
    SCOPED(mem_freep)
    char *line =
        mem_format("log %s %s %s --said %s --note %s%s", h->id, outcome, who,
            text, text, household_roll(h, 12) == 0 ? " --concern" : "");

    household_type(h, h->secondary, history_login(h), line);
}

static inline char *history_line(struct household *h, const char *text)
{
    static const char *const results[] = {
        "started", "not-arrived", "unknown", "home-educated"};
    const unsigned session = 1 + household_roll(h, 2);

    switch (household_roll(h, 22)) {
    case 20:
    case 21:
        return mem_format("entry mark %s %s --note %s", h->upns[0],
            results[household_roll(h, sizeof results / sizeof results[0])],
            text);
    case 18:
        return mem_format("died %s --contact %u", h->id,
            1 + household_roll(h, 3) + 100 * household_roll(h, 2));
    case 19:
        return mem_format(
            "died %s --contact %u --mistake", h->id, 1 + household_roll(h, 3));
    case 17:
        return mem_format("support refer %s --service senco --consent given "
                          "--note %s",
            h->upns[0], text);
    case 16:
        return mem_format("ask %s --question " HISTORY_QUESTION, h->id);
    case 0:
        return mem_format("wishes %s --contact 1 --good EVE,SAT", h->id);
    case 1:
        return mem_format(
            "barrier %s time --source stated --note %s", h->id, text);
    case 2:
        return mem_format("plan %s --by home-visit --place %s --who %s --note "
                          "%s",
            h->id, text, text, text);
    case 3:
        return mem_format("review %s go-on --reason %s", h->id, text);
    case 4:
        return mem_format("ask %s --wrong-number 1 --contact %u", h->id,
            1 + household_roll(h, 3));
    case 5:
        return mem_format("ask %s --help-reach", h->id);
    case 6:
        return mem_format("actions add %s %s --owner tutor", h->id, text);
    case 7:
        return mem_format("support check %s new --needs travel --note %s "
                          "--professional %s",
            h->upns[0], text, text);
    case 8:
        return mem_format("tutor set %s --name Ms+Lund", h->upns[0]);
    case 9:
        return mem_format("session mark %u %s", session, h->id);
    case 10:
        return mem_format("read %s", h->upns[0]);
    case 11:
        return household_roll(h, 2) == 0 ? mem_text("next")
                                         : mem_format("card %s", h->id);
    default:
        return mem_format("invite %s --session %u --contact %u --rsvp %s "
                          "--needs %s --reason %s",
            h->id, session, 1 + household_roll(h, 3),
            household_roll(h, 2) == 0 ? "yes" : "no", text, text);
    }
}

/* --- the primary's answers --- */

static inline void history_answer(struct household *h, unsigned n)
{
    json_t *inbox;
    json_t *one;

    household_type(h, h->primary, NULL, "inbox --json");
    inbox = household_json(h);
    one = json_array_get(json_object_get(inbox, "requests"), 0);
    if (one != NULL) {
        const size_t who = household_roll(h, ADULTS);
        const uint32_t contact = household_contact(h, who, 0);
        SCOPED(mem_freep) char *line = NULL;

        if (contact != 0 && h->adults[who].number_count < MOST_NUMBERS &&
            household_roll(h, 2) == 0)
            line = mem_format("answer %s --phone %s --contact %u",
                json_string_value(json_object_get(one, "id")),
                household_number(h, who, n), contact);
        else
            line = mem_format("answer %s --text ask+%s+%s",
                json_string_value(json_object_get(one, "id")),
                h->adults[who].forename, h->adults[who].surname);
        household_type(h, h->primary, NULL, line);
    }
    json_decref(inbox);
}

/* One thing happens; n is a number that no other thing has. */
static inline void history_step(struct household *h, unsigned n)
{
    SCOPED(mem_freep) char *text = household_word(household_text(h));
    SCOPED(mem_freep) char *line = NULL;

    switch (household_roll(h, 14)) {
    case 0:
    case 12:
    case 13:
        household_restrict(h);
        break;
    case 1:
        household_release(h);
        break;
    case 2:
        household_correct(h, n);
        break;
    case 3:
        history_answer(h, n);
        break;
    case 4:
        history_wait(h);
        break;
    case 5:
    case 6:
    case 7:
        history_log(h, text);
        break;
    default:
        line = history_line(h, text);
        household_type(h, h->secondary, history_login(h), line);
        break;
    }
    cli_exchange(h->world);
    household_count_numbers(h);
}

/* The family's records are taken back: nothing of it is left. */
static inline void history_end(struct household *h)
{
    for (size_t i = 0; i < h->pupil_count; i++) {
        SCOPED(mem_freep)
        char *line = mem_format("recall %s --reason end", h->upns[i]);

        household_type(h, h->primary, NULL, line);
        assert_int_equal(h->world->code, 0);
    }
    cli_exchange(h->world);
}

#define HISTORY_A_WORLD 25 /* histories in one pair of schools */

/* The family of this seed arrives, on a day of its own. */
static inline void history_begin(struct household *h, unsigned seed)
{
    h->now = HISTORY_START + seed % HISTORY_A_WORLD * 24 * HISTORY_HOUR;
    household_name(h, seed);
    cli_set_time(h->now);
    household_arrive(h);
}

/* Live as many histories, seeds from 1. */
static inline void history_each(struct household *h, unsigned count,
    void (*live)(void *arg, unsigned seed), void *arg)
{
    void *world = NULL;

    for (unsigned seed = 1; seed <= count; seed++) {
        if (seed % HISTORY_A_WORLD == 1) {
            if (world != NULL)
                cli_end(&world);
            cli_set_time(HISTORY_START);
            cli_begin(&world);
            h->world = world;
            history_prepare(h);
        }
        live(arg, seed);
    }
    cli_end(&world);
}

#endif

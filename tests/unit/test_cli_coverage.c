/* Coverage is counted from facts: over random histories, lived through the real
 * commands, the figures equal a recount that knows only who was logged when,
 * whatever states the families are in meanwhile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "history.h"

#define FAMILIES 12
#define TERMS 12 /* histories, each from June to the tenth of September */
#define STEPS 90

/* One family as the recount knows it. */
struct known {
    char id[24];
    char upns[2][UPN_SIZE];
    size_t pupil_count;
    bool father_cares; /* and then for the first child alone */
    int day[2];        /* when somebody who counts was spoken to; 0: not yet */
    bool gone;
};

struct term {
    struct household h; /* for its dice, clock and commands */
    struct known families[FAMILIES];
    int entry; /* days since 1970 */
    int term_end;
};

/* In summer England is an hour ahead. */
static int today(const struct term *t)
{
    return (int)((t->h.now / HISTORY_HOUR + 1) / 24);
}

static bool is_workday(int day)
{
    /* 1970-01-01 was a Thursday; the bank holidays of these months */
    return (day + 3) % 7 < 5 && day != 20969 /* 31 May 2027 */ &&
           day != 21060 /* 30 August */;
}

/* --- families --- */

/* All have one number, as in a hostel: that makes nobody a family. */
static void send_pupil(struct term *t, struct known *k, size_t pupil)
{
    struct leavers_row row = {.revision = 0};
    SCOPED(family_free) struct family f;
    struct leaver_contact *c;

    family_init(&f);
    f.leaver.upn = k->upns[pupil];
    f.leaver.dob = (struct date){2015, 3, 14};
    f.leaver.sex = "F";
    f.leaver.destination = t->h.secondary->identity->laestab;
    for (unsigned i = 0; i < 3; i++) {
        c = family_add(&f, i == 0 ? "Ada" : i == 1 ? "Ben" : "Greta", "Okoro");
        c->source_id = arena_text(&f.arena, k->upns[0] + i);
        c->relationship = i == 0 ? "PAM" : i == 1 ? "PAF" : "SWR";
        c->responsibility = i == 0 || (i == 1 && k->father_cares && pupil == 0)
                                ? STATED_YES
                                : STATED_NO;
        family_point(&f, c, "07700 900118");
    }
    household_append(&t->h, &row, &f.leaver);
}

static void arrive(struct term *t)
{
    json_t *list;

    for (unsigned i = 0; i < FAMILIES; i++) {
        struct known *k = &t->families[i];

        *k = (struct known){.pupil_count = 1 + household_roll(&t->h, 2),
            .father_cares = household_roll(&t->h, 2) == 0};
        for (size_t j = 0; j < k->pupil_count; j++) {
            char right = '?';

            snprintf(
                k->upns[j], UPN_SIZE, "A8732001%02u%03u", 10 + i, (unsigned)j);
            upn_check(k->upns[j], &right);
            k->upns[j][0] = right;
            send_pupil(t, k, j);
        }
        cli_exchange(t->h.world);
        household_type(&t->h, t->h.secondary, NULL, "list --all --json");
        list = household_json(&t->h);
        snprintf(k->id, sizeof k->id, "%u", i + 1);
        assert_int_equal(
            json_array_size(json_object_get(list, "calls")), i + 1);
        json_decref(list);
    }
}

/* --- what happens --- */

static const struct {
    const char *outcome;
    bool counts;
} OUTCOMES[] = {{"spoke", true}, {"met", true}, {"replied", true},
    {"not-now", true}, {"no-more", true},
    {"spoke-short --call-back tomorrow+10:00", true}, {"no-answer", false},
    {"busy", false}, {"vm-none", false}, {"sent --by text", false},
    {"call-back --call-back tomorrow+11:00", false}, {"other-person", false},
    {"language --language pl", false}, {"wrong-number", false},
    {"hung-up", false}, {"inbound-missed", false}, {"skipped", false},
    {"no-answer --concern", false}};

static void log_one(struct term *t, struct known *k)
{
    struct household *h = &t->h;
    const unsigned contact = 1 + household_roll(h, 3);
    const size_t i = household_roll(h, sizeof OUTCOMES / sizeof OUTCOMES[0]);
    SCOPED(mem_freep)
    char *line = mem_format(
        "log %s %s --contact %u", k->id, OUTCOMES[i].outcome, contact);

    household_type(h, h->secondary, history_login(h), line);
    if (h->world->code != 0 || !OUTCOMES[i].counts || contact == 3)
        return;
    for (size_t j = 0; j < k->pupil_count; j++)
        if (k->day[j] == 0 && (contact == 1 || (k->father_cares && j == 0)))
            k->day[j] = today(t);
}

static void step(struct term *t)
{
    struct household *h = &t->h;
    struct known *k = &t->families[household_roll(h, FAMILIES)];
    SCOPED(mem_freep) char *line = NULL;

    switch (household_roll(h, 9)) {
    case 0:
        h->now += (1 + household_roll(h, 36)) * HISTORY_HOUR;
        cli_set_time(h->now);
        break;
    case 1:
        line = mem_format("review %s %s --reason noise", k->id,
            household_roll(h, 2) == 0 ? "hold" : "go-on");
        household_type(h, h->secondary, "dddsl", line);
        break;
    case 2:
        household_type(h, h->secondary, "jlcaller", "next --another");
        break;
    case 3:
        if (household_roll(h, 12) > 0 || k->gone)
            break;
        for (size_t i = 0; i < k->pupil_count; i++) {
            SCOPED(mem_freep)
            char *recall = mem_format("recall %s --reason gone", k->upns[i]);

            household_type(h, h->primary, NULL, recall);
            assert_int_equal(h->world->code, 0);
        }
        cli_exchange(h->world);
        k->gone = true;
        break;
    default:
        if (!k->gone)
            log_one(t, k);
        break;
    }
}

/* --- the recount --- */

static long figure(const json_t *coverage, const char *key)
{
    return (long)json_integer_value(json_object_get(coverage, key));
}

static int workdays(int from, int to)
{
    int count = 0;

    for (; from <= to; from++)
        count += is_workday(from);
    return count;
}

static void compare(struct term *t)
{
    const int now = today(t);
    long pupils = 0;
    long contacted = 0;
    long late = 0;
    long to_go = 0;
    int last = t->entry - 1;
    double needed = 0;
    json_t *coverage;

    for (size_t i = 0; i < FAMILIES; i++)
        for (size_t j = 0; j < t->families[i].pupil_count; j++) {
            const int day = t->families[i].day[j];

            if (t->families[i].gone)
                continue;
            pupils++;
            contacted += day != 0 && day < t->entry;
            late += day >= t->entry;
            to_go += day == 0 && now < t->entry;
        }
    household_type(&t->h, t->h.secondary, NULL, "coverage --json");
    coverage = household_json(&t->h);
    assert_int_equal(figure(coverage, "pupils"), pupils);
    assert_int_equal(figure(coverage, "contacted"), contacted);
    assert_int_equal(figure(coverage, "late"), late);
    assert_int_equal(figure(coverage, "to_go"), to_go);
    assert_int_equal(figure(coverage, "started"), now >= t->entry ? pupils : 0);
    if (t->term_end < last && now <= t->term_end)
        last = t->term_end;
    if (to_go > 0 && workdays(now, last) > 0)
        needed = (double)to_go / workdays(now, last);
    /* it is given in tenths, rounded up: enough is enough */
    assert_true(json_number_value(json_object_get(
                    coverage, "needed_per_day")) >= needed - 0.001);
    if (workdays(now, last) > 0)
        assert_true(json_number_value(json_object_get(
                        coverage, "needed_per_day")) < needed + 0.101);
    json_decref(coverage);
}

static void test_coverage_equals_a_recount(void **state)
{
    static struct term t;
    long compared = 0;

    (void)state;
    for (unsigned seed = 1; seed <= TERMS; seed++) {
        void *world;

        cli_set_time(HISTORY_START);
        cli_begin(&world);
        t = (struct term){.h = {.world = world, .dice = seed},
            .entry = 21063 /* 2 September 2027 */,
            .term_end = 21020 /* 21 July */};
        t.h.now = HISTORY_START;
        history_prepare(&t.h);
        household_type(&t.h, t.h.secondary, NULL, "dates set entry 2027-09-02");
        household_type(
            &t.h, t.h.secondary, NULL, "dates set term-end 2027-07-21");
        arrive(&t);
        for (int i = 0; i < STEPS; i++) {
            step(&t);
            if (i == STEPS * 2 / 3) { /* to the first days of term */
                t.h.now = ((int64_t)t.entry * 24 - 40) * HISTORY_HOUR;
                cli_set_time(t.h.now);
            }
            if (i % 3 == 0) {
                compare(&t);
                compared++;
            }
        }
        cli_end(&world);
    }
    print_message("%ld times the same\n", compared);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_coverage_equals_a_recount),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Places, guests, waiting lists and adults who may not meet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "family.h"
#include "outreach/apart.h"
#include "outreach/calendar.h"
#include "outreach/fitting.h"

#define DAY ((int64_t)86400000)
#define NOW ((wall){1812000000000}) /* 2 June 2027, late */
#define FAMILIES 3
#define MAX_EVENTS 64

/* Three families, each with a mother (1), a father (2) and an aunt (3). */
struct town {
    struct family families[FAMILIES];
    struct visible visible[FAMILIES];
    struct reach_pupil pupils[FAMILIES];
    struct reach reach[FAMILIES];
    struct sessions_family of[FAMILIES];
    struct event events[FAMILIES][MAX_EVENTS];
    struct event school[8];
    size_t school_count;
    int64_t last_id;
    struct arena arena;
    struct sessions sessions;
};

static int set_up(void **state)
{
    static struct town town;

    town = (struct town){.arena = ARENA_EMPTY};
    for (size_t i = 0; i < FAMILIES; i++) {
        struct family *f = &town.families[i];

        family_init(f);
        family_point(f, family_add(f, "Ada", "Okoro"), "07700 900118");
        family_point(f, family_add(f, "Chidi", "Okoro"), "07700 900119");
        family_point(f, family_add(f, "Ngozi", "Eze"), "07700 900120");
    }
    *state = &town;
    return 0;
}

static int tear_down(void **state)
{
    struct town *town = *state;

    for (size_t i = 0; i < FAMILIES; i++)
        family_free(&town->families[i]);
    arena_free(&town->arena);
    return 0;
}

static void hold(struct town *town, uint32_t session, uint32_t capacity,
    uint32_t creche, const char *place)
{
    struct event *event = &town->school[town->school_count++];

    *event = (struct event){.id = ++town->last_id, .kind = EVENT_SESSION};
    event->u.session = (struct event_session){.session = session,
        .type = SESSION_NEW_INTAKE_EVENING,
        .status = SESSION_PUBLISHED,
        .title = "",
        .start = {NOW.ms + 7 * DAY},
        .end = {NOW.ms + 7 * DAY + 3600000},
        .place = place,
        .capacity = capacity,
        .creche = creche,
        .interpreters = "SOM",
        .online_link = "",
        .person = "",
        .phone = "",
        .note = ""};
}

static struct event *happen(
    struct town *town, size_t family, enum event_kind kind)
{
    struct event *event = &town->events[family][town->of[family].event_count++];

    *event = (struct event){.id = ++town->last_id,
        .family = (int64_t)family + 1,
        .at = {NOW.ms + town->last_id},
        .login = "",
        .kind = kind};
    return event;
}

static void invite(
    struct town *town, size_t family, uint32_t contact, uint32_t session)
{
    happen(town, family, EVENT_INVITE)->u.invite =
        (struct event_invite){.session = session,
            .record = (int64_t)family + 1,
            .contact = contact,
            .format = "",
            .language = ""};
}

static void answer(struct town *town, size_t family, uint32_t contact,
    enum rsvp rsvp, uint32_t guests)
{
    happen(town, family, EVENT_REPLY)->u.reply =
        (struct event_reply){.session = 1,
            .record = (int64_t)family + 1,
            .contact = contact,
            .rsvp = rsvp,
            .guests = guests,
            .needs = "",
            .reason = ""};
}

static void fold(struct town *town)
{
    for (size_t i = 0; i < FAMILIES; i++) {
        visible_contacts(&town->visible[i], &town->families[i].leaver);
        town->pupils[i] = (struct reach_pupil){.record = (int64_t)i + 1,
            .leaver = &town->families[i].leaver,
            .visible = &town->visible[i]};
        reach_gather(&town->reach[i], &town->pupils[i], 1, town->events[i],
            town->of[i].event_count);
        town->of[i] = (struct sessions_family){(int64_t)i + 1, &town->pupils[i],
            1, town->events[i], town->of[i].event_count, &town->reach[i]};
    }
    sessions_fold(&town->sessions, town->school, town->school_count, town->of,
        FAMILIES, &town->arena);
}

static const struct reach_person *person(
    const struct town *town, size_t family, uint32_t contact)
{
    return reach_who(&town->reach[family], &town->pupils[family], 1,
        (int64_t)family + 1, contact);
}

static enum rsvp stands(
    const struct town *town, size_t family, uint32_t contact)
{
    const struct sessions_party *party =
        sessions_party_of(sessions_find(&town->sessions, 1), &town->of[family],
            person(town, family, contact));

    assert_non_null(party);
    return party->apart ? RSVP_NONE : party->rsvp;
}

static void test_counts_places_by_what_was_answered(void **state)
{
    static const struct {
        const char *what;
        uint32_t capacity;
        struct {
            size_t family;
            uint32_t contact;
            enum rsvp rsvp;
            uint32_t guests;
        } answers[5];
        uint32_t taken;
        enum rsvp last; /* how the last answer stands */
    } rows[] = {
        {"one adult alone", 10, {{0, 1, RSVP_YES, 0}}, 1, RSVP_YES},
        {"with guests", 10, {{0, 1, RSVP_YES, 3}}, 4, RSVP_YES},
        {"both adults, guests once", 10,
            {{0, 1, RSVP_YES, 2}, {0, 2, RSVP_YES, 2}}, 4, RSVP_YES},
        {"the larger number of guests", 10,
            {{0, 1, RSVP_YES, 1}, {0, 2, RSVP_YES, 3}}, 5, RSVP_YES},
        {"two families", 10, {{0, 1, RSVP_YES, 2}, {1, 1, RSVP_YES, 1}}, 5,
            RSVP_YES},
        {"no limit", 0, {{0, 1, RSVP_YES, 40}, {1, 1, RSVP_YES, 40}}, 82,
            RSVP_YES},
        {"perhaps takes no place", 1,
            {{0, 1, RSVP_TENTATIVE, 0}, {1, 1, RSVP_YES, 0}}, 1, RSVP_YES},
        {"full", 2, {{0, 1, RSVP_YES, 1}, {1, 1, RSVP_YES, 0}}, 2,
            RSVP_WAITING},
        {"too many to fit", 3, {{0, 1, RSVP_YES, 1}, {1, 1, RSVP_YES, 1}}, 2,
            RSVP_WAITING},
        {"a small party passes a large one", 3,
            {{0, 1, RSVP_YES, 1}, {1, 1, RSVP_YES, 1}, {2, 1, RSVP_YES, 0}}, 3,
            RSVP_YES},
        {"growing beyond the room keeps what it had", 3,
            {{0, 1, RSVP_YES, 1}, {0, 1, RSVP_YES, 4}}, 2, RSVP_YES},
        {"shrinking gives places back", 3,
            {{0, 1, RSVP_YES, 2}, {1, 1, RSVP_YES, 1}, {0, 1, RSVP_YES, 0}}, 3,
            RSVP_YES},
        {"saying no gives them back", 3,
            {{0, 1, RSVP_YES, 2}, {0, 1, RSVP_NO, 0}}, 0, RSVP_NO},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct town *town = *state;
        size_t n = 0;

        town->school_count = 0;
        for (size_t j = 0; j < FAMILIES; j++)
            town->of[j].event_count = 0;
        hold(town, 1, rows[i].capacity, 0, "Hall");
        for (; n < 5 && rows[i].answers[n].rsvp != RSVP_NONE; n++)
            answer(town, rows[i].answers[n].family, rows[i].answers[n].contact,
                rows[i].answers[n].rsvp, rows[i].answers[n].guests);
        fold(town);
        if (sessions_find(&town->sessions, 1)->taken != rows[i].taken ||
            stands(town, rows[i].answers[n - 1].family,
                rows[i].answers[n - 1].contact) != rows[i].last)
            fail_msg("%s", rows[i].what);
    }
}

static void test_moves_the_first_that_fits_up_when_a_place_comes_free(
    void **state)
{
    struct town *town = *state;

    hold(town, 1, 2, 0, "Hall");
    answer(town, 0, 1, RSVP_YES, 1);
    answer(town, 1, 1, RSVP_YES, 0);
    answer(town, 2, 1, RSVP_YES, 0);
    fold(town);
    assert_int_equal(stands(town, 2, 1), RSVP_WAITING);
    assert_int_equal(sessions_party_of(sessions_find(&town->sessions, 1),
                         &town->of[2], person(town, 2, 1))
                         ->place,
        2);
    answer(town, 0, 1, RSVP_YES, 0);
    fold(town);
    assert_int_equal(stands(town, 1, 1), RSVP_YES);
    assert_int_equal(stands(town, 2, 1), RSVP_WAITING);
    answer(town, 0, 1, RSVP_CANCELLED, 0);
    fold(town);
    assert_int_equal(stands(town, 2, 1), RSVP_YES);
}

static void test_gives_the_place_of_whoever_is_restricted_later_to_others(
    void **state)
{
    struct town *town = *state;

    hold(town, 1, 1, 0, "Hall");
    answer(town, 0, 2, RSVP_YES, 0);
    answer(town, 1, 1, RSVP_YES, 0);
    fold(town);
    assert_int_equal(stands(town, 1, 1), RSVP_WAITING);
    family_restrict(&town->families[0], RESTRICTION_DO_NOT_CONTACT, 2);
    fold(town);
    assert_int_equal(stands(town, 1, 1), RSVP_YES);
    assert_int_equal(sessions_find(&town->sessions, 1)->party_count, 1);
}

static void test_keeps_two_who_may_not_meet_out_of_one_room(void **state)
{
    struct town *town = *state;
    const struct sessions_one *one;

    family_restrict(&town->families[0], RESTRICTION_NOT_TOGETHER_WITH, 2);
    hold(town, 1, 0, 0, "Main Hall");
    hold(town, 2, 0, 0, "main hall");
    hold(town, 3, 0, 0, "Library");
    invite(town, 0, 1, 1);
    answer(town, 0, 2, RSVP_YES, 0); /* as if nobody had checked */
    fold(town);
    one = sessions_find(&town->sessions, 1);
    assert_int_equal(stands(town, 0, 2), RSVP_NONE);
    assert_int_equal(one->taken, 0);
    assert_false(sessions_may_join(
        &town->sessions, one, &town->of[0], person(town, 0, 2)));
    assert_false(sessions_may_join(&town->sessions,
        sessions_find(&town->sessions, 2), &town->of[0], person(town, 0, 2)));
    assert_true(sessions_may_join(&town->sessions,
        sessions_find(&town->sessions, 3), &town->of[0], person(town, 0, 2)));
    assert_true(sessions_may_join(/* the aunt may meet the mother */
        &town->sessions, one, &town->of[0], person(town, 0, 3)));
    assert_true(fitting_of(&town->sessions, one, &town->of[0],
                    person(town, 0, 2), NOW) &
                FITTING_APART);

    answer(town, 0, 1, RSVP_NO, 0);
    fold(town);
    assert_true(sessions_may_join(&town->sessions,
        sessions_find(&town->sessions, 1), &town->of[0], person(town, 0, 2)));
}

static bool apart(struct town *town, uint32_t a, uint32_t b)
{
    fold(town);
    return apart_keep(&town->of[0], person(town, 0, a), person(town, 0, b));
}

static void test_only_a_restriction_in_force_keeps_two_apart(void **state)
{
    struct town *town = *state;
    struct family *f = &town->families[0];

    assert_false(apart(town, 1, 2));
    family_restrict(f, RESTRICTION_NO_VOICEMAIL, 2); /* something else */
    assert_false(apart(town, 1, 2));
    family_restrict(f, RESTRICTION_NOT_TOGETHER_WITH, 2);
    assert_true(apart(town, 1, 2));
    assert_true(apart(town, 2, 1));
    assert_true(apart(town, 2, 3));
    assert_false(apart(town, 1, 3));
    assert_false(apart(town, 2, 2)); /* nobody is kept from themselves */
    f->restrictions[1].ended = NOW;
    assert_false(apart(town, 1, 2));
}

/* Nobody can tell whom it is about. */
static void test_a_restriction_of_nobody_known_keeps_all_apart(void **state)
{
    struct town *town = *state;
    struct family *f = &town->families[0];

    family_restrict(f, RESTRICTION_NOT_TOGETHER_WITH, 0);
    assert_true(apart(town, 1, 3));
    f->restrictions[0].contact = 9; /* left out of the record since */
    assert_true(apart(town, 1, 3));
}

static void test_says_why_a_session_does_not_fit(void **state)
{
    struct town *town = *state;
    struct event *event;

    hold(town, 1, 0, 0, "Hall"); /* on a Wednesday morning, UTC */
    fold(town);
#define WHY                                                                    \
    fitting_of(&town->sessions, sessions_find(&town->sessions, 1),             \
        &town->of[0], person(town, 0, 1), NOW)
    assert_int_equal(WHY, 0);
    event = happen(town, 0, EVENT_BARRIER);
    event->u.barrier = (struct event_barrier){.barrier = BARRIER_CHILDCARE,
        .source = BARRIER_ASSUMED,
        .status = BARRIER_OPEN,
        .note = ""};
    fold(town);
    assert_int_equal(WHY, 0); /* a guess keeps nobody away */
    event->u.barrier.source = BARRIER_STATED;
    fold(town);
    assert_int_equal(WHY, FITTING_CRECHE);
    event->u.barrier.status = BARRIER_RESOLVED;
    town->families[0].contacts[0].interpreter = INTERPRETER_SPOKEN;
    town->families[0].contacts[0].language = "URD";
    fold(town);
    assert_int_equal(WHY, FITTING_LANGUAGE);
    town->families[0].contacts[0].language = "SOM";
    fold(town);
    assert_int_equal(WHY, 0);
    event = happen(town, 0, EVENT_PREFERENCE);
    event->u.preference = (struct event_preference){.record = 1,
        .contact = 1,
        .bad_bands = BAND_BIT(bands_of((wall){NOW.ms + 7 * DAY})),
        .caller = "",
        .language = ""};
    fold(town);
    assert_int_equal(WHY & FITTING_TIME, FITTING_TIME);
#undef WHY
}

static void test_writes_a_calendar_that_folds_and_escapes(void **state)
{
    SCOPED(buf_free) struct buf out = BUF_EMPTY;
    struct town *town = *state;
    struct event_session *session;
    const char *line;

    hold(town, 1, 0, 0, "Hall; stage, left\\right");
    session = &town->school[0].u.session;
    session->title = "Große Übersicht für Eltern – ééééééééééééééééééééééééééé"
                     "éééééééééééééééééééééé";
    calendar_write(&out, session,
        &(struct calendar_about){"Northgate", "8734500", 2, NOW});
    buf_add(&out, (struct bytes){(const uint8_t *)"", 1});
    line = (const char *)out.data;
    assert_non_null(
        strstr(line, "LOCATION:Hall\\; stage\\, left\\\\right\r\n"));
    assert_non_null(strstr(line, "SEQUENCE:2\r\n"));
    assert_non_null(strstr(line, "DTSTART;TZID=Europe/London:20270610T"));
    while (*line != '\0') {
        const char *end = strstr(line, "\r\n");

        assert_non_null(end);
        assert_true(end - line <= 75);
        assert_int_not_equal((unsigned char)line[line[0] == ' '] & 0xc0, 0x80);
        line = end + 2;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
        T(test_counts_places_by_what_was_answered),
        T(test_moves_the_first_that_fits_up_when_a_place_comes_free),
        T(test_gives_the_place_of_whoever_is_restricted_later_to_others),
        T(test_keeps_two_who_may_not_meet_out_of_one_room),
        T(test_only_a_restriction_in_force_keeps_two_apart),
        T(test_a_restriction_of_nobody_known_keeps_all_apart),
        T(test_says_why_a_session_does_not_fit),
        T(test_writes_a_calendar_that_folds_and_escapes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

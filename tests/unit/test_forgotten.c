/* forgotten: a restriction, or the end of one, that a restored author forgot
 * comes back from whoever holds it, and nobody is shown meanwhile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agentd/blob.h"
#include "agentd/forgotten.h"
#include "agentd/incarnation.h"
#include "past.h"
#include "record/visible.h"
#include "round.h"
#include "store/people.h"
#include "unput.h"

static const struct restriction ORDER = {.id = {{9}},
    .kind = RESTRICTION_DO_NOT_CONTACT,
    .basis = BASIS_COURT_ORDER,
    .contact = 2,
    .note = "order of 3 May",
    .from = {1},
    .evidence = ""};

/* The same, lifted. */
static struct restriction lifted(void)
{
    struct restriction r = ORDER;

    r.ended = (wall){2};
    r.evidence = "order lifted";
    return r;
}

static void send_with(struct round *r, const char *forename,
    const struct restriction *restriction)
{
    struct cluster_child child;
    struct restriction copy;

    cluster_child(&child, UPN, forename, &r->northgate->identity->laestab);
    if (restriction != NULL) {
        copy = *restriction;
        child.leaver.restrictions = &copy;
        child.leaver.restriction_count = 1;
    }
    round_send(r, &child);
    round_exchange(r);
}

static void at_the_secondary(struct round *r, struct arena *arena,
    struct leaver *out, uint64_t *revision)
{
    struct inbox_record row;
    struct tag tag;

    agent_upn_tag(&tag, r->northgate, UPN);
    assert_int_equal(
        inbox_find_record(&row, r->northgate->db, &tag, arena, NULL), 0);
    assert_int_equal(blob_open(out, r->northgate, BLOB_RECORD, row.id,
                         row.sealed, arena, NULL),
        0);
    *revision = row.revision;
}

/* How many contacts the callers see; the mother is always one of them. */
static size_t shown(struct round *r)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct visible visible;
    struct leaver leaver;
    uint64_t revision;

    at_the_secondary(r, &arena, &leaver, &revision);
    visible_contacts(&visible, &leaver);
    return visible.count;
}

/* The restriction as the primary has it; its contact's forename in *whom. */
static size_t at_the_primary(
    struct round *r, struct restriction *out, const char **whom)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    const struct leaver_contact *contact;
    struct leavers_row row;
    struct leaver leaver;

    assert_int_equal(
        roll_find(&row, &leaver, r->hillside, UPN, &arena, NULL), 0);
    if (leaver.restriction_count == 0)
        return 0;
    *out = leaver.restrictions[0];
    contact = leaver_contact(&leaver, out->contact);
    *whom = contact == NULL                         ? "nobody"
            : strcmp(contact->forename, "Ben") == 0 ? "Ben"
                                                    : "another";
    return leaver.restriction_count;
}

static void back(struct round *r, size_t school)
{
    past_keep(&r->cluster, school, true, false);
}

static void keep(struct round *r, size_t school)
{
    past_keep(&r->cluster, school, false, false);
}

static void test_an_author_takes_over_what_it_forgot(void **state)
{
    struct round *r = *state;
    struct restriction got;
    const char *whom;
    uint64_t revision;

    send_with(r, "Tariq", NULL);
    keep(r, 0);
    keep(r, 2);
    send_with(r, "Tariq", &ORDER);
    assert_int_equal(shown(r), 1);

    back(r, 0);
    assert_int_equal(at_the_primary(r, &got, &whom), 0);
    revision = round_row(r, UPN).revision;
    round_exchange(r);
    assert_int_equal(at_the_primary(r, &got, &whom), 1);
    assert_string_equal(whom, "Ben");
    assert_int_equal(got.basis, BASIS_COURT_ORDER);
    assert_int_equal(got.from.ms, 1);
    assert_int_equal(got.ended.ms, 0);
    /* older content must not become the newest by it */
    assert_int_equal(round_row(r, UPN).revision, revision);
    assert_int_equal(round_row(r, UPN).reason, REASON_OLD_REVISION);
    assert_int_equal(shown(r), 1);

    /* and now that the primary knows it again, the secondary may lose it */
    back(r, 2);
    assert_int_equal(shown(r), 2);
    round_exchange(r);
    assert_int_equal(shown(r), 1);
}

static void send_unseen(struct round *r, const struct restriction *restriction)
{
    struct restriction copy = *restriction;
    struct cluster_child child;

    cluster_child(&child, UPN, "Tariq", &r->northgate->identity->laestab);
    child.leaver.restrictions = &copy;
    child.leaver.restriction_count = 1;
    round_send(r, &child);
}

/* It was on its way when the author's database went back, and arrives when the
 * snapshot is there already. */
static void test_an_author_is_told_of_what_comes_late(void **state)
{
    struct round *r = *state;
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct outbox_batch late;
    struct restriction got;
    const char *whom;

    send_with(r, "Tariq", NULL);
    keep(r, 0);
    send_unseen(r, &ORDER);
    assert_int_equal(incarnation_mark(r->hillside, NULL), 0);
    assert_int_equal(unput_batches(&late, 1, r->hillside->db, &arena, NULL), 1);
    back(r, 0);
    round_exchange(r);
    assert_int_equal(at_the_primary(r, &got, &whom), 0);
    assert_int_equal(shown(r), 2);

    round_deliver(r, round_keep(r, &late.envelope, late.header, late.sealed));
    assert_int_equal(shown(r), 1);
    round_exchange(r);
    assert_int_equal(at_the_primary(r, &got, &whom), 1);
    assert_string_equal(whom, "Ben");
}

static void test_it_stays_hidden_whatever_revision_lacks_it(void **state)
{
    struct round *r = *state;
    struct restriction got;
    const char *whom;

    keep(r, 0); /* before the primary had heard of the child at all */
    send_with(r, "Tariq", &ORDER);
    back(r, 0);
    round_exchange(r);
    assert_int_equal(shown(r), 1);
    for (int i = 0; i < 3; i++) /* lower numbers first, then the same */
        send_with(r, i < 2 ? "Tariq" : "Kofi", NULL);
    assert_int_equal(shown(r), 1);
    assert_int_equal(at_the_primary(r, &got, &whom), 1);
    assert_string_equal(whom, "Ben");
}

static void test_an_end_that_was_forgotten_is_final(void **state)
{
    struct round *r = *state;
    const struct restriction ended = lifted();
    struct restriction got;
    const char *whom;

    send_with(r, "Tariq", &ORDER);
    keep(r, 0);
    send_with(r, "Tariq", &ended);
    assert_int_equal(shown(r), 2);
    back(r, 0);
    round_exchange(r);
    assert_int_equal(shown(r), 2);
    assert_int_equal(at_the_primary(r, &got, &whom), 1);
    assert_int_equal(got.ended.ms, 2);

    /* nor does a late letter, in which it is in force, bring it back */
    for (size_t i = 0; i < r->kept_count; i++)
        if (laestab_equal(
                &r->kept[i].header.author, &r->hillside->identity->laestab))
            round_deliver(r, &r->kept[i]);
    assert_int_equal(shown(r), 2);
}

/* Its number is another one at the primary by now: the person counts. */
static void test_a_restriction_stays_with_its_person(void **state)
{
    struct round *r = *state;
    struct restriction ours = ORDER;
    struct restriction got;
    struct cluster_child child;
    const char *whom;

    keep(r, 0);
    send_with(r, "Tariq", &ours);
    back(r, 0);
    cluster_child(&child, UPN, "Tariq", &r->northgate->identity->laestab);
    child.contacts[0].number = 2;
    child.contacts[1].number = 1;
    child.leaver.contacts = child.contacts;
    assert_int_equal(incarnation_settle(r->hillside, NULL), 0);
    for (int i = 0; i < 2; i++)
        round_send(r, &child);
    round_exchange(r);
    assert_int_equal(shown(r), 1);
    assert_int_equal(at_the_primary(r, &got, &whom), 1);
    assert_int_equal(got.contact, 1);
    assert_string_equal(whom, "Ben");
}

/* She has another number and another name at the primary by now: the id by
 * which the primary's own system knows her counts. */
static void test_a_restriction_stays_with_its_person_by_another_name(
    void **state)
{
    struct round *r = *state;
    struct restriction mothers = ORDER;
    struct restriction got;
    struct cluster_child child;
    const char *whom;

    mothers.contact = 1;
    keep(r, 0);
    send_with(r, "Tariq", &mothers);
    back(r, 0);
    round_child(&child, r);
    child.contacts[0].number = 2;
    child.contacts[0].surname = "Nwosu";
    child.contacts[1].number = 1;
    assert_int_equal(incarnation_settle(r->hillside, NULL), 0);
    for (int i = 0; i < 2; i++)
        round_send(r, &child);
    round_exchange(r);
    assert_int_equal(shown(r), 1);
    assert_int_equal(at_the_primary(r, &got, &whom), 1);
    assert_int_equal(got.contact, 2);
    assert_string_equal(whom, "another");
}

/* The contact is not in the primary's record any more. */
static void test_a_person_who_was_forgotten_comes_along(void **state)
{
    struct round *r = *state;
    struct restriction got;
    struct cluster_child child;
    const char *whom;

    keep(r, 0);
    send_with(r, "Tariq", &ORDER);
    back(r, 0);
    cluster_child(&child, UPN, "Tariq", &r->northgate->identity->laestab);
    child.leaver.contact_count = 1;
    for (int i = 0; i < 2; i++)
        round_send(r, &child);
    round_exchange(r);
    assert_int_equal(shown(r), 1);
    assert_int_equal(at_the_primary(r, &got, &whom), 1);
    assert_string_equal(whom, "Ben");
}

/* --- what another school may not do by it --- */

static void claim(
    struct round *r, struct agent *from, const struct restriction *restriction)
{
    struct batch_item item = {
        .kind = ITEM_HELD, .u.held = {UPN, *restriction, "", "Okoro", "Ben"}};
    uint64_t first;
    int64_t stream;

    assert_int_equal(db_begin(from->db, NULL), 0);
    assert_int_equal(
        sender_append(from, &first, &stream, &r->hillside->identity->laestab,
            LANE_URGENT, &item, 1, NULL),
        0);
    round_commit(from);
    round_exchange(r);
}

static void test_no_other_school_restricts_or_ends(void **state)
{
    struct round *r = *state;
    const struct restriction ended = lifted();
    struct restriction got;
    const char *whom;

    send_with(r, "Tariq", NULL);
    claim(r, r->stannes, &ORDER); /* the child does not go there */
    assert_int_equal(at_the_primary(r, &got, &whom), 0);

    send_with(r, "Tariq", &ORDER);
    claim(r, r->northgate, &ended); /* we never went back: we would know */
    assert_int_equal(at_the_primary(r, &got, &whom), 1);
    assert_int_equal(got.ended.ms, 0);
}

/* Each of another invented person, with a long note. */
static void test_what_is_invented_leaves_room_for_our_own(void **state)
{
    struct round *r = *state;
    SCOPED(buf_free) struct buf bytes = BUF_EMPTY;
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct restriction invented = ORDER;
    char note[LEAVER_MAX_TEXT + 1];
    struct leavers_row row;
    struct leaver leaver;

    send_with(r, "Tariq", NULL);
    memset(note, 'n', sizeof note - 1);
    note[sizeof note - 1] = '\0';
    invented.note = note;
    for (uint8_t n = 1; n <= 80; n++) {
        char surname[8];
        const struct batch_item item = {.kind = ITEM_HELD,
            .u.held = {UPN, invented, "", surname, n == 1 ? note : "Ben"}};

        snprintf(surname, sizeof surname, "Ok%02u", n % 20);
        invented.id.bytes[1] = n;
        assert_int_equal(db_begin(r->hillside->db, NULL), 0);
        assert_int_equal(forgotten_take(r->hillside,
                             &r->northgate->identity->laestab, &item, NULL),
            0);
        round_commit(r->hillside);
    }
    assert_int_equal(
        roll_find(&row, &leaver, r->hillside, UPN, &arena, NULL), 0);
    assert_in_range(leaver.restriction_count, 1, FORGOTTEN_MAX_RESTRICTIONS);
    assert_in_range(leaver.contact_count, 1, FORGOTTEN_MAX_CONTACTS);
    assert_int_equal(record_encode_own(&bytes, &leaver, NULL), 0);
    assert_in_range(bytes.len, 1, RECORD_MAX_BYTES / 2 + 4096);
}

static int count_again(void *arg, const struct audit_row *row)
{
    *(size_t *)arg += strcmp(row->action, "restrict.again") == 0;
    return 0;
}

static void test_what_was_taken_over_is_in_the_audit_once(void **state)
{
    struct round *r = *state;
    size_t count = 0;

    send_with(r, "Tariq", NULL);
    keep(r, 0);
    send_with(r, "Tariq", &ORDER);
    back(r, 0);
    round_exchange(r);
    claim(r, r->northgate, &ORDER); /* told twice */
    assert_int_equal(people_audit_each(
                         r->hillside->db, (wall){0}, count_again, &count, NULL),
        0);
    assert_int_equal(count, 1);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, round_begin, round_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_an_author_takes_over_what_it_forgot),
        CASE(test_an_author_is_told_of_what_comes_late),
        CASE(test_it_stays_hidden_whatever_revision_lacks_it),
        CASE(test_an_end_that_was_forgotten_is_final),
        CASE(test_a_restriction_stays_with_its_person),
        CASE(test_a_restriction_stays_with_its_person_by_another_name),
        CASE(test_a_person_who_was_forgotten_comes_along),
        CASE(test_no_other_school_restricts_or_ends),
        CASE(test_what_is_invented_leaves_room_for_our_own),
        CASE(test_what_was_taken_over_is_in_the_audit_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

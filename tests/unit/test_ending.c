#include "outbox_room.h"

#include "store/ending.h"
#include "store/leavers.h"
#include "unput.h"

#define DAY ((int64_t)24 * 3600 * 1000)

/* One leaver, sent to SECONDARY and put at once. */
struct mail {
    struct room *room;
    struct outbox_stream stream;
    struct outbox_batch batch;
};

static struct mail mail_of(struct room *room)
{
    struct mail mail = {
        .room = room, .stream = open_stream(room, &SECONDARY, LANE_NORMAL)};
    struct leavers_row row = {.tag = tag_of(1),
        .destination = SECONDARY,
        .revision = 1,
        .sealed = bytes_of("sealed"),
        .changed_at = {1}};

    mail.batch = append(room, mail.stream.id, 1, 1);
    MUST(db_begin(room->db, err));
    MUST(leavers_next_id(room->db, &row.id, err));
    MUST(leavers_put(room->db, &row, err));
    MUST(leavers_mark_sent(room->db, row.id, 1, mail.stream.id, 1, err));
    MUST(db_commit(room->db, err));
    mark_put(room, &mail.batch, 200, REASON_NONE);
    return mail;
}

static bool tell(struct mail *mail, enum reason reason, int64_t now)
{
    const struct ending ending = {mail->batch.envelope, reason,
        "tcp://hub:7700", {120 * DAY}, bytes_of("signed")};
    bool lost;

    MUST(db_begin(mail->room->db, err));
    MUST(ending_add(&lost, mail->room->db, &ending, (wall){now}, err));
    MUST(db_commit(mail->room->db, err));
    return lost;
}

static int note(void *arg, const struct ending_count *count)
{
    *(struct ending_count *)arg = *count;
    return 0;
}

static struct ending_count shown(struct mail *mail)
{
    struct ending_count count = {.leavers = 0};

    MUST(ending_each(mail->room->db, note, &count, err));
    return count;
}

static enum leaver_state state_of(struct mail *mail)
{
    const struct tag tag = tag_of(1);
    struct leavers_row row;

    MUST(leavers_find(&row, mail->room->db, &tag, &mail->room->arena, err));
    return row.state;
}

static void test_a_warning_is_shown_until_the_receipt(void **state)
{
    struct mail mail = mail_of(*state);

    assert_false(tell(&mail, REASON_EXPIRING, 90 * DAY));
    assert_false(tell(&mail, REASON_EXPIRING, 91 * DAY));
    assert_int_equal(shown(&mail).leavers, 1);
    assert_int_equal(shown(&mail).reason, REASON_EXPIRING);
    assert_int_equal(shown(&mail).at.ms, 120 * DAY);
    assert_string_equal(shown(&mail).recipient.text, SECONDARY.text);
    assert_int_equal(state_of(&mail), LEAVER_SENT);
    assert_true(
        is_fresh(mail.room, (struct saying){1, 1, NULL, "receipt", 300000}));
    assert_int_equal(shown(&mail).leavers, 0);
}

static void test_the_end_shows_as_expired_until_a_receipt(void **state)
{
    struct mail mail = mail_of(*state);

    tell(&mail, REASON_EXPIRING, 90 * DAY);
    assert_false(tell(&mail, REASON_EXPIRED, 120 * DAY));
    assert_int_equal(shown(&mail).reason, REASON_EXPIRED);
    assert_int_equal(state_of(&mail), LEAVER_EXPIRED);
    assert_true(
        is_fresh(mail.room, (struct saying){1, 1, NULL, "receipt", 300000}));
    assert_int_equal(shown(&mail).leavers, 0);
    assert_int_equal(state_of(&mail), LEAVER_APPLIED);
}

static void test_an_end_before_its_time_is_a_loss(void **state)
{
    struct mail mail = mail_of(*state);
    struct outbox_batch again;
    struct err err;

    assert_true(tell(&mail, REASON_EXPIRED, 90 * DAY));
    assert_int_equal(
        unput_batches(&again, 1, mail.room->db, &mail.room->arena, &err), 1);
    assert_int_equal(state_of(&mail), LEAVER_QUEUED);
    assert_int_equal(shown(&mail).leavers, 0);
}

static void test_nothing_is_told_of_what_has_its_receipt(void **state)
{
    struct mail mail = mail_of(*state);

    assert_true(
        is_fresh(mail.room, (struct saying){1, 0, NULL, "receipt", 300000}));
    tell(&mail, REASON_EXPIRED, 120 * DAY);
    assert_int_equal(shown(&mail).leavers, 0);
    assert_int_equal(state_of(&mail), LEAVER_RECEIVED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AGENT_TEST(test_a_warning_is_shown_until_the_receipt),
        AGENT_TEST(test_the_end_shows_as_expired_until_a_receipt),
        AGENT_TEST(test_an_end_before_its_time_is_a_loss),
        AGENT_TEST(test_nothing_is_told_of_what_has_its_receipt),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

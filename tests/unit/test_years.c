/* Three years of a cluster on a clock that is moved: keys change each year with
 * mail on its way, a school is away until its directory has expired, the
 * authority goes on from an old copy of its folder and later changes its own
 * keys, a school is revoked, another merges.  No letter may be lost or put
 * aside but those that are meant to be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agentd/keys.h"
#include "cluster.h"
#include "crypto/cert.h"
#include "crypto/key.h"
#include "trust/former.h"
#include "trust/renewal.h"

#define DAY_MS ((int64_t)24 * 3600 * 1000)
#define YEARS 3
#define STEP 10       /* days */
#define ON_ITS_WAY 80 /* days: nearly all that a hub keeps mail */
#define MAX_FLYING 16
#define UPN "A873200119001"

enum { HILLSIDE, FAIRFIELD, NORTHGATE, STANNES };

struct flying {
    struct cluster_letter letter;
    int due; /* day */
    uint64_t revision;
};

struct years {
    struct cluster c;
    struct cluster_child child;
    struct flying flying[MAX_FLYING];
    size_t count;
    uint64_t revision;
    int day;
    bool away[CLUSTER_SCHOOLS];
    size_t changes;   /* of keys, taken into use */
    size_t destroyed; /* encryption keys of before */
    size_t arrived;
};

static void go(struct years *y, int day)
{
    char text[24];

    y->day = day;
    snprintf(text, sizeof text, "%lld", (long long)day * 86400);
    setenv("MOVEUP_FAKE_TIME", text, 1);
}

static struct identity *who(struct years *y, size_t i)
{
    return y->c.schools[i].identity;
}

static bool is_active(struct years *y, size_t i)
{
    const struct directory_school *school =
        members_school(authority_members(y->c.authority), &who(y, i)->laestab);

    return school->status == MEMBER_ACTIVE;
}

static size_t former_files(struct years *y, size_t i)
{
    SCOPED(mem_freep) char *folder = file_path(who(y, i)->state, "identity");
    struct identity_former former[IDENTITY_MAX_FORMER] = {{NULL, NULL, {0}}};
    size_t count = 0;

    assert_int_equal(former_load(former, &count, folder, NULL), 0);
    for (size_t n = 0; n < count; n++) {
        key_free(former[n].key);
        cert_free(former[n].cert);
    }
    return count;
}

/* A directory comes to a school, as from a hub. */
static void come(struct years *y, size_t i, struct bytes directory)
{
    struct agent *agent = &y->c.schools[i];
    struct cert *key_before = who(y, i)->encrypt_cert;
    struct err err = {.text = ""};
    const int rc =
        identity_update_directory(who(y, i), directory, clock_wall(), &err);

    if (rc != 0 && rc != ERR_EXISTS)
        fail_msg("day %d, school %zu: %s", y->day, i, err.text);
    keys_follow(agent);
    y->changes += who(y, i)->encrypt_cert != key_before;
}

static void publish(struct years *y)
{
    for (size_t i = 0; i < CLUSTER_SCHOOLS; i++)
        if (!y->away[i])
            come(y, i, members_signed(authority_members(y->c.authority)));
}

static bool runs_out(struct years *y, size_t i)
{
    return cert_expiry(who(y, i)->sign_cert).ms < clock_wall().ms + 60 * DAY_MS;
}

static void ask(struct years *y, size_t i, struct authority_renewal *out,
    struct buf *letter)
{
    char public_key[CURVE_TEXT_SIZE], secret_key[CURVE_TEXT_SIZE];
    const struct renewal_wish wish = {
        RENEWAL_ALL, false, public_key, secret_key};
    SCOPED(buf_free) struct buf request = BUF_EMPTY;

    assert_int_equal(curve_new_pair(public_key, secret_key, NULL), 0);
    assert_int_equal(
        renewal_begin(&request, who(y, i), &wish, clock_wall(), NULL), 0);
    assert_int_equal(renewal_letter(letter, who(y, i), NULL), 0);
    *out = (struct authority_renewal){
        .school = who(y, i)->laestab, .renewal = buf_bytes(letter)};
}

/* `moveup keys rotate` where the certificates run out, and `cluster publish
 * --renew`. */
static void renew(struct years *y)
{
    struct authority_renewal renewals[CLUSTER_SCHOOLS];
    struct buf letters[CLUSTER_SCHOOLS] = {{NULL, 0, 0}};
    size_t count = 0;

    for (size_t i = 0; i < CLUSTER_SCHOOLS; i++)
        if (!y->away[i] && is_active(y, i) && runs_out(y, i)) {
            ask(y, i, &renewals[count], &letters[count]);
            count++;
        }
    assert_int_equal(
        authority_answer(y->c.authority, renewals, count, clock_wall(), NULL),
        0);
    for (size_t i = 0; i < count; i++) {
        if (renewals[i].rc < 0)
            fail_msg("day %d: %s", y->day, renewals[i].why.text);
        buf_free(&letters[i]);
    }
    publish(y);
}

/* Hillside to Northgate. */
static void seal(struct years *y)
{
    struct flying *f = &y->flying[y->count++];
    const struct header header = {STREAM_VERSION, who(y, HILLSIDE)->laestab,
        who(y, NORTHGATE)->laestab, LANE_NORMAL, {{9, (uint8_t)++y->revision}},
        1, 1, STREAM_TTL_DAYS};

    assert_in_range(y->count, 1, MAX_FLYING);
    f->due = y->day + ON_ITS_WAY;
    f->revision = y->revision;
    cluster_write(&f->letter, &y->c.schools[HILLSIDE], &header,
        &y->child.leaver, y->revision);
}

static uint64_t revision_at(struct agent *at)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct inbox_record row;
    struct tag tag;

    agent_upn_tag(&tag, at, UPN);
    assert_int_equal(inbox_find_record(&row, at->db, &tag, &arena, NULL), 0);
    return row.revision;
}

static void deliver_due(struct years *y)
{
    struct agent *northgate = &y->c.schools[NORTHGATE];

    while (y->count > 0 && y->flying[0].due <= y->day) {
        enum reason reason;

        if (cluster_deliver(northgate, &y->flying[0].letter, &reason) != 0)
            fail_msg("day %d: %s", y->day, reason_code(reason));
        assert_int_equal(revision_at(northgate), y->flying[0].revision);
        cluster_letter_free(&y->flying[0].letter);
        memmove(&y->flying[0], &y->flying[1], --y->count * sizeof y->flying[0]);
        y->arrived++;
    }
}

/* To this day, as the days go by. */
static void live(struct years *y, int until)
{
    while (y->day < until) {
        const size_t before = former_files(y, NORTHGATE);

        go(y, y->day + STEP);
        keys_follow(&y->c.schools[NORTHGATE]);
        y->destroyed += before - former_files(y, NORTHGATE);
        deliver_due(y);
        if (y->day % 30 == 0)
            seal(y);
        if (y->day % 60 == 0)
            renew(y);
    }
}

/* --- what happens in these years --- */

static int try_to_seal(struct years *y, size_t from)
{
    struct cert *cert;

    return members_encrypt_cert(&cert, who(y, from)->members,
        &who(y, NORTHGATE)->laestab, clock_wall(), NULL);
}

/* Whoever withholds newer directories keeps nobody alive for ever. */
static void fairfield_is_away_for_a_year(struct years *y)
{
    y->away[FAIRFIELD] = true;
    live(y, 100);
    assert_true(members_is_stale(who(y, FAIRFIELD)->members, clock_wall()));
    assert_int_equal(try_to_seal(y, FAIRFIELD), 0);
    live(y, 370);
    assert_true(members_is_expired(who(y, FAIRFIELD)->members, clock_wall()));
    assert_int_equal(try_to_seal(y, FAIRFIELD), ERR_DENIED);
    y->away[FAIRFIELD] = false;
    publish(y);
    assert_int_equal(try_to_seal(y, FAIRFIELD), 0);
    renew(y);
    assert_false(runs_out(y, FAIRFIELD));
}

static void copy_authority(struct years *y, const char *from, const char *to)
{
    SCOPED(mem_freep)
    char *command = mem_format("rm -rf '%s/%s' && cp -a '%s/%s' '%s/%s'",
        y->c.dir, to, y->c.dir, from, y->c.dir, to);

    assert_int_equal(system(command), 0);
}

static void reopen_authority(struct years *y)
{
    SCOPED(mem_freep) char *dir = cluster_path(&y->c, "ca");

    authority_close(y->c.authority);
    y->c.authority = NULL;
    assert_int_equal(
        authority_open(&y->c.authority, dir, NULL, true, clock_wall(), NULL),
        0);
}

static void the_office_burns_down_and_has_an_old_copy(struct years *y)
{
    SCOPED(buf_free) struct buf newest = BUF_EMPTY;
    uint64_t version;

    copy_authority(y, "ca", "copy");
    live(y, 500);
    version = members_version(authority_members(y->c.authority));
    buf_add(&newest, members_signed(authority_members(y->c.authority)));
    copy_authority(y, "copy", "ca");
    reopen_authority(y);
    assert_true(members_version(authority_members(y->c.authority)) < version);
    assert_int_equal(
        authority_adopt(y->c.authority, buf_bytes(&newest), clock_wall(), NULL),
        0);
    renew(y);
    assert_int_equal(members_version(who(y, HILLSIDE)->members), version + 1);
}

static void the_authority_changes_its_keys(struct years *y)
{
    SCOPED(buf_free) struct buf bridge = BUF_EMPTY;
    struct bytes newest;
    struct err err;

    y->away[FAIRFIELD] = true;
    live(y, 600);
    assert_int_equal(
        authority_rotate(y->c.authority, NULL, clock_wall(), NULL), 0);
    assert_int_equal(authority_bridge(&bridge, y->c.authority, NULL), 0);
    for (size_t i = 0; i < CLUSTER_SCHOOLS; i++)
        if (!y->away[i])
            come(y, i, buf_bytes(&bridge));
    publish(y);
    live(y, 660);
    newest = members_signed(authority_members(y->c.authority));
    assert_int_equal(identity_update_directory(
                         who(y, FAIRFIELD), newest, clock_wall(), &err),
        ERR_SIGNATURE);
    y->away[FAIRFIELD] = false;
    come(y, FAIRFIELD, buf_bytes(&bridge));
    publish(y);
    assert_int_equal(try_to_seal(y, FAIRFIELD), 0);
    reopen_authority(y);
}

static void fairfield_is_revoked(struct years *y)
{
    SCOPED(cluster_letter_free) struct cluster_letter letter = {.header = {0}};
    struct cluster_child child;
    const struct header header = {STREAM_VERSION, who(y, FAIRFIELD)->laestab,
        who(y, NORTHGATE)->laestab, LANE_NORMAL, {{7}}, 1, 1, STREAM_TTL_DAYS};
    enum reason reason;
    uint64_t before = 0;

    cluster_child(&child, "B873200219002", "Lena", &who(y, NORTHGATE)->laestab);
    cluster_write(&letter, &y->c.schools[FAIRFIELD], &header, &child.leaver, 1);
    live(y, 700);
    assert_int_equal(
        authority_revoke(y->c.authority, &who(y, FAIRFIELD)->laestab, "stolen",
            clock_wall(), NULL),
        0);
    publish(y);
    assert_int_equal(
        inbox_quarantine_count(&before, y->c.schools[NORTHGATE].db, NULL), 0);
    assert_int_equal(
        cluster_deliver(&y->c.schools[NORTHGATE], &letter, &reason),
        before + 1);
    assert_int_equal(reason, REASON_SIGNED_BEFORE);
    assert_int_equal(db_begin(y->c.schools[NORTHGATE].db, NULL), 0);
    assert_int_equal(
        inbox_quarantine_drop(y->c.schools[NORTHGATE].db, 1, NULL), 0);
    assert_int_equal(db_commit(y->c.schools[NORTHGATE].db, NULL), 0);
}

/* A leaver of Hillside that was sent to St Anne's. */
static void send_to_stannes(struct years *y, const char *upn)
{
    struct agent *hillside = &y->c.schools[HILLSIDE];
    struct leavers_row row = {.revision = 1};
    struct cluster_child child;

    cluster_child(&child, upn, "Omar", &who(y, STANNES)->laestab);
    agent_upn_tag(&row.tag, hillside, upn);
    assert_int_equal(db_begin(hillside->db, NULL), 0);
    assert_int_equal(roll_store(hillside, &row, &child.leaver, NULL), 0);
    assert_int_equal(
        sender_append_leaver(hillside, LANE_NORMAL, &row.tag, NULL), 0);
    assert_int_equal(db_commit(hillside->db, NULL), 0);
}

static void stannes_merges_into_northgate(struct years *y)
{
    static const char upn[] = "C873200119003";
    struct agent *hillside = &y->c.schools[HILLSIDE];
    const struct authority_change change = {.move = AUTHORITY_CLOSE,
        .schools = &who(y, STANNES)->laestab,
        .count = 1,
        .successor = &who(y, NORTHGATE)->laestab,
        .reason = "one school"};
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct outbox_stream stream;
    struct leavers_row row;
    struct tag tag;

    live(y, 800);
    send_to_stannes(y, upn);
    assert_int_equal(
        authority_change(y->c.authority, &change, clock_wall(), NULL), 0);
    publish(y);
    agent_upn_tag(&tag, hillside, upn);
    assert_int_equal(leavers_find(&row, hillside->db, &tag, &arena, NULL), 0);
    assert_string_equal(row.destination.text, who(y, NORTHGATE)->laestab.text);
    assert_int_equal(outbox_current(&stream, hillside->db,
                         &who(y, NORTHGATE)->laestab, LANE_URGENT, NULL),
        0);
    assert_int_equal(stream.next_seq, 2);
    assert_int_equal(outbox_current(&stream, hillside->db,
                         &who(y, STANNES)->laestab, LANE_NORMAL, NULL),
        0);
    assert_int_equal(stream.unreceipted, 0);
}

static void test_three_years(void **state)
{
    struct years *y = *state;

    fairfield_is_away_for_a_year(y);
    the_office_burns_down_and_has_an_old_copy(y);
    the_authority_changes_its_keys(y);
    fairfield_is_revoked(y);
    stannes_merges_into_northgate(y);
    live(y, YEARS * 365 + ON_ITS_WAY);
    print_message(
        "%zu letters arrived, keys changed %zu times, %zu destroyed\n",
        y->arrived, y->changes, y->destroyed);
    assert_true(y->arrived >= YEARS * 12 - 1);
    assert_true(y->changes >= 2 * YEARS);
    assert_int_equal(y->destroyed, YEARS - 1);
    assert_int_equal(former_files(y, NORTHGATE), 1); /* of the third year */
    assert_false(runs_out(y, HILLSIDE));
    assert_false(runs_out(y, NORTHGATE));
}

static int set_up(void **state)
{
    struct years *y = mem_alloc(sizeof *y);

    unsetenv("MOVEUP_FAKE_TIME");
    cluster_begin(&y->c);
    cluster_child(&y->child, UPN, "Tariq", &who(y, NORTHGATE)->laestab);
    *state = y;
    return 0;
}

static int tear_down(void **state)
{
    struct years *y = *state;

    for (size_t i = 0; i < y->count; i++)
        cluster_letter_free(&y->flying[i].letter);
    cluster_end(&y->c);
    unsetenv("MOVEUP_FAKE_TIME");
    free(y);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_three_years, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

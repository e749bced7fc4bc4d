/* batch_fixture - for tests of wire/batch: one item of each kind, and a batch
 * to be filled with them. */
#ifndef TESTS_BATCH_FIXTURE_H
#define TESTS_BATCH_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/mem.h"
#include "raw.h"
#include "wire/batch.h"
#include "wire/record.h"

#define UPN "B801200005001"

/* Numbers of the fields in proto/batch.proto. */
enum { HEADER = 1, PREVIOUS = 2, CREATED = 3, ITEMS = 4 };

static struct exception EXCEPTIONS[] = {
    {3, 4, REASON_UPN_CONFLICT}, {9, 9, REASON_MISSING}};

static const struct batch_item LEAVER = {
    .kind = ITEM_LEAVER, .u.leaver = {UPN, 2, {(const uint8_t *)"rec\0rd", 6}}};
static const struct batch_item HEARTBEAT = {.kind = ITEM_HEARTBEAT};
static const struct batch_item READ = {
    .kind = ITEM_READ, .u.read = {UPN, 2, "SENCO", {1790000000000}}};
static const struct batch_item TOMBSTONE = {
    .kind = ITEM_TOMBSTONE, .u.tombstone = {UPN, 3, TOMBSTONE_MOVED}};
static const struct batch_item DESTROYED = {
    .kind = ITEM_DESTROYED, .u.destroyed = {UPN, 3, {1790000000001}}};
static const struct batch_item HELD = {.kind = ITEM_HELD,
    .u.held = {UPN,
        {{{9}}, RESTRICTION_DO_NOT_CONTACT, BASIS_COURT_ORDER, 2, "note", {5},
            {6}, "evidence"},
        "P77", "Okoro", "Ben"}};
static const struct used USED[] = {
    {"HEAD_OF_YEAR", USED_CONTACTS}, {"SENCO", USED_CONTACTS | USED_SUPPORT}};
static const struct batch_item FAMILY = {.kind = ITEM_FAMILY,
    .u.family = {UPN, COARSE_CONTACTED, {2027, 6, 15}, "Ms Lund", USED, 2}};
static const struct diary_session DIARY_SESSIONS[] = {
    {3, SESSION_NEW_INTAKE_EVENING, false, "", {1813856400000}, {1813861800000},
        "Main hall", false, true, true, false, "SOM,URD"},
    {5, SESSION_LEARNING_AT_HOME, true, "Reading", {1814029200000},
        {1814032800000}, "", true, false, false, true, ""}};
static const struct batch_item DIARY = {.kind = ITEM_DIARY,
    .u.diary = {{2027, 9, 2}, {2027, 7, 6}, {0, 0, 0}, DIARY_SESSIONS, 2}};
static const struct batch_item RECEIPT = {.kind = ITEM_RECEIPT,
    .u.receipt = {LANE_NORMAL, {{1, 0, 2}}, 12, 10, {{5, 0, 6}}, EXCEPTIONS, 2,
        "School 8734500 has applied changes 1 to 10."}};
static const struct batch_item REFUSAL = {.kind = ITEM_REFUSAL,
    .u.refusal = {{{7}}, LANE_URGENT, {{8}}, 1, 200, REASON_BAD_SIGNATURE}};

struct fixture {
    struct arena arena;
    struct buf wire;
    struct batch batch;
    struct batch_item items[BATCH_MAX_ITEMS + 1];
};

static inline int set_up(void **state)
{
    struct fixture *fix = mem_alloc(sizeof *fix);

    fix->batch = (struct batch){.header = {.version = STREAM_VERSION,
                                    .author = {"8732001"},
                                    .recipient = {"8734500"},
                                    .lane = LANE_NORMAL,
                                    .epoch = {{1, 2, 3}},
                                    .first = 41,
                                    .ttl_days = STREAM_TTL_DAYS},
        .previous = {{9, 0, 9}},
        .created = {1790000000000},
        .items = fix->items};
    *state = fix;
    return 0;
}

static inline int tear_down(void **state)
{
    struct fixture *fix = *state;

    arena_free(&fix->arena);
    buf_free(&fix->wire);
    free(fix);
    return 0;
}

/* The same item count times, with the range that fits. */
static inline void fill(
    struct fixture *fix, const struct batch_item *item, size_t count)
{
    for (size_t i = 0; i < count; i++)
        fix->items[i] = *item;
    fix->batch.count = count;
    fix->batch.header.last = fix->batch.header.first + count - 1;
}

static inline void fill_receipt(
    struct fixture *fix, const struct batch_item *item)
{
    fill(fix, item, 1);
    fix->batch.header.lane = LANE_RECEIPT;
    fix->batch.header.first = fix->batch.header.last = 0;
}

static inline void encode(struct fixture *fix)
{
    struct err err = {.text = ""};

    fix->wire.len = 0;
    if (batch_encode(&fix->wire, &fix->batch, &err) < 0)
        fail_msg("%s", err.text);
}

static inline void decode(struct fixture *fix)
{
    struct err err = {.text = ""};

    if (batch_decode(&fix->batch, buf_bytes(&fix->wire), &fix->arena, &err) < 0)
        fail_msg("%s", err.text);
}

static inline void assert_refused(
    struct fixture *fix, int code, const char *text)
{
    struct batch out = {.count = 77};
    struct err err = {.text = ""};

    assert_int_equal(
        batch_decode(&out, buf_bytes(&fix->wire), &fix->arena, &err), code);
    assert_string_equal(err.text, text);
    assert_int_equal(out.count, 77);
}

static inline void assert_not_encoded(
    struct fixture *fix, int code, const char *text)
{
    struct err err = {.text = ""};

    fix->wire.len = 0;
    assert_int_equal(batch_encode(&fix->wire, &fix->batch, &err), code);
    assert_string_equal(err.text, text);
    assert_int_equal(fix->wire.len, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif

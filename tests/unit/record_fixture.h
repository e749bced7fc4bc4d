/* record_fixture - for tests of wire/record: a sample leaver, and the bytes of
 * the smallest record, to which a test adds what it is about. */
#ifndef TESTS_RECORD_FIXTURE_H
#define TESTS_RECORD_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/mem.h"
#include "raw.h"
#include "wire/record.h"
#include "wire_sample.h"

/* Numbers of the fields in proto/leaver.proto. */
enum {
    UPN = 1,
    SURNAME = 4,
    DOB = 10,
    FSM = 18,
    ADDRESS = 25,
    DESTINATION = 26,
    LANGUAGES = 28,
    NEEDS = 29,
    DISABILITIES = 30,
    CONTACTS = 31,
    YEARS = 32,
    RESULTS = 33,
    SCHOOLS = 34,
    RESTRICTIONS = 35
};

struct fixture {
    struct arena arena;
    struct buf wire;
    struct leaver leaver;
};

/* A sample and its bytes; the smallest record: a UPN alone. */
static inline int set_up(void **state)
{
    struct fixture *fix = mem_alloc(sizeof *fix);

    wire_sample_leaver(&fix->leaver, &fix->arena);
    raw_text(&fix->wire, UPN, WIRE_SAMPLE_UPN);
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

static inline void encode(struct fixture *fix)
{
    struct err err = {.text = ""};

    fix->wire.len = 0;
    if (record_encode(&fix->wire, &fix->leaver, &err) < 0)
        fail_msg("%s", err.text);
}

static inline void decode(struct fixture *fix)
{
    struct err err = {.text = ""};

    if (record_decode(&fix->leaver, buf_bytes(&fix->wire), &fix->arena, &err) <
        0)
        fail_msg("%s", err.text);
}

static inline void assert_refused(
    struct fixture *fix, int code, const char *text)
{
    struct leaver out = {.upn = "untouched"};
    struct err err = {.text = ""};

    assert_int_equal(
        record_decode(&out, buf_bytes(&fix->wire), &fix->arena, &err), code);
    assert_string_equal(err.text, text);
    assert_string_equal(out.upn, "untouched");
}

static inline void assert_not_encoded(
    struct fixture *fix, int code, const char *text)
{
    struct err err = {.text = ""};

    fix->wire.len = 0;
    assert_int_equal(record_encode(&fix->wire, &fix->leaver, &err), code);
    assert_string_equal(err.text, text);
    assert_int_equal(fix->wire.len, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif

/* store_room - a database in a folder of its own, for the tests of the store.
 */
#ifndef TESTS_STORE_ROOM_H
#define TESTS_STORE_ROOM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/mem.h"
#include "store/db.h"
#include "store/inbox.h"
#include "store/leavers.h"

struct room {
    enum db_kind kind;
    char folder[64];
    char path[96];
    struct db *db;
    struct arena arena;
};

/* A call that takes `err` last; fails the test with its reason.  Yields what
 * it returned. */
#define MUST(call)                                                             \
    __extension__({                                                            \
        struct err err_ = {.text = ""};                                        \
        struct err *err = &err_;                                               \
        const int rc_ = (call);                                                \
                                                                               \
        (void)err;                                                             \
        if (rc_ < 0)                                                           \
            fail_msg("%s: %d: %s", #call, rc_, err_.text);                     \
        rc_;                                                                   \
    })

static inline void room_reopen(struct room *room)
{
    db_close(TAKE(room->db));
    MUST(db_open(&room->db, room->path, room->kind, err));
}

/* For cmocka's setup and teardown: *state is the room. */
static inline int room_open(void **state, enum db_kind kind)
{
    struct room *room = mem_alloc(sizeof *room);

    room->kind = kind;
    snprintf(room->folder, sizeof room->folder, "/tmp/test-store.XXXXXX");
    assert_non_null(mkdtemp(room->folder));
    snprintf(room->path, sizeof room->path, "%s/test.db", room->folder);
    room_reopen(room);
    *state = room;
    return 0;
}

static inline int room_open_agent(void **state)
{
    return room_open(state, DB_AGENT);
}

static inline int room_open_hub(void **state)
{
    return room_open(state, DB_HUB);
}

static inline int room_close(void **state)
{
    struct room *room = *state;
    SCOPED(mem_freep) char *clean = mem_format("rm -rf %s", room->folder);

    db_close(TAKE(room->db));
    arena_free(&room->arena);
    free(room);
    return system(clean);
}

static inline struct laestab school(const char *text)
{
    struct laestab laestab = {""};

    snprintf(laestab.text, sizeof laestab.text, "%s", text);
    return laestab;
}

static inline struct id id_of(unsigned n)
{
    struct id id = {{0}};

    memcpy(id.bytes, &n, sizeof n);
    id.bytes[15] = 1; /* never zero */
    return id;
}

static inline struct tag tag_of(unsigned n)
{
    struct tag tag = {{0}};

    n *= 2654435761u; /* spread, as a hash is */
    memcpy(tag.bytes, &n, sizeof n);
    return tag;
}

static inline struct digest digest_of(unsigned n)
{
    struct digest digest = {{0}};

    memcpy(digest.bytes, &n, sizeof n);
    return digest;
}

/* --- a leaver, by the number of its tag --- */

static inline struct leavers_row room_leaver(unsigned n)
{
    return (struct leavers_row){.tag = tag_of(n),
        .destination = school("9364001"),
        .revision = 1,
        .sent_as = tag_of(n + 1000),
        .sealed = bytes_of("sealed"),
        .changed_at = {100}};
}

/* In the transaction that is open.  Returns the row id. */
static inline int64_t room_add_leaver(struct room *room, unsigned n)
{
    struct leavers_row row = room_leaver(n);

    MUST(leavers_next_id(room->db, &row.id, err));
    MUST(leavers_put(room->db, &row, err));
    return row.id;
}

static inline struct leavers_row room_find_leaver(struct room *room, unsigned n)
{
    struct leavers_row row;
    const struct tag tag = tag_of(n);

    MUST(leavers_find(&row, room->db, &tag, &room->arena, err));
    return row;
}

/* A received record of this family, in the transaction that is open.  Returns
 * the row id. */
static inline int64_t room_add_record(
    struct room *room, unsigned n, int64_t family)
{
    struct inbox_record record = {.tag = tag_of(n),
        .author = school("9361001"),
        .revision = 1,
        .sealed = bytes_of("sealed"),
        .family = family,
        .applied_at = {100},
        .changed_at = {100}};

    MUST(inbox_next_record_id(room->db, &record.id, err));
    MUST(inbox_put_record(room->db, &record, err));
    return record.id;
}

/* What a visit saw, as text. */
#define SEEN_SIZE 200

PRINTF_LIKE(2, 3)
static inline void add_seen(char seen[SEEN_SIZE], const char *fmt, ...)
{
    const size_t len = strlen(seen);
    va_list args;

    va_start(args, fmt);
    vsnprintf(seen + len, SEEN_SIZE - len, fmt, args);
    va_end(args);
}

static inline void assert_bytes(struct bytes got, const char *want)
{
    assert_int_equal(got.len, strlen(want));
    assert_memory_equal(got.data, want, got.len);
}

#endif

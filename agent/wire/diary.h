/*
 * diary - the days that matter to new families at a secondary, and the
 * information sessions that are open to them, as their primaries are told: to
 * and from protobuf, as an item of a batch and by itself, as it is kept.
 *
 * It says what the school plans and nothing of who is invited or comes.
 */
#ifndef WIRE_DIARY_H
#define WIRE_DIARY_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "outreach/event.h"
#include "record/date.h"

struct err;
struct field_check;
struct Moveup__V1__DiaryItem; /* batch.pb-c.h */

#define DIARY_MAX_SESSIONS 60
#define DIARY_MAX_TITLE 80        /* bytes */
#define DIARY_MAX_PLACE 120       /* bytes */
#define DIARY_MAX_INTERPRETERS 80 /* bytes */
#define DIARY_MAX_BYTES ((size_t)32 * 1024)

struct diary_session {
    uint32_t number; /* from 1 */
    enum session_type type;
    bool cancelled;
    const char *title; /* "" as its type */
    wall start, end;
    const char *place; /* "" */
    bool online;       /* one can take part from home */
    bool step_free;
    bool creche;
    bool learning_linked;
    const char *interpreters; /* CBDS codes, "SOM,URD"; "" */
};

struct diary {
    struct date entry, induction, term_end; /* unset: not set */
    const struct diary_session *sessions;   /* by number, each once */
    size_t count;
};

/** Into out; what it points to is in arena or borrowed from diary. */
void diary_write(struct Moveup__V1__DiaryItem *out, struct field_check *check,
    struct arena *arena, const struct diary *diary);

/** Sessions in arena, text borrowed from src, which came from a struct pool. */
void diary_read(struct diary *out, struct field_check *check,
    struct arena *arena, const struct Moveup__V1__DiaryItem *src);

/** Add its bytes to out: one diary, one form.  Errors: ERR_MALFORMED,
 * ERR_TOO_BIG. */
MUST_CHECK int diary_encode(
    struct buf *out, const struct diary *diary, struct err *err);

/** Everything of *out is in arena.  Errors: ERR_MALFORMED, ERR_TOO_BIG. */
MUST_CHECK int diary_decode(
    struct diary *out, struct bytes wire, struct arena *arena, struct err *err);

#endif

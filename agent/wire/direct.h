/*
 * direct - a protobuf message read straight into a plain struct, by a table.
 *
 * protobuf-c makes a message of its own first, with an allocation for each
 * field, and its values are checked and copied from there: five times the work,
 * which for a record is most of what it costs to apply one.  Here a field goes
 * from its bytes, checked, to its place.
 *
 * What is read is what protobuf-c reads: fields in any order, unknown ones
 * passed over, the last of several values, a part that comes twice merged.  Not
 * taken are groups, and a value of another wire type than its field's.
 */
#ifndef WIRE_DIRECT_H
#define WIRE_DIRECT_H

#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "wire/field.h"

enum direct_kind {
    DIRECT_UNKNOWN = 0, /* a number that is not used: passed over */
    DIRECT_TEXT,        /* const char *; "" if it is not there */
    DIRECT_DATE,        /* uint32 as struct date */
    DIRECT_CHOICE,      /* an enum of least to most */
    DIRECT_UINT32,
    DIRECT_SINT32,
    DIRECT_SINT16, /* sint32 that fits */
    DIRECT_BOOL,
    DIRECT_TIME, /* uint64 as wall */
    DIRECT_ID,
    DIRECT_LAESTAB, /* or "" */
    DIRECT_PART,    /* a struct of form, within */
    DIRECT_ROWS,    /* repeated: a pointer to at most `most` structs of form */
    DIRECT_TEXTS,   /* repeated: a pointer to at most `most` texts */
};

struct direct_form;

struct direct_field {
    const char *name; /* in refusals */
    enum direct_kind kind;
    uint16_t at;       /* where in the struct */
    uint16_t count_at; /* a size_t: ROWS, TEXTS */
    int16_t least;
    int16_t most;
    const struct direct_form *form;
};

/* The fields by their numbers in the .proto file, from 1, at fields[0]. */
struct direct_form {
    const struct direct_field *fields;
    size_t count;
    size_t size;     /* of the struct */
    uint64_t needed; /* bit n: field n has to be there */
    size_t limit;    /* bytes of any one text */
};

/**
 * Fill the zeroed struct at out.  Texts and rows live in arena.  What is wrong
 * is refused in check, ERR_MALFORMED or ERR_TOO_BIG; out is then half filled.
 */
void direct_read(void *out, struct field_check *check,
    const struct direct_form *form, struct bytes wire, struct arena *arena);

#endif

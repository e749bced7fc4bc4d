/*
 * casework_form - which fields each kind of event has, in memory and on disk;
 * for casework.c only.
 */
#ifndef WIRE_CASEWORK_FORM_H
#define WIRE_CASEWORK_FORM_H

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>
#include <stdint.h>

enum casework_type {
    CASEWORK_TEXT,
    CASEWORK_NUMBER, /* 64 bits, below 2^63 */
    CASEWORK_SMALL,  /* 32 bits */
    CASEWORK_FLAG,
    CASEWORK_TIME,
    CASEWORK_DAY,
    CASEWORK_CODE, /* an enum */
};

/* Where a field is in the plain struct and in the message. */
struct casework_part {
    const char *name;
    enum casework_type type;
    size_t plain;
    size_t message;
    size_t limit; /* bytes of a text */
    int range[2]; /* of a code */
};

struct casework_form {
    const ProtobufCMessageDescriptor *type;
    const struct casework_part *parts;
    size_t count;
};

/** The form of an enum event_kind; NULL for a number that is none. */
const struct casework_form *casework_form_of(int kind);

#endif

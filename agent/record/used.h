/*
 * used - which parts of a record which role has opened at the secondary, as the
 * primary is told ("we never know if it is used", domain 2.9): roles and parts,
 * no names, no times, no counts.
 */
#ifndef RECORD_USED_H
#define RECORD_USED_H

#include <stdbool.h>
#include <stddef.h>

/* Bits; they travel and are stored. */
enum used_section {
    USED_CONTACTS = 1 << 0,  /* whom to ring, how to say the name */
    USED_STRENGTHS = 1 << 1, /* what to say first */
    USED_SUPPORT = 1 << 2,   /* the kinds of need, in care */
};
#define USED_LAST USED_SUPPORT
#define USED_ALL (2 * USED_LAST - 1)

#define USED_MAX_ROLE 23 /* bytes */
#define USED_MAX_ROLES 12

struct used {
    const char *role;  /* "SENCO" */
    unsigned sections; /* of enum used_section */
};

/** "contacts", "strengths", "support". */
const char *used_name(enum used_section section);

/** Capitals and underscores, 1 to USED_MAX_ROLE of them. */
bool used_is_role(const char *role);

/**
 * A role whose looks are told.  Those of the safeguarding lead are not: that
 * somebody looked might say that there is a concern.  Nor are those of whoever
 * runs the machine.
 */
bool used_is_told(const char *role);

#endif

/*
 * restriction - who must not be contacted, told or shown; from domain 2.3.
 *
 * Restrictions are add-wins: one that either school knows is in force until it
 * is ended with evidence.  They travel inside the leaver record, so a record is
 * never there without them.
 */
#ifndef RECORD_RESTRICTION_H
#define RECORD_RESTRICTION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/clock.h"
#include "base/id.h"

struct err;

enum restriction_kind {
    RESTRICTION_DO_NOT_CONTACT = 1,
    RESTRICTION_DO_NOT_DISCLOSE_ADDRESS,
    RESTRICTION_NO_INFORMATION,
    RESTRICTION_CONTACT_VIA,
    RESTRICTION_ONLY_STAFF,
    RESTRICTION_NO_VOICEMAIL,
    RESTRICTION_NO_TEXT,
    RESTRICTION_NOT_TOGETHER_WITH,
    RESTRICTION_INTERPRETER_NOT_FROM_FAMILY,
    RESTRICTION_PUPIL_NOT_TO_BE_NAMED,
};

enum restriction_basis {
    BASIS_COURT_ORDER = 1,
    BASIS_POLICE_OR_MARAC,
    BASIS_LA_DIRECTION,
    BASIS_PARENT_REQUEST,
    BASIS_SCHOOL_DECISION,
};

struct restriction {
    struct id id;
    enum restriction_kind kind;
    enum restriction_basis basis;
    uint32_t contact; /* leaver_contact.number; 0: the whole pupil */
    const char *note; /* for the DSL only; "" if none */
    wall from;
    wall ended;           /* 0: in force */
    const char *evidence; /* why it ended; "" while in force */
};

/** "do-not-contact"; the form people type and JSON shows. */
const char *restriction_kind_name(enum restriction_kind kind);
const char *restriction_basis_name(enum restriction_basis basis);

/** Errors: ERR_USAGE with the list of names. */
MUST_CHECK int restriction_kind_parse(
    enum restriction_kind *out, const char *text, struct err *err);
MUST_CHECK int restriction_basis_parse(
    enum restriction_basis *out, const char *text, struct err *err);

/** In force, and of a kind that takes the contact out of every output
 * (do-not-contact, no-information). */
bool restriction_hides(const struct restriction *restriction);

#endif

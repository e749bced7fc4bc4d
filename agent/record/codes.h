/*
 * codes - the Common Basic Data Set's code lists that our records use (CBDS of
 * May 2026).
 *
 * Facts for checking and for saying a code in words.  An unknown code is kept
 * as it came and shown as it is, never mapped to another.  Codes are compared
 * exactly: lower case is unknown.
 */
#ifndef RECORD_CODES_H
#define RECORD_CODES_H

#include <stdbool.h>

enum code_set {
    CODES_DISABILITY,
    CODES_ENROL_STATUS,
    CODES_ETHNICITY, /* the 24 main and the 101 extended codes */
    CODES_LANGUAGE,
    CODES_RELATIONSHIP,
    CODES_RESULT_STATUS,
    CODES_SEN_PROVISION,     /* N, K and E */
    CODES_SEN_PROVISION_OLD, /* before 2014: A, P, S and Q */
    CODES_SEN_TYPE,
    CODES_SERVICE_CHILD,
    CODES_SEX,
    CODES_TELEPHONE_TYPE,
};

/** True if code is one of the set; "" is not. */
bool codes_known(enum code_set set, const char *code);

/** "Mother" for PAM; "not stated" for ""; the code itself if it is unknown or
 * the list gives it no words (most extended ethnicities). */
const char *codes_describe(enum code_set set, const char *code);

#endif

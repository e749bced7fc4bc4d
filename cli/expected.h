/*
 * expected - the local authority's list of offers, counted by pair of schools:
 * CSV with the columns from and to (LAESTABs), and upn or count if it has them.
 *
 * It stays on this machine: nothing of it is sent anywhere.
 */
#ifndef CLI_EXPECTED_H
#define CLI_EXPECTED_H

#include <jansson.h>

#include "base/attr.h"
#include "base/bytes.h"
#include "record/laestab.h"

struct err;

#define EXPECTED_MAX_BYTES ((size_t)8 * 1024 * 1024)

struct expected_pair {
    struct laestab from, to;
    uint64_t pupils;
};

struct expected {
    struct expected_pair *pairs; /* by from, then to */
    size_t count, room;
    uint64_t pupils;
    json_t *duplicates; /* [{"lines":[3,9]}]: the same UPN twice */
};

/** Errors: ERR_MALFORMED with the line. */
MUST_CHECK int expected_read(
    struct expected *out, struct bytes text, struct err *err);

/** How many are expected from one school to another. */
uint64_t expected_from(const struct expected *offers,
    const struct laestab *from, const struct laestab *to);

void expected_free(struct expected *offers);

#endif

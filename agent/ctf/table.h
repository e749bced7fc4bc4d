/*
 * table - leavers from a CSV file with our documented header (docs/csv.md).
 *
 * One file for all destinations.  RFC 4180, UTF-8 with or without a BOM, comma;
 * columns in any order, found by name; an unknown column is refused by name.
 * `moveup leavers template` prints the header.  Two pupils whose contact has
 * the same contactN_id are siblings of one family.
 */
#ifndef CTF_TABLE_H
#define CTF_TABLE_H

#include "base/buf.h"

#include "base/attr.h"
#include "ctf/findings.h"

struct err;
struct table;

struct table *table_new(
    const struct laestab *me, const struct findings_sink *sink, wall now);

/** As reader_feed() and reader_finish(). */
MUST_CHECK int table_feed(struct table *table, struct bytes data,
    struct finding *refusal, struct err *err);
MUST_CHECK int table_finish(
    struct table *table, struct finding *refusal, struct err *err);

/** The header line and one example row with an invented child. */
void table_template(struct buf *out);

void table_free(struct table *table);
static inline void table_freep(struct table **table)
{
    table_free(*table);
}

#endif

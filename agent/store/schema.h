/*
 * schema - the tables of agent and hub, as steps from one version to the next;
 * for this room only.
 *
 * A step that was released is never changed: another one is added.  Small
 * columns stand before the blobs, so that reading them touches no overflow
 * page.  Times are milliseconds (wall), 0 for "not yet"; schools are seven
 * digits of text, '' for none.
 */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include "store/handle.h"

/** What a database of this kind should be like. */
const struct handle_plan *schema_plan(enum db_kind kind);

#endif

/*
 * migrate - bring a database's tables to the newest version; for this room
 * only.
 *
 * The version is PRAGMA user_version; each step is one transaction that also
 * moves it, so a crash leaves one version or the next.  A database that has
 * data is copied to "NAME.before-vN" first (N is the version it is going to).
 */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include "store/handle.h"

/** Errors: ERR_STATE (made by a newer version), ERR_MALFORMED (of another
 * program), or as statement.h; then the database is as it was. */
MUST_CHECK int migrate_run(
    struct db *db, const struct handle_plan *plan, struct err *err);

#endif

/*
 * walfile - the write-ahead log, written in one piece for each commit.
 *
 * SQLite hands each page of a commit to the file system by itself, with its
 * head of 24 bytes before it: 80 calls for a batch of 200 records, which cost
 * as much again as the bytes.  Here what follows on what came before is held
 * until the log is synced, read or cut, and then written at once.
 *
 * Nothing is promised that was not before: with synchronous = FULL a commit is
 * one when the log is synced, and what is held belongs to a commit that is not
 * one yet.  An error in writing is told at the sync, and SQLite rolls back.
 */
#ifndef STORE_WALFILE_H
#define STORE_WALFILE_H

/** The name to open a database with (sqlite3_open_v2): the file system that is
 * SQLite's own by default, but for the log.  NULL when out of memory. */
const char *walfile_vfs(void);

#endif

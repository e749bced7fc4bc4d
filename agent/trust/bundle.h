/*
 * bundle - what is in a school's backup: a sealed archive (crypto/archive.h)
 * of everything a school needs to go on elsewhere.
 *
 *   about                   whose it is and of when: lines "KEY VALUE"
 *   identity/NAME           every file of the folder: keys, certificates
 *   directory.cms, directory.seen
 *   agent.db                a consistent copy of the database
 *   (end)
 *
 * in this order, each as: length of the name (1 byte), name, length (8 bytes,
 * big-endian), content.  A name of no length is the end, and nothing follows.
 * Names are those above and nothing else, so no archive can write outside the
 * folder that it is unpacked into.
 *
 * A bundle holds the private keys of the school: whoever opens it can be the
 * school.
 */
#ifndef TRUST_BUNDLE_H
#define TRUST_BUNDLE_H

#include "base/attr.h"
#include "base/clock.h"
#include "record/laestab.h"
#include "wire/directory.h"

struct archive_reader;
struct archive_writer;
struct err;

#define BUNDLE_DATABASE "agent.db"

struct bundle_about {
    struct laestab laestab;
    char name[DIRECTORY_MAX_NAME + 1];
    uint64_t incarnation;
    uint64_t progress; /* batches ever appended */
    wall at;           /* to the second */
};

/** Write everything but the end of the archive.  database is the path of the
 * copy.  Errors: those of archive_write(), ERR_NOT_FOUND, ERR_IO. */
MUST_CHECK int bundle_write(struct archive_writer *out,
    const struct bundle_about *about, const char *state, const char *database,
    struct err *err);

/**
 * Read a bundle to its end and check its form; with a folder (not NULL), which
 * is there and empty, write its files into it (mode 0600, synced).  After a
 * failure the folder holds some of them.
 *
 * Errors: those of archive_read(), ERR_MALFORMED, ERR_IO, ERR_FULL.
 */
MUST_CHECK int bundle_read(struct bundle_about *about,
    struct archive_reader *in, const char *folder, struct err *err);

#endif

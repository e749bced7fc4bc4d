/*
 * reader - a CTF (versions 18 to 25; others with a warning) read as a stream.
 *
 * expat, a whitelist of paths, every text capped inside the character-data
 * callback, depth 12, no DOCTYPE, UTF-8 only.  Memory does not grow with the
 * file.  The header is judged before the first pupil is handed over: root,
 * DocumentName, version, DateTime, source is `me`, the name agrees.
 *
 * The caller stages pupils and commits only when reader_finish() returned 0.
 */
#ifndef CTF_READER_H
#define CTF_READER_H

#include <stdbool.h>

#include "base/attr.h"
#include "ctf/findings.h"

#define READER_MAX_BYTES ((uint64_t)512 * 1024 * 1024)
#define READER_MAX_PUPILS 100000

struct err;
struct reader;

struct reader_options {
    const char *name;  /* the file's name, without folders */
    struct laestab me; /* must be the source */
};

/* The header, once read. */
struct reader_header {
    struct laestab source;
    struct laestab destination; /* "" for XXXXXXX and MMMMMMM */
    char version[8];
    wall written; /* DateTime, taken as UTC */
    bool partial;
};

struct reader *reader_new(
    const struct reader_options *options, const struct findings_sink *sink);

/**
 * Feed the next bytes.
 * Errors: ERR_MALFORMED and ERR_TOO_BIG: the file is refused; *refusal says
 * why.  Else what sink->on_pupil returned.
 */
MUST_CHECK int reader_feed(struct reader *reader, struct bytes data,
    struct finding *refusal, struct err *err);

/** The end of the file.  Same errors. */
MUST_CHECK int reader_finish(
    struct reader *reader, struct finding *refusal, struct err *err);

const struct reader_header *reader_header(const struct reader *reader);

void reader_free(struct reader *reader);
static inline void reader_freep(struct reader **reader)
{
    reader_free(*reader);
}

#endif

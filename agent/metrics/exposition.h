/*
 * exposition - figures as text, as monitoring systems scrape them: OpenMetrics
 * 1.0.0, or Prometheus' older text format 0.0.4 for who does not ask for it.
 *
 * One family after the other: exposition_family() with its metadata, then its
 * samples, and exposition_end() last.  Names follow the conventions: the
 * program's prefix, base units, `_total` for what only grows (added here to the
 * sample, as the format wants it).  Nothing that is written here may be
 * personal data, and a label's values come from a short fixed list or the
 * configuration, never from outside.
 */
#ifndef METRICS_EXPOSITION_H
#define METRICS_EXPOSITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct exposition {
    struct buf *out;
    bool plain; /* 0.0.4: no units, no end, counters named as their samples */
};

/** The Content-Type. */
const char *exposition_type(bool plain);

enum metric_type {
    METRIC_GAUGE,   /* goes up and down */
    METRIC_COUNTER, /* only grows, from 0 at the start of the program or of the
                     * database */
    METRIC_INFO,    /* 1, with the information in its labels */
};

/* A family; the strings are static. */
struct metric {
    enum metric_type type;
    const char *name; /* without _total and _info; ends with _unit */
    const char *unit; /* "seconds", "bytes"; "" for a count */
    const char *help; /* a sentence */
};

struct metric_label {
    const char *name;  /* [a-z_]+ */
    const char *value; /* any text: escaped here */
};

void exposition_family(
    const struct exposition *to, const struct metric *metric);

/** A sample of the family that came last; count may be 0. */
void exposition_sample(const struct exposition *to, const struct metric *metric,
    const struct metric_label *labels, size_t count, double value);

/** A family with the one sample that has no label. */
void exposition_single(
    const struct exposition *to, const struct metric *metric, double value);

void exposition_end(const struct exposition *to);

#endif

/*
 * log - one sentence a line, then key=value: for people first, for grep too.
 *
 *   2027-06-15T08:02:00Z info  hub connected  hub=tcp://hub.example:7700
 *
 * Under systemd (JOURNAL_STREAM is set) the time is left out and the level is a
 * <n> prefix.  A log line never holds personal data: schools, counts, numbers
 * of batches and reason codes only.  Values are cleaned with text_clean().
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

#include "base/attr.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

struct log {
    enum log_level least; /* quieter lines are dropped */
    int fd;               /* where lines go; -1: nowhere */
    bool journal;
};

/** A log on standard error. */
void log_init(struct log *log, enum log_level least);

/** "debug", "info", "warn" or "error"; anything else is LOG_INFO. */
enum log_level log_level_parse(const char *name);

/**
 * Write a line.  sentence is fixed text; fields is printf for
 * "key=value key=value" or "" for none.
 */
void log_line(const struct log *log, enum log_level level, const char *sentence,
    const char *fields, ...) PRINTF_LIKE(4, 5);

#endif

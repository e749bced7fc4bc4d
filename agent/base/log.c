#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"

void log_init(struct log *log, enum log_level least)
{
    *log = (struct log){least, STDERR_FILENO, getenv("JOURNAL_STREAM") != NULL};
}

enum log_level log_level_parse(const char *name)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};

    for (int i = LOG_DEBUG; i <= LOG_ERROR; i++)
        if (strcmp(name, names[i]) == 0)
            return (enum log_level)i;
    return LOG_INFO;
}

void log_line(const struct log *log, enum log_level level, const char *sentence,
    const char *fields, ...)
{
    static const char *const names[] = {"debug", "info ", "warn ", "error"};
    static const int priorities[] = {7, 6, 4, 3};
    char raw[512];
    char clean[512];
    char when[CLOCK_TEXT_SIZE];
    va_list args;

    if (level < log->least || log->fd < 0)
        return;
    va_start(args, fields);
    vsnprintf(raw, sizeof raw, fields, args);
    va_end(args);
    text_clean(clean, sizeof clean, raw);
    if (log->journal)
        dprintf(log->fd, "<%d>%s%s%s\n", priorities[level], sentence,
            clean[0] == '\0' ? "" : "  ", clean);
    else
        dprintf(log->fd, "%s %s %s%s%s\n", clock_format(clock_wall(), when),
            names[level], sentence, clean[0] == '\0' ? "" : "  ", clean);
}

#include "ctf/findings.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"

static void fill(struct finding *out, const char *fmt, va_list args)
    __attribute__((format(printf, 2, 0)));

/* The detail may quote a code of the file: nothing in it moves a cursor. */
static void fill(struct finding *out, const char *fmt, va_list args)
{
    char detail[sizeof out->detail];

    vsnprintf(detail, sizeof detail, fmt, args);
    text_clean(out->detail, sizeof out->detail, detail);
}

void findings_set(struct finding *out, enum finding_level level,
    const char *code, uint64_t line, const char *fmt, ...)
{
    va_list args;

    *out = (struct finding){.level = level, .code = code, .line = line};
    va_start(args, fmt);
    fill(out, fmt, args);
    va_end(args);
}

/* Where the next one goes; NULL: nowhere. */
static struct finding *place(
    struct findings *findings, enum finding_level level)
{
    if (findings->count < FINDINGS_MAX)
        return &findings->list[findings->count++];
    for (size_t i = 0; level > FINDING_WARN && i < FINDINGS_MAX; i++)
        if (findings->list[i].level == FINDING_WARN)
            return &findings->list[i];
    return NULL;
}

void findings_add(struct findings *findings, enum finding_level level,
    const char *code, uint64_t line, const char *fmt, ...)
{
    struct finding *out = place(findings, level);
    va_list args;

    if (out == NULL)
        return;
    *out = (struct finding){.level = level, .code = code, .line = line};
    va_start(args, fmt);
    fill(out, fmt, args);
    va_end(args);
}

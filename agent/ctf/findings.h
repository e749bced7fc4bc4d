/*
 * findings - what an import found: three outcomes and no more.
 *
 *   REFUSE  nothing of the file may be used
 *   HOLD    this pupil waits for a person, the others go on
 *   WARN    taken, and shown
 *
 * `detail` is for the person who imports: it may name elements and codes; the
 * values of names, numbers and dates of birth are not in it.  docs/import.md
 * lists the codes.
 */
#ifndef CTF_FINDINGS_H
#define CTF_FINDINGS_H

#include <stdint.h>

#include "base/attr.h"
#include "record/leaver.h"

enum finding_level { FINDING_WARN = 1, FINDING_HOLD, FINDING_REFUSE };

struct finding {
    enum finding_level level;
    const char *code; /* fixed text: "upn-check-letter", "missing", ... */
    uint64_t line;    /* 0: the whole file */
    uint64_t byte;    /* of a REFUSE for form; else 0 */
    char detail[200]; /* one sentence without a full stop */
};

/* What a reader gives: called in the order of the file, within one parse. */
struct findings_sink {
    /* One pupil, complete; findings of this pupil only (WARN and HOLD).  Held
     * if any of them is HOLD.  Return 0, or an error code to stop the parse. */
    int (*on_pupil)(void *arg, const struct leaver *leaver, uint64_t line,
        const struct finding *findings, size_t count);
    /* About the file (WARN). */
    void (*on_file)(void *arg, const struct finding *finding);
    /* A pupil that on_pupil was given (upn, line as then) must be held after
     * all: a later one has the same UPN and is another child.  Comes before
     * on_pupil for the later one, which is held for itself.  May be NULL. */
    void (*on_retract)(void *arg, const char *upn, uint64_t line,
        const struct finding *finding);
    void *arg;
};

/* The findings of one pupil.  When there is no place left, a HOLD takes that of
 * a WARN, and a WARN is dropped. */
#define FINDINGS_MAX 64

struct findings {
    struct finding list[FINDINGS_MAX];
    size_t count;
};

/** Fill one in. */
void findings_set(struct finding *out, enum finding_level level,
    const char *code, uint64_t line, const char *fmt, ...) PRINTF_LIKE(5, 6);

/** Add one; detail as printf, "" for none. */
void findings_add(struct findings *findings, enum finding_level level,
    const char *code, uint64_t line, const char *fmt, ...) PRINTF_LIKE(5, 6);

#endif

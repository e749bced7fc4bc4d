/*
 * pupil - the one pupil that is being read: a place for everything a record can
 * hold, used again for the next one, and the checks that need it whole.
 *
 * The readers fill it in.  What is over a limit of leaver.h is not kept and
 * holds the pupil: a record that silently lacks something is worse than one
 * that a person looks at.
 */
#ifndef CTF_PUPIL_H
#define CTF_PUPIL_H

#include "base/arena.h"
#include "base/bytes.h"
#include "ctf/findings.h"
#include "ctf/seen.h"

/* All texts of one pupil together; a real one has about 5,000 bytes. */
#define PUPIL_MAX_TEXT ((size_t)128 * 1024)

#define PUPIL_MAX_DATES 512

/* A date of the pupil, until it can be compared with the date of birth. */
struct pupil_date {
    const char *name;    /* fixed text */
    struct date *stored; /* cleared if it cannot be; NULL: not kept */
    struct date date;
    bool may_be_future; /* a leaving date is, in June */
};

struct pupil {
    struct leaver leaver; /* its lists are the arrays below */
    uint64_t line;
    uint64_t at;      /* the line that is being read, for findings */
    bool dob_is_text; /* a date of birth was stated but is no date */
    struct findings findings;

    struct arena arena;
    size_t text_left;

    struct leaver_contact contacts[LEAVER_MAX_CONTACTS];
    struct leaver_point points[LEAVER_MAX_CONTACTS][LEAVER_MAX_POINTS];
    bool has_phone[LEAVER_MAX_CONTACTS]; /* a phone element, even if empty */
    struct leaver_language languages[LEAVER_MAX_LANGUAGES];
    struct leaver_need needs[LEAVER_MAX_NEEDS];
    const char *disabilities[LEAVER_MAX_DISABILITIES];
    struct leaver_year years[LEAVER_MAX_YEARS];
    struct leaver_result results[LEAVER_MAX_RESULTS];
    struct leaver_school schools[LEAVER_MAX_SCHOOLS];
    struct pupil_date dates[PUPIL_MAX_DATES];
    size_t date_count;
};

struct pupil *pupil_new(void);
void pupil_free(struct pupil *pupil);

/** Forget the last one; the next begins at line. */
void pupil_begin(struct pupil *pupil, uint64_t line);

/** A copy of clean text that lives as long as this pupil; "" with a finding
 * when PUPIL_MAX_TEXT is used up. */
const char *pupil_text(struct pupil *pupil, const char *text);

/** The next item of a list, all its strings "".  NULL with a finding when the
 * list is full. */
struct leaver_contact *pupil_add_contact(struct pupil *pupil);
struct leaver_language *pupil_add_language(struct pupil *pupil);
struct leaver_need *pupil_add_need(struct pupil *pupil);
struct leaver_year *pupil_add_year(struct pupil *pupil);
struct leaver_result *pupil_add_result(struct pupil *pupil);
struct leaver_school *pupil_add_school(struct pupil *pupil);
void pupil_add_disability(struct pupil *pupil, const char *code);

/** A number or e-mail of a contact (one that pupil_add_contact() gave); its
 * dialling form is derived.  "" only counts as a phone for "no-phone". */
void pupil_add_point(struct pupil *pupil, struct leaver_contact *contact,
    enum point_kind kind, const char *raw);

/**
 * Read a date other than that of birth into *stored (may be NULL) and remember
 * it under its element's name (fixed text) for the checks.  Text that is no
 * date is a WARN.
 */
void pupil_take_date(struct pupil *pupil, const char *name, struct date *stored,
    const char *text);

/** Read the date of birth. */
void pupil_take_dob(struct pupil *pupil, const char *text);

/**
 * The pupil is complete: check it (checks.h), sort the contacts by order, and
 * hand it to sink.  now is the day the file was written.  Returns what the sink
 * returned.
 */
MUST_CHECK int pupil_deliver(struct pupil *pupil, struct date now,
    struct seen *seen, const struct findings_sink *sink);

#endif

/*
 * leaver - what a primary knows about one child who is leaving, and how to
 * reach the family: the early transition record (domain F01, 2.2).
 *
 * A plain value.  Every string is UTF-8 without control characters, "" when not
 * stated, never NULL; codes are kept as the source wrote them, known or not.
 * All memory belongs to the arena the leaver was made in.
 */
#ifndef RECORD_LEAVER_H
#define RECORD_LEAVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/date.h"
#include "record/laestab.h"
#include "record/restriction.h"

struct arena;

/* Limits: refused or held at import, refused in a decoder.  Characters are
 * Unicode code points; names as in the reference checker. */
#define LEAVER_MAX_CONTACTS 16
#define LEAVER_MAX_POINTS 12 /* of one contact */
#define LEAVER_MAX_NEEDS 16
#define LEAVER_MAX_LANGUAGES 8
#define LEAVER_MAX_DISABILITIES 16
#define LEAVER_MAX_YEARS 32    /* attendance rows */
#define LEAVER_MAX_RESULTS 200 /* assessment rows */
#define LEAVER_MAX_SCHOOLS 32
#define LEAVER_MAX_RESTRICTIONS 64
#define LEAVER_MAX_TEXT 4000 /* bytes of any one text */
#define LEAVER_MAX_EMAIL 254 /* bytes of an address that can be written to */

/* A statement that may be missing: CTF's silence is never "no". */
enum stated { NOT_STATED = 0, STATED_YES = 1, STATED_NO = 2 };

enum point_kind {
    POINT_MOBILE = 1,
    POINT_HOME,
    POINT_WORK,
    POINT_ALTERNATE,
    POINT_EMAIL,
    POINT_TEXTPHONE, /* CTF TelephoneType D: never a voice number */
    POINT_FAX,       /* CTF TelephoneType F: never a voice number */
    POINT_OTHER,     /* a TelephoneType nobody knows */
};

/* UNVERIFIED on arrival; the secondary's work moves it (domain 2.2). */
struct leaver_point {
    uint32_t number; /* stable within the contact, from 1 */
    enum point_kind kind;
    const char *raw;  /* as the source wrote it */
    const char *dial; /* E.164 ("+447700900118") or e-mail; "" if unclear */
};

struct leaver_address {
    const char *lines[7]; /* most local first */
    const char *postcode;
    const char *uprn;
};

enum interpreter {
    INTERPRETER_UNKNOWN = 0,
    INTERPRETER_NO,
    INTERPRETER_SPOKEN,
    INTERPRETER_BSL
};

struct leaver_contact {
    uint32_t
        number;     /* what people type after --contact; stable for the pupil */
    uint32_t order; /* 1: to be called first; 0: not stated */
    const char *source_id; /* the source's own id of this person; "" if none.
                            * Same id, same school: the same person */
    const char *title;
    const char *surname;
    const char *forename;
    const char *middle_names;
    const char *sex;
    const char *relationship;   /* CBDS: PAM, PAF, ...; "" not stated */
    enum stated responsibility; /* parental responsibility */
    enum stated court_order;    /* SIMS extension */
    enum stated lives_with;
    const char *language; /* CBDS code; "" not known */
    enum interpreter interpreter;
    bool address_as_pupil;
    struct leaver_address address;
    bool left_out; /* an older file had this contact, the newest has not */
    struct leaver_point *points;
    size_t point_count;
};

struct leaver_language {
    const char *type;
    const char *code;
};
struct leaver_need {
    uint32_t rank;
    const char *type;
    struct date start, end;
};
struct leaver_year {
    int16_t year; /* the academic year that starts then */
    const char *school;
    int32_t possible, attended, authorised, unauthorised;
};
struct leaver_result {
    const char *stage, *locale, *year, *subject, *method, *component, *status,
        *qualifier, *result;
    struct date date;
};
struct leaver_school {
    const char *laestab, *urn, *name;
    struct date entry, leaving;
    const char *reason;
};

struct leaver {
    const char *upn;
    const char *former_upn; /* sensitive: never shown, never sent (CTF 4.1) */
    const char *uln;
    const char *surname, *forename; /* legal names */
    const char *preferred_surname, *preferred_forename, *middle_names;
    const char *former_surname;
    struct date dob;
    const char *sex;
    const char *nc_year;
    const char *ethnicity, *ethnicity_source;
    const char *service_child;
    const char *enrol_status;
    enum stated medical_flag;
    enum stated fsm; /* a current instance of free school meals */
    enum stated in_care;
    const char *care_authority;
    const char *sen_provision; /* N, K, E; the current one only */
    const char *email;
    const char *phone;
    const char *strengths; /* CSV or typed: said first on the card */
    const char *say_name;  /* CSV: how the name is said, "TAH-rik" */
    struct leaver_address address;
    struct laestab destination; /* "" not known */
    struct date entry_date;     /* at the destination; unset: not stated */

    struct leaver_language *languages;
    size_t language_count;
    struct leaver_need *needs;
    size_t need_count;
    const char **disabilities;
    size_t disability_count;
    struct leaver_contact *contacts;
    size_t contact_count; /* by order */
    struct leaver_year *years;
    size_t year_count;
    struct leaver_result *results;
    size_t result_count;
    struct leaver_school *schools;
    size_t school_count;
    struct restriction *restrictions;
    size_t restriction_count;
};

/** All strings "" and nothing else: a start for whoever fills one in. */
void leaver_init(struct leaver *leaver);
void leaver_contact_init(struct leaver_contact *contact);

/** What people call the child: preferred forename and surname, else legal. */
const char *leaver_known_forename(const struct leaver *leaver);
const char *leaver_known_surname(const struct leaver *leaver);

/** The contact with that number, or NULL. */
const struct leaver_contact *leaver_contact(
    const struct leaver *leaver, uint32_t number);

#endif

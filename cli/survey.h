/*
 * survey - what the hubs tell the administrator of every school, put together:
 * of each the newest report whose signature is the school's own, and what the
 * hubs saw of it themselves.
 *
 * A hub may withhold a report or hand out an old one; it cannot make one.  So a
 * report is as old as the older of what its hub says and what it says itself,
 * by the skew that it states.
 */
#ifndef CLI_SURVEY_H
#define CLI_SURVEY_H

#include <jansson.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "trust/members.h"
#include "wire/hubreport.h"

struct authority;
struct call;

enum survey_state {
    SURVEY_SILENT,     /* no hub has a report */
    SURVEY_GOOD,       /* report is the school's own */
    SURVEY_FORGED,     /* there is one, and the signature is not its own */
    SURVEY_UNREADABLE, /* signed by the school, and not readable here */
};

struct survey_school {
    const struct directory_school *entry;
    enum survey_state state;
    struct report report; /* if GOOD */
    wall at;              /* when it was made, by our clock; if GOOD */
    const char *hub;      /* who gave it, or the forged one: endpoint */
    /* of all hubs */
    wall heard;
    uint64_t waiting;
    wall oldest; /* of the letters that wait for it */
    uint64_t turned_away;
    wall turned_away_at;
    uint64_t complaints;
    uint64_t crowded; /* connections that were too many */
};

struct survey_hub {
    const struct directory_hub *entry;
    bool answered;
    char text[200]; /* why it did not answer */
    char software[REPORT_SOFTWARE_SIZE];
    uint64_t directory;
    int64_t skew_ms; /* its clock minus ours */
    uint64_t disk_free_mib;
};

struct survey {
    const struct members *members;
    wall now;
    struct survey_school *schools; /* all of the directory, by LAESTAB */
    size_t school_count;
    struct survey_hub *hubs; /* active ones */
    size_t hub_count;
    size_t answered;
    struct arena arena;
};

/** Ask every active hub.  An exit code: CALL_DONE if one answered; else the
 * error was printed and it is CALL_NO_AGENT (or CALL_REFUSED: none is
 * enrolled). */
MUST_CHECK int survey_take(
    struct survey *out, struct call *call, const struct authority *authority);

/** An empty survey of a directory, for survey_take() and tests. */
void survey_init(struct survey *out, const struct members *members, wall now);

/** Put in what one hub said.  Everything must live as long as the survey. */
void survey_add(struct survey *survey, const char *endpoint,
    const struct hubreport *report);

/** The school with that number, or NULL. */
const struct survey_school *survey_school(
    const struct survey *survey, const struct laestab *laestab);

/** Its name, or its number if it is not in the directory. */
const char *survey_name(
    const struct survey *survey, const struct laestab *laestab);

/** The earlier of two times, where 0 is never. */
wall survey_earlier(wall a, wall b);

void survey_free(struct survey *survey);

#endif

#include "agentd/weekly.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/casework.h"
#include "agentd/keydates.h"
#include "base/err.h"
#include "base/mem.h"
#include "outreach/cells.h"
#include "outreach/measures.h"

/* The children who start, and which group each is in. */
struct cohort {
    struct measures_pupil *pupils;
    unsigned *groups; /* a bit of each group, for each pupil */
    size_t count;
};

static void cohort_free(struct cohort *cohort)
{
    free(cohort->pupils);
    free(cohort->groups);
}

/* The first language counts; that at home where none is stated.  What is not
 * known counts as no. */
static bool has_other_language(const struct leaver *leaver)
{
    static const char *const not [] = {
        "", "ENG", "ENB", "NOT", "REF", "ZZZ", NULL};
    const char *code = "";
    bool other = true;

    for (size_t i = 0; i < leaver->language_count; i++)
        if (code[0] == '\0' || strcmp(leaver->languages[i].type, "F") == 0)
            code = leaver->languages[i].code;
    for (size_t k = 0; other && not [k] != NULL; k++)
        other = strcmp(code, not [k]) != 0;
    return other;
}

static unsigned groups_of(const struct leaver *leaver)
{
    const bool sen = strcmp(leaver->sen_provision, "K") == 0 ||
                     strcmp(leaver->sen_provision, "E") == 0;

    return (leaver->fsm == STATED_YES ? 1U << CELLS_FSM : 0) |
           (has_other_language(leaver) ? 1U << CELLS_EAL : 0) |
           (sen ? 1U << CELLS_SEN : 0);
}

static void gather(struct cohort *out, const struct agent *agent)
{
    const struct casework *c = agent->casework;

    out->pupils = mem_alloc((c->pupil_count + 1) * sizeof *out->pupils);
    out->groups = mem_alloc((c->pupil_count + 1) * sizeof *out->groups);
    for (size_t i = 0; i < c->count; i++)
        for (size_t j = 0; j < c->files[i]->pupil_count; j++) {
            const struct casework_pupil *pupil = c->files[i]->pupils[j];
            const struct state_pupil *state = &c->files[i]->state.pupils[j];

            out->groups[out->count] = groups_of(&pupil->leaver);
            out->pupils[out->count++] =
                (struct measures_pupil){.contacted_at = state->contacted_at,
                    .entry = keydates_entry(agent, pupil),
                    .gone = state->closed};
        }
}

static void count(struct measures *out, const struct cohort *cohort,
    unsigned group, const struct agent *agent)
{
    SCOPED(mem_freep)
    struct measures_pupil *of = mem_alloc((cohort->count + 1) * sizeof *of);
    struct schooldays days;
    size_t found = 0;

    for (size_t i = 0; i < cohort->count; i++)
        if (group == 0 || (cohort->groups[i] & 1U << group) != 0)
            of[found++] = cohort->pupils[i];
    keydates_days(&days, agent);
    measures_count(out, of, found, keydates_of(agent).term_end, &days,
        date_today(agent->casework->now));
}

/* --- once a week --- */

/* A history belongs to one cohort: the year in which it starts. */
static void key_of(char out[32], unsigned group, int year)
{
    snprintf(out, 32, "cells %s %d", cells_name(group), year);
}

static int look_at(unsigned group, const struct cohort *cohort,
    const struct measures *all, struct agent *agent, struct err *err)
{
    struct measures some;
    struct cells_history history;
    char key[32];
    char text[CELLS_TEXT_SIZE];
    int rc;

    key_of(key, group, all->deadline.year);
    rc = db_get(agent->db, key, text, sizeof text, err);
    if (rc < 0)
        return rc;
    if (!cells_parse(&history, text))
        return err_set(err, ERR_MALFORMED,
            "what was shown of a group before cannot be read");
    count(&some, cohort, group, agent);
    cells_look(&history, &(struct cells_row){all->pupils, all->contacted,
                             some.pupils, some.contacted});
    cells_format(text, &history);
    return db_set(agent->db, key, text, err);
}

/* "ccyy-mm-dd pupils contacted year" */
#define WEEK_KEY "cells week"
#define WEEK_SIZE 64

static int new_week(struct date monday, const struct cohort *cohort,
    const struct measures *all, struct agent *agent, struct err *err)
{
    char text[WEEK_SIZE];
    char day[DATE_TEXT_SIZE];
    int rc = db_begin(agent->db, err);

    for (unsigned group = 1; rc == 0 && group <= CELLS_GROUPS; group++)
        rc = look_at(group, cohort, all, agent, err);
    snprintf(text, sizeof text, "%s %u %u %d", date_format(monday, day),
        all->pupils, all->contacted, all->deadline.year);
    if (rc == 0)
        rc = db_set(agent->db, WEEK_KEY, text, err);
    if (rc == 0)
        rc = db_commit(agent->db, err);
    if (rc < 0)
        db_rollback(agent->db);
    return rc;
}

/* What was fixed on the last Monday.  False: nothing, or of another cohort. */
static bool read_week(struct report_cohort *out, int *year, const char *text)
{
    char day[DATE_TEXT_SIZE];
    char *end;

    snprintf(day, sizeof day, "%.10s", text);
    if (strlen(text) < sizeof day || date_parse(&out->week, day, NULL) < 0)
        return false;
    out->week_pupils = strtoul(text + 10, &end, 10);
    out->week_contacted = strtoul(end, &end, 10);
    *year = (int)strtol(end, &end, 10);
    return *end == '\0' && out->week_contacted <= out->week_pupils;
}

static int fill_cells(
    struct report_cohort *out, int year, struct agent *agent, struct err *err)
{
    char key[32];
    char text[CELLS_TEXT_SIZE];

    for (unsigned group = 1; group <= CELLS_GROUPS; group++) {
        struct cells_history history;
        const struct cells_row *row;
        int rc;

        key_of(key, group, year);
        rc = db_get(agent->db, key, text, sizeof text, err);
        if (rc < 0)
            return rc;
        if (!cells_parse(&history, text) || history.count == 0)
            continue;
        row = &history.rows[history.count - 1];
        out->cells[out->cell_count++] = (struct report_cell){
            group, row->group_pupils, row->group_contacted};
    }
    return 0;
}

int weekly_figures(struct report_cohort *out, bool *found, struct agent *agent,
    struct err *err)
{
    SCOPED(cohort_free) struct cohort cohort = {.count = 0};
    struct measures all;
    struct date monday;
    char text[WEEK_SIZE];
    int year = 0;
    int rc = casework_refresh(agent, err);

    *out = (struct report_cohort){.pupils = 0};
    *found = false;
    if (rc < 0)
        return rc;
    gather(&cohort, agent);
    count(&all, &cohort, 0, agent);
    if (all.pupils == 0)
        return 0;
    monday = cells_monday(date_today(agent->casework->now));
    rc = db_get(agent->db, WEEK_KEY, text, sizeof text, err);
    if (rc == 0 &&
        (!read_week(out, &year, text) || date_compare(out->week, monday) < 0 ||
            year != all.deadline.year)) {
        rc = new_week(monday, &cohort, &all, agent, err);
        out->week = monday;
        out->week_pupils = all.pupils;
        out->week_contacted = all.contacted;
    }
    if (rc == 0)
        rc = fill_cells(out, all.deadline.year, agent, err);
    out->pupils = all.pupils;
    out->contacted = all.contacted;
    *found = rc == 0;
    return rc;
}

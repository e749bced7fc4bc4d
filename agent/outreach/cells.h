/*
 * cells - which figures of groups of children may leave the school: the
 * small-number rule (domain 2.8), kept where the children are.
 *
 * A group (free school meals, say) and the rest of the cohort are the two cells
 * of a row; each has a number of pupils and of those whose family was spoken
 * to.  The totals of the row are known to everybody exactly, so one cell tells
 * the other.  A row may be shown if, of both cells,
 *
 *   - the pupils are 10 or more (or, of the rest, none), and
 *   - those spoken to, and those not, are none or 5 or more.
 *
 * Nobody may learn by subtraction what happened in between either.  So a row is
 * shown as it was when it was last shown, until each of its six numbers is the
 * same as, or 5 or more away from, what it was in every row shown before.  What
 * was once shown therefore never becomes suppressed: that alone would say that
 * a number is small now.  If only a few children came or went, the row goes on
 * with as many pupils as before; else one of them would stop it for the season.
 * And rows are looked at once a week only.
 *
 * Pure.
 */
#ifndef OUTREACH_CELLS_H
#define OUTREACH_CELLS_H

#include <stdbool.h>
#include <stddef.h>

#include "record/date.h"

#define CELLS_LEAST 5 /* 1 to 4 are small */
#define CELLS_LEAST_GROUP 10
#define CELLS_KEPT 60 /* rows of one group and cohort; then no more */
#define CELLS_TEXT_SIZE ((size_t)CELLS_KEPT * 48 + 1)

/* Numbers travel.  Children in care are no group here: they are few
 * everywhere, and the virtual school has them. */
enum cells_group {
    CELLS_FSM = 1, /* free school meals */
    CELLS_EAL,     /* a first language other than English */
    CELLS_SEN,     /* SEN support or a plan */
};
#define CELLS_GROUPS CELLS_SEN

/** "fsm", "eal", "sen"; NULL for a number that is none. */
const char *cells_name(unsigned group);

struct cells_row {
    unsigned pupils, contacted;             /* of the cohort */
    unsigned group_pupils, group_contacted; /* of these */
};

/* Every row of a group that was shown; the last is in force. */
struct cells_history {
    struct cells_row rows[CELLS_KEPT];
    size_t count;
};

/** May this row be shown, if none was before? */
bool cells_is_safe(const struct cells_row *row);

/** Look at this week's row: it is added to history if it may be shown.  Returns
 * the row in force, or NULL: the group is suppressed. */
const struct cells_row *cells_look(
    struct cells_history *history, const struct cells_row *now);

/** The Monday of that day's week. */
struct date cells_monday(struct date day);

/** To and from text.  False: it is not such a text; then *out is empty. */
void cells_format(
    char text[CELLS_TEXT_SIZE], const struct cells_history *history);
bool cells_parse(struct cells_history *out, const char *text);

#endif

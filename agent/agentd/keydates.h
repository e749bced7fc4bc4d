/*
 * keydates - the days that matter to a secondary: when its new pupils start,
 * and until when a family should have been spoken to.
 */
#ifndef AGENTD_KEYDATES_H
#define AGENTD_KEYDATES_H

#include "agentd/casework.h"
#include "outreach/schooldays.h"

/** The school's key dates as they stand now; the entry date is that of the
 * settings file unless somebody set it. */
struct event_dates keydates_of(const struct agent *agent);

/** On which days somebody is at this school. */
void keydates_days(struct schooldays *out, const struct agent *agent);

/** In so many days, or the next one after that on which the school is there. */
struct date keydates_due(const struct agent *agent, int days);

/** The day on which a pupil starts: as its record says, else the school's, else
 * the 2 September after its record came. */
struct date keydates_entry(
    const struct agent *agent, const struct casework_pupil *pupil);

/** The day before the first of the family's children starts. */
struct date keydates_deadline(const struct casework *casework,
    const struct casework_file *file, const struct event_dates *dates);

#endif

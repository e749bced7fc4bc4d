/*
 * crowd - how many records one school may have here.
 *
 * All records are in memory while somebody works with them.  A primary sends
 * some hundred in all the years that they are kept; one that sends children
 * without end would end this agent, and with it every other school's calls.
 */
#ifndef AGENTD_CROWD_H
#define AGENTD_CROWD_H

#include "agentd/apply.h"

#define CROWD_MOST 5000

/** May the letter's author have another record here?  If not, *reason says so.
 * Counts once a letter. */
MUST_CHECK int crowd_fits(enum reason *reason, struct agent *agent,
    struct apply_letter *letter, struct err *err);

#endif

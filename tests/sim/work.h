/* work - what people do at the schools: new leavers, changes, sends,
 * restrictions, recalls, other destinations, readings, calls.  Through the
 * agent's own functions and handlers. */
#ifndef SIM_WORK_H
#define SIM_WORK_H

#include "check.h"
#include "world.h"

/* Each does nothing while its school is down. */
void work_add(struct world *world, size_t author, size_t dest);
void work_change(struct world *world, struct pupil *pupil);
/** A newer file has that contact no more. */
void work_drop(struct world *world, struct pupil *pupil, unsigned contact);
void work_restrict(struct world *world, struct pupil *pupil, unsigned contact);
void work_recall(struct world *world, struct pupil *pupil);
/** The child goes to another school. */
void work_redirect(struct world *world, struct pupil *pupil, size_t dest);
void work_read(struct world *world, struct pupil *pupil);
/** A call to its family, which nobody answers. */
void work_call(struct world *world, struct pupil *pupil);

/** Approve what waits for a person: our records over newer ones, and many
 * recalls of a primary that went back. */
void work_approve(struct world *world, size_t school);

/** Send whatever is ready. */
void work_send(struct world *world, size_t author);

#endif

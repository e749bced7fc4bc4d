/* deadline - until when families are called before the child starts. */
#ifndef OUTREACH_DEADLINE_H
#define OUTREACH_DEADLINE_H

#include "record/date.h"

/** The day before entry; entry unset: before the 2 September to come. */
struct date deadline_before(struct date entry, struct date today);

#endif

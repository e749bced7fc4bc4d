/* symptoms - what is the matter with one school (the table of verdict.h). */
#ifndef CLI_SYMPTOMS_H
#define CLI_SYMPTOMS_H

struct judging;

/** Of the verdict's school. */
void symptoms_of(struct judging *j);

#endif

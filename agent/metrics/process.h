/*
 * process - what every program tells of itself, under the names that all
 * programs use for it: memory, processor time, open files, start.
 */
#ifndef METRICS_PROCESS_H
#define METRICS_PROCESS_H

struct exposition;

/** What the system does not tell is left out. */
void process_write(const struct exposition *to);

#endif

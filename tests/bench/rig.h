/* rig - what every measurement needs: clocks, medians, folders, processes.
 * Whatever goes wrong ends the program with a sentence: a benchmark has nothing
 * to rescue. */
#ifndef BENCH_RIG_H
#define BENCH_RIG_H

#include <stddef.h>
#include <sys/types.h>

#include "base/attr.h"
#include "base/buf.h"

struct agent;
struct err;

/* One measurement, or the median of some. */
struct cost {
    double seconds; /* by the clock */
    double cpu;     /* seconds of processor time, all processes and threads */
};

#define RIG_MAX_RUNS 128

/** Seconds; only differences mean something. */
double rig_clock(void);

/** Processor seconds of a process, all its threads; 0 is this one. */
double rig_cpu(pid_t pid);

double rig_median(const double *values, size_t count);
double rig_share(const double *values, size_t count, double share); /* 0..1 */
struct cost rig_median_cost(const struct cost *costs, size_t count);

/** End the program unless rc is 0 or more. */
void rig_must(int rc, const char *what, const struct err *err);
void rig_need(int ok, const char *what); /* with errno */

/** A whole folder, as cp -a does.  to must not exist. */
void rig_copy(const char *from, const char *to);
void rig_remove(const char *folder);
char *rig_path(const char *folder, const char *name);

/** Run argv, its output into `out` (NULL: ours), until it ends well. */
void rig_run(const char *const argv[], const char *out);

/** A school's state folder as an agent without loop, link and socket. */
void rig_open_agent(struct agent *out, const char *state);
void rig_close_agent(struct agent *agent);

/** A figure of /proc/PID/status in its unit (kB), or summed over the tasks. */
long rig_status(pid_t pid, const char *key);
long rig_wakeups(pid_t pid);

/** A file to commit into: append and fdatasync. */
int rig_journal(const char *folder, const char *name);
void rig_commit(int fd, struct bytes bytes);

#endif

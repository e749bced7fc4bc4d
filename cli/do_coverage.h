/* do_coverage - how far the calls have come, and the school's key dates. */
#ifndef CLI_DO_COVERAGE_H
#define CLI_DO_COVERAGE_H

struct call;

int do_coverage_show(struct call *call);
int do_coverage_dates_set(struct call *call);
int do_coverage_dates_list(struct call *call);

#endif

/* moveup-hub: see hub/start.c for what it is told, hub/daemon.h for what it
 * does. */
#include <stdio.h>

#include "base/err.h"
#include "base/mem.h"
#include "hub/daemon.h"
#include "hub/start.h"

static int run(const struct start_options *options, struct err *err)
{
    SCOPED(daemon_closep) struct daemon *daemon = NULL;
    const int rc = daemon_open(&daemon, options->state, options->config, err);

    return rc != 0 ? rc : daemon_run(daemon, err);
}

int main(int argc, char **argv)
{
    struct start_options options;
    struct err err;

    mem_tune();
    switch (start_read(&options, argc, argv)) {
    case START_DONE:
        return 0;
    case START_WRONG:
        return 2;
    case START_RUN:
        break;
    }
    if (run(&options, &err) == 0)
        return 0;
    fprintf(stderr, "moveup-hub: %s\n", err.text);
    return 1;
}

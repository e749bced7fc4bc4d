#include "hub/start.h"

#include <getopt.h>
#include <stddef.h>
#include <stdio.h>

#include "base/err.h"
#include "conf/settings.h"

static const char USAGE[] =
    "Usage: moveup-hub --state DIR [--config FILE]\n"
    "Keep sealed mail between the schools of a cluster until it is fetched.\n"
    "Runs in the foreground; logs to standard error, or to the journal.\n"
    "\n"
    "  --state DIR    identity, directory and mail (made by: moveup enrol)\n"
    "  --config FILE  settings; --settings lists them\n"
    "  --settings     print the settings that would be in force\n"
    "  --version      print the version\n"
    "  --help         print this\n"
    "\n"
    "SIGHUP reads FILE again, SIGTERM ends.  Exit: 0 ended, 1 failed, 2 "
    "usage.\n";

static enum start_wish print_settings(const char *config)
{
    struct settings_hub settings;
    struct err err;

    settings_hub_default(&settings);
    if (config != NULL && settings_hub_read(&settings, config, &err) != 0) {
        fprintf(stderr, "moveup-hub: %s\n", err.text);
        return START_WRONG;
    }
    settings_hub_print(stdout, &settings);
    return START_DONE;
}

enum start_wish start_read(struct start_options *out, int argc, char **argv)
{
    static const struct option known[] = {
        {"state", required_argument, NULL, 's'},
        {"config", required_argument, NULL, 'c'},
        {"settings", no_argument, NULL, 'p'},
        {"version", no_argument, NULL, 'v'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int settings = 0;
    int c;

    *out = (struct start_options){NULL, NULL};
    while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
        switch (c) {
        case 's':
            out->state = optarg;
            break;
        case 'c':
            out->config = optarg;
            break;
        case 'p':
            settings = 1;
            break;
        case 'v':
            puts("moveup-hub " MOVEUP_VERSION);
            return START_DONE;
        case 'h':
            fputs(USAGE, stdout);
            return START_DONE;
        default:
            return START_WRONG;
        }
    }
    if (settings)
        return print_settings(out->config);
    if (out->state != NULL && optind == argc)
        return START_RUN;
    fprintf(stderr, "moveup-hub: %s\n%s",
        out->state == NULL ? "--state is missing" : "one word too many", USAGE);
    return START_WRONG;
}

/* sim - run seeds of the simulator, in as many processes as there are cores. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "chance.h"
#include "faults.h"
#include "growth.h"
#include "plan.h"
#include "storage.h"
#include "story.h"
#include "town.h"
#include "vfs.h"
#include "world.h"

#define MAX_WORKERS 64
#define MAX_SHOWN 5

static const char USAGE[] =
    "usage: sim [--seeds N] [--first S] [--jobs N] [--faults MASK] [--trace]\n"
    "       sim --stories FOLDER [--update]\n"
    "       sim --storage\n"
    "       sim --growth YEARS\n"
    "\n"
    "Runs whole clusters on a simulated clock, network and disk, one a seed.\n"
    "--trace writes every message and event of the first seed; --stories "
    "compares\nthe main stories with their golden traces; --storage lets every "
    "write of a\ntransfer fail in turn; --growth plays years and bounds what "
    "they leave.\n";

struct options {
    uint64_t seeds, first;
    unsigned jobs;
    unsigned faults;
    bool trace;
    const char *stories; /* the folder with the golden traces */
    bool update;
    bool storage;
    unsigned growth; /* years; 0: none */
};

/* What the workers tell the parent, in shared memory. */
struct progress {
    uint64_t now; /* the seed it is at */
    uint64_t done, failed, steps;
    int64_t simulated_ms;
};

/* 3 of 4 seeds have one hub. */
static size_t hubs_of(uint64_t seed)
{
    return seed % 4 == 3 ? 2 : 1;
}

static void run_seed(struct progress *progress, const struct options *options,
    struct town towns[2], uint64_t seed)
{
    static struct world world;
    struct plan_result result = {.failed = false};

    progress->now = seed;
    chance_seed(seed);
    world_begin(&world, seed);
    world.out = options->trace ? stdout : NULL;
    plan_run(&result, &world, &towns[hubs_of(seed) - 1], options->faults);
    progress->done++;
    progress->steps += result.steps;
    progress->simulated_ms += result.simulated_ms;
    if (result.failed) {
        if (progress->failed++ < MAX_SHOWN) {
            printf("seed %" PRIu64 ": %s\n", seed, world.why);
            if (!options->trace)
                world_tell(&world, stdout);
            printf("replay: ./run sim --first %" PRIu64 " --seeds 1 --trace\n",
                seed);
        } else {
            printf("seed %" PRIu64 ": %s\n", seed, world.why);
        }
        fflush(stdout);
    }
    plan_end(&world);
}

static void work(
    struct progress *progress, const struct options *options, unsigned worker)
{
    struct town towns[2];
    struct rng any = {1};

    chance_seed(1);
    vfs_register(&any, world_wall_ms);
    town_make(&towns[0], 1);
    town_make(&towns[1], 2);
    for (uint64_t i = worker; i < options->seeds; i += options->jobs)
        run_seed(progress, options, towns, options->first + i);
    town_free(&towns[0]);
    town_free(&towns[1]);
}

static double seconds(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static bool wait_for(pid_t pid, const struct progress *progress)
{
    int status = 0;

    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    printf("seed %" PRIu64 ": the process ended (%s %d)\n", progress->now,
        WIFSIGNALED(status) ? "signal" : "exit",
        WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    return false;
}

static int run_all(const struct options *options)
{
    const size_t size = MAX_WORKERS * sizeof(struct progress);
    struct progress *progress = mmap(
        NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct progress all = {.done = 0};
    pid_t pids[MAX_WORKERS];
    const double begun = seconds();
    double took;

    if (progress == MAP_FAILED)
        return 2;
    fflush(stdout);
    for (unsigned i = 0; i < options->jobs; i++) {
        pids[i] = fork();
        if (pids[i] == 0) {
            work(&progress[i], options, i);
            exit(0);
        }
    }
    for (unsigned i = 0; i < options->jobs; i++) {
        if (!wait_for(pids[i], &progress[i]))
            all.failed++;
        all.done += progress[i].done;
        all.failed += progress[i].failed;
        all.steps += progress[i].steps;
        all.simulated_ms += progress[i].simulated_ms;
    }
    took = seconds() - begun;
    printf("%" PRIu64 " seeds, %" PRIu64 " failed; %.0f s, %.1f seeds/s, "
           "%.0f events/s, %.0f agent-hours simulated a minute\n",
        all.done, all.failed, took, (double)all.done / took,
        (double)all.steps / took,
        (double)all.simulated_ms / 3600000.0 / took * 60.0);
    return all.failed > 0;
}

/* What needs no seeds. */
static int run_fixed(const struct options *options)
{
    static struct world world;
    struct town towns[2];
    struct rng any = {1};
    unsigned bad;

    chance_seed(1);
    vfs_register(&any, world_wall_ms);
    town_make(&towns[0], 1);
    town_make(&towns[1], 2);
    if (options->growth > 0)
        bad = growth_run(&world, &towns[0], options->growth);
    else if (options->storage)
        bad = storage_run(&world, &towns[0]);
    else
        bad = story_run_all(&world, towns, options->stories, options->update);
    town_free(&towns[0]);
    town_free(&towns[1]);
    return bad > 0;
}

static int read_options(struct options *out, int argc, char **argv)
{
    static const struct option longs[] = {
        {"seeds", required_argument, NULL, 'n'},
        {"first", required_argument, NULL, 's'},
        {"jobs", required_argument, NULL, 'j'},
        {"faults", required_argument, NULL, 'f'},
        {"trace", no_argument, NULL, 't'},
        {"stories", required_argument, NULL, 'g'},
        {"update", no_argument, NULL, 'u'},
        {"storage", no_argument, NULL, 'd'},
        {"growth", required_argument, NULL, 'y'},
        {NULL, 0, NULL, 0},
    };
    int c;

    while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
        switch (c) {
        case 'n':
            out->seeds = strtoull(optarg, NULL, 10);
            break;
        case 's':
            out->first = strtoull(optarg, NULL, 10);
            break;
        case 'j':
            out->jobs = (unsigned)strtoul(optarg, NULL, 10);
            break;
        case 'f':
            out->faults = (unsigned)strtoul(optarg, NULL, 0);
            break;
        case 't':
            out->trace = true;
            break;
        case 'g':
            out->stories = optarg;
            break;
        case 'u':
            out->update = true;
            break;
        case 'd':
            out->storage = true;
            break;
        case 'y':
            out->growth = (unsigned)strtoul(optarg, NULL, 10);
            break;
        default:
            fputs(USAGE, stderr);
            return 2;
        }
    }
    if (out->trace)
        out->seeds = out->jobs = 1;
    if (out->jobs < 1 || out->jobs > MAX_WORKERS)
        out->jobs = 1;
    return 0;
}

int main(int argc, char **argv)
{
    struct options options = {.seeds = 100,
        .first = 1,
        .jobs = (unsigned)sysconf(_SC_NPROCESSORS_ONLN),
        .faults = FAULTS_ALL};

    setvbuf(stdout, NULL, _IOLBF, 0);
    if (read_options(&options, argc, argv) != 0)
        return 2;
    return options.stories != NULL || options.storage || options.growth > 0
               ? run_fixed(&options)
               : run_all(&options);
}

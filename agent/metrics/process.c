#include "metrics/process.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "metrics/exposition.h"

static const struct metric CPU = {METRIC_COUNTER, "process_cpu_seconds",
    "seconds", "Processor time used, user and system"};
static const struct metric MEMORY = {
    METRIC_GAUGE, "process_resident_memory_bytes", "bytes", "Memory in use"};
static const struct metric OPEN_FILES = {
    METRIC_GAUGE, "process_open_fds", "", "Open files and connections"};
static const struct metric MAX_FILES = {METRIC_GAUGE, "process_max_fds", "",
    "Open files and connections that are allowed"};
static const struct metric START = {METRIC_GAUGE, "process_start_time_seconds",
    "seconds", "When the program was started, since 1970"};

/* A number of /proc/self/stat; field 2, the name, may hold blanks, so count
 * from its bracket.  0: it is not there. */
static double stat_field(const char *text, int field)
{
    const char *at = strrchr(text, ')');

    for (int i = 2; at != NULL && i < field; i++)
        at = strchr(at + 1, ' ');
    return at == NULL ? 0 : strtod(at, NULL);
}

static bool read_stat(double *start_ticks, double *pages)
{
    char text[1024];
    FILE *file = fopen("/proc/self/stat", "re");
    size_t len;

    if (file == NULL)
        return false;
    len = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[len] = '\0';
    *start_ticks = stat_field(text, 22);
    *pages = stat_field(text, 24);
    return *start_ticks > 0 && *pages > 0;
}

static void write_stat(const struct exposition *to)
{
    double ticks, pages;
    struct timespec wall, boot;

    if (!read_stat(&ticks, &pages) ||
        clock_gettime(CLOCK_REALTIME, &wall) != 0 ||
        clock_gettime(CLOCK_BOOTTIME, &boot) != 0)
        return;
    exposition_single(to, &MEMORY, pages * (double)sysconf(_SC_PAGESIZE));
    exposition_single(to, &START,
        (double)(wall.tv_sec - boot.tv_sec) +
            ticks / (double)sysconf(_SC_CLK_TCK));
}

static void write_cpu(const struct exposition *to)
{
    struct rusage use;

    if (getrusage(RUSAGE_SELF, &use) == 0)
        exposition_single(to, &CPU,
            (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
                (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6);
}

static void write_files(const struct exposition *to)
{
    struct rlimit limit;
    DIR *dir = opendir("/proc/self/fd");
    double count = -3; /* ".", ".." and the folder itself */

    if (dir == NULL)
        return;
    while (readdir(dir) != NULL)
        count++;
    closedir(dir);
    exposition_single(to, &OPEN_FILES, count);
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0)
        exposition_single(to, &MAX_FILES, (double)limit.rlim_cur);
}

void process_write(const struct exposition *to)
{
    write_cpu(to);
    write_stat(to);
    write_files(to);
}

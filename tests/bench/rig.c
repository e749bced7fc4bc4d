#include "rig.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "agentd/agent.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/db.h"

extern char **environ;

static double read_clock(clockid_t id)
{
    struct timespec now;

    rig_need(clock_gettime(id, &now) == 0, "clock");
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

double rig_clock(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

double rig_cpu(pid_t pid)
{
    clockid_t id;

    rig_need(clock_getcpuclockid(pid, &id) == 0, "processor clock");
    return read_clock(id);
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;

    return (x > y) - (x < y);
}

double rig_share(const double *values, size_t count, double share)
{
    double sorted[RIG_MAX_RUNS];

    memcpy(sorted, values, count * sizeof *values);
    qsort(sorted, count, sizeof *sorted, by_value);
    return sorted[(size_t)(share * (double)(count - 1) + 0.5)];
}

double rig_median(const double *values, size_t count)
{
    return rig_share(values, count, 0.5);
}

struct cost rig_median_cost(const struct cost *costs, size_t count)
{
    double seconds[RIG_MAX_RUNS];
    double cpu[RIG_MAX_RUNS];

    for (size_t i = 0; i < count; i++) {
        seconds[i] = costs[i].seconds;
        cpu[i] = costs[i].cpu;
    }
    return (struct cost){rig_median(seconds, count), rig_median(cpu, count)};
}

void rig_must(int rc, const char *what, const struct err *err)
{
    if (rc >= 0)
        return;
    fprintf(stderr, "bench: %s: %s\n", what, err->text);
    exit(1);
}

void rig_need(int ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
    exit(1);
}

char *rig_path(const char *folder, const char *name)
{
    return mem_format("%s/%s", folder, name);
}

void rig_run(const char *const argv[], const char *out)
{
    posix_spawn_file_actions_t actions;
    pid_t pid;
    int status;

    posix_spawn_file_actions_init(&actions);
    if (out != NULL)
        posix_spawn_file_actions_addopen(
            &actions, 1, out, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    errno = posix_spawnp(
        &pid, argv[0], &actions, NULL, (char *const *)(uintptr_t)argv, environ);
    rig_need(errno == 0, argv[0]);
    posix_spawn_file_actions_destroy(&actions);
    rig_need(waitpid(pid, &status, 0) == pid, argv[0]);
    if (status == 0)
        return;
    fprintf(stderr, "bench: %s failed\n", argv[0]);
    exit(1);
}

void rig_copy(const char *from, const char *to)
{
    const char *const argv[] = {"cp", "-a", from, to, NULL};

    rig_run(argv, NULL);
}

void rig_remove(const char *folder)
{
    const char *const argv[] = {"rm", "-rf", folder, NULL};

    rig_run(argv, NULL);
}

void rig_open_agent(struct agent *out, const char *state)
{
    SCOPED(mem_freep) char *key = rig_path(state, "identity/data.key");
    SCOPED(mem_freep) char *database = rig_path(state, "agent.db");
    struct err err;

    *out = (struct agent){.log = {LOG_ERROR, STDERR_FILENO, false}};
    settings_agent_default(&out->settings);
    rig_must(
        identity_open(&out->identity, state, clock_wall(), &err), state, &err);
    rig_must(vault_open(&out->vault, key, &err), key, &err);
    rig_must(db_open(&out->db, database, DB_AGENT, &err), database, &err);
}

void rig_close_agent(struct agent *agent)
{
    db_close(agent->db);
    vault_close(agent->vault);
    identity_close(agent->identity);
}

static long figure_of(const char *path, const char *key)
{
    char line[160];
    long value = 0;
    FILE *file = fopen(path, "r");

    if (file == NULL) /* a thread that has just ended */
        return 0;
    while (fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, key, strlen(key)) == 0)
            value = strtol(line + strlen(key) + 1, NULL, 10);
    fclose(file);
    return value;
}

long rig_status(pid_t pid, const char *key)
{
    SCOPED(mem_freep) char *path = mem_format("/proc/%d/status", (int)pid);

    return figure_of(path, key);
}

long rig_wakeups(pid_t pid)
{
    SCOPED(mem_freep) char *tasks = mem_format("/proc/%d/task", (int)pid);
    DIR *dir = opendir(tasks);
    const struct dirent *entry;
    long sum = 0;

    rig_need(dir != NULL, tasks);
    while ((entry = readdir(dir)) != NULL) {
        SCOPED(mem_freep)
        char *path = mem_format("%s/%s/status", tasks, entry->d_name);

        if (entry->d_name[0] != '.')
            sum += figure_of(path, "voluntary_ctxt_switches");
    }
    closedir(dir);
    return sum;
}

int rig_journal(const char *folder, const char *name)
{
    SCOPED(mem_freep) char *path = rig_path(folder, name);
    const int fd =
        open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);

    rig_need(fd >= 0, path);
    return fd;
}

void rig_commit(int fd, struct bytes bytes)
{
    rig_need(write(fd, bytes.data, bytes.len) == (ssize_t)bytes.len, "write");
    rig_need(fdatasync(fd) == 0, "fdatasync");
}

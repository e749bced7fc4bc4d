#include "live.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "control/control.h"

#define PATIENCE 20.0 /* seconds */

static const char *const FOLDERS[LIVE_COUNT] = {"p1", "h1", "s1"};
static const char *const LAESTABS[LIVE_COUNT] = {"8732001", "", "8734500"};

static void nap(void)
{
    usleep(1000);
}

void live_begin(struct live *live, const char *bin, const char *place)
{
    *live = (struct live){.bin = bin, .place = place};
    for (int i = 0; i < LIVE_COUNT; i++) {
        SCOPED(mem_freep) char *enrolled = rig_path(place, FOLDERS[i]);

        live->state[i] = mem_format("%s/live-%s", place, FOLDERS[i]);
        rig_remove(live->state[i]);
        rig_copy(enrolled, live->state[i]);
    }
}

void live_end(struct live *live)
{
    for (int i = 0; i < LIVE_COUNT; i++) {
        live_stop(live, (enum live_who)i);
        rig_remove(live->state[i]);
        free(live->state[i]);
    }
}

static void become(const struct live *live, enum live_who who)
{
    const char *program = who == LIVE_HUB ? "moveup-hub" : "moveup-agent";
    char *path = rig_path(live->bin, program);
    char *socket = rig_path(live->state[who], "agent.sock");
    char *log = rig_path(live->state[who], "log");
    const char *argv[10] = {path, "--state", live->state[who]};
    size_t n = 3;
    const int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);

    if (who != LIVE_HUB) {
        argv[n++] = "--socket";
        argv[n++] = socket;
    }
    if (who == LIVE_PRIMARY && live->config != NULL) {
        argv[n++] = "--config";
        argv[n++] = live->config;
    }
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    dup2(fd, STDERR_FILENO);
    execv(path, (char *const *)(uintptr_t)argv);
    _exit(127);
}

void live_launch(struct live *live, enum live_who who)
{
    fflush(NULL);
    live->pid[who] = fork();
    rig_need(live->pid[who] >= 0, "fork");
    if (live->pid[who] == 0)
        become(live, who);
}

double live_heard(const struct live *live, enum live_who who, const char *words)
{
    SCOPED(mem_freep) char *log = rig_path(live->state[who], "log");
    const double until = rig_clock() + PATIENCE;
    char line[600];

    while (rig_clock() < until) {
        FILE *file = fopen(log, "r");

        while (file != NULL && fgets(line, sizeof line, file) != NULL)
            if (strstr(line, words) != NULL) {
                fclose(file);
                return rig_clock();
            }
        if (file != NULL)
            fclose(file);
        nap();
    }
    fprintf(stderr, "bench: %s never said \"%s\"\n", FOLDERS[who], words);
    exit(1);
}

void live_start(struct live *live, enum live_who who)
{
    live_launch(live, who);
    live_heard(live, who, who == LIVE_HUB ? "hub ready" : "agent is ready");
}

void live_connect(const struct live *live, enum live_who who)
{
    live_heard(live, who, "hub connected");
}

void live_stop(struct live *live, enum live_who who)
{
    int status;

    if (live->pid[who] == 0)
        return;
    kill(live->pid[who], SIGTERM);
    waitpid(live->pid[who], &status, 0);
    live->pid[who] = 0;
}

json_t *live_ask(const struct live *live, enum live_who who,
    const char *command, json_t *args, const char *file)
{
    SCOPED(mem_freep) char *socket = rig_path(live->state[who], "agent.sock");
    const int fd = file == NULL ? -1 : open(file, O_RDONLY | O_CLOEXEC);
    struct control_reply reply = {.result = NULL};
    struct err err;

    rig_need(file == NULL || fd >= 0, file);
    rig_must(
        control_ask(&reply, socket, command, "", args, fd, NULL, NULL, &err),
        command, &err);
    if (reply.result == NULL) {
        fprintf(stderr, "bench: %s: %s\n", command, reply.text);
        exit(1);
    }
    if (fd >= 0)
        close(fd);
    json_decref(args);
    return reply.result;
}

static const char *school_of(enum live_who who)
{
    return LAESTABS[who];
}

void live_import(const struct live *live, const char *path)
{
    SCOPED(mem_freep)
    char *name = mem_format("%s_CTF_%s_001.xml", school_of(LIVE_PRIMARY),
        school_of(LIVE_SECONDARY));
    json_t *result = live_ask(live, LIVE_PRIMARY, "leavers.import",
        json_pack("{s:s}", "file", name), path);
    const json_t *refused = json_object_get(result, "refused");

    if (json_array_size(refused) > 0) {
        json_dumpf(refused, stderr, 0);
        fputs("\nbench: the import refused pupils\n", stderr);
        exit(1);
    }
    json_decref(result);
}

void live_send(const struct live *live)
{
    json_decref(live_ask(live, LIVE_PRIMARY, "leavers.send",
        json_pack("{s:b}", "all", 1), NULL));
}

void live_settle(const struct live *live)
{
    json_t *result = live_ask(live, LIVE_PRIMARY, "waitsync",
        json_pack("{s:i}", "timeout", 60), NULL);

    if (!json_is_true(json_object_get(result, "synced"))) {
        fputs("bench: not everything was applied\n", stderr);
        exit(1);
    }
    json_decref(result);
}

double live_cpu(const struct live *live)
{
    double sum = 0;

    for (int i = 0; i < LIVE_COUNT; i++)
        if (live->pid[i] != 0)
            sum += rig_cpu(live->pid[i]);
    return sum;
}

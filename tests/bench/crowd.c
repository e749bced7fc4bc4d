#include "crowd.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "rig.h"
#include "trust/authority.h"
#include "trust/identity.h"

#define FIRST_ESTAB 1000

struct laestab crowd_laestab(int school)
{
    struct laestab laestab;
    char text[16];

    snprintf(text, sizeof text, "873%04d", FIRST_ESTAB + school % 9000);
    rig_must(laestab_parse(&laestab, text, NULL), "LAESTAB", NULL);
    return laestab;
}

static void choose_port(struct crowd *crowd)
{
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    const int fd = socket(AF_INET, SOCK_STREAM, 0);

    rig_need(fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0 &&
                 getsockname(fd, (struct sockaddr *)&at, &size) == 0,
        "port");
    close(fd);
    snprintf(crowd->endpoint, sizeof crowd->endpoint, "tcp://127.0.0.1:%d",
        ntohs(at.sin_port));
}

static void enrol(struct crowd *crowd, struct buf *request, int school)
{
    SCOPED(mem_freep) char *state = mem_format("%s/%d", crowd->place, school);
    const struct identity_wish wish = {.kind = ENROLMENT_SCHOOL,
        .laestab = crowd_laestab(school),
        .urn = "100001",
        .phase = PHASE_PRIMARY,
        .name = "School",
        .curve_public = crowd->keys[school][0],
        .curve_secret = crowd->keys[school][1]};
    struct err err;

    rig_must(
        curve_new_pair(crowd->keys[school][0], crowd->keys[school][1], &err),
        "keys", &err);
    rig_must(identity_enrol(request, state, &wish, clock_wall(), &err), "enrol",
        &err);
}

static void enrol_hub(struct crowd *crowd, struct buf *request)
{
    SCOPED(mem_freep) char *state = rig_path(crowd->place, "hub");
    const struct identity_wish wish = {.kind = ENROLMENT_HUB,
        .name = "Hub",
        .endpoint = crowd->endpoint,
        .curve_public = crowd->hub_key,
        .curve_secret = crowd->hub_secret};
    struct err err;

    rig_must(
        curve_new_pair(crowd->hub_key, crowd->hub_secret, &err), "keys", &err);
    rig_must(
        identity_enrol(request, state, &wish, clock_wall(), &err), "hub", &err);
}

static struct authority *found(const struct crowd *crowd)
{
    SCOPED(mem_freep) char *dir = rig_path(crowd->place, "authority");
    char keys[2][CURVE_TEXT_SIZE];
    struct authority *authority;
    struct err err;

    rig_must(curve_new_pair(keys[0], keys[1], &err), "keys", &err);
    rig_must(authority_create(dir,
                 &(struct authority_plan){"Crowd", NULL, keys[0], keys[1]},
                 clock_wall(), &err),
        "authority", &err);
    rig_must(authority_open(&authority, dir, NULL, true, clock_wall(), &err),
        "authority", &err);
    return authority;
}

static void enrol_all(struct crowd *crowd)
{
    const size_t count = (size_t)crowd->schools + 1;
    SCOPED(mem_freep) char *hub = rig_path(crowd->place, "hub");
    struct buf *requests = mem_alloc(count * sizeof *requests);
    struct buf *welcomes = mem_alloc(count * sizeof *welcomes);
    struct bytes *files = mem_alloc(count * sizeof *files);
    struct authority *authority = found(crowd);
    struct err err;

    for (int i = 0; i < crowd->schools; i++)
        enrol(crowd, &requests[i], i);
    enrol_hub(crowd, &requests[count - 1]);
    for (size_t i = 0; i < count; i++)
        files[i] = buf_bytes(&requests[i]);
    rig_must(authority_enrol(welcomes, authority,
                 &(struct authority_intake){files, count, false}, clock_wall(),
                 &err),
        "enrol", &err);
    rig_must(
        identity_join(hub, buf_bytes(&welcomes[count - 1]), clock_wall(), &err),
        "join", &err);
    for (size_t i = 0; i < count; i++) {
        buf_free(&requests[i]);
        buf_free(&welcomes[i]);
    }
    authority_close(authority);
    free(requests);
    free(welcomes);
    free(files);
}

void crowd_set_up(struct crowd *crowd)
{
    snprintf(crowd->place, sizeof crowd->place, "/tmp/moveup-crowd.XXXXXX");
    rig_need(mkdtemp(crowd->place) != NULL, "folder");
    choose_port(crowd);
    enrol_all(crowd);
}

/* Standard settings, but for what the crowd says. */
static char *write_settings(const struct crowd *crowd)
{
    char *path = rig_path(crowd->place, "hub.ini");
    FILE *file = fopen(path, "w");

    rig_need(file != NULL, path);
    if (crowd->connections > 0)
        fprintf(file, "[hub]\nmember_connections = %d\n", crowd->connections);
    if (crowd->sender_mib > 0)
        fprintf(file, "[quota]\nsender_mib = %d\n", crowd->sender_mib);
    fclose(file);
    return path;
}

void crowd_remove(struct crowd *crowd)
{
    rig_remove(crowd->place);
}

void crowd_start_hub(struct crowd *crowd)
{
    SCOPED(mem_freep) char *program = rig_path(crowd->bin, "moveup-hub");
    SCOPED(mem_freep) char *state = rig_path(crowd->place, "hub");
    SCOPED(mem_freep) char *settings = write_settings(crowd);
    SCOPED(mem_freep) char *log = rig_path(crowd->place, CROWD_LOG);

    crowd->hub = fork();
    rig_need(crowd->hub >= 0, "fork");
    if (crowd->hub > 0)
        return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    rig_need(freopen(log, "a", stderr) != NULL, "log");
    execl(
        program, program, "--state", state, "--config", settings, (char *)NULL);
    _exit(127);
}

void crowd_end_hub(struct crowd *crowd, int with)
{
    kill(crowd->hub, with);
    waitpid(crowd->hub, NULL, 0);
    crowd->hub = 0;
}

/*
 * bench_storm BIN [SCHOOLS] - everybody at once: so many schools (100), each
 * with a CURVE connection of its own and a letter waiting, lose their hub; it
 * starts again, and the time is taken until each has its letter.  Ends with 1
 * if that is more than a minute, or if a letter comes twice though it was
 * acknowledged in time.
 *
 * The schools are links as an agent has them, 100 a process; the hub is the
 * real moveup-hub.
 */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "net/curve.h"
#include "net/link.h"
#include "net/loop.h"
#include "rig.h"
#include "trust/authority.h"
#include "trust/identity.h"
#include "wire/hubtalk.h"

#define MAX_SCHOOLS 900 /* a directory of more would be too large */
#define A_PROCESS 100
#define LETTER_BYTES 4096
#define LIMIT_S 60
#define FIRST_ESTAB 1000

/* What the schools tell the parent, a byte each. */
enum { PUT = 'p', GOT = 'g' };

struct storm {
    const char *bin;
    int count;
    char place[64];
    char endpoint[64];
    char hub_key[CURVE_KEY_SIZE];
    char keys[MAX_SCHOOLS][2][CURVE_TEXT_SIZE]; /* public, secret */
    int tell[2];                                /* a pipe */
    pid_t hub;
    pid_t schools[MAX_SCHOOLS / A_PROCESS + 1];
};

static struct laestab laestab_of(int school)
{
    struct laestab laestab;
    char text[16];

    snprintf(text, sizeof text, "873%04d", FIRST_ESTAB + school % 9000);
    rig_must(laestab_parse(&laestab, text, NULL), "LAESTAB", NULL);
    return laestab;
}

/* --- a school --- */

struct school {
    const struct storm *storm;
    int number;
    struct link *link;
    bool has_put, got;
};

static void say(
    struct school *school, const struct hubtalk *talk, struct bytes body)
{
    SCOPED(buf_free) struct buf wire = BUF_EMPTY;

    hubtalk_encode(&wire, talk);
    rig_must(
        link_send(school->link, buf_bytes(&wire), body, NULL), "send", NULL);
}

static void tell(const struct school *school, char what)
{
    rig_need(write(school->storm->tell[1], &what, 1) == 1, "pipe");
}

static void put(struct school *school)
{
    static const uint8_t letter[LETTER_BYTES];
    const struct hubtalk talk = {.kind = HUBTALK_PUT,
        .id = {{1, (uint8_t)school->number, (uint8_t)(school->number >> 8)}},
        .header = {.version = STREAM_VERSION,
            .author = laestab_of(school->number),
            .recipient =
                laestab_of((school->number + 1) % school->storm->count),
            .lane = LANE_NORMAL,
            .epoch = {{1}},
            .first = 1,
            .last = 1,
            .ttl_days = STREAM_TTL_DAYS}};

    say(school, &talk, (struct bytes){letter, sizeof letter});
}

static void on_state(void *arg, enum link_state state, const char *sentence)
{
    struct school *school = arg;
    struct hubtalk hello = {.kind = HUBTALK_HELLO,
        .session = {{2, (uint8_t)school->number,
            (uint8_t)(school->number >> 8)}},
        .protocol = STREAM_VERSION,
        .software = "storm"};

    (void)sentence;
    if (state != LINK_UP)
        return;
    hello.time = clock_wall();
    say(school, &hello, (struct bytes){NULL, 0});
}

/* The first time it only puts; when the hub is back it fetches. */
static void on_message(void *arg, struct bytes wire, struct bytes body)
{
    struct school *school = arg;
    struct hubtalk talk;

    (void)body;
    rig_must(hubtalk_decode(&talk, wire, NULL), "the hub's answer", NULL);
    rig_need(talk.kind != HUBTALK_REFUSED && talk.reason == REASON_NONE,
        "the hub refused");
    if (talk.kind == HUBTALK_WELCOME && !school->has_put) {
        put(school);
    } else if (talk.kind == HUBTALK_WELCOME) {
        say(school, &(struct hubtalk){.kind = HUBTALK_FETCH, .credit = 1 << 20},
            (struct bytes){NULL, 0});
    } else if (talk.kind == HUBTALK_PUT_DONE) {
        school->has_put = true;
        tell(school, PUT);
    } else if (talk.kind == HUBTALK_MAIL) {
        say(school,
            &(struct hubtalk){.kind = HUBTALK_ACK, .cursor = talk.cursor},
            (struct bytes){NULL, 0});
        rig_need(!school->got, "a letter came twice");
        school->got = true;
        tell(school, GOT);
    }
}

static void be_schools(struct storm *storm, int first, int count)
{
    struct school schools[A_PROCESS];
    struct loop *loop;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    rig_must(loop_new(&loop, NULL), "loop", NULL);
    for (int i = 0; i < count; i++) {
        const struct link_options options = {storm->endpoint, storm->hub_key,
            storm->keys[first + i][0], storm->keys[first + i][1],
            HUBTALK_MAX_BODY};
        const struct link_callbacks callbacks = {
            on_state, on_message, NULL, &schools[i]};

        schools[i] = (struct school){.storm = storm, .number = first + i};
        rig_must(link_open(&schools[i].link, loop, &options, &callbacks, NULL),
            "link", NULL);
    }
    rig_must(loop_run(loop, NULL), "loop", NULL);
    _exit(0);
}

static void start_schools(struct storm *storm)
{
    for (int first = 0; first < storm->count; first += A_PROCESS) {
        const int left = storm->count - first;
        const pid_t pid = fork();

        rig_need(pid >= 0, "fork");
        if (pid == 0)
            be_schools(storm, first, left < A_PROCESS ? left : A_PROCESS);
        storm->schools[first / A_PROCESS] = pid;
    }
}

/* --- the cluster and its hub --- */

static void choose_port(struct storm *storm)
{
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    const int fd = socket(AF_INET, SOCK_STREAM, 0);

    rig_need(fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0 &&
                 getsockname(fd, (struct sockaddr *)&at, &size) == 0,
        "port");
    close(fd);
    snprintf(storm->endpoint, sizeof storm->endpoint, "tcp://127.0.0.1:%d",
        ntohs(at.sin_port));
}

static void enrol(struct storm *storm, struct buf *request, int school)
{
    SCOPED(mem_freep) char *state = mem_format("%s/%d", storm->place, school);
    const struct identity_wish wish = {.kind = ENROLMENT_SCHOOL,
        .laestab = laestab_of(school),
        .urn = "100001",
        .phase = PHASE_PRIMARY,
        .name = "School",
        .curve_public = storm->keys[school][0],
        .curve_secret = storm->keys[school][1]};
    struct err err;

    rig_must(
        curve_new_pair(storm->keys[school][0], storm->keys[school][1], &err),
        "keys", &err);
    rig_must(identity_enrol(request, state, &wish, clock_wall(), &err), "enrol",
        &err);
}

static void enrol_hub(struct storm *storm, struct buf *request)
{
    SCOPED(mem_freep) char *state = rig_path(storm->place, "hub");
    char secret[CURVE_TEXT_SIZE];
    const struct identity_wish wish = {.kind = ENROLMENT_HUB,
        .name = "Hub",
        .endpoint = storm->endpoint,
        .curve_public = storm->hub_key,
        .curve_secret = secret};
    struct err err;

    rig_must(curve_new_pair(storm->hub_key, secret, &err), "keys", &err);
    rig_must(
        identity_enrol(request, state, &wish, clock_wall(), &err), "hub", &err);
}

static struct authority *found(const struct storm *storm)
{
    SCOPED(mem_freep) char *dir = rig_path(storm->place, "authority");
    char keys[2][CURVE_TEXT_SIZE];
    struct authority *authority;
    struct err err;

    rig_must(curve_new_pair(keys[0], keys[1], &err), "keys", &err);
    rig_must(authority_create(dir,
                 &(struct authority_plan){"Storm", NULL, keys[0], keys[1]},
                 clock_wall(), &err),
        "authority", &err);
    rig_must(authority_open(&authority, dir, NULL, true, clock_wall(), &err),
        "authority", &err);
    return authority;
}

static void set_up(struct storm *storm)
{
    const size_t count = (size_t)storm->count + 1;
    SCOPED(mem_freep) char *hub = rig_path(storm->place, "hub");
    struct buf *requests = mem_alloc(count * sizeof *requests);
    struct buf *welcomes = mem_alloc(count * sizeof *welcomes);
    struct bytes *files = mem_alloc(count * sizeof *files);
    struct authority *authority = found(storm);
    struct err err;

    for (int i = 0; i < storm->count; i++)
        enrol(storm, &requests[i], i);
    enrol_hub(storm, &requests[count - 1]);
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

static void start_hub(struct storm *storm)
{
    SCOPED(mem_freep) char *program = rig_path(storm->bin, "moveup-hub");
    SCOPED(mem_freep) char *state = rig_path(storm->place, "hub");

    storm->hub = fork();
    rig_need(storm->hub >= 0, "fork");
    if (storm->hub > 0)
        return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    rig_need(freopen("/dev/null", "w", stderr) != NULL, "log");
    execl(program, program, "--state", state, (char *)NULL);
    _exit(127);
}

static void end(pid_t pid, int with)
{
    kill(pid, with);
    waitpid(pid, NULL, 0);
}

/* Seconds until all have told so; *half: until half of them had. */
static double wait_for_all(const struct storm *storm, char what, double *half)
{
    const double from = rig_clock();

    *half = 0;
    for (int told = 0; told < storm->count;) {
        char byte;

        alarm(2 * LIMIT_S);
        rig_need(read(storm->tell[0], &byte, 1) == 1, "a school ended");
        told += byte == what;
        if (told == storm->count / 2 && *half <= 0)
            *half = rig_clock() - from;
    }
    return rig_clock() - from;
}

int main(int argc, char **argv)
{
    static struct storm storm;
    const struct rlimit descriptors = {8192, 8192};
    double half, all;

    storm.bin = argc > 1 ? argv[1] : "";
    storm.count = argc > 2 ? (int)strtol(argv[2], NULL, 10) : A_PROCESS;
    if (argc < 2 || storm.count < 2 || storm.count > MAX_SCHOOLS) {
        fprintf(stderr, "usage: bench_storm BIN [2..%d]\n", MAX_SCHOOLS);
        return 2;
    }
    (void)setrlimit(RLIMIT_NOFILE, &descriptors);
    snprintf(storm.place, sizeof storm.place, "/tmp/moveup-storm.XXXXXX");
    rig_need(mkdtemp(storm.place) != NULL, "folder");
    rig_need(pipe(storm.tell) == 0, "pipe");
    choose_port(&storm);
    set_up(&storm);
    start_hub(&storm);
    start_schools(&storm);
    all = wait_for_all(&storm, PUT, &half);
    printf("%d schools connected and put a letter: %.1f s\n", storm.count, all);
    end(storm.hub, SIGKILL);
    start_hub(&storm);
    all = wait_for_all(&storm, GOT, &half);
    printf("after the hub was killed and started again, half of them had their "
           "letter in %.1f s, all in %.1f s (limit %d s)\n",
        half, all, LIMIT_S);
    for (int i = 0; i * A_PROCESS < storm.count; i++)
        end(storm.schools[i], SIGKILL);
    end(storm.hub, SIGTERM);
    rig_remove(storm.place);
    return all <= LIMIT_S ? 0 : 1;
}

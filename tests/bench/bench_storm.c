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
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "crowd.h"
#include "net/link.h"
#include "net/loop.h"
#include "rig.h"
#include "wire/hubtalk.h"

#define A_PROCESS 100
#define LETTER_BYTES 4096
#define LIMIT_S 60

/* What the schools tell the parent, a byte each. */
enum { PUT = 'p', GOT = 'g' };

struct storm {
    struct crowd crowd;
    int tell[2]; /* a pipe */
    pid_t schools[CROWD_MAX_SCHOOLS / A_PROCESS + 1];
};

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
            .author = crowd_laestab(school->number),
            .recipient = crowd_laestab(
                (school->number + 1) % school->storm->crowd.schools),
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
        const struct link_options options = {storm->crowd.endpoint,
            storm->crowd.hub_key, storm->crowd.keys[first + i][0],
            storm->crowd.keys[first + i][1], HUBTALK_MAX_BODY};
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
    for (int first = 0; first < storm->crowd.schools; first += A_PROCESS) {
        const int left = storm->crowd.schools - first;
        const pid_t pid = fork();

        rig_need(pid >= 0, "fork");
        if (pid == 0)
            be_schools(storm, first, left < A_PROCESS ? left : A_PROCESS);
        storm->schools[first / A_PROCESS] = pid;
    }
}

static void end(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

/* Seconds until all have told so; *half: until half of them had. */
static double wait_for_all(const struct storm *storm, char what, double *half)
{
    const double from = rig_clock();

    *half = 0;
    for (int told = 0; told < storm->crowd.schools;) {
        char byte;

        alarm(2 * LIMIT_S);
        rig_need(read(storm->tell[0], &byte, 1) == 1, "a school ended");
        told += byte == what;
        if (told == storm->crowd.schools / 2 && *half <= 0)
            *half = rig_clock() - from;
    }
    return rig_clock() - from;
}

int main(int argc, char **argv)
{
    static struct storm storm;
    const struct rlimit descriptors = {8192, 8192};
    double half, all;

    storm.crowd.bin = argc > 1 ? argv[1] : "";
    storm.crowd.schools = argc > 2 ? (int)strtol(argv[2], NULL, 10) : A_PROCESS;
    if (argc < 2 || storm.crowd.schools < 2 ||
        storm.crowd.schools > CROWD_MAX_SCHOOLS) {
        fprintf(stderr, "usage: bench_storm BIN [2..%d]\n", CROWD_MAX_SCHOOLS);
        return 2;
    }
    (void)setrlimit(RLIMIT_NOFILE, &descriptors);
    rig_need(pipe(storm.tell) == 0, "pipe");
    crowd_set_up(&storm.crowd);
    crowd_start_hub(&storm.crowd);
    start_schools(&storm);
    all = wait_for_all(&storm, PUT, &half);
    printf("%d schools connected and put a letter: %.1f s\n",
        storm.crowd.schools, all);
    crowd_end_hub(&storm.crowd, SIGKILL);
    crowd_start_hub(&storm.crowd);
    all = wait_for_all(&storm, GOT, &half);
    printf("after the hub was killed and started again, half of them had their "
           "letter in %.1f s, all in %.1f s (limit %d s)\n",
        half, all, LIMIT_S);
    for (int i = 0; i * A_PROCESS < storm.crowd.schools; i++)
        end(storm.schools[i]);
    crowd_end_hub(&storm.crowd, SIGTERM);
    crowd_remove(&storm.crowd);
    return all <= LIMIT_S ? 0 : 1;
}

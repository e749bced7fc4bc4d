/*
 * bench_hub BIN [CONNECTIONS] - one hub with as many CURVE connections as the
 * limit of open files allows (20,000 at most), beside bare libzmq with the same
 * connections in the same run: time until all are served, memory a connection,
 * time until all are served again after it was killed and started again, and
 * how long a letter of 1 KiB takes meanwhile.
 *
 * The connections are links as an agent has them (net/link.h), 250 a process,
 * with the keys of 100 schools in turn.  One is served when it has the answer
 * to its question, for the hub that for a directory newer than none.  The
 * letter goes from one school by the hub, with its commit, to another; bare
 * libzmq sends it back.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bare.h"
#include "base/err.h"
#include "base/mem.h"
#include "crowd.h"
#include "net/link.h"
#include "net/loop.h"
#include "rig.h"
#include "wire/hubtalk.h"

#define MOST 20000
#define SPARE 200 /* descriptors the server needs for itself, or keeps free */
#define SCHOOLS 100
#define A_PROCESS 250 /* libzmq allows 1,023 sockets, a link has 3 */
#define LETTER_BYTES 1024
#define LETTER_EVERY_MS 250
#define MAX_PROCESSES (MOST / A_PROCESS + 1)
#define LIMIT_S 300

/* What the clients tell the parent. */
struct news {
    double letter_ms; /* how long one took; 0: a connection was served */
};

struct bench {
    struct crowd crowd;
    int count; /* connections */
    int news[2];
    bool bare; /* what serves now */
    pid_t clients[MAX_PROCESSES];
    int processes;
};

/* --- connections --- */

struct client {
    const struct bench *bench;
    struct link *link;
    const char (*keys)[CURVE_TEXT_SIZE];
};

static void tell(const struct bench *bench, double letter_ms)
{
    const struct news news = {letter_ms};

    rig_need(write(bench->news[1], &news, sizeof news) == sizeof news, "pipe");
}

static void say(struct link *link, const struct hubtalk *talk, size_t body)
{
    static const uint8_t letter[LETTER_BYTES];
    SCOPED(buf_free) struct buf wire = BUF_EMPTY;

    hubtalk_encode(&wire, talk);
    /* One that cannot be sent now is asked again when the link is up. */
    if (link_send(link, buf_bytes(&wire), (struct bytes){letter, body}, NULL) <
        0)
        return;
}

static void on_state(void *arg, enum link_state state, const char *sentence)
{
    struct client *client = arg;

    (void)sentence;
    if (state == LINK_UP)
        say(client->link,
            &(struct hubtalk){.kind = HUBTALK_DIRECTORY, .version = UINT32_MAX},
            0);
}

static void on_message(void *arg, struct bytes talk, struct bytes body)
{
    const struct client *client = arg;

    (void)talk, (void)body;
    tell(client->bench, 0);
}

static void open_link(struct client *client, struct loop *loop,
    const struct link_callbacks *callbacks)
{
    const struct crowd *crowd = &client->bench->crowd;
    const struct link_options options = {crowd->endpoint, crowd->hub_key,
        client->keys[0], client->keys[1], HUBTALK_MAX_BODY};

    rig_must(link_open(&client->link, loop, &options, callbacks, NULL), "link",
        NULL);
}

static void be_clients(const struct bench *bench, int first, int count)
{
    struct client clients[A_PROCESS];
    struct loop *loop;

    rig_must(loop_new(&loop, NULL), "loop", NULL);
    for (int i = 0; i < count; i++) {
        const struct link_callbacks callbacks = {
            on_state, on_message, NULL, &clients[i]};

        clients[i] = (struct client){
            bench, NULL, bench->crowd.keys[(first + i) % SCHOOLS]};
        open_link(&clients[i], loop, &callbacks);
    }
    rig_must(loop_run(loop, NULL), "loop", NULL);
}

/* --- the letter --- */

/* Two schools beside the crowd's: the last two keys. */
struct postman {
    struct client author, recipient;
    bool author_up, recipient_up;
    struct loop_timer *timer;
    uint64_t number; /* of the letter that is under way */
    double sent;     /* when; 0: none is */
};

static struct hubtalk letter_of(const struct postman *postman)
{
    struct hubtalk talk = {.kind = HUBTALK_PUT,
        .header = {.version = STREAM_VERSION,
            .author = crowd_laestab(SCHOOLS),
            .recipient = crowd_laestab(SCHOOLS + 1),
            .lane = LANE_NORMAL,
            .epoch = {{1}},
            .first = postman->number,
            .last = postman->number,
            .ttl_days = STREAM_TTL_DAYS}};

    memcpy(talk.id.bytes, &postman->number, sizeof postman->number);
    talk.id.bytes[15] = 1;
    return talk;
}

/* One at a time; one that does not come back within 10 s is given up, as lost
 * with its connection. */
static void on_letter_due(void *arg)
{
    struct postman *postman = arg;
    const bool ready = postman->author_up && postman->recipient_up;
    struct hubtalk letter;

    loop_timer_set(postman->timer, (mono){clock_mono().ms + LETTER_EVERY_MS});
    if (!ready || (postman->sent > 0 && rig_clock() - postman->sent < 10))
        return;
    postman->number++;
    postman->sent = rig_clock();
    letter = letter_of(postman);
    say(postman->author.link, &letter, LETTER_BYTES);
}

static void has_come(struct postman *postman)
{
    if (postman->sent > 0)
        tell(postman->author.bench, (rig_clock() - postman->sent) * 1e3);
    postman->sent = 0;
}

static void greet(struct client *client, uint8_t session)
{
    say(client->link,
        &(struct hubtalk){.kind = HUBTALK_HELLO,
            .session = {{session}},
            .protocol = STREAM_VERSION,
            .software = "bench",
            .time = clock_wall()},
        0);
}

static void on_author_state(
    void *arg, enum link_state state, const char *sentence)
{
    struct postman *postman = arg;

    (void)sentence;
    if (state != LINK_UP) {
        postman->author_up = false;
        postman->sent = 0;
    } else if (postman->author.bench->bare) {
        postman->author_up = true;
    } else {
        greet(&postman->author, 1);
    }
}

static void on_author(void *arg, struct bytes wire, struct bytes body)
{
    struct postman *postman = arg;
    struct hubtalk talk;

    (void)body;
    if (postman->author.bench->bare)
        has_come(postman);
    else if (hubtalk_decode(&talk, wire, NULL) == 0 &&
             talk.kind == HUBTALK_WELCOME)
        postman->author_up = true;
}

static void on_recipient_state(
    void *arg, enum link_state state, const char *sentence)
{
    struct postman *postman = arg;

    (void)sentence;
    postman->recipient_up = state == LINK_UP;
    if (state == LINK_UP && !postman->author.bench->bare)
        greet(&postman->recipient, 2);
}

static void on_recipient(void *arg, struct bytes wire, struct bytes body)
{
    struct postman *postman = arg;
    struct hubtalk talk;

    (void)body;
    if (postman->author.bench->bare || hubtalk_decode(&talk, wire, NULL) != 0)
        return;
    if (talk.kind == HUBTALK_WELCOME)
        say(postman->recipient.link,
            &(struct hubtalk){.kind = HUBTALK_FETCH, .credit = 1 << 20}, 0);
    if (talk.kind != HUBTALK_MAIL)
        return;
    say(postman->recipient.link,
        &(struct hubtalk){.kind = HUBTALK_ACK, .cursor = talk.cursor}, 0);
    if (talk.header.first == postman->number)
        has_come(postman);
}

static void be_postman(const struct bench *bench)
{
    struct postman postman = {
        .author = {bench, NULL, bench->crowd.keys[SCHOOLS]},
        .recipient = {bench, NULL, bench->crowd.keys[SCHOOLS + 1]}};
    struct loop *loop;

    rig_must(loop_new(&loop, NULL), "loop", NULL);
    postman.timer = loop_timer_new(loop, on_letter_due, &postman);
    open_link(&postman.author, loop,
        &(struct link_callbacks){on_author_state, on_author, NULL, &postman});
    open_link(&postman.recipient, loop,
        &(struct link_callbacks){
            on_recipient_state, on_recipient, NULL, &postman});
    on_letter_due(&postman);
    rig_must(loop_run(loop, NULL), "loop", NULL);
}

/* --- the run --- */

static void start_clients(struct bench *bench)
{
    int first = 0;

    bench->processes = 0;
    while (first < bench->count || bench->processes == 0) {
        const int left = bench->count - first;
        const int take = left < A_PROCESS ? left : A_PROCESS;
        const pid_t pid = fork();

        rig_need(pid >= 0, "fork");
        if (pid == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            be_clients(bench, first, take);
            _exit(0);
        }
        bench->clients[bench->processes++] = pid;
        first += take;
    }
}

static pid_t start_postman(const struct bench *bench)
{
    const pid_t pid = fork();

    rig_need(pid >= 0, "fork");
    if (pid != 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    be_postman(bench);
    _exit(0);
}

static void end(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

/* What a wait for all connections saw. */
struct wait {
    double half, all; /* seconds */
    int letters;
    double late;  /* ms: 95 % took less, of the last RIG_MAX_RUNS */
    double worst; /* ms */
};

static struct wait wait_for_all(const struct bench *bench)
{
    const double from = rig_clock();
    double letters[RIG_MAX_RUNS];
    struct wait wait = {0};
    int served = 0;

    while (served < bench->count) {
        struct news news;

        alarm(LIMIT_S);
        rig_need(read(bench->news[0], &news, sizeof news) == sizeof news,
            "a connection ended");
        if (news.letter_ms > 0) {
            letters[wait.letters++ % RIG_MAX_RUNS] = news.letter_ms;
            if (news.letter_ms > wait.worst)
                wait.worst = news.letter_ms;
        } else if (++served == bench->count / 2) {
            wait.half = rig_clock() - from;
        }
    }
    wait.all = rig_clock() - from;
    if (wait.letters > 0)
        wait.late = rig_share(letters,
            (size_t)(wait.letters < RIG_MAX_RUNS ? wait.letters : RIG_MAX_RUNS),
            0.95);
    return wait;
}

struct result {
    struct wait first, again;
    double kib; /* of the server's memory, a connection */
};

static void start_server(struct bench *bench)
{
    if (bench->bare)
        bare_start(&bench->crowd);
    else
        crowd_start_hub(&bench->crowd);
}

/* Whatever is still in the pipe belongs to the run before. */
static void open_news(struct bench *bench)
{
    rig_need(pipe(bench->news) == 0, "pipe");
}

static struct result measure(struct bench *bench, bool bare)
{
    struct result result;
    pid_t postman;
    long before;

    bench->bare = bare;
    open_news(bench);
    start_server(bench);
    sleep(1);
    before = rig_status(bench->crowd.hub, "VmRSS");
    start_clients(bench);
    result.first = wait_for_all(bench);
    result.kib =
        (double)(rig_status(bench->crowd.hub, "VmRSS") - before) / bench->count;
    postman = start_postman(bench);
    sleep(2);
    crowd_end_hub(&bench->crowd, SIGKILL);
    start_server(bench);
    result.again = wait_for_all(bench);
    end(postman);
    for (int i = 0; i < bench->processes; i++)
        end(bench->clients[i]);
    crowd_end_hub(&bench->crowd, SIGKILL);
    close(bench->news[0]);
    close(bench->news[1]);
    return result;
}

static void print(const char *who, const struct result *r)
{
    printf("%-12s %7.1f s %9.1f s %7.1f s %8.1f KiB %6d %7.1f ms %7.1f ms\n",
        who, r->first.all, r->again.half, r->again.all, r->kib,
        r->again.letters, r->again.late, r->again.worst);
}

int main(int argc, char **argv)
{
    static struct bench bench;
    struct result bare, ours;
    struct rlimit files;

    rig_need(getrlimit(RLIMIT_NOFILE, &files) == 0, "limit");
    files.rlim_cur = files.rlim_max;
    rig_need(setrlimit(RLIMIT_NOFILE, &files) == 0, "limit");
    bench.count = argc > 2 ? (int)strtol(argv[2], NULL, 10) : MOST;
    if (argc < 2 || bench.count < 2 || bench.count > MOST) {
        fprintf(stderr, "usage: bench_hub BIN [2..%d]\n", MOST);
        return 2;
    }
    if ((rlim_t)bench.count + SPARE > files.rlim_max)
        bench.count = (int)files.rlim_max - SPARE;
    bench.crowd.bin = argv[1];
    bench.crowd.schools = SCHOOLS + 2;
    crowd_set_up(&bench.crowd);
    printf("%d connections (%llu open files are allowed)\n", bench.count,
        (unsigned long long)files.rlim_max);
    printf("%-12s %9s %11s %9s %12s %6s %10s %10s\n", "", "connected",
        "back, half", "all", "memory each", "1 KiB", "95 %", "worst");
    fflush(stdout);
    bare = measure(&bench, true);
    print("bare libzmq", &bare);
    fflush(stdout);
    ours = measure(&bench, false);
    print("moveup-hub", &ours);
    printf("%-12s %9.2f %11.2f %9.2f %12.2f\n", "ratio",
        ours.first.all / bare.first.all, ours.again.half / bare.again.half,
        ours.again.all / bare.again.all, ours.kib / bare.kib);
    crowd_remove(&bench.crowd);
    return 0;
}

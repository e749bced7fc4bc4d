/*
 * bench_hub BIN [CONNECTIONS] - one hub with as many CURVE connections as the
 * limit of open files allows (20,000 at most), beside bare libzmq with the same
 * connections in the same run: time until all are served, memory a connection,
 * time until all are served again after it was killed and started again, what
 * that took of its processor, and how long a letter of 1 KiB takes meanwhile:
 * first with all on the same processors, then with one for the server alone.
 *
 * The connections are links as an agent has them (net/link.h), 250 a process,
 * with the keys of 100 schools in turn.  One is served when it has the answer
 * to its question, for the hub that for a directory newer than none.  The
 * letter goes from one school by the hub, with its commit, to another; bare
 * libzmq sends it back.
 */
#include <dirent.h>
#include <sched.h>
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
#include "postman.h"
#include "rig.h"
#include "wire/hubtalk.h"

#define MOST 20000
#define SPARE 200 /* descriptors the server needs for itself, or keeps free */
#define SCHOOLS 100
#define A_PROCESS 250 /* libzmq allows 1,023 sockets, a link has 3 */
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
    bool bare;  /* what serves now */
    bool apart; /* it has a processor of its own */
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

static void on_state(void *arg, enum link_state state, const char *sentence)
{
    static const struct hubtalk ask = {
        .kind = HUBTALK_DIRECTORY, .version = UINT32_MAX};
    const struct client *client = arg;
    SCOPED(buf_free) struct buf wire = BUF_EMPTY;

    (void)sentence;
    if (state != LINK_UP)
        return;
    hubtalk_encode(&wire, &ask);
    /* One that cannot be sent now is asked again when the link is up. */
    if (link_send(
            client->link, buf_bytes(&wire), (struct bytes){NULL, 0}, NULL) < 0)
        return;
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

static void letter_came(void *arg, double ms)
{
    tell(arg, ms);
}

static pid_t start_postman(struct bench *bench)
{
    const pid_t pid = fork();

    rig_need(pid >= 0, "fork");
    if (pid != 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    postman_run(&bench->crowd, bench->bare, letter_came, bench);
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
    double cpu;       /* ms of the server's processor, a connection */
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
    wait.cpu = rig_cpu(bench->crowd.hub) / bench->count * 1e3;
    if (wait.letters > 0)
        wait.late = rig_share(letters,
            (size_t)(wait.letters < RIG_MAX_RUNS ? wait.letters : RIG_MAX_RUNS),
            0.95);
    return wait;
}

struct result {
    struct wait first;
    struct wait shared; /* back, with clients as important as the server */
    struct wait apart;  /* the same, with a processor for the server alone */
    double kib;         /* of the server's memory, a connection */
};

/* All threads of a process on this processor alone, and idle: with what others
 * leave of it. */
static void place(pid_t pid, size_t processor, bool idle)
{
    const struct sched_param none = {0};
    char path[64];
    const struct dirent *task;
    cpu_set_t set;
    DIR *tasks;

    CPU_ZERO(&set);
    CPU_SET(processor, &set);
    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    tasks = opendir(path);
    rig_need(tasks != NULL, path);
    while ((task = readdir(tasks)) != NULL) {
        const pid_t thread = (pid_t)strtol(task->d_name, NULL, 10);

        if (thread == 0)
            continue;
        rig_need(sched_setaffinity(thread, sizeof set, &set) == 0, "affinity");
        rig_need(!idle || sched_setscheduler(thread, SCHED_IDLE, &none) == 0,
            "SCHED_IDLE");
    }
    closedir(tasks);
}

static void start_server(struct bench *bench)
{
    if (bench->bare)
        bare_start(&bench->crowd);
    else
        crowd_start_hub(&bench->crowd);
    if (bench->apart)
        place(bench->crowd.hub, 0, false);
}

/* Whatever is still in the pipe belongs to the run before. */
static void open_news(struct bench *bench)
{
    rig_need(pipe(bench->news) == 0, "pipe");
}

/* Schools have machines of their own, and their half of the handshakes does not
 * take the hub's processor: the server gets one, the clients the other, where
 * the letter's two schools go before them. */
static void part(struct bench *bench)
{
    for (int i = 0; i < bench->processes; i++)
        place(bench->clients[i], 1, true);
    bench->apart = true;
}

/* The letter's two schools are among the first that come back. */
static struct wait restart(struct bench *bench)
{
    struct wait wait;
    pid_t postman;

    crowd_end_hub(&bench->crowd, SIGKILL);
    start_server(bench);
    postman = start_postman(bench);
    if (bench->apart)
        place(postman, 1, false);
    wait = wait_for_all(bench);
    end(postman);
    return wait;
}

static struct result measure(struct bench *bench, bool bare)
{
    struct result result;
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
    result.shared = restart(bench);
    part(bench);
    result.apart = restart(bench);
    bench->apart = false;
    for (int i = 0; i < bench->processes; i++)
        end(bench->clients[i]);
    crowd_end_hub(&bench->crowd, SIGKILL);
    close(bench->news[0]);
    close(bench->news[1]);
    return result;
}

static void print_back(const char *who, const struct wait *wait)
{
    printf("%-14s %7.1f s %7.1f s %9.2f ms %8d %7.1f ms %7.1f ms\n", who,
        wait->half, wait->all, wait->cpu, wait->letters, wait->late,
        wait->worst);
}

static void print_both(
    const char *what, const struct wait *bare, const struct wait *ours)
{
    printf("\nback after a restart, %s\n%-14s %9s %9s %12s %8s %10s %10s\n",
        what, "", "half", "all", "processor", "1 KiB", "95 %", "worst");
    print_back("bare libzmq", bare);
    print_back("moveup-hub", ours);
    printf("%-14s %9.2f %9.2f %12.2f\n", "ratio", ours->half / bare->half,
        ours->all / bare->all, ours->cpu / bare->cpu);
}

static void print(const struct result *bare, const struct result *ours)
{
    printf("%-14s %9s %11s\n", "", "connected", "memory each");
    printf(
        "%-14s %7.1f s %7.1f KiB\n", "bare libzmq", bare->first.all, bare->kib);
    printf(
        "%-14s %7.1f s %7.1f KiB\n", "moveup-hub", ours->first.all, ours->kib);
    printf("%-14s %9.2f %11.2f\n", "ratio", ours->first.all / bare->first.all,
        ours->kib / bare->kib);
    print_both("all on the same processors", &bare->shared, &ours->shared);
    print_both(
        "the server with a processor of its own", &bare->apart, &ours->apart);
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
    bench.crowd.connections = 1000;
    crowd_set_up(&bench.crowd);
    printf("%d connections (%llu open files are allowed)\n", bench.count,
        (unsigned long long)files.rlim_max);
    fflush(stdout);
    bare = measure(&bench, true);
    ours = measure(&bench, false);
    print(&bare, &ours);
    crowd_remove(&bench.crowd);
    return 0;
}

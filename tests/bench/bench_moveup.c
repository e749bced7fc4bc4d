/*
 * bench_moveup - the main job and its parts, each beside its floor, measured in
 * the same run on the same machine.  tests/bench/run.sh calls it:
 *
 *   MAKE_CTF=PROGRAM bench_moveup BIN PLACE [COUNT]
 *
 * BIN has the programs, PLACE the enrolled folders p1, h1 and s1.  With a COUNT
 * of 1 to 4096 leavers only that many are measured, and nothing else.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agentd/agent.h"
#include "base/err.h"
#include "base/mem.h"
#include "floor.h"
#include "live.h"
#include "stages.h"

#define MOST 200   /* records of a batch: the product's default */
#define CHANGES 60 /* runs of the latency */
#define RETURN_BATCH 60
#define RETURN_BATCHES 40
#define MANY 20000
#define IDLE_SECONDS 6

struct bench {
    const char *bin;
    const char *place;
    struct agent author; /* of a copy of p1 */
    struct identity *recipient;
    char *ctf;
    char *warm; /* a CTF of one pupil */
};

enum part { WHOLE, IMPORT, SEAL, PUT, APPLY, PART_COUNT };

static const char *const NAMES[PART_COUNT] = {
    "end to end", "import", "seal", "hub put", "apply"};

struct result {
    struct cost ours[PART_COUNT][RIG_MAX_RUNS];
    struct cost base[PART_COUNT][RIG_MAX_RUNS];
};

static struct cost begin(double cpu)
{
    return (struct cost){-rig_clock(), -cpu};
}

/* --- the floor's batches -------------------------------------------------- */

struct contents {
    struct bytes list[4096];
    struct buf bufs[4096];
    size_t count;
};

static struct contents *encode_contents(
    const struct bench *bench, const struct sample *sample, size_t most)
{
    struct contents *out = mem_alloc(sizeof *out);
    struct batch_item items[BATCH_MAX_ITEMS];
    struct batch batch = {.items = items,
        .created = clock_wall(),
        .header = {STREAM_VERSION, bench->author.identity->laestab,
            bench->recipient->laestab, LANE_NORMAL, {{1}}, 0, 0,
            STREAM_TTL_DAYS}};
    struct err err;

    for (size_t at = 0; at < sample->count; at += batch.count) {
        batch.count = sample_fit(sample, at, most);
        sample_items(items, sample, at, batch.count);
        batch.header.first = at + 1;
        batch.header.last = at + batch.count;
        rig_must(
            batch_encode(&out->bufs[out->count], &batch, &err), "batch", &err);
        out->list[out->count] = buf_bytes(&out->bufs[out->count]);
        out->count++;
    }
    return out;
}

static void free_contents(struct contents *contents)
{
    for (size_t i = 0; i < contents->count; i++)
        buf_free(&contents->bufs[i]);
    free(contents);
}

static struct floor_job job_of(
    const struct bench *bench, const struct contents *contents)
{
    return (struct floor_job){bench->author.identity, bench->recipient,
        bench->place, contents->list, contents->count, (size_t)4096 * 1024};
}

/* --- one run of each part ------------------------------------------------- */

/* Import and seal, by a primary that has no hub yet: send answers when the last
 * batch is in the outbox. */
static void run_primary(struct bench *bench, struct result *out, size_t run)
{
    struct live live;
    struct cost *import = &out->ours[IMPORT][run];
    struct cost *seal = &out->ours[SEAL][run];
    pid_t pid;

    live_begin(&live, bench->bin, bench->place);
    live_start(&live, LIVE_PRIMARY);
    pid = live.pid[LIVE_PRIMARY];
    live_import(&live, bench->warm);
    live_send(&live);
    *import = begin(rig_cpu(pid));
    live_import(&live, bench->ctf);
    import->seconds += rig_clock();
    import->cpu += rig_cpu(pid);
    *seal = begin(rig_cpu(pid));
    live_send(&live);
    seal->seconds += rig_clock();
    seal->cpu += rig_cpu(pid);
    live_end(&live);
}

static void start_all(
    struct bench *bench, struct live *live, const char *config)
{
    live_begin(live, bench->bin, bench->place);
    live->config = config;
    live_start(live, LIVE_HUB);
    live_start(live, LIVE_PRIMARY);
    live_start(live, LIVE_SECONDARY);
    live_connect(live, LIVE_PRIMARY);
    live_connect(live, LIVE_SECONDARY);
    live_import(live, bench->warm);
    live_send(live);
    live_settle(live);
    usleep(300000);
}

/* What is written down a little later (confirmed PUTs) counts as well. */
static void run_whole(struct bench *bench, struct result *out, size_t run)
{
    struct cost *cost = &out->ours[WHOLE][run];
    struct live live;

    start_all(bench, &live, NULL);
    live_import(&live, bench->ctf);
    *cost = begin(live_cpu(&live));
    live_send(&live);
    live_settle(&live);
    cost->seconds += rig_clock();
    usleep(300000);
    cost->cpu += live_cpu(&live);
    live_end(&live);
}

static void run_put(struct bench *bench, const struct sample *sample,
    struct result *out, size_t run)
{
    struct live live;

    live_begin(&live, bench->bin, bench->place);
    live_start(&live, LIVE_HUB);
    out->ours[PUT][run] =
        stages_put(&live, &bench->author, bench->recipient, sample, MOST);
    live_end(&live);
}

static void run_apply(struct bench *bench, const struct sample *sample,
    struct result *out, size_t run)
{
    struct live live;

    live_begin(&live, bench->bin, bench->place);
    out->ours[APPLY][run] =
        stages_apply(live.state[LIVE_SECONDARY], &bench->author, sample, MOST);
    live_end(&live);
}

/* --- tables --------------------------------------------------------------- */

static void print_row(const char *name, size_t n, const struct cost *ours,
    const struct cost *base)
{
    const double per = 1e6 / (double)n;

    printf("%-10s %5zu %8.0f %8.0f %6.2f  %8.1f %8.1f %6.2f\n", name, n,
        (double)n / ours->seconds, (double)n / base->seconds,
        base->seconds / ours->seconds, ours->cpu * per, base->cpu * per,
        ours->cpu / base->cpu);
    fflush(stdout);
}

static void measure(struct bench *bench, size_t n, size_t runs)
{
    struct result *result = mem_alloc(sizeof *result);
    struct sample sample;
    struct contents *contents;
    struct floor_job job;

    sample_write_ctf(bench->ctf, 1000, n);
    sample_read(&sample, bench->ctf);
    contents = encode_contents(bench, &sample, MOST);
    job = job_of(bench, contents);
    for (size_t i = 0; i < runs; i++) {
        result->base[WHOLE][i] = floor_whole(&job, NULL);
        run_whole(bench, result, i);
        result->base[IMPORT][i] = stages_expat(bench->ctf, bench->place);
        result->base[SEAL][i] = floor_seal(&job);
        run_primary(bench, result, i);
        result->base[PUT][i] = floor_put(&job);
        run_put(bench, &sample, result, i);
        result->base[APPLY][i] = floor_open(&job);
        run_apply(bench, &sample, result, i);
    }
    for (int part = 0; part < PART_COUNT; part++) {
        const struct cost ours = rig_median_cost(result->ours[part], runs);
        const struct cost base = rig_median_cost(result->base[part], runs);

        print_row(NAMES[part], n, &ours, &base);
    }
    free_contents(contents);
    sample_free(&sample);
    free(result);
}

static void print_times(const char *name, const double *ours,
    const double *base, size_t count, double share)
{
    const double x = rig_share(ours, count, share) * 1e3;
    const double y = rig_share(base, count, share) * 1e3;

    printf("  %-46s %8.2f %8.2f %6.2f\n", name, x, y, x / y);
    fflush(stdout);
}

/* One leaver changes after the other; each is sent as one record. */
static void measure_latency(struct bench *bench)
{
    double asked[CHANGES], answered[CHANGES], base[CHANGES];
    struct sample sample;
    struct contents *contents;
    struct floor_job job;
    struct live live;

    sample_write_ctf(bench->ctf, 1000, CHANGES);
    sample_read(&sample, bench->ctf);
    contents = encode_contents(bench, &sample, 1);
    job = job_of(bench, contents);
    job.window = 0;
    floor_whole(&job, base);
    start_all(bench, &live, NULL);
    live_import(&live, bench->ctf);
    live_send(&live);
    live_settle(&live);
    for (size_t i = 0; i < CHANGES; i++) {
        json_t *wish = json_pack("{s:s,s:s,s:s}", "upn", sample.upns[i], "kind",
            "pupil-not-to-be-named", "basis", "court-order");

        asked[i] = -rig_clock();
        json_decref(live_ask(&live, LIVE_PRIMARY, "restrict.add", wish, NULL));
        answered[i] = -rig_clock();
        live_settle(&live);
        asked[i] += rig_clock();
        answered[i] += rig_clock();
        usleep(20000);
    }
    live_end(&live);
    print_times(
        "one change, asked -> receipt, p50, ms", asked, base, CHANGES, 0.5);
    print_times(
        "one change, asked -> receipt, p90, ms", asked, base, CHANGES, 0.9);
    print_times("one change, committed -> receipt, p50, ms", answered, base,
        CHANGES, 0.5);
    print_times("one change, committed -> receipt, p90, ms", answered, base,
        CHANGES, 0.9);
    free_contents(contents);
    sample_free(&sample);
}

/* All that the primary sent lies at the hub. */
static void wait_until_put(const struct live *live)
{
    json_int_t queued = 1;

    while (queued > 0) {
        json_t *status =
            live_ask(live, LIVE_PRIMARY, "status", json_object(), NULL);

        queued = json_integer_value(
            json_object_get(json_object_get(status, "outbound"), "queued"));
        json_decref(status);
        usleep(20000);
    }
}

static void measure_return(struct bench *bench)
{
    SCOPED(mem_freep) char *config = rig_path(bench->place, "p1.ini");
    FILE *file = fopen(config, "w");
    double started, connected, base;
    struct sample sample;
    struct contents *contents;
    struct floor_job job;
    struct live live;

    rig_need(file != NULL, config);
    fprintf(file, "[send]\nbatch_records = %d\n", RETURN_BATCH);
    fclose(file);
    sample_write_ctf(bench->ctf, 1000, RETURN_BATCH * RETURN_BATCHES);
    sample_read(&sample, bench->ctf);
    contents = encode_contents(bench, &sample, RETURN_BATCH);
    job = job_of(bench, contents);
    base = floor_return(&job).seconds;
    start_all(bench, &live, config);
    live_stop(&live, LIVE_SECONDARY);
    SCOPED(mem_freep) char *log = rig_path(live.state[LIVE_SECONDARY], "log");
    rig_need(truncate(log, 0) == 0, log);
    live_import(&live, bench->ctf);
    live_send(&live);
    wait_until_put(&live);
    started = rig_clock();
    live_launch(&live, LIVE_SECONDARY);
    connected = live_heard(&live, LIVE_SECONDARY, "hub connected");
    live_settle(&live);
    started = rig_clock() - started;
    connected = rig_clock() - connected;
    live_end(&live);
    printf("  40 batches of 60 after a return:\n");
    print_times("  agent's start -> all applied, ms", &started, &base, 1, 0);
    print_times("  connected -> all applied, ms", &connected, &base, 1, 0);
    free_contents(contents);
    sample_free(&sample);
}

static void measure_many(struct bench *bench)
{
    struct cost cost, base;
    struct live live;
    long peak;

    sample_write_ctf(bench->ctf, 0, MANY);
    base = stages_expat(bench->ctf, bench->place);
    live_begin(&live, bench->bin, bench->place);
    live_start(&live, LIVE_PRIMARY);
    cost = begin(rig_cpu(live.pid[LIVE_PRIMARY]));
    live_import(&live, bench->ctf);
    cost.seconds += rig_clock();
    cost.cpu += rig_cpu(live.pid[LIVE_PRIMARY]);
    peak = rig_status(live.pid[LIVE_PRIMARY], "VmHWM");
    live_end(&live);
    print_times(
        "20,000 pupils imported, ms", &cost.seconds, &base.seconds, 1, 0);
    print_times("  processor, ms", &cost.cpu, &base.cpu, 1, 0);
    printf("  %-46s %8.1f\n", "  the agent's peak memory, MiB",
        (double)peak / 1024);
}

static void measure_idle(struct bench *bench)
{
    struct live live;
    long woke;
    pid_t pid;

    start_all(bench, &live, NULL);
    pid = live.pid[LIVE_SECONDARY];
    usleep(1000000);
    woke = rig_wakeups(pid);
    sleep(IDLE_SECONDS);
    woke = rig_wakeups(pid) - woke;
    printf("  %-46s %8.1f\n", "idle agent's memory, MiB",
        (double)rig_status(pid, "VmRSS") / 1024);
    printf("  %-46s %8.1f\n", "  its wake-ups in a second",
        (double)woke / IDLE_SECONDS);
    live_end(&live);
}

static struct identity *open_identity(const char *place, const char *name)
{
    SCOPED(mem_freep) char *state = rig_path(place, name);
    struct identity *identity;
    struct err err;

    rig_must(identity_open(&identity, state, clock_wall(), &err), state, &err);
    return identity;
}

static struct agent open_author(const char *place)
{
    SCOPED(mem_freep) char *from = rig_path(place, "p1");
    SCOPED(mem_freep) char *state = rig_path(place, "author");
    struct agent agent;

    rig_copy(from, state);
    rig_open_agent(&agent, state);
    return agent;
}

int main(int argc, char **argv)
{
    static const struct {
        size_t n, runs;
    } SIZES[] = {{1, 7}, {60, 7}, {200, 7}, {2000, 5}};
    struct bench bench;

    if (argc < 3 || argc > 4 || getenv("MAKE_CTF") == NULL) {
        fputs(
            "usage: MAKE_CTF=PROGRAM bench_moveup BIN PLACE [COUNT]\n", stderr);
        return 2;
    }
    mem_tune();
    bench = (struct bench){argv[1], argv[2], open_author(argv[2]),
        open_identity(argv[2], "s1"), rig_path(argv[2], "bench.xml"),
        rig_path(argv[2], "warm.xml")};
    sample_write_ctf(bench.warm, 0, 1);
    printf("                 records/s                  "
           "processor us per record\n"
           "part       count     ours    floor  ratio      "
           "ours    floor  ratio\n");
    if (argc == 4) {
        measure(&bench, strtoul(argv[3], NULL, 10), 7);
        return 0;
    }
    for (size_t i = 0; i < sizeof SIZES / sizeof SIZES[0]; i++)
        measure(&bench, SIZES[i].n, SIZES[i].runs);
    printf("\n  %-46s %8s %8s %6s\n", "", "ours", "floor", "ratio");
    measure_latency(&bench);
    measure_return(&bench);
    measure_many(&bench);
    measure_idle(&bench);
    rig_close_agent(&bench.author);
    identity_close(bench.recipient);
    free(bench.ctf);
    free(bench.warm);
    return 0;
}

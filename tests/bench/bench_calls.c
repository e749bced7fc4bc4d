/*
 * bench_calls - what a caller waits for: `next`, `log` and `list` at 300
 * families and 10,000 events, as the agent answers them (JSON and commit
 * included).
 *
 *   bench_calls STATE      the folder of an enrolled secondary; it is filled
 *
 * Exit 1 if next or log take 20 ms, or list 50 ms, in the median.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agentd/agent.h"
#include "agentd/blob.h"
#include "agentd/casework.h"
#include "agentd/requests.h"
#include "base/err.h"
#include "base/mem.h"
#include "rig.h"
#include "store/inbox.h"
#include "wire/record.h"

#define FAMILIES 300
#define EVENTS 10000
#define ROUNDS 100

static struct leaver_point points[2] = {
    {1, POINT_MOBILE, "07700 900118", "+447700900118"},
    {2, POINT_HOME, "01632 960118", "+441632960118"}};

static void make_leaver(
    struct leaver *out, struct leaver_contact contacts[2], const char *upn)
{
    leaver_init(out);
    out->upn = upn;
    out->surname = "Quillfeather";
    out->forename = "Isolde";
    out->strengths = "loves drumming; helped run the lunchtime library";
    for (uint32_t i = 0; i < 2; i++) {
        leaver_contact_init(&contacts[i]);
        contacts[i].number = contacts[i].order = i + 1;
        contacts[i].title = "Mrs";
        contacts[i].forename = i == 0 ? "Philomena" : "Augusta";
        contacts[i].surname = "Quillfeather";
        contacts[i].relationship = "PAM";
        contacts[i].responsibility = STATED_YES;
        contacts[i].points = points;
        contacts[i].point_count = 2;
    }
    out->contacts = contacts;
    out->contact_count = 2;
}

static void put_record(struct agent *agent, unsigned n)
{
    SCOPED(buf_free) struct buf plain = BUF_EMPTY;
    SCOPED(buf_free) struct buf sealed = BUF_EMPTY;
    struct inbox_record row = {.revision = 1, .applied_at = clock_wall()};
    struct leaver_contact contacts[2];
    struct leaver leaver;
    struct err err = {.text = ""};
    char upn[14];

    snprintf(upn, sizeof upn, "V873200119%03u", n);
    make_leaver(&leaver, contacts, upn);
    rig_must(laestab_parse(&row.author, "8732001", &err), "laestab", &err);
    agent_upn_tag(&row.tag, agent, upn);
    rig_must(record_encode(&plain, &leaver, &err), "record", &err);
    rig_must(inbox_family(&row.family, agent->db, NULL, 0, clock_wall(), &err),
        "family", &err);
    rig_must(inbox_next_record_id(agent->db, &row.id, &err), "id", &err);
    rig_must(
        blob_seal(&sealed, agent, BLOB_RECORD, row.id, buf_bytes(&plain), &err),
        "seal", &err);
    row.sealed = buf_bytes(&sealed);
    rig_must(inbox_put_record(agent->db, &row, &err), "record", &err);
}

static void put_event(struct agent *agent, unsigned n)
{
    const struct casework *c = agent->casework;
    const struct casework_file *file = c->files[n % c->count];
    struct event event = {
        .kind = EVENT_ATTEMPT, .family = file->family, .login = "jl"};
    struct err err = {.text = ""};

    event.at.ms = clock_wall().ms - (int64_t)(EVENTS - n) * 300000;
    event.u.attempt = (struct event_attempt){.record = file->pupils[0]->row.id,
        .contact = 1,
        .value = "+447700900118",
        .channel = CHANNEL_VOICE,
        .outcome = n % 3 == 0 ? OUTCOME_NO_ANSWER : OUTCOME_CANNOT_CONNECT,
        .band = bands_of(event.at),
        .note = "nobody there; the neighbour says they work late"};
    rig_must(casework_add(agent, &event, &err), "event", &err);
}

static void fill(struct agent *agent)
{
    struct err err = {.text = ""};

    rig_must(db_begin(agent->db, &err), "begin", &err);
    for (unsigned n = 0; n < FAMILIES; n++)
        put_record(agent, n);
    rig_must(db_commit(agent->db, &err), "commit", &err);
    rig_must(casework_refresh(agent, &err), "refresh", &err);
    rig_must(db_begin(agent->db, &err), "begin", &err);
    for (unsigned n = 0; n < EVENTS; n++)
        put_event(agent, n);
    rig_must(db_commit(agent->db, &err), "commit", &err);
}

/* Of ROUNDS requests, in seconds. */
struct timing {
    double took[ROUNDS]; /* until the answer's text is there */
    double used[ROUNDS]; /* of the processor, whatever else it does meanwhile */
    size_t count;
};

static double processor(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void ask(struct timing *timing, struct agent *agent,
    request_handler *handler, json_t *args)
{
    struct request request = {
        .agent = agent, .args = args, .file = -1, .role = "LEAD", .next = ""};
    const double start = rig_clock();
    const double used = processor();
    struct err err = {.text = ""};
    json_t *answer = NULL;

    snprintf(request.actor.login, sizeof request.actor.login, "jl");
    request.actor.roles = ~0U;
    rig_must(handler(&answer, &request, &err), "answer", &err);
    free(json_dumps(answer, JSON_COMPACT));
    timing->took[timing->count] = rig_clock() - start;
    timing->used[timing->count++] = processor() - used;
    json_decref(answer);
    json_decref(args);
}

static int report(const char *what, struct timing *timing, double limit_ms)
{
    const double median = rig_median(timing->took, ROUNDS) * 1000;

    printf("%-6s %7.2f ms median  %7.2f ms of 95 %%  (limit %.0f ms)  "
           "processor %.2f and %.2f ms\n",
        what, median, rig_share(timing->took, ROUNDS, 0.95) * 1000, limit_ms,
        rig_median(timing->used, ROUNDS) * 1000,
        rig_share(timing->used, ROUNDS, 0.95) * 1000);
    return median < limit_ms ? 0 : 1;
}

int main(int argc, char **argv)
{
    struct timing first = {.count = 0};
    struct timing next = {.count = 0};
    struct timing logged = {.count = 0};
    struct timing list = {.count = 0};
    struct agent agent;
    int bad;

    if (argc != 2)
        return 2;
    rig_open_agent(&agent, argv[1]);
    agent.casework = casework_new();
    fill(&agent);
    casework_free(agent.casework);
    agent.casework = casework_new();
    /* At any hour of the day, so that the figures are comparable. */
    agent.casework->policy.hours = (struct bands_hours){0, 24 * 60, 0, 24 * 60};
    ask(&first, &agent, family_list, json_pack("{s:b}", "all", 1));
    for (size_t i = 0; i < ROUNDS; i++) {
        ask(&next, &agent, next_take, json_pack("{s:b}", "interpreter", 1));
        ask(&logged, &agent, logbook_log,
            json_pack("{s:s,s:s}", "case", "1", "outcome", "cannot-connect"));
        ask(&list, &agent, family_list, json_pack("{s:b}", "all", 1));
    }
    printf("%d families, %d events; first list after the start %.0f ms\n",
        FAMILIES, EVENTS, first.took[0] * 1000);
    bad = report("next", &next, 20) | report("log", &logged, 20) |
          report("list", &list, 50);
    casework_free(agent.casework);
    rig_close_agent(&agent);
    return bad;
}

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

/* Seconds until the answer's text is there. */
static double ask(struct agent *agent, request_handler *handler, json_t *args)
{
    struct request request = {
        .agent = agent, .args = args, .file = -1, .role = "LEAD", .next = ""};
    const double start = rig_clock();
    struct err err = {.text = ""};
    json_t *answer = NULL;
    double took;

    snprintf(request.actor.login, sizeof request.actor.login, "jl");
    request.actor.roles = ~0U;
    rig_must(handler(&answer, &request, &err), "answer", &err);
    free(json_dumps(answer, JSON_COMPACT));
    took = rig_clock() - start;
    json_decref(answer);
    json_decref(args);
    return took;
}

static int report(const char *what, double *seconds, double limit_ms)
{
    const double median = rig_median(seconds, ROUNDS) * 1000;
    const double slow = rig_share(seconds, ROUNDS, 0.95) * 1000;

    printf("%-6s %7.2f ms median  %7.2f ms of 95 %%  (limit %.0f ms)\n", what,
        median, slow, limit_ms);
    return median < limit_ms ? 0 : 1;
}

int main(int argc, char **argv)
{
    double next[ROUNDS];
    double logged[ROUNDS];
    double list[ROUNDS];
    struct agent agent;
    double first;
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
    first = ask(&agent, family_list, json_pack("{s:b}", "all", 1));
    for (size_t i = 0; i < ROUNDS; i++) {
        next[i] = ask(&agent, next_take, json_pack("{s:b}", "interpreter", 1));
        logged[i] = ask(&agent, logbook_log,
            json_pack("{s:s,s:s}", "case", "1", "outcome", "cannot-connect"));
        list[i] = ask(&agent, family_list, json_pack("{s:b}", "all", 1));
    }
    printf("%d families, %d events; first list after the start %.0f ms\n",
        FAMILIES, EVENTS, first * 1000);
    bad = report("next", next, 20) | report("log", logged, 20) |
          report("list", list, 50);
    casework_free(agent.casework);
    rig_close_agent(&agent);
    return bad;
}

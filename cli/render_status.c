#include "cli/render_status.h"

#include <string.h>

#include "cli/call.h"
#include "cli/grid.h"
#include "cli/plain.h"
#include "cli/said.h"

#define LABEL "%-12s "

static enum output_style level_style(const char *level)
{
    return strcmp(level, "ok") == 0        ? OUTPUT_GOOD
           : strcmp(level, "warning") == 0 ? OUTPUT_WARN
                                           : OUTPUT_BAD;
}

/* One line a check, and below it the mend of whatever is not well. */
static void check_lines(struct output *output, const json_t *checks)
{
    for (size_t i = 0; i < json_array_size(checks); i++) {
        const json_t *check = json_array_get(checks, i);
        const char *level = said_text(check, "level");
        const char *next = said_text(check, "next");
        char head[60];

        snprintf(head, sizeof head, "  %-9s %-13s ", level,
            said_text(check, "name"));
        output_wrap_as(
            output, level_style(level), head, said_text(check, "text"));
        if (next[0] != '\0' && strcmp(level, "ok") != 0)
            output_wrap(output, "            next: ", next);
    }
}

static void hub_lines(struct output *output, const json_t *hubs)
{
    for (size_t i = 0; i < json_array_size(hubs); i++) {
        const json_t *hub = json_array_get(hubs, i);
        const char *state = said_text(hub, "state");
        char heard[SAID_AGE_SIZE];
        const char *age = said_age(hub, "last_heard_s", heard);

        if (strcmp(state, "connected") == 0)
            output_line(output, OUTPUT_PLAIN,
                LABEL "%s  connected, heard %s ago, clock %lld ms off",
                i == 0 ? "hubs" : "", said_text(hub, "endpoint"), age,
                (long long)said_number(hub, "skew_ms"));
        else
            output_line(output, OUTPUT_WARN, LABEL "%s  %s%s",
                i == 0 ? "hubs" : "", said_text(hub, "endpoint"), state,
                age[0] == '-' ? ", not heard yet" : "");
        if (strcmp(state, "connected") != 0 &&
            said_text(hub, "text")[0] != '\0')
            output_wrap(output, "               ", said_text(hub, "text"));
    }
    if (json_array_size(hubs) == 0)
        output_line(output, OUTPUT_WARN, LABEL "none known", "hubs");
}

static void who(struct output *output, const json_t *result)
{
    const json_t *school = json_object_get(result, "school");
    const json_t *directory = json_object_get(result, "directory");
    char date[SAID_DATE_SIZE];

    output_line(output, OUTPUT_HEADING, "%s (%s, %s)   Moveup %s",
        said_text(school, "name"), said_text(school, "laestab"),
        said_text(school, "phase"), said_text(result, "version"));
    output_gap(output);
    output_line(output, OUTPUT_PLAIN, LABEL "version %lld, good until %s",
        "directory", (long long)said_number(directory, "version"),
        said_date(directory, "expires", date));
    output_line(output, OUTPUT_PLAIN, LABEL "%lld days left", "certificate",
        (long long)said_number(result, "certificate_days_left"));
}

static void traffic(struct output *output, const json_t *result)
{
    const json_t *out = json_object_get(result, "outbound");
    const json_t *in = json_object_get(result, "inbound");
    const json_int_t quarantined = said_number(result, "quarantined");
    char age[SAID_AGE_SIZE];
    const char *oldest = said_age(out, "oldest_unreceipted_s", age);

    output_line(output, OUTPUT_PLAIN,
        LABEL "%lld queued, %lld without a receipt%s%s", "outbound",
        (long long)said_number(out, "queued"),
        (long long)said_number(out, "unreceipted"),
        oldest[0] == '-' ? "" : ", the oldest for ",
        oldest[0] == '-' ? "" : oldest);
    output_line(output, OUTPUT_PLAIN, LABEL "%lld not yet applied", "inbound",
        (long long)said_number(in, "unapplied"));
    output_line(output, quarantined > 0 ? OUTPUT_WARN : OUTPUT_PLAIN,
        LABEL "%lld%s", "quarantine", (long long)quarantined,
        quarantined > 0 ? "   (moveup quarantine list)" : "");
}

void render_status_screen(struct call *call, const json_t *result)
{
    who(call->output, result);
    hub_lines(call->output, json_object_get(result, "hubs"));
    traffic(call->output, result);
    output_gap(call->output);
    check_lines(call->output, json_object_get(result, "checks"));
}

/* "clock: ...; backup: ..." of those checks that are at this level. */
static size_t join_checks(
    char *out, size_t size, const json_t *checks, const char *level)
{
    size_t used = 0;

    out[0] = '\0';
    for (size_t i = 0; i < json_array_size(checks); i++) {
        const json_t *check = json_array_get(checks, i);
        int len;

        if (strcmp(said_text(check, "level"), level) != 0)
            continue;
        len =
            snprintf(out + used, size - used, "%s%s: %s", used == 0 ? "" : "; ",
                said_text(check, "name"), said_text(check, "text"));
        if (len < 0 || (size_t)len >= size - used)
            break;
        used += (size_t)len;
    }
    /* A bar would begin the performance data. */
    for (char *c = out; *c != '\0'; c++)
        if (*c == '|')
            *c = '/';
    return used;
}

void render_status_check(struct call *call, const json_t *result)
{
    const json_t *checks = json_object_get(result, "checks");
    const json_t *out = json_object_get(result, "outbound");
    const char *level = "CRITICAL";
    char text[700];

    if (join_checks(text, sizeof text, checks, "critical") == 0) {
        level = "WARNING";
        if (join_checks(text, sizeof text, checks, "warning") == 0) {
            level = "OK";
            snprintf(text, sizeof text, "%zu checks", json_array_size(checks));
        }
    }
    output_line(call->output, OUTPUT_PLAIN,
        "MOVEUP %s - %s | queued=%lld unreceipted=%lld quarantined=%lld "
        "certificate_days=%lld",
        level, text, (long long)said_number(out, "queued"),
        (long long)said_number(out, "unreceipted"),
        (long long)said_number(result, "quarantined"),
        (long long)said_number(result, "certificate_days_left"));
}

void render_status_doctor(struct call *call, const json_t *result)
{
    check_lines(call->output, json_object_get(result, "checks"));
}

void render_status_synced(struct call *call, const json_t *result)
{
    char count[PLAIN_SIZE];

    if (said_is_true(result, "synced")) {
        output_line(
            call->output, OUTPUT_GOOD, "Everything that was sent is applied.");
        return;
    }
    output_line(call->output, OUTPUT_WARN, "%s not yet applied.",
        plain_count(said_number(result, "unreceipted"), "change is",
            "changes are", count));
    output_next(call->output, "see where they are: moveup queue");
}

static const struct grid_column peer_columns[] = {
    {"school", "laestab", 0},
    {"name", NULL, GRID_CUT},
    {"way", "direction", 0},
    {"lane", NULL, 0},
    {"heard", NULL, GRID_RIGHT | GRID_TEXT},
    {"last_heard_s", NULL, GRID_CSV},
    {"sent", NULL, GRID_RIGHT},
    {"got", "received", GRID_RIGHT},
    {"applied", NULL, GRID_RIGHT},
    {"lag", NULL, GRID_RIGHT},
    {"oldest", NULL, GRID_RIGHT | GRID_TEXT},
    {"oldest_unreceipted_s", NULL, GRID_CSV},
    {"state", NULL, GRID_CSV},
};
#define PEER_COLUMNS (sizeof peer_columns / sizeof peer_columns[0])

/* Seconds as they are for CSV; nothing for null. */
static void seconds_cell(
    struct grid *grid, const json_t *object, const char *name)
{
    if (json_is_number(json_object_get(object, name)))
        grid_cell(
            grid, "%.0f", json_number_value(json_object_get(object, name)));
    else
        grid_cell(grid, "%s", "");
}

static void peer_row(struct grid *grid, const json_t *peer)
{
    char age[SAID_AGE_SIZE];

    grid_cell(grid, "%s", said_text(peer, "laestab"));
    grid_cell(grid, "%s", said_text(peer, "name"));
    grid_cell(grid, "%s", said_text(peer, "direction"));
    grid_cell(grid, "%s", said_text(peer, "lane"));
    grid_cell(grid, "%s", said_age(peer, "last_heard_s", age));
    seconds_cell(grid, peer, "last_heard_s");
    grid_cell(grid, "%lld", (long long)said_number(peer, "sent"));
    grid_cell(grid, "%lld", (long long)said_number(peer, "received"));
    grid_cell(grid, "%lld", (long long)said_number(peer, "applied"));
    grid_cell(grid, "%lld", (long long)said_number(peer, "lag"));
    grid_cell(grid, "%s", said_age(peer, "oldest_unreceipted_s", age));
    seconds_cell(grid, peer, "oldest_unreceipted_s");
    grid_cell(grid, "%s",
        said_is_true(peer, "frozen")               ? "frozen"
        : said_is_true(peer, "waits_for_approval") ? "waits"
                                                   : "");
}

/* Below the table: what no column has room for. */
static void frozen_lines(struct output *output, const json_t *peers)
{
    for (size_t i = 0; i < json_array_size(peers); i++) {
        const json_t *peer = json_array_get(peers, i);

        if (said_is_true(peer, "frozen"))
            output_line(output, OUTPUT_WARN,
                "%s (%s) is frozen: two contents under one number. See: moveup "
                "status",
                said_text(peer, "laestab"), said_text(peer, "lane"));
        if (said_is_true(peer, "waits_for_approval"))
            output_line(output, OUTPUT_WARN,
                "Recalls from %s wait for a person. See: moveup status",
                said_text(peer, "laestab"));
    }
}

void render_status_peers(struct call *call, const json_t *result)
{
    const json_t *peers = json_object_get(result, "peers");
    SCOPED(grid_freep) struct grid *grid = grid_new(peer_columns, PEER_COLUMNS);

    for (size_t i = 0; i < json_array_size(peers); i++)
        peer_row(grid, json_array_get(peers, i));
    if (json_array_size(peers) == 0 && call->output->form == OUTPUT_TEXT)
        output_line(call->output, OUTPUT_PLAIN,
            "Nothing was exchanged with another school yet.");
    else
        grid_print(grid, call->output);
    if (call->output->form == OUTPUT_TEXT)
        frozen_lines(call->output, peers);
}

static const struct grid_column queue_columns[] = {
    {"to", NULL, 0},
    {"name", NULL, GRID_CUT},
    {"lane", NULL, 0},
    {"numbers", NULL, GRID_TEXT},
    {"first", NULL, GRID_CSV},
    {"last", NULL, GRID_CSV},
    {"records", NULL, GRID_RIGHT},
    {"where", "state", 0},
    {"age", NULL, GRID_RIGHT | GRID_TEXT},
    {"age_s", NULL, GRID_CSV},
    {"why", "reason", GRID_CUT},
};
#define QUEUE_COLUMNS (sizeof queue_columns / sizeof queue_columns[0])

static void queue_row(
    struct grid *grid, const json_t *batch, enum output_form form)
{
    const long long first = said_number(batch, "first");
    const long long last = said_number(batch, "last");
    const char *state = said_text(batch, "state");
    char age[SAID_AGE_SIZE];
    char words[PLAIN_SIZE];

    grid_cell(grid, "%s", said_text(batch, "to"));
    grid_cell(grid, "%s", said_text(batch, "name"));
    grid_cell(grid, "%s", said_text(batch, "lane"));
    grid_cell(grid, "%lld-%lld", first, last);
    grid_cell(grid, "%lld", first);
    grid_cell(grid, "%lld", last);
    grid_cell(grid, "%lld", (long long)said_number(batch, "records"));
    grid_cell(
        grid, "%s", form == OUTPUT_CSV ? state : plain_code(state, words));
    grid_cell(grid, "%s", said_age(batch, "age_s", age));
    seconds_cell(grid, batch, "age_s");
    grid_cell(grid, "%s", said_text(batch, "reason"));
}

void render_status_queue(struct call *call, const json_t *result)
{
    const json_t *queue = json_object_get(result, "queue");
    SCOPED(grid_freep)
    struct grid *grid = grid_new(queue_columns, QUEUE_COLUMNS);

    for (size_t i = 0; i < json_array_size(queue); i++)
        queue_row(grid, json_array_get(queue, i), call->output->form);
    if (json_array_size(queue) == 0 && call->output->form == OUTPUT_TEXT)
        output_line(call->output, OUTPUT_PLAIN,
            "Nothing is on its way: all that was sent is applied.");
    else
        grid_print(grid, call->output);
}

#include "cli/do_pushes.h"

#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "cli/call.h"
#include "cli/expected.h"
#include "cli/grid.h"
#include "cli/overview.h"
#include "cli/said.h"

/* One school's leavers, or all of them. */
struct sums {
    json_int_t expected, leavers, held, sent, applied, missing, extra;
};

struct counting {
    const struct survey *survey;
    const struct expected *offers; /* NULL: none were given */
    json_t *pairs; /* of the school: where there is a difference */
    struct sums sums;
};

static json_int_t above(uint64_t a, uint64_t b)
{
    return a > b ? (json_int_t)(a - b) : 0;
}

static void add_pair(struct counting *c, const struct laestab *to,
    uint64_t expected, uint64_t sent)
{
    const json_int_t missing = above(expected, sent);
    const json_int_t extra = above(sent, expected);

    c->sums.expected += (json_int_t)expected;
    c->sums.missing += missing;
    c->sums.extra += extra;
    if (missing > 0 || extra > 0)
        json_array_append_new(c->pairs,
            json_pack("{s:s,s:s,s:I,s:I,s:I,s:I}", "to", to->text, "name",
                survey_name(c->survey, to), "expected", (json_int_t)expected,
                "sent", (json_int_t)sent, "missing", missing, "extra", extra));
}

/* Pairs that are offered and of which the school's report says nothing. */
static void add_unmentioned(
    struct counting *c, const struct laestab *from, const struct report *report)
{
    for (size_t i = 0; i < c->offers->count; i++) {
        const struct expected_pair *offered = &c->offers->pairs[i];
        bool mentioned = false;

        if (!laestab_equal(&offered->from, from))
            continue;
        for (size_t k = 0; report != NULL && k < report->out_count; k++)
            mentioned |= laestab_equal(&report->out[k].school, &offered->to);
        if (!mentioned)
            add_pair(c, &offered->to, offered->pupils, 0);
    }
}

static void count_school(struct counting *c, const struct survey_school *school)
{
    const struct laestab *me = &school->entry->laestab;
    const struct report *report =
        school->state == SURVEY_GOOD ? &school->report : NULL;

    if (report != NULL) {
        c->sums.leavers = (json_int_t)report->leavers;
        c->sums.held = (json_int_t)report->held;
    }
    for (size_t i = 0; report != NULL && i < report->out_count; i++) {
        const struct report_pair *pair = &report->out[i];

        c->sums.sent += (json_int_t)pair->sent;
        c->sums.applied += (json_int_t)pair->applied;
        if (c->offers != NULL)
            add_pair(c, &pair->school,
                expected_from(c->offers, me, &pair->school), pair->sent);
    }
    if (c->offers != NULL)
        add_unmentioned(c, me, report);
}

static void set_sums(json_t *out, const struct sums *sums, bool expects)
{
    json_object_set_new(out, "leavers", json_integer(sums->leavers));
    json_object_set_new(out, "held", json_integer(sums->held));
    json_object_set_new(out, "sent", json_integer(sums->sent));
    json_object_set_new(out, "not_sent",
        json_integer(
            sums->leavers > sums->sent ? sums->leavers - sums->sent : 0));
    json_object_set_new(out, "applied", json_integer(sums->applied));
    if (!expects)
        return;
    json_object_set_new(out, "expected", json_integer(sums->expected));
    json_object_set_new(out, "missing", json_integer(sums->missing));
    json_object_set_new(out, "extra", json_integer(sums->extra));
}

static void add_sums(struct sums *all, const struct sums *one)
{
    all->expected += one->expected;
    all->leavers += one->leavers;
    all->held += one->held;
    all->sent += one->sent;
    all->applied += one->applied;
    all->missing += one->missing;
    all->extra += one->extra;
}

/* A school that sends nothing and of which nothing is expected is no row. */
static void add_school(json_t *list, struct sums *all, struct counting *c,
    const struct survey_school *school)
{
    json_t *one;

    c->sums = (struct sums){.expected = 0};
    c->pairs = json_array();
    count_school(c, school);
    if (c->sums.leavers == 0 && c->sums.expected == 0) {
        json_decref(c->pairs);
        return;
    }
    add_sums(all, &c->sums);
    one = json_pack("{s:s,s:s,s:b,s:o}", "laestab", school->entry->laestab.text,
        "name", school->entry->name, "reported", school->state == SURVEY_GOOD,
        "pairs", c->pairs);
    set_sums(one, &c->sums, c->offers != NULL);
    json_array_append_new(list, one);
}

/* Offered to children of schools that are not in the cluster. */
static json_int_t outside(
    const struct survey *survey, const struct expected *offers)
{
    json_int_t count = 0;

    for (size_t i = 0; i < offers->count; i++) {
        const struct survey_school *from =
            survey_school(survey, &offers->pairs[i].from);

        if (from == NULL || from->entry->status != MEMBER_ACTIVE)
            count += (json_int_t)offers->pairs[i].pupils;
    }
    return count;
}

static json_t *pushes_json(
    const struct survey *survey, const struct expected *offers)
{
    struct counting c = {survey, offers, NULL, {.expected = 0}};
    struct sums all = {.expected = 0};
    json_t *list = json_array();
    json_t *total = json_object();
    json_t *out;

    for (size_t i = 0; i < survey->school_count; i++)
        if (survey->schools[i].entry->status == MEMBER_ACTIVE)
            add_school(list, &all, &c, &survey->schools[i]);
    set_sums(total, &all, offers != NULL);
    out = json_pack("{s:o,s:o,s:o}", "schools", list, "totals", total,
        "missing", overview_missing(survey));
    if (offers != NULL) {
        json_object_set_new(out, "offers",
            json_pack("{s:I,s:I,s:O}", "pupils", (json_int_t)offers->pupils,
                "outside", outside(survey, offers), "duplicates",
                offers->duplicates));
    }
    return out;
}

/* --- text --- */

#define COLUMNS 9
static const struct grid_column columns[COLUMNS] = {
    {"number", "laestab", 0},
    {"school", "name", GRID_CUT},
    {"offers", "expected", GRID_RIGHT},
    {"leavers", NULL, GRID_RIGHT},
    {"held", NULL, GRID_RIGHT},
    {"sent", NULL, GRID_RIGHT},
    {"applied", NULL, GRID_RIGHT},
    {"missing", NULL, GRID_RIGHT},
    {"too many", "extra", GRID_RIGHT},
};

static void number_cell(
    struct grid *grid, const json_t *object, const char *name)
{
    if (json_object_get(object, name) == NULL)
        grid_cell(grid, "%s", "");
    else
        grid_cell(grid, "%lld", (long long)said_number(object, name));
}

static void row(struct grid *grid, const json_t *school, const char *name)
{
    static const char *const names[] = {
        "expected", "leavers", "held", "sent", "applied", "missing", "extra"};

    grid_cell(grid, "%s", said_text(school, "laestab"));
    grid_cell(grid, "%s", name);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        number_cell(grid, school, names[i]);
    if (said_number(school, "missing") + said_number(school, "not_sent") > 0)
        grid_style(grid, OUTPUT_WARN);
}

static void say_offers(struct call *call, const json_t *offers)
{
    const json_t *again = json_object_get(offers, "duplicates");

    output_gap(call->output);
    output_line(call->output, OUTPUT_PLAIN,
        "offers %lld, of these %lld from schools outside the cluster",
        (long long)said_number(offers, "pupils"),
        (long long)said_number(offers, "outside"));
    for (size_t i = 0; i < json_array_size(again) && i < 20; i++) {
        const json_t *lines =
            json_object_get(json_array_get(again, i), "lines");

        output_line(call->output, OUTPUT_WARN,
            "lines %lld and %lld of the list are the same child",
            (long long)json_integer_value(json_array_get(lines, 0)),
            (long long)json_integer_value(json_array_get(lines, 1)));
    }
    output_wrap(call->output, "",
        "These are counts: one missing and one too many between the same two "
        "schools cancel out.  Which child it is, the schools see: moveup "
        "inbox (not-ours), moveup leavers list.");
}

static void pushes_next(struct output *output, const json_t *totals)
{
    if (said_number(totals, "missing") > 0)
        output_next(output,
            "ring the primaries that have some missing: moveup leavers check, "
            "moveup leavers send --all");
    else if (json_object_get(totals, "missing") == NULL)
        output_next(output,
            "see who is missing: moveup cluster pushes --expected FILE, with "
            "the list of offers");
}

static void render(struct call *call, const json_t *result)
{
    struct grid_column fitting[COLUMNS] = {{NULL, NULL, 0}};
    SCOPED(grid_freep) struct grid *grid = grid_new(fitting, COLUMNS);
    const json_t *schools = json_object_get(result, "schools");
    const json_t *offers = json_object_get(result, "offers");
    const bool text = call->output->form == OUTPUT_TEXT;

    memcpy(fitting, columns, sizeof columns);
    if (offers == NULL) /* nothing to compare with: no room for it either */
        fitting[2].flags = fitting[7].flags = fitting[8].flags = GRID_CSV;

    for (size_t i = 0; i < json_array_size(schools); i++) {
        const json_t *school = json_array_get(schools, i);

        row(grid, school, said_text(school, "name"));
    }
    if (text && json_array_size(schools) > 0)
        row(grid, json_object_get(result, "totals"), "all");
    if (text && json_array_size(schools) == 0)
        output_line(call->output, OUTPUT_PLAIN, "No school has leavers yet.");
    else
        grid_print(grid, call->output);
    if (!text)
        return;
    if (offers != NULL)
        say_offers(call, offers);
    overview_say_missing(call, result);
    pushes_next(call->output, json_object_get(result, "totals"));
}

static int read_offers(
    struct expected *out, struct call *call, const char *path)
{
    SCOPED(buf_free) struct buf text = BUF_EMPTY;
    struct err err;
    int rc = file_read(&text, path, EXPECTED_MAX_BYTES, &err);

    if (rc == 0)
        rc = expected_read(out, buf_bytes(&text), &err);
    return rc < 0 ? call_fail(call, &err,
                        "The list is CSV with the columns from and to (school "
                        "numbers), and upn or count")
                  : CALL_DONE;
}

int do_pushes_show(struct call *call)
{
    SCOPED(overview_close) struct overview o = {.authority = NULL};
    SCOPED(expected_free) struct expected offers = {.pairs = NULL};
    const char *path = call_option(call, "expected");
    int code = path == NULL ? CALL_DONE : read_offers(&offers, call, path);

    if (code == CALL_DONE)
        code = overview_open(&o, call);
    return code == CALL_DONE
               ? call_show(call,
                     pushes_json(&o.survey, path == NULL ? NULL : &offers),
                     render)
               : code;
}

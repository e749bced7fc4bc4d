#include "cli/render_session.h"

#include <stdio.h>
#include <string.h>

#include "cli/grid.h"
#include "cli/plain.h"
#include "cli/render_letter.h"
#include "cli/said.h"
#include "record/codes.h"

#define COUNT(columns) (sizeof columns / sizeof columns[0])

/* "3: New intake evening, Thu 24 Jun 2027, 18:00 to 19:30, Main hall" */
static void heading(struct call *call, const json_t *session)
{
    const char *place = said_text(session, "place");

    output_line(call->output, OUTPUT_HEADING, "Session %lld: %s",
        (long long)said_number(session, "session"),
        said_text(session, "title"));
    output_line(call->output, OUTPUT_PLAIN, "%s%s%s",
        said_text(session, "when"), place[0] != '\0' ? ", " : "", place);
}

/* "12 of 80", "12" */
static const char *places(
    const json_t *session, const char *taken, const char *of, char text[40])
{
    const json_t *limit = json_object_get(session, of);

    if (json_is_integer(limit))
        snprintf(text, 40, "%lld of %lld",
            (long long)said_number(session, taken),
            (long long)json_integer_value(limit));
    else
        snprintf(text, 40, "%lld", (long long)said_number(session, taken));
    return text;
}

static void next_step(
    struct call *call, const char *before, const json_t *of, const char *after)
{
    char text[200];

    snprintf(text, sizeof text, "%s%lld%s", before,
        (long long)said_number(of, "session"), after);
    output_next(call->output, text);
}

static void next_of_session(struct call *call, const json_t *session)
{
    const char *status = said_text(session, "status");

    if (strcmp(status, "draft") == 0)
        next_step(call, "moveup session publish ", session,
            " opens it for invitations");
    else if (strcmp(status, "published") == 0)
        next_step(call, "moveup invite CASE --session ", session,
            " asks a family; moveup session fit shows who has none to go to");
}

void render_session_one(struct call *call, const json_t *result)
{
    const json_t *session = json_object_get(result, "session");
    char text[40];

    heading(call, session);
    output_line(call->output, OUTPUT_PLAIN, "%s; places taken: %s; crèche: %s",
        said_text(session, "status"),
        places(session, "taken", "capacity", text),
        places(session, "creche_taken", "creche", (char[40]){0}));
    next_of_session(call, session);
}

static const struct grid_column list_columns[] = {
    {"no", "session", GRID_RIGHT},
    {"when", NULL, 0},
    {"start", NULL, GRID_CSV},
    {"end", NULL, GRID_CSV},
    {"type", NULL, GRID_CSV},
    {"what", "title", GRID_CUT},
    {"place", NULL, GRID_CSV},
    {"places", NULL, GRID_TEXT},
    {"capacity", NULL, GRID_CSV},
    {"taken", NULL, GRID_CSV},
    {"invited", NULL, GRID_RIGHT},
    {"waiting", NULL, GRID_RIGHT},
    {"attended", NULL, GRID_CSV},
    {"missed", NULL, GRID_CSV},
    {"status", NULL, 0},
};

/* "Thu 24 Jun 18:00": the year and the end are in the other forms. */
static const char *short_when(const json_t *session, char text[64])
{
    char *comma;
    char day[32];

    snprintf(text, 64, "%s", said_text(session, "when"));
    comma = strstr(text, ", ");
    if (comma == NULL || comma - text < 5 || comma - text >= 32)
        return text;
    snprintf(day, sizeof day, "%.*s", (int)(comma - text - 5), text);
    snprintf(
        text, 64, "%s %.5s", day, strstr(said_text(session, "when"), ", ") + 2);
    return text;
}

static void list_cells(struct grid *grid, const json_t *s)
{
    char text[64];
    const json_t *capacity = json_object_get(s, "capacity");

    grid_cell(grid, "%lld", (long long)said_number(s, "session"));
    grid_cell(grid, "%s", short_when(s, text));
    grid_cell(grid, "%s", said_text(s, "start"));
    grid_cell(grid, "%s", said_text(s, "end"));
    grid_cell(grid, "%s", said_text(s, "type"));
    grid_cell(grid, "%s", said_text(s, "title"));
    grid_cell(grid, "%s", said_text(s, "place"));
    grid_cell(grid, "%s", places(s, "taken", "capacity", text));
    if (json_is_integer(capacity))
        grid_cell(grid, "%lld", (long long)json_integer_value(capacity));
    else
        grid_cell(grid, "%s", "");
    grid_cell(grid, "%lld", (long long)said_number(s, "taken"));
    grid_cell(grid, "%lld", (long long)said_number(s, "invited"));
    grid_cell(grid, "%lld", (long long)said_number(s, "waiting"));
    grid_cell(grid, "%lld", (long long)said_number(s, "attended"));
    grid_cell(grid, "%lld", (long long)said_number(s, "missed"));
    grid_cell(grid, "%s", said_text(s, "status"));
}

void render_session_list(struct call *call, const json_t *result)
{
    const json_t *sessions = json_object_get(result, "sessions");
    SCOPED(grid_freep)
    struct grid *grid = grid_new(list_columns, COUNT(list_columns));

    for (size_t i = 0; i < json_array_size(sessions); i++)
        list_cells(grid, json_array_get(sessions, i));
    if (json_array_size(sessions) > 0 || call->output->form == OUTPUT_CSV)
        grid_print(grid, call->output);
    if (call->output->form == OUTPUT_CSV)
        return;
    if (json_array_size(sessions) == 0) {
        output_line(call->output, OUTPUT_PLAIN, "No sessions yet.");
        output_next(call->output,
            "moveup session add --type new-intake-evening --start "
            "\"2027-06-24 18:00\" --place \"Main hall\" --capacity 80");
        return;
    }
    output_next(call->output, "moveup session fit shows who has none to go to; "
                              "moveup session doorlist NO who is expected");
}

/* "  case 118  Mrs Ada Okoro (Tariq)" */
static void party_lines(struct call *call, const json_t *parties)
{
    for (size_t i = 0; i < json_array_size(parties); i++) {
        const json_t *p = json_array_get(parties, i);

        output_line(call->output, OUTPUT_PLAIN, "  case %s  %s (%s)",
            said_text(p, "case"), said_text(p, "name"),
            said_text(p, "children"));
    }
}

void render_session_cancelled(struct call *call, const json_t *result)
{
    const json_t *tell = json_object_get(result, "tell");

    heading(call, json_object_get(result, "session"));
    output_line(call->output, OUTPUT_WARN, "This session is cancelled.");
    if (json_array_size(tell) == 0) {
        output_next(call->output, "nobody was invited; moveup session list");
        return;
    }
    output_line(call->output, OUTPUT_PLAIN, "They have to be told:");
    party_lines(call, tell);
    output_next(
        call->output, "tell them, and offer another: moveup session list");
}

void render_session_edited(struct call *call, const json_t *result)
{
    const json_t *tell = json_object_get(result, "tell");
    char next[PLAIN_SIZE];

    heading(call, json_object_get(result, "session"));
    if (json_array_size(tell) == 0) {
        output_next(call->output, "nobody was invited; moveup session list");
        return;
    }
    output_line(call->output, OUTPUT_PLAIN, "They have to be told:");
    party_lines(call, tell);
    snprintf(next, sizeof next,
        "tell them; moveup session letters %lld prints the letters anew",
        (long long)said_number(json_object_get(result, "session"), "session"));
    output_next(call->output, next);
}

void render_session_calendar(struct call *call, const json_t *result)
{
    heading(call, json_object_get(result, "session"));
    output_line(
        call->output, OUTPUT_PLAIN, "Written: %s", call_option(call, "output"));
    output_next(
        call->output, "send it with the invitation, or open it in a calendar");
}

/* --- fit --- */

static const struct grid_column fit_columns[] = {
    {"case", NULL, GRID_RIGHT},
    {"ask for", "contact", GRID_CUT},
    {"language", NULL, 0},
    {"why none fits", "why", GRID_CUT},
};

/* "3 full; 4 time, interpreter" */
static const char *why_none(const json_t *person, char *text, size_t size)
{
    const json_t *sessions = json_object_get(person, "sessions");
    size_t len = 0;

    snprintf(text, size, "no session is open for invitations");
    for (size_t i = 0; i < json_array_size(sessions) && len < size; i++) {
        const json_t *one = json_array_get(sessions, i);
        char why[SAID_NAME_SIZE];

        len += (size_t)snprintf(text + len, size - len, "%s%lld: %s",
            i > 0 ? "; " : "", (long long)said_number(one, "session"),
            said_joined(one, "why", "", why));
    }
    return text;
}

/* "Tigrinya" */
static const char *spoken(const json_t *person)
{
    const char *code = said_text(person, "language");

    return code[0] == '\0' ? "" : codes_describe(CODES_LANGUAGE, code);
}

/* Codes are for programs. */
static const char *language(const struct call *call, const json_t *person)
{
    return call->output->form == OUTPUT_CSV ? said_text(person, "language")
                                            : spoken(person);
}

void render_session_fit(struct call *call, const json_t *result)
{
    const json_t *without = json_object_get(result, "without");
    SCOPED(grid_freep)
    struct grid *grid = grid_new(fit_columns, COUNT(fit_columns));

    for (size_t i = 0; i < json_array_size(without); i++) {
        const json_t *person = json_array_get(without, i);
        char text[400];

        grid_cell(grid, "%s", said_text(person, "case"));
        grid_cell(grid, "%s", said_text(person, "name"));
        grid_cell(grid, "%s", language(call, person));
        grid_cell(grid, "%s", why_none(person, text, sizeof text));
    }
    if (json_array_size(without) > 0 || call->output->form == OUTPUT_CSV)
        grid_print(grid, call->output);
    if (call->output->form == OUTPUT_CSV)
        return;
    output_line(call->output, OUTPUT_PLAIN,
        "%lld of %lld families have no session that they can make.",
        (long long)said_number(result, "families_without"),
        (long long)said_number(result, "families"));
    if (json_array_size(without) == 0)
        output_next(call->output, "invite them: moveup list");
    else
        output_next(call->output,
            "add a session at another time, with a crèche, an interpreter or "
            "online: moveup help session add");
}

/* --- door list --- */

static const struct grid_column door_columns[] = {
    {"came", NULL, GRID_TEXT},
    {"case", NULL, GRID_RIGHT},
    {"contact", NULL, GRID_CSV},
    {"name", NULL, GRID_CUT},
    {"child", "children", GRID_CUT},
    {"guests", NULL, GRID_RIGHT},
    {"crèche", "creche", GRID_RIGHT},
    {"language", NULL, GRID_CSV},
    {"needs", NULL, GRID_CUT},
    {"attended", NULL, GRID_CSV},
};

static const char *attended(
    const json_t *p, const char *yes, const char *no, const char *unknown)
{
    const json_t *came = json_object_get(p, "attended");

    return json_is_true(came) ? yes : json_is_false(came) ? no : unknown;
}

static void door_cells(struct grid *grid, const json_t *p)
{
    const char *interpreter = said_text(p, "interpreter");
    const bool helps =
        strcmp(interpreter, "spoken") == 0 || strcmp(interpreter, "bsl") == 0;
    const char *needs = said_text(p, "needs");

    grid_cell(grid, "%s", attended(p, "yes", "no", "[ ]"));
    grid_cell(grid, "%s", said_text(p, "case"));
    grid_cell(grid, "%lld", (long long)said_number(p, "contact"));
    grid_cell(grid, "%s", said_text(p, "name"));
    grid_cell(grid, "%s", said_text(p, "children"));
    grid_cell(grid, "%lld", (long long)said_number(p, "guests"));
    grid_cell(grid, "%lld", (long long)said_number(p, "creche"));
    grid_cell(grid, "%s", said_text(p, "language"));
    grid_cell(grid, "%s%s%s%s", needs, helps && needs[0] != '\0' ? "; " : "",
        helps ? "interpreter " : "", helps ? spoken(p) : "");
    grid_cell(grid, "%s", attended(p, "yes", "no", ""));
}

void render_session_doorlist(struct call *call, const json_t *result)
{
    const json_t *session = json_object_get(result, "session");
    const json_t *expected = json_object_get(result, "expected");
    SCOPED(grid_freep)
    struct grid *grid = grid_new(door_columns, COUNT(door_columns));
    char text[40];

    for (size_t i = 0; i < json_array_size(expected); i++)
        door_cells(grid, json_array_get(expected, i));
    if (call->output->form == OUTPUT_CSV) {
        grid_print(grid, call->output);
        return;
    }
    heading(call, session);
    if (json_array_size(expected) > 0)
        grid_print(grid, call->output);
    else
        output_line(call->output, OUTPUT_PLAIN, "Nobody is expected yet.");
    output_line(call->output, OUTPUT_PLAIN,
        "people: %s  crèche: %s  waiting: %lld",
        places(session, "taken", "capacity", text),
        places(session, "creche_taken", "creche", (char[40]){0}),
        (long long)said_number(session, "waiting"));
    next_step(call, "afterwards: moveup session mark ", session,
        " CASE... for those who came, then --rest-absent");
}

void render_session_marked(struct call *call, const json_t *result)
{
    const json_t *session = json_object_get(result, "session");
    const json_t *missed = json_object_get(result, "missed");

    heading(call, session);
    output_line(call->output, OUTPUT_PLAIN, "came: %lld  did not come: %lld",
        (long long)said_number(session, "attended"),
        (long long)said_number(session, "missed"));
    if (json_array_size(missed) == 0) {
        output_next(call->output, "moveup session list");
        return;
    }
    output_line(call->output, OUTPUT_PLAIN, "They did not come:");
    party_lines(call, missed);
    output_next(call->output, "ring them, ask why and offer another: moveup "
                              "card CASE");
}

/* --- invited --- */

static void print_answer(
    struct call *call, const json_t *session, const json_t *party)
{
    const char *rsvp = said_text(party, "rsvp");
    char text[40];

    output_line(call->output, OUTPUT_HEADING, "%s is invited.",
        said_text(party, "name"));
    heading(call, session);
    if (strcmp(rsvp, "waiting") == 0)
        output_line(call->output, OUTPUT_WARN,
            "It is full. They are number %lld on the waiting list.",
            (long long)said_number(party, "waiting_place"));
    else if (strcmp(rsvp, "none") != 0)
        output_line(call->output, OUTPUT_PLAIN,
            "Answer: %s; guests %lld, crèche %lld. Places taken: %s.", rsvp,
            (long long)said_number(party, "guests"),
            (long long)said_number(party, "creche"),
            places(session, "taken", "capacity", text));
}

void render_session_invited(struct call *call, const json_t *result)
{
    const json_t *session = json_object_get(result, "session");
    const json_t *party = json_object_get(result, "invitation");
    const json_t *warnings = json_object_get(result, "warnings");
    const json_t *moved = json_object_get(result, "moved_up");
    const json_t *letter = json_object_get(result, "letter");
    const char *rsvp = said_text(party, "rsvp");

    print_answer(call, session, party);
    for (size_t i = 0; i < json_array_size(warnings); i++)
        output_line(call->output, OUTPUT_WARN, "Note: %s.",
            json_string_value(json_array_get(warnings, i)));
    if (json_array_size(moved) > 0) {
        output_line(call->output, OUTPUT_GOOD,
            "A place came free. These move up and have to be told:");
        party_lines(call, moved);
    }
    if (letter != NULL) {
        output_gap(call->output);
        render_letter_print(call, letter);
        output_gap(call->output);
    }
    if (strcmp(rsvp, "none") == 0)
        output_next(call->output, "when they answer: the same with --rsvp yes "
                                  "--guests N, or --rsvp no");
    else if (strcmp(rsvp, "waiting") == 0)
        output_next(call->output,
            "offer them another: moveup session list, then moveup invite");
    else
        next_step(call, "moveup session doorlist ", session,
            " shows who is expected");
}

/* Over random histories nothing that anybody at the secondary can print holds
 * an adult who is restricted: text, JSON, CSV, letters, calendars, door lists,
 * errors, the log.  The real commands, renderers and handlers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>

#include "cli/command.h"
#include "history.h"

#ifdef __SANITIZE_ADDRESS__ /* some four times slower */
#define HISTORIES 75
#else
#define HISTORIES 300
#endif
#define STEPS 10

/* Every command that shows something at the secondary.  {} is filled in. */
static const char *const SCREENS[] = {
    "list",
    "list --all --why",
    "list --state not-contacted",
    "next",
    "next --another --with-interpreter",
    "card {case}",
    "callbacks",
    "callbacks --today",
    "escalated",
    "find --phone {number}",
    "find --phone {email}",
    "find --name {name}",
    "find --name okoro",
    "log {case} no-answer --phone {number}",
    "log {case} no-answer --contact {contact}",
    "wishes {case} --contact {contact} --good EVE",
    "number {case} --contact {contact} --right 1",
    "ask {case} --wrong-number 1 --contact {contact}",
    "died {case} --contact {contact}",
    "died {case} --contact {contact} --mistake",
    "entry missing",
    "coverage",
    "dates list",
    "session list --all",
    "session edit {session} --place Library+two",
    "session fit",
    "session doorlist {session}",
    "session letters {session}",
    "session ics {session}",
    "invite {case} --session {session} --print",
    "invite {case} --session {session} --contact {contact} --print",
    "invite {case} --session {session} --channel text --print",
    "invite {case} --session {session} --channel email --print",
    "actions --all",
    "support",
    "support --open",
    "staff list",
    "audit",
    "audit --pupil {upn}",
    "status",
    "peers",
    "queue",
    "quarantine list",
    "inbox",
    "sessions --all",
    "changes --since 2027-01-01",
    "outcomes",
    "sessions {upn}",
    "restrict list",
    "leavers list",
    "leavers check",
    "leavers show {upn}",
    "receipts {upn}",
};
#define SCREEN_COUNT (sizeof SCREENS / sizeof SCREENS[0])

struct watch {
    struct household h;
    unsigned looked;  /* outputs looked at */
    unsigned guarded; /* of these, while somebody was hidden */
    unsigned named;   /* and that named somebody who was not */
};

/* --- looking ---------------------------------------------------------------
 */

/* Lower case, without anything that a form may put within a number. */
static char *squeeze(const char *text)
{
    char *out = mem_alloc(strlen(text) + 1);
    char *to = out;

    for (; *text != '\0'; text++)
        if (isalnum((unsigned char)*text) || *text == '@' || *text == '.')
            *to++ = (char)tolower((unsigned char)*text);
    *to = '\0';
    return out;
}

static bool holds(const char *squeezed, const char *what)
{
    SCOPED(mem_freep) char *wanted = squeeze(what);

    return strstr(squeezed, wanted) != NULL;
}

/* What tells of an adult and stands in text; NULL if nothing does. */
static const char *tells_of(const struct adult *a, const char *text)
{
    if (holds(text, a->forename))
        return a->forename;
    if (a->own_surname && holds(text, a->surname))
        return a->surname;
    if (holds(text, a->email))
        return a->email;
    if (holds(text, a->road))
        return a->road;
    for (size_t i = 0; i < a->current_count; i++)
        if (holds(text, a->current[i] + 1)) /* without its 0: +44 too */
            return a->current[i];
    return NULL;
}

static void look_at(struct watch *w, const char *what, const char *text)
{
    const struct household *h = &w->h;
    SCOPED(mem_freep) char *squeezed = squeeze(text);
    bool guarded = false;

    w->looked++;
    for (size_t i = 0; i < ADULTS; i++) {
        const struct adult *a = &h->adults[i];
        const char *secret;

        if (!household_hides(h, i))
            continue;
        guarded = true;
        secret = tells_of(a, squeezed);
        if (secret != NULL) {
            if (getenv("TEST_SHOW") != NULL)
                fputs(text, stdout);
            fail_msg("%s shows %s of restricted adult %zu (%s)", what, secret,
                i, h->upns[0]);
        }
    }
    w->guarded += guarded;
    for (size_t i = 0; guarded && i < ADULTS; i++)
        if (!household_hides(h, i) && tells_of(&h->adults[i], squeezed)) {
            w->named++;
            break;
        }
}

static void look_at_log(struct watch *w)
{
    FILE *log = w->h.world->log;
    static char text[65536];
    size_t len;

    rewind(log);
    len = fread(text, 1, sizeof text - 1, log);
    text[len] = '\0';
    look_at(w, "the log", text);
    assert_int_equal(ftruncate(fileno(log), 0), 0);
    rewind(log);
}

/* --- commands --------------------------------------------------------------
 */

static void put(char *line, size_t size, const char *name, const char *value)
{
    char *at = strstr(line, name);
    SCOPED(mem_freep) char *rest = NULL;

    if (at == NULL)
        return;
    rest = mem_text(at + strlen(name));
    snprintf(at, size - (size_t)(at - line), "%s%s", value, rest);
}

/* The line with somebody of the family in it, whoever may be hidden now. */
static void fill(char *line, size_t size, const char *screen, struct watch *w)
{
    struct household *h = &w->h;
    const struct adult *a = &h->adults[household_roll(h, ADULTS)];
    char n[8];

    snprintf(line, size, "%s", screen);
    put(line, size, "{case}", h->id);
    put(line, size, "{upn}", h->upns[0]);
    put(line, size, "{number}", a->numbers[household_roll(h, a->number_count)]);
    put(line, size, "{email}", a->email);
    put(line, size, "{name}", a->forename);
    snprintf(n, sizeof n, "%u", 1 + household_roll(h, 2));
    put(line, size, "{session}", n);
    snprintf(n, sizeof n, "%u", 1 + household_roll(h, 3));
    put(line, size, "{contact}", n);
}

static const struct command *command_of(const char *line)
{
    SCOPED(mem_freep) char *copy = mem_text(line);
    const char *words[3] = {"", "", ""};
    char *rest = copy;
    size_t count = 0;
    size_t used;

    while (rest != NULL && count < 3)
        words[count++] = strsep(&rest, " ");
    return command_find(&used, words, count);
}

static void show(struct watch *w, const char *screen, const char *form)
{
    struct household *h = &w->h;
    const char *login = history_login(h);
    SCOPED(mem_freep) char *what = NULL;
    char line[256];

    fill(line, sizeof line, screen, w);
    snprintf(line + strlen(line), sizeof line - strlen(line), "%s", form);
    household_type(h, h->secondary, login, line);
    what = mem_format("%s, for %s,", line, login == NULL ? "all" : login);
    look_at(w, what, w->h.world->out);
    look_at(w, what, w->h.world->err);
    if (strstr(w->h.world->out, HUSH_NOTE) != NULL && login != NULL &&
        strcmp(login, "dddsl") != 0)
        fail_msg("%s shows why somebody is restricted", what);
}

static void show_in_some_form(struct watch *w, const char *screen)
{
    static const char *const forms[] = {"", " --json", " --csv"};
    static const unsigned needed[] = {0, COMMAND_JSON, COMMAND_CSV};
    const struct command *command = command_of(screen);
    unsigned form = household_roll(&w->h, 3);

    if (command == NULL)
        fail_msg("%s is no command", screen);
    while ((command->has & needed[form]) != needed[form])
        form--;
    show(w, screen, forms[form]);
}

/* A session that everybody is invited to and that does not take place: whom to
 * tell is printed. */
static void cancel_one(struct watch *w)
{
    struct household *h = &w->h;
    SCOPED(mem_freep) char *line = NULL;
    json_t *added;
    json_int_t n;

    household_type(h, h->secondary, NULL,
        "session add --type online --start 2027-07-19+18:00 --place home "
        "--publish --json");
    added = household_json(h);
    n = json_integer_value(
        json_object_get(json_object_get(added, "session"), "session"));
    json_decref(added);
    for (unsigned contact = 1; contact <= ADULTS; contact++) {
        SCOPED(mem_freep)
        char *invite = mem_format("invite %s --session %lld --contact %u "
                                  "--rsvp yes",
            h->id, (long long)n, contact);

        show(w, invite, "");
    }
    household_restrict(h);
    cli_exchange(h->world);
    line = mem_format("session cancel %lld --reason ill", (long long)n);
    show_in_some_form(w, line);
}

/* --- tests -----------------------------------------------------------------
 */

static void live(void *arg, unsigned seed)
{
    struct watch *w = arg;
    struct household *h = &w->h;

    history_begin(h, seed);
    for (unsigned step = 0; step < STEPS; step++) {
        history_step(h, 500 + seed * STEPS + step);
        for (int i = 0; i < 3; i++)
            show_in_some_form(w, SCREENS[household_roll(h, SCREEN_COUNT)]);
    }
    for (size_t i = 0; i < SCREEN_COUNT; i++)
        show_in_some_form(w, SCREENS[i]);
    cancel_one(w);
    look_at_log(w);
    history_end(h);
}

static void test_no_output_betrays_a_restricted_adult(void **state)
{
    struct watch w = {.looked = 0};

    (void)state;
    history_each(&w.h, HISTORIES, live, &w);
    /* It saw something: people were hidden, and others were named meanwhile. */
    print_message("%u outputs, %u while somebody was hidden, %u named others\n",
        w.looked, w.guarded, w.named);
    assert_true(w.guarded > w.looked / 4);
    assert_true(w.named > w.guarded / 20);
}

/* Commands that are no screen of the secondary's, each for a reason. */
static bool is_elsewhere(const char *name)
{
    static const char *const names[] = {/* what histories are made of */
        "read", "review", "plan", "barrier", "actions add", "tutor set",
        "support check", "support refer", "session mark", "entry mark",
        "session add", "staff add", "answer", "restrict add", "restrict end",
        "recall",
        /* say what was done, and to whom it was done nothing */
        "actions done", "actions drop", "support state", "session publish",
        "session cancel", "staff edit", "staff retire", "dates set",
        "quarantine show", "quarantine retry", "quarantine drop", "waitsync",
        "approve", "quarantine approve",
        /* files of the primary, or sealed */
        "leavers import", "tutor load", "offers load", "offers list",
        "offers drop", "callsheet print", "callsheet enter", "strategy set",
        "strategy end", "strategy list", "leavers send", "leavers template",
        "dest set", "backup", "restore", "doctor",
        /* without a family */
        "version", "help", "enrol", "join", "keys rotate", "keys show"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return strncmp(name, "cluster ", 8) == 0;
}

static void test_every_command_is_looked_at_or_excused(void **state)
{
    const struct command *command;

    (void)state;
    for (size_t i = 0; (command = command_at(i)) != NULL; i++) {
        bool seen = is_elsewhere(command->name);

        seen |= strcmp(command->name, "session cancel") == 0;
        for (size_t j = 0; j < SCREEN_COUNT; j++)
            seen |= command_of(SCREENS[j]) == command;
        if (!seen)
            fail_msg("add %s to SCREENS", command->name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_command_is_looked_at_or_excused),
        cmocka_unit_test(test_no_output_betrays_a_restricted_adult),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

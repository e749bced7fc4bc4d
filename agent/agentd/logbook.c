/* logbook - what came of a try, in seconds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agentd/actions.h"
#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/card.h"
#include "agentd/checklist.h"
#include "agentd/history.h"
#include "agentd/leaver_json.h"
#include "agentd/next.h"
#include "agentd/plea.h"
#include "agentd/post.h"
#include "base/err.h"
#include "base/mem.h"
#include "outreach/languages.h"
#include "outreach/when.h"

#define PAPER_DAYS 7

/* A try while it is being taken down. */
struct entry {
    struct request *request;
    struct casework_file *file;
    const struct reach_person *person;
    const struct outcome_row *row;
    struct event event;
    char language[8];
    bool restricted; /* the person must not be contacted */
    bool asked;      /* the primary, for another number */
    bool booked;     /* an interpreter */
    struct checklist also;
};

static int read_time(struct entry *e, struct err *err)
{
    struct event_attempt *a = &e->event.u.attempt;
    const char *text;
    int rc = args_text(&text, e->request->args, "call_back", 40, err);

    if (rc == 0 && text[0] != '\0')
        rc = when_parse(
            &a->call_back, text, e->request->agent->casework->now, err);
    if (rc == 0 && e->row->note == NOTE_TIME && a->call_back.ms == 0) {
        e->request->next = "moveup log call-back --call-back \"thu 17:40\"";
        return err_set(err, ERR_USAGE, "say when to call back");
    }
    return rc;
}

/* When it was, if it is entered later from paper: in the last week. */
static int read_past(struct entry *e, struct err *err)
{
    const wall now = e->request->agent->casework->now;
    const wall begin = {now.ms - (int64_t)PAPER_DAYS * 24 * 3600 * 1000};
    const char *text;
    int rc = args_text(&text, e->request->args, "at", 40, err);

    e->event.at = now;
    if (rc < 0 || text[0] == '\0')
        return rc;
    rc = strchr(text, '-') == NULL ? ERR_USAGE
                                   : when_parse(&e->event.at, text, begin, err);
    e->request->next = "moveup log ... --at \"2027-06-15 18:10\"";
    if (rc < 0 || e->event.at.ms > now.ms)
        return err_set(err, ERR_USAGE,
            "say when it was: a day and time of the last %d days", PAPER_DAYS);
    e->request->next = "";
    return 0;
}

static enum event_channel usual_channel(enum outcome outcome)
{
    switch ((int)outcome) {
    case OUTCOME_SENT:
    case OUTCOME_BOUNCED:
        return CHANNEL_TEXT;
    case OUTCOME_REPLIED:
        return CHANNEL_EMAIL;
    case OUTCOME_MET:
        return CHANNEL_AT_SECONDARY;
    case OUTCOME_NOT_IN:
        return CHANNEL_HOME_VISIT;
    default:
        return CHANNEL_VOICE;
    }
}

static int read_channel(struct entry *e, struct err *err)
{
    struct event_attempt *a = &e->event.u.attempt;
    const char *text;
    int rc = args_text(&text, e->request->args, "by", 20, err);

    if (rc < 0)
        return rc;
    a->channel =
        text[0] == '\0' ? usual_channel(a->outcome) : event_channel_parse(text);
    if (a->channel == 0)
        return err_set(err, ERR_USAGE,
            "not a way of reaching somebody; say voice, text, email, letter, "
            "at-primary, at-secondary, home-visit, video or via-primary");
    return 0;
}

static int read_words(struct entry *e, struct err *err)
{
    struct event_attempt *a = &e->event.u.attempt;
    const json_t *args = e->request->args;
    const char *outcome;
    const char *language;
    int rc = args_need(&outcome, args, "outcome", 24, err);

    if (rc == 0)
        rc = outcome_parse(&a->outcome, outcome, err);
    if (rc == 0 && a->outcome == OUTCOME_STOPPED_RESTRICTED)
        rc = err_set(err, ERR_USAGE, "the agent itself says when it stopped");
    if (rc == 0)
        rc = args_text(&a->said, args, "said", EVENT_MAX_TEXT, err);
    if (rc == 0)
        rc = args_text(&a->note, args, "note", EVENT_MAX_TEXT, err);
    if (rc == 0)
        rc = args_text(&language, args, "language", 7, err);
    if (rc < 0)
        return rc;
    if (language[0] != '\0')
        a->language = languages_code(e->language, language);
    e->row = outcome_row(a->outcome);
    a->inbound =
        args_flag(args, "inbound") || a->outcome == OUTCOME_INBOUND_MISSED;
    a->concern = args_flag(args, "concern");
    a->interpreter = args_flag(args, "interpreter");
    a->voicemail = a->outcome == OUTCOME_VM_LEFT;
    return 0;
}

/* --- whom, and by which number --- */

static void use_suggestion(struct entry *e)
{
    struct event_attempt *a = &e->event.u.attempt;
    const struct event_lease *lease = e->file->state.lease;
    struct planner_suggestion s;
    const struct reach_point *point;

    if (lease != NULL && lease->contact != 0) {
        e->person = reach_who(&e->file->reach, e->file->reach_pupils,
            e->file->pupil_count, lease->record, lease->contact);
        e->restricted = e->person == NULL; /* hidden since it was leased */
        a->record = lease->record;
        a->contact = lease->contact;
        a->value = e->restricted ? "" : lease->value;
        return;
    }
    desk_suggest(&s, e->request, e->file);
    e->person = reach_person(&e->file->reach, s.contact);
    point = e->person == NULL ? NULL : reach_point(e->person, s.point);
    a->value = point == NULL ? "" : point->value;
}

/* Contact 2 of the second pupil is 102. */
static bool is_hidden(const struct casework_file *file, int64_t n)
{
    const size_t place = (size_t)(n / 100);

    return place < file->pupil_count &&
           leaver_contact(&file->pupils[place]->leaver, (uint32_t)(n % 100)) !=
               NULL;
}

static int named_person(struct entry *e, int64_t n, struct err *err)
{
    struct event_attempt *a = &e->event.u.attempt;

    e->person = reach_person(&e->file->reach, (uint32_t)n);
    if (e->person != NULL)
        return 0;
    e->restricted = is_hidden(e->file, n);
    if (!e->restricted)
        return err_set(err, ERR_USAGE, "there is no contact with that number");
    a->record = e->file->pupils[n / 100]->row.id;
    a->contact = (uint32_t)(n % 100);
    return 0;
}

/* A number typed instead of a point's: it may be a restricted adult's. */
static void typed_number(struct entry *e, const char *typed)
{
    struct event_attempt *a = &e->event.u.attempt;

    for (size_t i = 0; i < e->file->pupil_count; i++)
        e->restricted |= visible_betrays(&e->file->pupils[i]->leaver, typed);
    a->value = e->restricted ? "" : typed;
}

static int read_person(struct entry *e, char value[320], struct err *err)
{
    const json_t *args = e->request->args;
    struct event_attempt *a = &e->event.u.attempt;
    const struct reach_point *point;
    const char *typed;
    int64_t n = 0;
    int64_t number = 0;
    int rc = args_text(&typed, args, "phone", 320, err);

    if (rc == 0 && json_object_get(args, "contact") != NULL)
        rc = args_number(&n, args, "contact", 1, 3299, err);
    if (rc == 0 && json_object_get(args, "point") != NULL)
        rc = args_number(&number, args, "point", 1, 9999, err);
    if (rc == 0 && n != 0)
        rc = named_person(e, n, err);
    if (rc < 0)
        return rc;
    if (n == 0)
        use_suggestion(e);
    if (number != 0 && e->person != NULL) {
        point = reach_point(e->person, (uint32_t)number);
        if (point == NULL)
            return err_set(
                err, ERR_USAGE, "that contact has no number with that number");
        a->value = point->value;
    } else if (n != 0 && e->person != NULL && e->person->point_count > 0)
        a->value = e->person->points[0].value;
    if (typed[0] != '\0')
        typed_number(e, desk_value(value, typed));
    return 0;
}

static int check_person(struct entry *e, struct err *err)
{
    struct event_attempt *a = &e->event.u.attempt;

    if (a->value == NULL)
        a->value = "";
    if (e->person != NULL) {
        a->record = e->person->record;
        a->contact = e->person->contact;
    }
    if (e->row->contact && e->person == NULL && !e->restricted) {
        e->request->next = "moveup card CASE shows the numbers for --contact";
        return err_set(err, ERR_USAGE, "say with whom: --contact N");
    }
    if (a->outcome == OUTCOME_VM_LEFT && e->person != NULL &&
        e->person->no_voicemail) {
        e->request->next = "Tell your safeguarding lead if one was left";
        return err_set(err, ERR_DENIED,
            "no voicemail may be left for this person; log vm-none");
    }
    return 0;
}

/* Staff may do otherwise than was suggested; that they did is kept.  What was
 * suggested is what the lease says, or what would be now. */
static bool is_own_choice(const struct entry *e)
{
    const struct event_attempt *a = &e->event.u.attempt;
    const struct event_lease *lease = e->file->state.lease;
    const struct reach_person *person;
    const struct reach_point *point;
    struct planner_suggestion s;

    if (a->inbound || e->restricted || !e->row->is_try)
        return false;
    if (lease != NULL && lease->contact == a->contact &&
        lease->record == a->record && strcmp(lease->value, a->value) == 0 &&
        a->channel == CHANNEL_VOICE)
        return false;
    desk_suggest(&s, e->request, e->file);
    person = reach_person(&e->file->reach, s.contact);
    if (person == NULL)
        return s.channel != a->channel;
    point = reach_point(person, s.point);
    return s.channel != a->channel || person != e->person ||
           (point != NULL && a->value[0] != '\0' &&
               strcmp(point->value, a->value) != 0);
}

/* --- taking it down --- */

static int find_file(struct entry *e, struct err *err)
{
    int rc;

    if (json_object_get(e->request->args, "case") != NULL)
        return desk_case(&e->file, e->request, err);
    rc = casework_refresh(e->request->agent, err);
    if (rc < 0)
        return rc;
    e->file = next_held(e->request);
    e->request->next = "moveup next takes a family, or say its case: moveup "
                       "log 118 no-answer";
    if (e->file == NULL)
        return err_set(err, ERR_STATE, "you have no family just now");
    e->request->next = "";
    return 0;
}

/* What was heard, else what the record says. */
static const char *spoken_language(const struct entry *e)
{
    const char *heard = e->event.u.attempt.language;

    if (heard != NULL && heard[0] != '\0')
        return heard;
    return e->person == NULL ? "" : e->person->language;
}

static int store(struct entry *e, struct err *err)
{
    struct request *request = e->request;
    struct db *db = request->agent->db;
    int rc = db_begin(db, err);

    if (rc == 0)
        rc = desk_add(request, &e->event, err);
    if (rc == 0)
        rc = plea_after(request->agent, e->file, &e->event, err);
    e->asked = rc > 0;
    rc = rc > 0 ? 0 : rc;
    if (rc == 0 && e->event.u.attempt.outcome == OUTCOME_LANGUAGE) {
        rc =
            actions_book_interpreter(request, e->file, spoken_language(e), err);
        e->booked = rc > 0;
        rc = rc > 0 ? 0 : rc;
    }
    if (rc == 0 && !e->restricted)
        rc = checklist_store(&e->also, request, e->file, e->person, err);
    if (rc == 0)
        rc = people_audit(db, clock_wall(), request->actor.login, "log", NULL,
            e->file->family, outcome_row(e->event.u.attempt.outcome)->name,
            err);
    if (rc == 0)
        rc = db_commit(db, err);
    return rc;
}

/* Nothing of the call is kept but that it was stopped. */
static int stop(struct entry *e, struct err *err)
{
    struct event_attempt *a = &e->event.u.attempt;
    int rc;

    a->outcome = OUTCOME_STOPPED_RESTRICTED;
    a->value = a->said = a->note = a->language = "";
    a->call_back = (wall){0};
    rc = store(e, err);
    e->request->next = "Ring nobody of this family: your safeguarding lead "
                       "sees it on the list and decides";
    return rc < 0 ? rc
                  : err_set(err, ERR_DENIED,
                        "that person must not be contacted; this was noted as "
                        "stopped");
}

static json_t *logged_json(const struct entry *e)
{
    const struct casework_file *file =
        casework_find(e->request->agent, e->event.family);
    const struct state *state = &file->state;
    struct planner_suggestion s;
    char id[24];

    desk_suggest(&s, e->request, file);
    snprintf(id, sizeof id, "%lld", (long long)file->family);
    return json_pack(
        "{s:s,s:s,s:s,s:s,s:b,s:I,s:o,s:o,s:o,s:o,s:b,s:o,s:b,s:b,s:b}", "case",
        id, "outcome", e->row->name, "text", e->row->text, "state",
        state_name(state->code), "contacted", state->contacted_at.ms != 0,
        "tries", (json_int_t)state->tries, "next_at",
        args_time(state->call_back_at.ms != 0 ? state->call_back_at.ms
                                              : state->next_at.ms),
        "suggest", card_suggestion(&s), "to_do", history_to_do(file), "pupils",
        card_pupils(e->request, file), "concern",
        e->event.u.attempt.concern ||
            e->event.u.attempt.outcome == OUTCOME_CONCERN,
        "also", checklist_json(&e->also), "own_choice",
        e->event.u.attempt.own_choice, "asked_number", e->asked,
        "interpreter_booked", e->booked);
}

int logbook_log(json_t **result, struct request *request, struct err *err)
{
    struct entry e = {.request = request, .event = {.kind = EVENT_ATTEMPT}};
    char value[320];
    int rc = read_words(&e, err);

    if (rc == 0)
        rc = find_file(&e, err);
    if (rc == 0)
        rc = read_channel(&e, err);
    if (rc == 0)
        rc = read_time(&e, err);
    if (rc == 0)
        rc = read_past(&e, err);
    if (rc == 0)
        rc = read_person(&e, value, err);
    if (rc == 0)
        rc = check_person(&e, err);
    if (rc == 0)
        rc = checklist_read(&e.also, request, &e.event.u.attempt, err);
    if (rc < 0)
        return rc;
    e.event.family = e.file->family;
    e.event.u.attempt.band = bands_of(e.event.at);
    e.event.u.attempt.own_choice = is_own_choice(&e);
    if (e.restricted)
        return stop(&e, err);
    rc = store(&e, err);
    if (rc == 0 && (e.row->point != POINT_AS_IS || e.also.asked))
        post_kick(request->agent->post); /* the primary was asked */
    if (rc == 0)
        rc = casework_refresh(request->agent, err);
    if (rc == 0)
        *result = json_pack("{s:o}", "logged", logged_json(&e));
    return rc;
}

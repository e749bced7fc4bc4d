/*
 * wishes - how a family wants to be reached, and what stands in its way: as
 * stated, noticed or only assumed.
 */
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/card.h"
#include "base/err.h"
#include "outreach/languages.h"

static int store(json_t **result, struct request *request, struct event *event,
    const char *action, struct err *err)
{
    const int rc = desk_store(request, event, action, err);

    if (rc == 0)
        *result = card_answer(request, event->family);
    return rc;
}

/* "EVE,SAT" to a set. */
static int read_bands(uint32_t *out, const struct request *request,
    const char *key, struct err *err)
{
    const char *text;
    int rc = args_text(&text, request->args, key, 40, err);

    *out = 0;
    while (rc == 0 && *text != '\0') {
        const size_t len = strcspn(text, ", ");
        char word[8] = "";
        enum band band = BAND_MORNING;

        memcpy(word, text, len < sizeof word ? len : sizeof word - 1);
        rc = bands_parse(&band, word, err);
        *out |= BAND_BIT(band);
        text += len + strspn(text + len, ", ");
    }
    return rc;
}

static int read_interpreter(
    enum interpreter *out, const struct request *request, struct err *err)
{
    static const char *const words[] = {"", "no", "spoken", "bsl"};
    const char *text;
    int rc = args_text(&text, request->args, "interpreter", 8, err);

    for (size_t i = 0; rc == 0 && i < 4; i++)
        if (strcmp(words[i], text) == 0) {
            *out = (enum interpreter)i;
            return 0;
        }
    return rc < 0 ? rc
                  : err_set(err, ERR_USAGE,
                        "interpreter must be no, spoken or bsl");
}

static int read_wishes(struct event_preference *p, char language[8],
    const struct request *request, struct err *err)
{
    const json_t *args = request->args;
    const char *by;
    const char *code;
    int rc = read_bands(&p->good_bands, request, "good", err);

    if (rc == 0)
        rc = read_bands(&p->bad_bands, request, "bad", err);
    if (rc == 0)
        rc = args_text(&by, args, "by", 20, err);
    if (rc == 0)
        rc = args_text(&code, args, "language", 7, err);
    if (rc == 0)
        rc = args_text(&p->caller, args, "caller", 32, err);
    if (rc == 0)
        rc = read_interpreter(&p->interpreter, request, err);
    if (rc < 0)
        return rc;
    p->unknown_numbers_unanswered = args_flag(args, "no_unknown_number");
    p->language = code[0] == '\0' ? "" : languages_code(language, code);
    p->channel = event_channel_parse(by);
    if (by[0] != '\0' && p->channel == 0)
        return err_set(err, ERR_USAGE, "not a way of reaching somebody");
    return 0;
}

/* What was stated before and is not spoken of now stays. */
static void keep_stated(
    struct event_preference *fresh, const struct event_preference *known)
{
    if (known == NULL)
        return;
    if (fresh->good_bands == 0)
        fresh->good_bands = known->good_bands;
    if (fresh->bad_bands == 0)
        fresh->bad_bands = known->bad_bands;
    if (fresh->channel == 0)
        fresh->channel = known->channel;
    if (fresh->caller[0] == '\0')
        fresh->caller = known->caller;
    if (fresh->language[0] == '\0')
        fresh->language = known->language;
    if (fresh->interpreter == INTERPRETER_UNKNOWN)
        fresh->interpreter = known->interpreter;
    fresh->unknown_numbers_unanswered |= known->unknown_numbers_unanswered;
}

int wishes_set(json_t **result, struct request *request, struct err *err)
{
    struct event event = {.kind = EVENT_PREFERENCE};
    const struct reach_person *person;
    struct casework_file *file;
    char language[8];
    int64_t n = 0;
    int rc = desk_case(&file, request, err);

    if (rc == 0)
        rc = args_number(&n, request->args, "contact", 1, 3299, err);
    if (rc == 0)
        rc = read_wishes(&event.u.preference, language, request, err);
    if (rc < 0)
        return rc;
    person = reach_person(&file->reach, (uint32_t)n);
    request->next = "moveup card CASE shows the numbers for --contact";
    if (person == NULL)
        return err_set(err, ERR_USAGE, "there is no contact with that number");
    event.family = file->family;
    event.u.preference.record = person->record;
    event.u.preference.contact = person->contact;
    keep_stated(&event.u.preference, person->wishes);
    return store(result, request, &event, "wishes", err);
}

/* --- barriers --- */

static int read_word(uint32_t *out, const struct request *request,
    const char *key, const char *const *words, struct err *err)
{
    const char *text;
    int rc = args_text(&text, request->args, key, 24, err);

    *out = 1;
    if (rc < 0 || text[0] == '\0')
        return rc;
    for (uint32_t i = 0; words[i] != NULL; i++)
        if (strcmp(words[i], text) == 0) {
            *out = i + 1;
            return 0;
        }
    return err_set(err, ERR_USAGE, "%s: not one of the words for it", key);
}

static int read_barrier(
    struct event_barrier *b, const struct request *request, struct err *err)
{
    static const char *const sources[] = {
        "stated", "observed", "assumed", NULL};
    static const char *const statuses[] = {
        "open", "adjusted", "resolved", "not-a-barrier", NULL};
    const json_t *args = request->args;
    const char *code;
    const char *adjustment;
    uint32_t source = 1;
    uint32_t status = 1;
    int rc = args_need(&code, args, "barrier", 32, err);

    if (rc == 0)
        rc = read_word(&source, request, "source", sources, err);
    if (rc == 0)
        rc = read_word(&status, request, "status", statuses, err);
    if (rc == 0)
        rc = args_text(&adjustment, args, "adjustment", 32, err);
    if (rc == 0)
        rc = args_text(&b->note, args, "note", EVENT_MAX_TEXT, err);
    if (rc < 0)
        return rc;
    b->barrier = event_barrier_parse(code);
    b->source = (enum barrier_source)source;
    b->status = (enum barrier_status)status;
    b->adjustment = event_adjustment_parse(adjustment);
    b->worked = args_flag(args, "worked");
    if (b->barrier == 0)
        return err_set(err, ERR_USAGE,
            "not a barrier; say time, language, childcare, literacy, "
            "school-system, prior-negative-experience, transport, "
            "no-credit-or-data, health-or-disability, caring, "
            "temporary-housing, trust-or-fear, safety or other");
    if (adjustment[0] != '\0' && b->adjustment == ADJUST_NONE)
        return err_set(err, ERR_USAGE,
            "not an adjustment; moveup help barrier lists them");
    return 0;
}

int wishes_barrier(json_t **result, struct request *request, struct err *err)
{
    struct event event = {.kind = EVENT_BARRIER};
    struct casework_file *file;
    int rc = desk_case(&file, request, err);

    if (rc == 0)
        rc = read_barrier(&event.u.barrier, request, err);
    if (rc < 0)
        return rc;
    event.family = file->family;
    return store(result, request, &event, "barrier", err);
}

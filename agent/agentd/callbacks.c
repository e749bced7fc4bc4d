/* callbacks - who waits to be called back, or rang and was not answered. */
#include <stdio.h>
#include <stdlib.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/card.h"
#include "agentd/leaver_json.h"
#include "base/err.h"
#include "base/mem.h"

static json_t *call_back_json(
    const struct request *request, const struct casework_file *file)
{
    const struct state *s = &file->state;
    const wall now = request->agent->casework->now;
    const bool missed = s->missed_at.ms != 0;
    const wall when = missed ? s->missed_at : s->call_back_at;
    const struct event_attempt *last =
        s->last == NULL ? NULL : &s->last->u.attempt;
    const struct reach_person *person =
        last == NULL ? NULL
                     : reach_who(&file->reach, file->reach_pupils,
                           file->pupil_count, last->record, last->contact);
    char id[24];

    snprintf(id, sizeof id, "%lld", (long long)file->family);
    return json_pack("{s:s,s:o,s:s,s:b,s:b,s:o,s:o}", "case", id, "when",
        args_time(when.ms), "with", missed ? "" : s->call_back_with, "missed",
        missed, "overdue", when.ms <= now.ms, "pupils",
        card_pupils(request, file), "contact",
        person == NULL ? args_string("")
                       : leaver_json_name(person->seen->contact));
}

static bool is_waiting(const struct casework_file *file, wall now, bool today)
{
    const struct state *s = &file->state;

    if (file->pupil_count == 0 ||
        (s->code < STATE_CONTACTED && s->code != STATE_COMPLETE))
        return false;
    if (s->missed_at.ms != 0)
        return true;
    return s->call_back_at.ms != 0 &&
           (!today ||
               date_compare(date_today(s->call_back_at), date_today(now)) <= 0);
}

static wall waits_since(const struct casework_file *file)
{
    return file->state.missed_at.ms != 0 ? file->state.missed_at
                                         : file->state.call_back_at;
}

static int by_time(const void *a, const void *b)
{
    const struct casework_file *const *x = a;
    const struct casework_file *const *y = b;
    const int64_t left = waits_since(*x).ms;
    const int64_t right = waits_since(*y).ms;

    return (left > right) - (left < right);
}

int callbacks_list(json_t **result, struct request *request, struct err *err)
{
    struct casework *c = request->agent->casework;
    SCOPED(mem_freep) const struct casework_file **waiting = NULL;
    json_t *list = json_array();
    size_t count = 0;
    int rc;

    *result = json_pack("{s:o}", "callbacks", list);
    rc = casework_refresh(request->agent, err);
    if (rc < 0)
        return rc;
    waiting = mem_alloc((c->count + 1) * sizeof *waiting);
    for (size_t i = 0; i < c->count; i++)
        if (is_waiting(c->files[i], c->now, args_flag(request->args, "today")))
            waiting[count++] = c->files[i];
    qsort(waiting, count, sizeof *waiting, by_time);
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, call_back_json(request, waiting[i]));
    return requests_audit(request, "callbacks", NULL, 0, "", err);
}

#include "hub/visit.h"

#include "base/err.h"
#include "base/log.h"

bool visit_say(struct engine *engine, const struct listener_peer *peer,
    const struct hubtalk *talk, struct bytes body)
{
    buf_clear(&engine->talk);
    hubtalk_encode(&engine->talk, talk);
    return engine->callbacks.send(engine->callbacks.arg, peer,
               buf_bytes(&engine->talk), body) != ERR_NOT_FOUND;
}

bool visit_answer(const struct visit *visit, const struct hubtalk *talk)
{
    return visit_say(visit->engine, visit->peer, talk, (struct bytes){NULL, 0});
}

void visit_refuse(const struct visit *visit, enum reason reason)
{
    visit->engine->counts.refused[reason]++;
    visit_answer(
        visit, &(struct hubtalk){.kind = HUBTALK_REFUSED, .reason = reason});
}

void visit_count(const struct visit *visit, enum reason reason)
{
    struct engine *engine = visit->engine;

    if (visit->school != NULL)
        watch_of(&engine->watch, &visit->school->laestab)->complaints++;
    if (nuisance_count(
            &engine->nuisance, visit->peer->curve_key, visit->now->mono))
        log_line(engine->log, LOG_WARN,
            "too many senseless messages: not heard for a minute",
            "school=%s reason=%s",
            visit->school == NULL ? "none" : visit->school->laestab.text,
            reason_code(reason));
}

void visit_complain(const struct visit *visit, enum reason reason)
{
    visit_refuse(visit, reason);
    visit_count(visit, reason);
}

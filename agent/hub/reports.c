#include "hub/reports.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "conf/settings.h"
#include "hub/visit.h"
#include "store/traces.h"
#include "wire/hubreport.h"

/* Room for the message around the schools. */
#define BODY_BYTES (HUBREPORT_MAX_BYTES - 4096)
#define MIB ((uint64_t)1024 * 1024)

/* A report must not use up what is reserved for receipts; the next one comes
 * soon. */
static bool has_room(const struct engine *engine)
{
    const struct engine_callbacks *callbacks = &engine->callbacks;

    return callbacks->free_disk(callbacks->arg) / MIB >=
           (uint64_t)engine->settings->disk_reserve_mib;
}

void reports_take(struct visit *visit)
{
    struct engine *engine = visit->engine;
    struct watch_school *seen =
        watch_of(&engine->watch, &visit->school->laestab);

    if (visit->body.len > ENGINE_MAX_REPORT)
        visit_refuse(visit, REASON_TOO_LARGE);
    else if (visit->body.len == 0 ||
             !watch_may(&seen->reports, WATCH_MAX_REPORTS, visit->now->mono))
        visit_complain(visit, REASON_BAD_REQUEST);
    else if (has_room(engine))
        (void)drain_report(&engine->drain, &visit->school->laestab, visit->body,
            visit->now->wall);
}

/* --- REPORTS --- */

static int by_laestab(const void *a, const void *b)
{
    const struct directory_school *const *left = a;
    const struct directory_school *const *right = b;

    return strcmp((*left)->laestab.text, (*right)->laestab.text);
}

/* A report that cannot be read is one that is not there. */
static void fill_school(struct hubreport_school *out, struct engine *engine,
    const struct laestab *school)
{
    const struct watch_school *seen = watch_find(&engine->watch, school);
    struct mailbox_report report;
    struct mailbox_use use;

    mailbox_use(&use, engine->db, school, NULL);
    *out = (struct hubreport_school){
        .school = *school, .waiting = use.letters, .oldest = use.oldest};
    if (seen != NULL) {
        out->heard = seen->heard;
        out->turned_away = seen->turned_away;
        out->turned_away_at = seen->turned_away_at;
        out->complaints = seen->complaints;
        out->crowded = seen->crowded;
    }
    if (mailbox_find_report(&report, engine->db, school, &engine->arena, NULL) <
        0)
        return;
    out->reported = report.at;
    out->report = report.report;
}

/* As many of the schools behind `after` as fit. */
static void fill(struct hubreport *out, const struct visit *visit)
{
    const struct directory_content *directory = members_content(visit->members);
    struct arena *arena = &visit->engine->arena;
    const struct directory_school **order =
        arena_take(arena, (directory->school_count + 1) * sizeof *order);
    size_t bytes = 0;

    for (size_t i = 0; i < directory->school_count; i++)
        order[i] = &directory->schools[i];
    qsort(order, directory->school_count, sizeof *order, by_laestab);
    out->schools =
        arena_take(arena, (directory->school_count + 1) * sizeof *out->schools);
    for (size_t i = 0; i < directory->school_count; i++) {
        struct hubreport_school *school = &out->schools[out->school_count];

        if (strcmp(order[i]->laestab.text, visit->talk.after.text) <= 0)
            continue;
        fill_school(school, visit->engine, &order[i]->laestab);
        bytes += hubreport_school_bytes(school);
        if (bytes > BODY_BYTES) {
            out->more = true;
            return;
        }
        out->school_count++;
    }
}

void reports_tell(struct visit *visit)
{
    struct engine *engine = visit->engine;
    const struct engine_callbacks *callbacks = &engine->callbacks;
    SCOPED(buf_free) struct buf body = BUF_EMPTY;
    struct hubreport report = {.time = visit->now->wall,
        .directory = members_version(visit->members),
        .started = engine->started,
        .disk_free_mib = callbacks->free_disk(callbacks->arg) / MIB};
    struct err err = {.text = ""};

    arena_clear(&engine->arena);
    snprintf(report.software, sizeof report.software, "%s", MOVEUP_VERSION);
    fill(&report, visit);
    if (hubreport_encode(&body, &report, &err) < 0) {
        log_line(engine->log, LOG_ERROR, "cannot hand out the reports",
            "why=\"%s\"", err.text);
        visit_refuse(visit, REASON_TOO_LARGE);
        return;
    }
    visit_say(engine, visit->peer,
        &(struct hubtalk){.kind = HUBTALK_REPORTS_ARE}, buf_bytes(&body));
}

/* --- TRACE --- */

/* What the hub attests of it, to be signed by it. */
static void attest(struct hubreport_letter *out, struct engine *engine,
    const struct attest *what)
{
    SCOPED(buf_free) struct buf is_signed = BUF_EMPTY;
    SCOPED(buf_free) struct buf plain = BUF_EMPTY;

    attested_write(&is_signed, &plain, engine, what);
    out->is_signed.len = is_signed.len;
    out->is_signed.data =
        (uint8_t *)arena_copy(&engine->arena, buf_bytes(&is_signed));
    out->plain.len = plain.len;
    out->plain.data = (uint8_t *)arena_copy(&engine->arena, buf_bytes(&plain));
}

static struct hubreport_letter as_letter(
    struct visit *visit, const struct traces_letter *from)
{
    struct header header;
    struct attest what;
    struct hubreport_letter out = {.id = from->envelope,
        .author = from->author,
        .recipient = from->recipient,
        .lane = from->lane,
        .put = from->put_at,
        .acked = from->acked_at,
        .expires = from->expires_at,
        .waits = from->waits};

    if (from->header.len == 0 ||
        envelope_decode(&header, from->header, NULL) < 0)
        return out;
    out.epoch = header.epoch;
    out.first = header.first;
    out.last = header.last;
    what = attested_trail(visit->engine, from, &header);
    what.time = visit->now->wall;
    if (what.count > 0)
        attest(&out, visit->engine, &what);
    return out;
}

/* A letter that was refused was never kept. */
static struct hubreport_letter as_refused(
    struct visit *visit, const struct attest *refused)
{
    const struct header *header = &refused->header;
    struct attest what = *refused;
    struct hubreport_letter out = {.id = refused->id,
        .author = header->author,
        .recipient = header->recipient,
        .lane = header->lane,
        .epoch = header->epoch,
        .first = header->first,
        .last = header->last};

    what.time = visit->now->wall;
    attest(&out, visit->engine, &what);
    return out;
}

static void add_refused(struct hubreport_trace *trace, struct visit *visit)
{
    const struct attested_refusals *refusals = &visit->engine->refusals;

    for (size_t i = 0; i < ATTESTED_MAX_REFUSALS; i++)
        if (trace->count < HUBREPORT_MAX_LETTERS &&
            refusals->rows[i].count > 0 &&
            memcmp(refusals->rows[i].id.bytes, visit->talk.id.bytes,
                visit->talk.id_len) == 0)
            trace->letters[trace->count++] =
                as_refused(visit, &refusals->rows[i]);
}

void reports_trace(struct visit *visit)
{
    struct engine *engine = visit->engine;
    SCOPED(buf_free) struct buf body = BUF_EMPTY;
    struct traces_letter letters[HUBREPORT_MAX_LETTERS];
    struct hubreport_trace trace = {.count = 0};
    struct err err = {.text = ""};
    int count;

    arena_clear(&engine->arena);
    count = traces_find(letters, HUBREPORT_MAX_LETTERS, engine->db,
        (struct bytes){visit->talk.id.bytes, visit->talk.id_len},
        &engine->arena, &err);
    for (int i = 0; i < count; i++)
        trace.letters[trace.count++] = as_letter(visit, &letters[i]);
    add_refused(&trace, visit);
    if (count < 0 || hubreport_encode_trace(&body, &trace, &err) < 0) {
        log_line(engine->log, LOG_ERROR, "cannot trace a letter", "why=\"%s\"",
            err.text);
        visit_refuse(visit, REASON_BAD_REQUEST);
        return;
    }
    visit_say(engine, visit->peer, &(struct hubtalk){.kind = HUBTALK_TRACE_IS},
        buf_bytes(&body));
}

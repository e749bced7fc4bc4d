/* wire_report_sample - a school's report and a hub's, for tests and fuzz
 * seeds. */
#ifndef TESTS_WIRE_REPORT_SAMPLE_H
#define TESTS_WIRE_REPORT_SAMPLE_H

#include "wire/attest.h"
#include "wire/hubreport.h"

#define WIRE_REPORT_AT ((wall){1813046520000})

static inline void wire_sample_pair(
    struct report_pair *out, const char *school, enum lane lane)
{
    *out = (struct report_pair){.leavers = 60,
        .sent = 57,
        .received = 50,
        .applied = 44,
        .read = 31,
        .unreceived = {1813000000001},
        .unapplied = {1813000000002},
        .unread = {1813000000003},
        .urgent = {1813000000004},
        .stream_count = 1,
        .streams = {{lane, {{7, 0, 9}}, 90, 80, 70}}};
    memcpy(out->school.text, school, LAESTAB_SIZE);
}

/** Every field is set; the pairs are in arena. */
static inline void wire_sample_report(struct report *out, struct arena *arena)
{
    *out = (struct report){.school = {"8732001"},
        .at = WIRE_REPORT_AT,
        .software = "0.1.0",
        .protocol = 1,
        .directory = 7,
        .certificate_expiry = {1843046520000},
        .skew_known = true,
        .skew_ms = -600123,
        .disk_free_mib = 20480,
        .backup_at = {1812046520000},
        .incarnation = 2,
        .queued = 3,
        .unreceipted = 13,
        .oldest_unreceipted = {1813000000000},
        .refused = 1,
        .unapplied = 2,
        .quarantine = {{REASON_BAD_SIGNATURE, 2}, {REASON_NOT_OURS, 1}},
        .quarantine_count = 2,
        .asked = 4,
        .asked_due = {1813500000000},
        .leavers = 61,
        .held = 1,
        .out_count = 2,
        .in_count = 1,
        .pairs_left_out = 5,
        .has_cohort = true,
        .cohort = {.pupils = 212,
            .contacted = 139,
            .week = {2027, 6, 14},
            .week_pupils = 212,
            .week_contacted = 130,
            .cells = {{1, 60, 35}, {3, 40, 20}},
            .cell_count = 2}};
    out->out = arena_take(arena, 2 * sizeof *out->out);
    wire_sample_pair(&out->out[0], "8734500", LANE_NORMAL);
    wire_sample_pair(&out->out[1], "8734501", LANE_URGENT);
    out->in = arena_take(arena, sizeof *out->in);
    wire_sample_pair(&out->in[0], "8732002", LANE_NORMAL);
}

static inline void wire_sample_hubreport(
    struct hubreport *out, struct arena *arena)
{
    *out = (struct hubreport){.time = WIRE_REPORT_AT,
        .software = "0.1.0",
        .directory = 7,
        .started = {1813000000000},
        .disk_free_mib = 1000,
        .school_count = 2,
        .more = true};
    out->schools = arena_take(arena, 2 * sizeof *out->schools);
    out->schools[0] = (struct hubreport_school){.school = {"8732001"},
        .heard = {1813046510000},
        .waiting = 4,
        .oldest = {1813040000000},
        .complaints = 101,
        .crowded = 17,
        .reported = {1813046500000},
        .report = bytes_of("signed")};
    out->schools[1] = (struct hubreport_school){.school = {"8734500"},
        .turned_away = 3,
        .turned_away_at = {1813046400000}};
}

/** What a hub attests of a letter: every field is set. */
static inline void wire_sample_attest(struct attest *out)
{
    *out = (struct attest){.hub = "tcp://hub.example:7700",
        .time = {1813000000200},
        .id = {{1, 2, 3}},
        .header = {.version = STREAM_VERSION,
            .author = {"8732001"},
            .recipient = {"8734500"},
            .lane = LANE_NORMAL,
            .epoch = {{4}},
            .first = 5,
            .last = 9,
            .ttl_days = STREAM_TTL_DAYS},
        .size = 70000,
        .events = {{ATTEST_PUT, {1813000000000}, REASON_NONE},
            {ATTEST_REFUSED, {1813000000100}, REASON_QUOTA}},
        .count = 2};
}

static inline void wire_sample_trace(struct hubreport_trace *out)
{
    *out = (struct hubreport_trace){.count = 1,
        .letters = {{.id = {{1, 2, 3}},
            .author = {"8732001"},
            .recipient = {"8734500"},
            .lane = LANE_NORMAL,
            .epoch = {{4}},
            .first = 5,
            .last = 9,
            .put = {1813000000000},
            .acked = {1813000000100},
            .expires = {1823000000000},
            .waits = true,
            .is_signed = bytes_of("signed"),
            .plain = bytes_of("attested")}}};
}

#endif

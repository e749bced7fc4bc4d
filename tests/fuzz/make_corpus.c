/*
 * make_corpus FOLDER - write the first inputs of the wire's fuzz targets to
 * FOLDER/TARGET/: one good message of each kind, which a fuzzer then spoils.
 * Run it again when a .proto file grows:
 *
 *   ninja -C build make_corpus
 *   build/tests/make_corpus tests/fuzz/corpus
 */
#include <stdio.h>
#include <stdlib.h>

#include "../unit/wire_directory_sample.h"
#include "../unit/wire_report_sample.h"
#include "../unit/wire_sample.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "wire/batch.h"
#include "wire/hubtalk.h"
#include "wire/record.h"

static const struct header HEADER = {.version = STREAM_VERSION,
    .author = {"8732001"},
    .recipient = {"8734500"},
    .lane = LANE_NORMAL,
    .epoch = {{1, 2, 3}},
    .first = 1,
    .last = 5,
    .ttl_days = STREAM_TTL_DAYS};

static const struct header RECEIPT = {.version = STREAM_VERSION,
    .author = {"8734500"},
    .recipient = {"8732001"},
    .lane = LANE_RECEIPT,
    .epoch = {{4, 5, 6}},
    .ttl_days = STREAM_TTL_DAYS};

static void demand(int rc, const struct err *err)
{
    if (rc == 0)
        return;
    fprintf(stderr, "make_corpus: %s\n", err->text);
    exit(1);
}

/* Write buf to folder/target/name and empty it. */
static void put(
    struct buf *buf, const char *folder, const char *target, const char *name)
{
    SCOPED(mem_freep) char *dir = file_path(folder, target);
    SCOPED(mem_freep) char *path = file_path(dir, name);
    struct err err;

    demand(file_write(path, buf_bytes(buf), FILE_PUBLIC, &err), &err);
    buf_clear(buf);
}

static void make_headers(struct buf *buf, const char *folder)
{
    envelope_encode(buf, &HEADER);
    put(buf, folder, "envelope", "changes");
    envelope_encode(buf, &RECEIPT);
    put(buf, folder, "envelope", "receipts");
}

static void make_talks(struct buf *buf, const char *folder)
{
    for (int kind = HUBTALK_HELLO; kind < HUBTALK_KINDS; kind++) {
        struct hubtalk talk = {.kind = (enum hubtalk_kind)kind,
            .id = {{1}},
            .id_len = 16,
            .origin = {{4}},
            .session = {{2}},
            .hub = {{3}},
            .cursor = 300,
            .credit = 4 << 20,
            .version = 7,
            .offset = 65536,
            .total = 2000000,
            .of = 7,
            .parts = true,
            .max_body = HUBTALK_MAX_BODY,
            .school = {"8732001"},
            .waiting = 40,
            .time = {1790000000000},
            .protocol = STREAM_VERSION,
            .reason = REASON_QUOTA,
            .software = "0.1.0",
            .header = HEADER};
        char name[24];

        hubtalk_encode(buf, &talk);
        snprintf(name, sizeof name, "kind-%02d", kind);
        put(buf, folder, "hubtalk", name);
    }
}

static void make_batches(struct buf *buf, const char *folder)
{
    const struct used used[] = {
        {"CALLER", USED_CONTACTS}, {"SENCO", USED_CONTACTS | USED_SUPPORT}};
    const struct diary_session sessions[] = {
        {3, SESSION_NEW_INTAKE_EVENING, false, "", {1790000000000},
            {1790003600000}, "Main hall", false, true, true, false, "SOM,URD"},
        {5, SESSION_ONLINE, true, "Reading", {1790000000000}, {1790003600000},
            "", true, false, false, true, ""}};
    const struct diary diary = {
        {2027, 9, 2}, {2027, 7, 6}, {2027, 7, 21}, sessions, 2};
    struct batch_item changes[] = {
        {.kind = ITEM_LEAVER,
            .u.leaver = {WIRE_SAMPLE_UPN, 2, bytes_of("record")}},
        {.kind = ITEM_READ,
            .u.read = {WIRE_SAMPLE_UPN, 1, "SENCO", {1790000000000}}},
        {.kind = ITEM_HEARTBEAT},
        {.kind = ITEM_TOMBSTONE,
            .u.tombstone = {WIRE_SAMPLE_UPN, 3, TOMBSTONE_MOVED}},
        {.kind = ITEM_DESTROYED,
            .u.destroyed = {WIRE_SAMPLE_UPN, 3, {1790000000001}}},
        {.kind = ITEM_HELD,
            .u.held = {WIRE_SAMPLE_UPN,
                {{{9}}, RESTRICTION_DO_NOT_CONTACT, BASIS_COURT_ORDER, 2,
                    "note", {5}, {6}, "evidence"},
                "P77", "Okoro", "Ben"}},
        {.kind = ITEM_FAMILY,
            .u.family = {WIRE_SAMPLE_UPN, COARSE_CONTACTED, {2027, 6, 15},
                "Ms Lund", used, 2}},
        {.kind = ITEM_DIARY, .u.diary = diary},
        {.kind = ITEM_REQUEST,
            .u.request = {.request = 77,
                .upn = WIRE_SAMPLE_UPN,
                .revision = 2,
                .kind = REQUEST_QUESTION,
                .text = "Who collects Tariq?",
                .due = {2027, 6, 21}}},
        {.kind = ITEM_ANSWER,
            .u.answer = {.request = 77,
                .upn = WIRE_SAMPLE_UPN,
                .accepted = true,
                .contact = 1,
                .point_kind = POINT_MOBILE,
                .value = "07700 900118",
                .from_parent = true,
                .text = "His aunt"}},
    };
    struct exception exceptions[] = {
        {3, 4, REASON_UPN_CONFLICT}, {9, 9, REASON_MISSING}};
    struct batch_item receipts[] = {
        {.kind = ITEM_RECEIPT,
            .u.receipt = {LANE_NORMAL, {{1}}, 12, 10, {{2}}, exceptions, 2,
                "School 8734500 has applied changes 1 to 10."}},
        {.kind = ITEM_REFUSAL,
            .u.refusal = {{{1}}, LANE_URGENT, {{2}}, 1, 9,
                REASON_BAD_SIGNATURE}},
    };
    struct batch batch = {.header = HEADER,
        .created = {1790000000000},
        .items = changes,
        .count = sizeof changes / sizeof changes[0]};
    struct err err;

    batch.header.last = batch.header.first + batch.count - 1;
    demand(batch_encode(buf, &batch, &err), &err);
    put(buf, folder, "batch", "changes");
    batch.header = RECEIPT;
    batch.items = receipts;
    batch.count = 2;
    demand(batch_encode(buf, &batch, &err), &err);
    put(buf, folder, "batch", "receipts");
    demand(diary_encode(buf, &diary, &err), &err);
    put(buf, folder, "diary", "school");
}

static void make_records(
    struct buf *buf, const char *folder, struct arena *arena)
{
    struct leaver leaver;
    struct err err;

    wire_sample_leaver(&leaver, arena);
    demand(record_encode_own(buf, &leaver, &err), &err);
    put(buf, folder, "record", "usual");
    leaver_init(&leaver);
    leaver.upn = WIRE_SAMPLE_UPN;
    demand(record_encode(buf, &leaver, &err), &err);
    put(buf, folder, "record", "smallest");
}

static void make_trust(struct buf *buf, const char *folder, struct arena *arena)
{
    struct directory_content content;
    struct enrolment_request request;
    struct enrolment_welcome welcome;
    struct err err;

    wire_sample_directory(&content, arena);
    demand(directory_encode(buf, &content, &err), &err);
    put(buf, folder, "directory", "cluster");
    for (int kind = ENROLMENT_SCHOOL; kind <= ENROLMENT_HUB; kind++) {
        const bool school = kind == ENROLMENT_SCHOOL;

        wire_sample_request(&request, (enum enrolment_kind)kind);
        enrolment_encode_request(buf, &request);
        put(buf, folder, "enrolment",
            school ? "request-school" : "request-hub");
        wire_sample_welcome(&welcome, (enum enrolment_kind)kind);
        enrolment_encode_welcome(buf, &welcome);
        put(buf, folder, "enrolment",
            school ? "welcome-school" : "welcome-hub");
    }
}

/* The first byte says whose it is: fuzz_report.c. */
static void make_reports(
    struct buf *buf, const char *folder, struct arena *arena)
{
    struct report report;
    struct hubreport hub;
    struct hubreport_trace trace;
    struct attest attest;
    struct err err;

    wire_sample_report(&report, arena);
    buf_add(buf, (struct bytes){(const uint8_t *)"\0", 1});
    demand(report_encode(buf, &report, &err), &err);
    put(buf, folder, "report", "school");
    wire_sample_hubreport(&hub, arena);
    buf_add(buf, bytes_of("\1"));
    demand(hubreport_encode(buf, &hub, &err), &err);
    put(buf, folder, "report", "hub");
    wire_sample_trace(&trace);
    buf_add(buf, bytes_of("\2"));
    demand(hubreport_encode_trace(buf, &trace, &err), &err);
    put(buf, folder, "report", "trace");
    wire_sample_attest(&attest);
    buf_add(buf, bytes_of("\3"));
    demand(attest_encode(buf, &attest, &err), &err);
    put(buf, folder, "report", "attest");
}

int main(int argc, char **argv)
{
    static const char *const targets[] = {"envelope", "hubtalk", "batch",
        "record", "directory", "enrolment", "report", "diary"};
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    SCOPED(buf_free) struct buf buf = BUF_EMPTY;
    struct err err;

    if (argc != 2) {
        fprintf(stderr, "usage: make_corpus FOLDER\n");
        return 2;
    }
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        SCOPED(mem_freep) char *dir = file_path(argv[1], targets[i]);

        demand(file_make_dir(dir, &err), &err);
    }
    make_headers(&buf, argv[1]);
    make_talks(&buf, argv[1]);
    make_batches(&buf, argv[1]);
    make_records(&buf, argv[1], &arena);
    make_trust(&buf, argv[1], &arena);
    make_reports(&buf, argv[1], &arena);
    return 0;
}

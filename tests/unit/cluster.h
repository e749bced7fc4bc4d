/* cluster - an authority and some schools in a temporary folder, each with its
 * keys, database and vault, but no loop and no hub: for tests of what an agent
 * does with a letter. */
#ifndef TEST_CLUSTER_H
#define TEST_CLUSTER_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agentd/agent.h"
#include "agentd/casework.h"
#include "agentd/mail.h"
#include "agentd/roll.h"
#include "agentd/sender.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "net/curve.h"
#include "record/merge.h"
#include "store/inbox.h"
#include "store/outbox.h"
#include "trust/authority.h"
#include "wire/envelope.h"
#include "wire/record.h"

#define CLUSTER_SCHOOLS 4

/* 0 and 1 are primaries, 2 and 3 secondaries. */
struct cluster {
    char dir[64];
    struct authority *authority;
    struct agent schools[CLUSTER_SCHOOLS];
};

static const char *const CLUSTER_NUMBERS[CLUSTER_SCHOOLS] = {
    "8732001", "8732002", "8734500", "8734501"};

static inline char *cluster_path(const struct cluster *c, const char *name)
{
    return file_path(c->dir, name);
}

static inline void cluster_request(
    struct buf *out, const struct cluster *c, size_t i)
{
    SCOPED(mem_freep) char *state = cluster_path(c, CLUSTER_NUMBERS[i]);
    char public_key[CURVE_TEXT_SIZE];
    char secret_key[CURVE_TEXT_SIZE];
    struct identity_wish wish = {.kind = ENROLMENT_SCHOOL,
        .urn = "100001",
        .phase = i < 2 ? PHASE_PRIMARY : PHASE_SECONDARY,
        .name = CLUSTER_NUMBERS[i],
        .endpoint = ""};

    assert_int_equal(curve_new_pair(public_key, secret_key, NULL), 0);
    wish.curve_public = public_key;
    wish.curve_secret = secret_key;
    assert_int_equal(laestab_parse(&wish.laestab, CLUSTER_NUMBERS[i], NULL), 0);
    assert_int_equal(identity_enrol(out, state, &wish, clock_wall(), NULL), 0);
}

static inline void cluster_open_school(struct cluster *c, size_t i)
{
    struct agent *agent = &c->schools[i];
    SCOPED(mem_freep) char *state = cluster_path(c, CLUSTER_NUMBERS[i]);
    SCOPED(mem_freep) char *key = file_path(state, "identity/data.key");
    SCOPED(mem_freep) char *database = file_path(state, "agent.db");

    *agent =
        (struct agent){.log = {LOG_INFO, getenv("TEST_LOG") ? 2 : -1, false}};
    settings_agent_default(&agent->settings);
    assert_int_equal(
        identity_open(&agent->identity, state, clock_wall(), NULL), 0);
    assert_int_equal(vault_open(&agent->vault, key, NULL), 0);
    assert_int_equal(db_open(&agent->db, database, DB_AGENT, NULL), 0);
    agent->casework = casework_new();
}

static inline void cluster_close_school(struct cluster *c, size_t i)
{
    casework_free(c->schools[i].casework);
    db_close(c->schools[i].db);
    vault_close(c->schools[i].vault);
    identity_close(c->schools[i].identity);
}

static inline void cluster_begin(struct cluster *c)
{
    struct authority_plan plan = {.name = "Eastmoor"};
    char public_key[CURVE_TEXT_SIZE];
    char secret_key[CURVE_TEXT_SIZE];
    struct buf requests[CLUSTER_SCHOOLS] = {{NULL, 0, 0}};
    struct buf welcomes[CLUSTER_SCHOOLS] = {{NULL, 0, 0}};
    struct bytes files[CLUSTER_SCHOOLS];
    const struct authority_intake intake = {files, CLUSTER_SCHOOLS, false};

    snprintf(c->dir, sizeof c->dir, "/tmp/moveup-test-XXXXXX");
    assert_non_null(mkdtemp(c->dir));
    SCOPED(mem_freep) char *ca = cluster_path(c, "ca");

    assert_int_equal(curve_new_pair(public_key, secret_key, NULL), 0);
    plan.curve_public = public_key;
    plan.curve_secret = secret_key;
    assert_int_equal(authority_create(ca, &plan, clock_wall(), NULL), 0);
    assert_int_equal(
        authority_open(&c->authority, ca, NULL, true, clock_wall(), NULL), 0);
    for (size_t i = 0; i < CLUSTER_SCHOOLS; i++) {
        cluster_request(&requests[i], c, i);
        files[i] = buf_bytes(&requests[i]);
    }
    assert_int_equal(
        authority_enrol(welcomes, c->authority, &intake, clock_wall(), NULL),
        0);
    for (size_t i = 0; i < CLUSTER_SCHOOLS; i++) {
        SCOPED(mem_freep) char *state = cluster_path(c, CLUSTER_NUMBERS[i]);

        assert_int_equal(
            identity_join(state, buf_bytes(&welcomes[i]), clock_wall(), NULL),
            0);
        buf_free(&requests[i]);
        buf_free(&welcomes[i]);
        cluster_open_school(c, i);
    }
}

static inline int cluster_remove_one(
    const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st;
    (void)kind;
    (void)ftw;
    return remove(path);
}

static inline void cluster_end(struct cluster *c)
{
    for (size_t i = 0; i < CLUSTER_SCHOOLS; i++)
        cluster_close_school(c, i);
    authority_close(c->authority);
    nftw(c->dir, cluster_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Give every school the authority's newest directory. */
static inline void cluster_publish(struct cluster *c)
{
    const struct bytes newest = members_signed(authority_members(c->authority));

    for (size_t i = 0; i < CLUSTER_SCHOOLS; i++)
        assert_int_equal(identity_update_directory(c->schools[i].identity,
                             newest, clock_wall(), NULL),
            0);
}

/* --- leavers and letters --- */

/* An invented child with two parents and a number each. */
struct cluster_child {
    struct leaver leaver;
    struct leaver_contact contacts[2];
    struct leaver_point points[2];
};

static inline void cluster_child(struct cluster_child *child, const char *upn,
    const char *forename, const struct laestab *to)
{
    leaver_init(&child->leaver);
    memset(child->contacts, 0, sizeof child->contacts);
    child->leaver.upn = upn;
    child->leaver.surname = "Okoro";
    child->leaver.forename = forename;
    child->leaver.dob = (struct date){2015, 3, 14};
    child->leaver.sex = "F";
    child->leaver.destination = *to;
    for (uint32_t i = 0; i < 2; i++) {
        struct leaver_contact *c = &child->contacts[i];

        c->number = c->order = i + 1;
        c->source_id = i == 0 ? "P77" : "";
        c->title = i == 0 ? "Mrs" : "Mr";
        c->surname = "Okoro";
        c->forename = i == 0 ? "Ada" : "Ben";
        c->middle_names = c->sex = c->language = "";
        c->relationship = i == 0 ? "PAM" : "PAF";
        c->responsibility = STATED_YES;
        for (size_t line = 0; line < 7; line++)
            c->address.lines[line] = "";
        c->address.postcode = c->address.uprn = "";
        child->points[i] = (struct leaver_point){1, POINT_MOBILE,
            i == 0 ? "07700 900118" : "07700 900119",
            i == 0 ? "+447700900118" : "+447700900119"};
        c->points = &child->points[i];
        c->point_count = 1;
    }
    child->leaver.contacts = child->contacts;
    child->leaver.contact_count = 2;
}

/* What an author would put to a hub, kept by the test. */
struct cluster_letter {
    struct id envelope;
    struct header header;
    struct buf sealed;
    struct buf signed_content;
    struct digest content;
};

static inline void cluster_letter_free(struct cluster_letter *letter)
{
    buf_free(&letter->sealed);
    buf_free(&letter->signed_content);
}

/* A letter with one record, signed and sealed as `from` would; no database is
 * touched. */
struct cluster_record {
    const struct leaver *leaver;
    uint64_t revision;
    const char *known_as; /* NULL: the record's own UPN */
    bool own;             /* in the author's own form, with the former UPN */
};

static inline void cluster_write_record(struct cluster_letter *out,
    struct agent *from, const struct header *header,
    const struct cluster_record *what)
{
    SCOPED(buf_free) struct buf record = BUF_EMPTY;
    struct batch_item item = {.kind = ITEM_LEAVER};
    const struct batch batch = {
        .header = *header, .created = clock_wall(), .items = &item, .count = 1};
    struct sender_letter sealed = {.content = {{0}}};

    assert_int_equal(what->own ? record_encode_own(&record, what->leaver, NULL)
                               : record_encode(&record, what->leaver, NULL),
        0);
    item.u.leaver.upn =
        what->known_as != NULL ? what->known_as : what->leaver->upn;
    item.u.leaver.revision = what->revision;
    item.u.leaver.record = buf_bytes(&record);
    assert_int_equal(sender_seal(&sealed, from, &batch, NULL), 0);
    out->envelope = sealed.envelope;
    out->header = *header;
    out->sealed = sealed.sealed;
    out->signed_content = sealed.signed_content;
    out->content = sealed.content;
    buf_free(&sealed.header);
}

static inline void cluster_write(struct cluster_letter *out, struct agent *from,
    const struct header *header, const struct leaver *leaver, uint64_t revision)
{
    const struct cluster_record what = {leaver, revision, NULL, false};

    cluster_write_record(out, from, header, &what);
}

/* Let `to` take a letter, with its commit.  Returns how many letters are in its
 * quarantine afterwards; *reason is that of the newest. */
static inline int cluster_note_reason(
    void *arg, const struct quarantine_row *row)
{
    enum reason *reason = arg;

    if (*reason == REASON_NONE)
        *reason = row->reason;
    return 0;
}

static inline uint64_t cluster_deliver(
    struct agent *to, const struct cluster_letter *letter, enum reason *reason)
{
    const struct mail_letter mail = {.envelope = letter->envelope,
        .header = letter->header,
        .sealed = buf_bytes(&letter->sealed)};
    struct mail_debts debts = {.count = 0};
    uint64_t count = 0;
    struct err err = {.text = ""};

    assert_int_equal(db_begin(to->db, NULL), 0);
    if (mail_take(to, &mail, &debts, &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(mail_settle(to, &debts, NULL), 0);
    assert_int_equal(db_commit(to->db, NULL), 0);
    assert_int_equal(inbox_quarantine_count(&count, to->db, NULL), 0);
    *reason = REASON_NONE;
    assert_int_equal(
        inbox_quarantine_each(to->db, cluster_note_reason, reason, NULL), 0);
    return count;
}

static inline int cluster_count_record(
    void *arg, const struct inbox_record *record)
{
    (void)record;
    ++*(size_t *)arg;
    return 0;
}

static inline size_t cluster_records(struct agent *at)
{
    size_t count = 0;

    assert_int_equal(
        inbox_each_record(at->db, 0, cluster_count_record, &count, NULL), 0);
    return count;
}

#endif

/*
 * offer - whom to expect: the list of admissions is loaded, and shows for whom
 * the primary school has not sent a record yet.
 *
 * An offer is kept as a record that has only what the list says.  It stands in
 * for the child's record until that comes, with the same number and in the same
 * family, so that what happened before stays with the child.
 */
#include <stdio.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/arrival.h"
#include "agentd/blob.h"
#include "agentd/desk.h"
#include "agentd/loading.h"
#include "base/err.h"
#include "base/mem.h"
#include "record/codes.h"
#include "record/phone.h"
#include "record/upn.h"
#include "store/offers.h"
#include "wire/record.h"

/* A row of the list as the record it stands for. */
struct expected {
    struct leaver leaver;
    struct leaver_contact contact;
    struct leaver_point point;
    char dial[PHONE_DIAL_SIZE];
    struct laestab from;
};

/* --- reading a row --- */

static bool refuse(struct loading *loading, const json_t *row,
    const char *reason, const char *detail)
{
    loading_refuse(loading, row, reason, detail);
    return false;
}

static bool read_child(
    struct expected *e, struct loading *loading, const json_t *row)
{
    struct leaver *l = &e->leaver;
    const char *from;

    if (!loading_text(&l->upn, loading, row, "upn", 32) ||
        !loading_text(&l->surname, loading, row, "surname", 100) ||
        !loading_text(&l->forename, loading, row, "forename", 100) ||
        !loading_text(&from, loading, row, "from", 16))
        return false;
    if (upn_check(l->upn, NULL) >= UPN_BAD_FORM)
        return refuse(loading, row, "upn-check-letter",
            "that is not a UPN: a letter, 12 digits and the right check "
            "letter");
    if (l->surname[0] == '\0' || l->forename[0] == '\0')
        return refuse(loading, row, "no-name", "surname or forename is empty");
    if (laestab_parse(&e->from, from, NULL) < 0)
        return refuse(loading, row, "bad-school",
            "from is the primary's LAESTAB: seven digits, like 8732001");
    l->destination = loading->request->agent->identity->laestab;
    return true;
}

/* Who applied for the place has responsibility for the child. */
static bool read_contact(
    struct expected *e, struct loading *loading, const json_t *row)
{
    struct leaver_contact *c = &e->contact;
    const char *phone;

    if (!loading_text(&c->title, loading, row, "contact_title", 40) ||
        !loading_text(&c->surname, loading, row, "contact_surname", 100) ||
        !loading_text(&c->forename, loading, row, "contact_forename", 100) ||
        !loading_text(
            &c->relationship, loading, row, "contact_relationship", 10) ||
        !loading_text(&phone, loading, row, "contact_phone", 70))
        return false;
    if (c->surname[0] == '\0')
        return phone[0] == '\0' ||
               refuse(loading, row, "no-contact",
                   "a number without the contact's surname: nobody to ask for");
    c->number = c->order = 1;
    c->responsibility = STATED_YES;
    e->leaver.contacts = c;
    e->leaver.contact_count = 1;
    if (phone[0] == '\0')
        return true;
    phone_dial(e->dial, phone);
    if (e->dial[0] == '\0')
        return refuse(loading, row, "bad-phone",
            "contact_phone is not one telephone number with its code");
    e->point = (struct leaver_point){1,
        strncmp(e->dial, "+447", 4) == 0 ? POINT_MOBILE : POINT_HOME, phone,
        e->dial};
    c->points = &e->point;
    c->point_count = 1;
    return true;
}

/* --- storing it --- */

/* The family that this child's record will join. */
static int find_family(
    struct offer *offer, struct agent *agent, const char *upn, struct err *err)
{
    struct tag child;

    arrival_offer_tag(&child, agent, upn);
    return inbox_family(&offer->family, agent->db, &child, 1, offer->at, err);
}

/* A new offer: with the number of the record if that is here already. */
static int begin_offer(struct offer *offer, struct agent *agent,
    const struct expected *e, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct inbox_record row;
    int rc = inbox_find_record(&row, agent->db, &offer->tag, &arena, err);

    offer->at = clock_wall();
    if (rc == 0) {
        offer->id = row.id;
        offer->family = row.family;
        return 0;
    }
    if (rc != ERR_NOT_FOUND)
        return rc;
    rc = inbox_next_record_id(agent->db, &offer->id, err);
    return rc < 0 ? rc : find_family(offer, agent, e->leaver.upn, err);
}

static int is_the_same(struct agent *agent, const struct offer *offer,
    struct bytes plain, struct err *err)
{
    SCOPED(buf_free) struct buf before = BUF_EMPTY;
    int rc = vault_unseal(
        &before, agent->vault, BLOB_OFFER, offer->id, offer->sealed, err);

    if (rc < 0)
        return err_wrap(err, rc, "stored offer");
    return before.len == plain.len &&
           memcmp(before.data, plain.data, plain.len) == 0;
}

static int put(struct loading *loading, struct offer *offer,
    const struct expected *e, struct bytes plain, struct err *err)
{
    SCOPED(buf_free) struct buf sealed = BUF_EMPTY;
    struct request *request = loading->request;
    int rc =
        blob_seal(&sealed, request->agent, BLOB_OFFER, offer->id, plain, err);

    offer->author = e->from;
    offer->sealed = buf_bytes(&sealed);
    if (rc == 0)
        rc = offers_put(request->agent->db, offer, err);
    return rc < 0 ? rc
                  : requests_audit(request, "offers.load", &offer->tag,
                        offer->family, "", err);
}

static int load_row(struct loading *loading, const json_t *row, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    SCOPED(buf_free) struct buf plain = BUF_EMPTY;
    struct agent *agent = loading->request->agent;
    struct expected e = {.dial = ""};
    struct offer offer = {.id = 0};
    struct tag tag;
    int rc;

    leaver_init(&e.leaver);
    leaver_contact_init(&e.contact);
    if (!read_child(&e, loading, row) || !read_contact(&e, loading, row))
        return 0;
    agent_upn_tag(&tag, agent, e.leaver.upn);
    rc = record_encode(&plain, &e.leaver, err);
    if (rc < 0)
        return rc;
    rc = offers_find(&offer, agent->db, &tag, &arena, err);
    if (rc == 0) {
        rc = is_the_same(agent, &offer, buf_bytes(&plain), err);
        loading->unchanged += rc == 1 && laestab_equal(&offer.author, &e.from);
        if (rc < 0 || (rc == 1 && laestab_equal(&offer.author, &e.from)))
            return rc < 0 ? rc : 0;
        loading->changed++;
    } else if (rc == ERR_NOT_FOUND) {
        offer.tag = tag;
        loading->accepted++;
        rc = begin_offer(&offer, agent, &e, err);
        if (rc < 0)
            return rc;
    } else
        return rc;
    return put(loading, &offer, &e, buf_bytes(&plain), err);
}

int offer_load(json_t **result, struct request *request, struct err *err)
{
    SCOPED(loading_end) struct loading loading = {.request = request};
    struct db *db = request->agent->db;
    int rc = loading_begin(&loading, request, err);

    if (rc == 0)
        rc = db_begin(db, err);
    if (rc < 0)
        return rc;
    rc = loading_each(&loading, load_row, err);
    if (rc < 0)
        return rc;
    *result = loading_report(&loading);
    if (!loading.dry_run)
        return db_commit(db, err);
    db_rollback(db);
    return 0;
}

/* --- list, drop --- */

struct listing {
    struct agent *agent;
    json_t *list;
    bool missing; /* only those without a record */
    struct err *err;
};

static int add_offer(void *arg, const struct offer *offer)
{
    struct listing *l = arg;
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct inbox_record row;
    struct leaver leaver;
    char family[24];
    int rc = inbox_find_record(&row, l->agent->db, &offer->tag, &arena, l->err);
    const bool here = rc == 0;

    if (rc < 0 && rc != ERR_NOT_FOUND)
        return rc;
    rc = blob_open(&leaver, l->agent, BLOB_OFFER, offer->id, offer->sealed,
        &arena, l->err);
    if (rc < 0)
        return rc;
    snprintf(family, sizeof family, "%lld",
        (long long)(here ? row.family : offer->family));
    return json_array_append_new(
        l->list, json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:o,s:b}", "upn",
                     leaver.upn, "surname", leaver.surname, "forename",
                     leaver.forename, "from", offer->author.text, "from_name",
                     agent_school_name(l->agent, &offer->author), "case",
                     family, "since", args_time(offer->at.ms), "record", here));
}

int offer_list(json_t **result, struct request *request, struct err *err)
{
    struct listing l = {
        request->agent, json_array(), args_flag(request->args, "missing"), err};
    int rc;

    *result = json_pack("{s:o}", "offers", l.list);
    rc = offers_each(request->agent->db, l.missing, add_offer, &l, err);
    return rc < 0 ? rc
                  : requests_audit(request, "offers.list", NULL, 0, "", err);
}

int offer_drop(json_t **result, struct request *request, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct db *db = request->agent->db;
    struct offer offer;
    struct tag tag;
    const char *upn;
    int rc = args_upn(&upn, request->args, "upn", err);

    if (rc < 0)
        return rc;
    agent_upn_tag(&tag, request->agent, upn);
    request->next = "moveup offers list shows whom we expect";
    rc = offers_find(&offer, db, &tag, &arena, err);
    if (rc == 0)
        rc = db_begin(db, err);
    if (rc == 0)
        rc = offers_drop(db, offer.id, err);
    if (rc == 0)
        rc =
            requests_audit(request, "offers.drop", &tag, offer.family, "", err);
    if (rc == 0)
        rc = db_commit(db, err);
    if (rc == 0)
        *result = json_pack("{s:s}", "dropped", upn);
    return rc;
}

#include "promise.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "agentd/agent.h"
#include "base/err.h"
#include "base/mem.h"
#include "hub_node.h"
#include "store/handle.h"
#include "store/inbox.h"
#include "town.h"
#include "vfs.h"

struct mail {
    size_t school, hub;
    uint64_t cursor;
    struct header header;
    bool acked; /* the school has said that it keeps it */
};

struct put {
    size_t school, hub;
    struct id envelope;
};

struct promises {
    struct mail *mail;
    size_t mail_count, mail_room;
    struct put *puts;
    size_t put_count, put_room;
};

static struct promises *promises_of(struct world *world)
{
    if (world->promises == NULL)
        world->promises = mem_alloc(sizeof *world->promises);
    return world->promises;
}

static struct mail *find_mail(
    struct promises *p, size_t school, size_t hub, uint64_t cursor)
{
    for (size_t i = p->mail_count; i > 0; i--) {
        struct mail *mail = &p->mail[i - 1];

        if (mail->school == school && mail->hub == hub &&
            mail->cursor == cursor)
            return mail;
    }
    return NULL;
}

static void note_mail(struct promises *p, const struct mail *mail)
{
    if (p->mail_count == p->mail_room) {
        p->mail_room = 2 * p->mail_room + 64;
        p->mail = mem_resize(p->mail, p->mail_room, sizeof p->mail[0]);
    }
    p->mail[p->mail_count++] = *mail;
}

static void note_put(struct promises *p, const struct put *put)
{
    if (p->put_count == p->put_room) {
        p->put_room = 2 * p->put_room + 64;
        p->puts = mem_resize(p->puts, p->put_room, sizeof p->puts[0]);
    }
    p->puts[p->put_count++] = *put;
}

void promise_said(
    struct world *world, size_t school, size_t hub, const struct hubtalk *talk)
{
    struct promises *p = promises_of(world);
    struct mail *mail;

    if (talk->kind == HUBTALK_MAIL && talk->header.lane != LANE_RECEIPT) {
        note_mail(
            p, &(struct mail){school, hub, talk->cursor, talk->header, false});
    } else if (talk->kind == HUBTALK_ACK) {
        mail = find_mail(p, school, hub, talk->cursor);
        if (mail != NULL)
            mail->acked = true;
    } else if (talk->kind == HUBTALK_PUT_DONE && talk->reason == REASON_NONE) {
        note_put(p, &(struct put){school, hub, talk->id});
    }
}

/* --- a recipient ---
 */

struct aside {
    const struct header *header;
    bool found;
};

static int look_aside(void *arg, const struct quarantine_row *row)
{
    struct aside *aside = arg;

    aside->found |= row->lane == aside->header->lane &&
                    laestab_equal(&row->author, &aside->header->author) &&
                    row->first <= aside->header->last &&
                    row->last >= aside->header->first;
    return 0;
}

static bool was_put_aside(struct node *node, const struct header *header)
{
    struct aside aside = {header, false};
    struct err err;

    return inbox_quarantine_each(node->agent->db, look_aside, &aside, &err) <
               0 ||
           aside.found;
}

static bool lacks(const struct intake *intake, const struct header *header)
{
    if (intake->high < header->last)
        return true;
    for (size_t i = 0; i < intake->hole_count; i++)
        if (intake->holes[i].reason == REASON_MISSING &&
            intake->holes[i].first <= header->last &&
            intake->holes[i].last >= header->first)
            return true;
    return false;
}

static bool is_known(struct node *node, const struct header *header)
{
    struct inbox_stream stream;
    bool closed = false;
    struct err err;

    if (inbox_stream(&stream, &closed, node->agent->db, &header->author,
            header->lane, &header->epoch, &err) < 0)
        return true; /* its disk is in trouble: another time */
    if (closed)
        return true;
    if (id_equal(&stream.intake.epoch, &header->epoch) &&
        !lacks(&stream.intake, header))
        return true;
    return was_put_aside(node, header);
}

static void check_school_promises(struct node *node)
{
    struct world *world = node->world;
    const struct promises *p = promises_of(world);

    for (size_t i = 0; i < p->mail_count; i++) {
        const struct mail *mail = &p->mail[i];
        const int author = town_school(&mail->header.author);

        if (mail->acked && mail->school == node->index &&
            world->schools[author].restores == 0 &&
            !is_known(node, &mail->header))
            world_fail(world,
                "VIOLATION: %s acknowledged %s %" PRIu64 "-%" PRIu64
                " of %s and does not have it",
                node->name, stream_lane_name(mail->header.lane),
                mail->header.first, mail->header.last,
                world->schools[author].name);
    }
}

/* --- a hub ---
 */

static bool is_kept(struct node *node, const struct put *put)
{
    sqlite3_stmt *st = NULL;
    bool kept = true;

    if (sqlite3_prepare_v2(hub_node_db(node)->sql,
            "SELECT 1 FROM letters WHERE author = ?1 AND envelope = ?2", -1,
            &st, NULL) == SQLITE_OK &&
        sqlite3_bind_text(
            st, 1, TOWN_NUMBERS[put->school], -1, SQLITE_STATIC) == SQLITE_OK &&
        sqlite3_bind_blob(st, 2, put->envelope.bytes,
            sizeof put->envelope.bytes, SQLITE_STATIC) == SQLITE_OK)
        kept = sqlite3_step(st) != SQLITE_DONE;
    sqlite3_finalize(st);
    return kept;
}

static void check_hub_promises(struct node *node)
{
    struct world *world = node->world;
    const struct promises *p = promises_of(world);

    for (size_t i = 0; i < p->put_count; i++)
        if (p->puts[i].hub == node->index && !is_kept(node, &p->puts[i]))
            world_fail(world,
                "VIOLATION: %s confirmed a letter of %s and does not have it",
                node->name, world->schools[p->puts[i].school].name);
}

void promise_check(struct node *node)
{
    struct world *world = node->world;

    if (world->lied || node->leapt)
        return;
    vfs_use(&node->disk);
    if (node->is_hub)
        check_hub_promises(node);
    else if (!db_in_transaction(node->agent->db))
        check_school_promises(node);
    vfs_use(NULL);
}

void promise_forget(struct node *node)
{
    struct promises *p = promises_of(node->world);
    size_t left = 0;

    for (size_t i = 0; i < p->mail_count; i++) {
        struct mail *mail = &p->mail[i];

        /* A hub that forgets gives its cursors again. */
        if (node->is_hub ? mail->hub != node->index || mail->acked
                         : mail->school != node->index)
            p->mail[left++] = *mail;
        if (node->is_hub && mail->hub == node->index && mail->acked)
            p->mail[left - 1].cursor = UINT64_MAX;
    }
    p->mail_count = left;
    left = 0;
    for (size_t i = 0; i < p->put_count; i++)
        if (!node->is_hub || p->puts[i].hub != node->index)
            p->puts[left++] = p->puts[i];
    p->put_count = left;
}

void promise_end(struct world *world)
{
    struct promises *p = TAKE(world->promises);

    if (p == NULL)
        return;
    free(p->mail);
    free(p->puts);
    free(p);
}

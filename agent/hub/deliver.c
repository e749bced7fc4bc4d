#include "hub/deliver.h"

#include "base/err.h"
#include "store/mailbox.h"
#include "wire/envelope.h"
#include "wire/hubtalk.h"

static const enum lane ORDER[] = {LANE_URGENT, LANE_RECEIPT, LANE_NORMAL};

#define ORDER_COUNT (sizeof ORDER / sizeof ORDER[0])

/* Errors: ERR_NOT_FOUND (none), and those of the database. */
static int read_next(struct fresh_letter *out, const struct deliver *deliver,
    const struct box *box, enum lane lane, struct err *err)
{
    struct mailbox_letter stored = {.cursor = 0};
    int rc;

    *out = (struct fresh_letter){.cursor = 0};
    arena_clear(deliver->arena);
    rc = mailbox_next(&stored, deliver->db, &box->school, lane, box->sent[lane],
        deliver->arena, err);
    if (rc != 0)
        return rc;
    *out = (struct fresh_letter){.cursor = stored.cursor,
        .envelope = stored.envelope,
        .sealed = stored.sealed};
    return envelope_decode(&out->header, stored.header, err);
}

/* The next letter of a lane.  While the box is caught up the database need not
 * be asked: all that came since is among the fresh ones. */
static int next(struct fresh_letter *out, const struct deliver *deliver,
    struct box *box, enum lane lane, struct err *err)
{
    const struct fresh_letter *fresh;
    int rc;

    if (!box->caught_up[lane]) {
        rc = read_next(out, deliver, box, lane, err);
        box->caught_up[lane] = rc == ERR_NOT_FOUND;
        return rc;
    }
    fresh = fresh_next(deliver->fresh, &box->school, lane, box->sent[lane]);
    if (fresh == NULL)
        return ERR_NOT_FOUND;
    *out = *fresh;
    return 0;
}

static int send_letter(const struct deliver *deliver, struct box *box,
    const struct fresh_letter *letter)
{
    const struct hubtalk talk = {.kind = HUBTALK_MAIL,
        .id = letter->envelope,
        .cursor = letter->cursor,
        .header = letter->header};

    buf_clear(deliver->talk);
    hubtalk_encode(deliver->talk, &talk);
    return deliver->send(
        deliver->arg, &box->peer, buf_bytes(deliver->talk), letter->sealed);
}

/* What stays behind of the fresh ones has to be read from the database next
 * time. */
static void note_left_behind(const struct deliver *deliver, struct box *box)
{
    for (size_t i = 0; i < ORDER_COUNT; i++)
        if (fresh_next(deliver->fresh, &box->school, ORDER[i],
                box->sent[ORDER[i]]) != NULL)
            box->caught_up[ORDER[i]] = false;
}

static int send_lane(const struct deliver *deliver, struct box *box,
    enum lane lane, struct err *err)
{
    struct fresh_letter letter;
    int rc;

    while (box_has_room(box)) {
        rc = next(&letter, deliver, box, lane, err);
        if (rc == ERR_NOT_FOUND)
            return 0;
        if (rc == ERR_MALFORMED && letter.cursor > box->sent[lane]) {
            box->sent[lane] = letter.cursor; /* what is damaged blocks nothing
                                              * that follows */
            continue;
        }
        if (rc != 0)
            return rc;
        rc = send_letter(deliver, box, &letter);
        if (rc == ERR_NOT_FOUND) {
            box_leave(box);
            return 0;
        }
        if (rc != 0)
            return err_set(err, ERR_BUSY, "its queue is full");
        (*deliver->sent)++;
        box_sent(box, lane,
            &(struct box_flight){
                letter.cursor, letter.sealed.len, deliver->now});
    }
    return 0;
}

int deliver_mail(
    const struct deliver *deliver, struct box *box, struct err *err)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < ORDER_COUNT; i++)
        rc = send_lane(deliver, box, ORDER[i], err);
    note_left_behind(deliver, box);
    if (rc == 0)
        box->dirty = false;
    box->starved = box_is_starved(box);
    return rc;
}

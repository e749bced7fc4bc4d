#include "hub/early.h"

#include "wire/hubtalk.h"

static bool same_stream(
    const struct fresh_letter *a, const struct fresh_letter *b)
{
    return a->header.lane == b->header.lane &&
           laestab_equal(&a->header.recipient, &b->header.recipient);
}

static bool may_go(const struct box *box, const struct fresh_letter *letter)
{
    return letter->header.lane == LANE_RECEIPT && box != NULL && box->early &&
           box->caught_up[LANE_RECEIPT] &&
           letter->sealed.len <= EARLY_MAX_BYTES && box_has_room(box);
}

static bool send_copy(const struct deliver *deliver, const struct box *box,
    const struct fresh_letter *letter)
{
    const struct hubtalk talk = {
        .kind = HUBTALK_MAIL, .id = letter->envelope, .header = letter->header};

    buf_clear(deliver->talk);
    hubtalk_encode(deliver->talk, &talk);
    return deliver->send(deliver->arg, &box->peer, buf_bytes(deliver->talk),
               letter->sealed) == 0;
}

/* None overtakes another of its mailbox and lane: that would look like a
 * hole. */
void early_send(const struct deliver *deliver, const struct box_table *boxes)
{
    const struct fresh *fresh = deliver->fresh;
    bool sent[EARLY_MAX_LETTERS] = {false};

    if (fresh->count > EARLY_MAX_LETTERS)
        return;
    for (size_t i = 0; i < fresh->count; i++) {
        const struct fresh_letter *letter = &fresh->letters[i];
        const struct box *box = box_find(boxes, &letter->header.recipient);
        bool next = may_go(box, letter);

        for (size_t j = 0; next && j < i; j++)
            next = sent[j] || !same_stream(&fresh->letters[j], letter);
        sent[i] = next && send_copy(deliver, box, letter);
    }
}

#include "sync/intake.h"

#include <string.h>

static bool same_digest(const struct digest *a, const struct digest *b)
{
    return memcmp(a->bytes, b->bytes, DIGEST_SIZE) == 0;
}

static void remove_hole(struct intake *in, size_t i)
{
    memmove(&in->holes[i], &in->holes[i + 1],
        (in->hole_count - i - 1) * sizeof in->holes[0]);
    in->hole_count--;
}

/* Room must be there. */
static void insert_hole(struct intake *in, size_t i, struct intake_hole hole)
{
    memmove(&in->holes[i + 1], &in->holes[i],
        (in->hole_count - i) * sizeof in->holes[0]);
    in->holes[i] = hole;
    in->hole_count++;
}

/* Take first..last out of the holes.  Cutting the middle out of one leaves two;
 * the caller has made sure there is room. */
static void fill(struct intake *in, uint64_t first, uint64_t last)
{
    for (size_t i = 0; i < in->hole_count;) {
        struct intake_hole *hole = &in->holes[i];
        const struct intake_hole rest = {last + 1, hole->last, hole->reason};

        if (hole->last < first || hole->first > last) {
            i++;
        } else if (hole->first >= first && hole->last <= last) {
            remove_hole(in, i);
        } else if (hole->first < first && hole->last > last) {
            hole->last = first - 1;
            insert_hole(in, i + 1, rest);
            return;
        } else if (hole->first < first) {
            hole->last = first - 1;
            i++;
        } else {
            hole->first = last + 1;
            i++;
        }
    }
}

static bool touches_hole(const struct intake *in, uint64_t first, uint64_t last)
{
    for (size_t i = 0; i < in->hole_count; i++)
        if (in->holes[i].first <= last && in->holes[i].last >= first)
            return true;
    return false;
}

/* How many more holes there would be: one before a jump, one more where the
 * middle is taken out of one.  What fills a hole is always welcome. */
static size_t new_holes(
    const struct intake *in, const struct intake_offer *offer)
{
    size_t more = offer->first > in->high + 1;

    for (size_t i = 0; i < in->hole_count; i++)
        more += in->holes[i].first < offer->first &&
                in->holes[i].last > offer->last;
    return more;
}

static enum intake_verdict move_on(
    struct intake *in, const struct intake_offer *offer)
{
    if (in->hole_count + new_holes(in, offer) > INTAKE_MAX_HOLES)
        return INTAKE_TOO_MANY_HOLES;
    if (offer->first > in->high + 1)
        insert_hole(in, in->hole_count,
            (struct intake_hole){
                in->high + 1, offer->first - 1, REASON_MISSING});
    fill(in, offer->first, offer->last);
    if (offer->last > in->high) {
        in->high = offer->last;
        in->head = offer->content;
    }
    return INTAKE_APPLY;
}

static enum intake_verdict offer_new_epoch(
    struct intake *in, const struct intake_offer *offer)
{
    static const struct digest none;

    if (offer->epoch_seen)
        return INTAKE_CLOSED;
    if (offer->first == 1 && !same_digest(&offer->previous, &none))
        return INTAKE_FORKED;
    *in = (struct intake){.epoch = offer->epoch};
    return move_on(in, offer);
}

enum intake_verdict intake_offer(
    struct intake *in, const struct intake_offer *offer)
{
    static const struct digest none;
    const bool next = offer->first == in->high + 1;

    if (!id_equal(&offer->epoch, &in->epoch))
        return offer_new_epoch(in, offer);
    if (next &&
        !same_digest(&offer->previous, in->high == 0 ? &none : &in->head))
        return INTAKE_FORKED;
    if (offer->last == in->high && !same_digest(&offer->content, &in->head))
        return INTAKE_FORKED;
    if (offer->first <= in->high &&
        !touches_hole(in, offer->first, offer->last) && offer->last <= in->high)
        return INTAKE_DUPLICATE;
    return move_on(in, offer);
}

void intake_put_aside(
    struct intake *in, uint64_t first, uint64_t last, enum reason reason)
{
    size_t i = 0;

    fill(in, first, last);
    while (i < in->hole_count && in->holes[i].first < first)
        i++;
    if (i > 0 && in->holes[i - 1].last + 1 == first &&
        in->holes[i - 1].reason == reason)
        in->holes[i - 1].last = last;
    else if (in->hole_count < INTAKE_MAX_HOLES)
        insert_hole(in, i, (struct intake_hole){first, last, reason});
    else if (i > 0) /* full: claim too much, never too little, as missing */
        in->holes[i - 1].last = last;
    else
        in->holes[0].first = first;
}

uint64_t intake_applied(const struct intake *in)
{
    for (size_t i = 0; i < in->hole_count; i++)
        if (in->holes[i].reason == REASON_MISSING)
            return in->holes[i].first - 1;
    return in->high;
}

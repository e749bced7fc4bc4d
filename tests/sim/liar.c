#include "liar.h"

#include "base/err.h"
#include "wire/hubtalk.h"

#define KEPT 16

struct letter {
    struct buf talk, body;
};

static struct {
    struct letter letters[KEPT];
    size_t count;
} kept;

void liar_forget(void)
{
    for (size_t i = 0; i < KEPT; i++) {
        buf_free(&kept.letters[i].talk);
        buf_free(&kept.letters[i].body);
    }
    kept.count = 0;
}

static void keep(struct bytes talk, struct bytes body)
{
    struct letter *letter = &kept.letters[kept.count++ % KEPT];

    buf_clear(&letter->talk);
    buf_clear(&letter->body);
    buf_add(&letter->talk, talk);
    buf_add(&letter->body, body);
}

/* "It is safe with me", and it is thrown away. */
static bool lie(struct liar_deed *out, const struct hubtalk *put)
{
    const struct hubtalk done = {.kind = HUBTALK_PUT_DONE, .id = put->id};

    out->what = "says that it keeps what it throws away";
    hubtalk_encode(&out->talk, &done);
    return true;
}

static bool replay(struct liar_deed *out, struct world *world, bool elsewhere)
{
    const size_t n = kept.count < KEPT ? kept.count : KEPT;
    const struct letter *letter = &kept.letters[rng_below(&world->rng, n)];

    if (n == 0)
        return false;
    out->what = elsewhere ? "delivers to another school" : "delivers old mail";
    buf_add(&out->talk, buf_bytes(&letter->talk));
    buf_add(&out->body, buf_bytes(&letter->body));
    if (elsewhere)
        out->school = rng_below(&world->rng, WORLD_SCHOOLS);
    return true;
}

static bool flip(struct liar_deed *out, struct world *world, struct bytes talk,
    struct bytes body)
{
    out->what = "changes a bit";
    buf_add(&out->talk, talk);
    buf_add(&out->body, body);
    if (out->body.len > 0)
        out->body.data[rng_below(&world->rng, out->body.len)] ^=
            (uint8_t)(1u << rng_below(&world->rng, 8));
    return true;
}

bool liar_tamper(struct liar_deed *out, struct world *world, bool to_hub,
    struct bytes wire, struct bytes body)
{
    struct hubtalk talk = {.reason = REASON_NONE};
    struct err err;

    *out = (struct liar_deed){.what = "drops mail", .school = WORLD_SCHOOLS};
    if (hubtalk_decode(&talk, wire, &err) < 0)
        return false;
    if (to_hub)
        return talk.kind == HUBTALK_PUT && lie(out, &talk);
    if (talk.kind != HUBTALK_MAIL)
        return false;
    keep(wire, body);
    switch (rng_below(&world->rng, 4)) {
    case 0:
        return true;
    case 1:
        return replay(out, world, false);
    case 2:
        return replay(out, world, true);
    default:
        return flip(out, world, wire, body);
    }
}

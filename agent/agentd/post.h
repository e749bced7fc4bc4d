/*
 * post - the agent's traffic with the hubs: what is in the outbox goes to the
 * first hub that answers, what waits in the mailboxes is fetched from all.
 *
 *   link up -> HELLO -> WELCOME -> (DIRECTORY if theirs is newer), FETCH
 *   outbox  -> PUT (within the window) -> PUT_DONE -> mark
 *   MAIL    -> intake (agentd/mail.h); after its commit -> ACK
 *
 * Only PUT_DONE counts: what is not confirmed in 30 s, or was on its way when a
 * link went down, goes again.  PUT is idempotent at the hub.
 */
#ifndef AGENTD_POST_H
#define AGENTD_POST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "net/link.h"
#include "record/reason.h"

struct agent;
struct err;
struct post;

/** Open a link to every active hub of the directory. */
struct post *post_new(struct agent *agent);

/** Something was put in the outbox: it goes soon.  NULL is allowed, as below.
 */
void post_kick(struct post *post);
/** The same, and it goes now; not in a transaction. */
void post_put(struct post *post);

/** Look again at `when` at the latest (0: never mind). */
void post_wake(struct post *post, mono when);

/** The directory changed: open and close links as it says. */
void post_follow_directory(struct post *post);

/** Ask the administrator over every hub that is reached now for certificates
 * for new keys; the others are asked when they are reached.  Returns how many.
 */
size_t post_offer(struct post *post);

/* For status. */
struct post_hub {
    const char *endpoint;
    enum link_state state;
    const char *sentence; /* why it is so, for people */
    bool ready;           /* greeted: mail flows */
    mono heard;           /* 0: never */
    int64_t skew_ms;      /* its clock minus ours */
    uint64_t waiting;     /* letters in our mailbox when it greeted us */
    enum reason refusal;  /* of the newest PUT that it would not take, and that
                           * still waits; 0: none */
    unsigned unbelieved;  /* words about our letters, since the start, that it
                           * should have signed */
};
size_t post_hubs(struct post_hub *out, size_t max, const struct post *post);

/** Since when another agent with this school's keys has our place; 0: none. */
wall post_fenced_at(const struct post *post);

/** Why a hub would not take the stream's letters the last time; 0: it did. */
enum reason post_refusal(const struct post *post, int64_t stream);

/** Send this signed report to every hub that is reached; returns to how many.
 */
size_t post_report(struct post *post, struct bytes signed_report);

void post_free(struct post *post);

#endif

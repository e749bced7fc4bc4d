/*
 * hublink - one hub: greeting, directory, mail.  The inner side of post: only
 * post.c, hublink.c and outgoing.c include this.
 */
#ifndef AGENTD_HUBLINK_H
#define AGENTD_HUBLINK_H

#include "agentd/attested.h"
#include "agentd/early.h"
#include "agentd/flight.h"
#include "agentd/holds.h"
#include "agentd/mail.h"
#include "agentd/post.h"
#include "net/link.h"
#include "net/loop.h"
#include "store/ending.h"
#include "wire/directory.h"
#include "wire/hubtalk.h"

#define HUBLINK_MAX_ACKS 64

struct hublink {
    struct post *post;
    char *endpoint;
    char curve_key[CURVE_KEY_SIZE];
    char own_key[CURVE_KEY_SIZE]; /* ours, that it was opened with */
    struct link *link;
    enum link_state state;
    char sentence[200]; /* why it is in this state, for people */
    bool ready;         /* greeted: mail flows */
    mono heard;
    mono next;           /* when to greet again, or to ask for the directory */
    mono hold_until;     /* no PUT before */
    enum reason refusal; /* of the newest PUT that must wait; 0: none */
    int64_t skew_ms;
    uint64_t waiting;
    struct id storage;   /* the name of its storage */
    uint64_t high;       /* the highest cursor that it is known to have given */
    uint64_t high_known; /* the same, as our database has it */
    uint64_t acks[HUBLINK_MAX_ACKS]; /* cursors to acknowledge after the
                                      * commit */
    size_t ack_count;
    struct ending noted[HUBLINK_MAX_ACKS]; /* notices to say NOTED to, then */
    size_t noted_count;
    struct buf directory;  /* parts of one that is on its way */
    uint64_t directory_of; /* its version */
    bool failed;           /* the transaction of this drain is lost */
    bool again_soon;       /* over a letter: it comes again as a suspect */
    /* Names are a hub's word: another hub's letters are known by their own. */
    struct early early;
    struct early suspects; /* letters that could not be applied */
    unsigned unbelieved; /* of its words about letters of ours, since the start:
                          * it has a certificate and did not sign them */
};

struct post {
    struct agent *agent;
    struct hublink *hubs[DIRECTORY_MAX_HUBS];
    size_t hub_count;
    struct flight flight;
    struct mail_debts debts;
    struct loop_timer *tick;
    struct id session;
    bool follow;    /* the directory changed: look at the hubs again */
    mono marks_due; /* confirmations wait to be written; 0: none */
    struct holds holds;
    struct attested_refusals refusals; /* to be kept with the next marks */
    mono upkeep_due;                   /* 0: no hub was reached yet */
    mono compact_due;                  /* looked at when upkeep is due */
    uint64_t version; /* of the directory when letters put aside were tried */
    char wrong_keys[DIRECTORY_MAX_HUBS]
                   [CURVE_KEY_SIZE]; /* of a hub that has
                                      * two, as in the directory: the one that
                                      * was wrong the last time; "" */
    wall fenced_at; /* another agent with our keys took over; 0: none */
};

/** Errors: those of link_open(). */
MUST_CHECK int hublink_open(struct hublink **out, struct post *post,
    const struct directory_hub *at, struct err *err);
void hublink_close(struct hublink *hub);

/** Send a message; what cannot go now is asked for again by time. */
void hublink_say(
    struct hublink *hub, const struct hubtalk *talk, struct bytes body);

/** Ask the administrator for new certificates, if we want some. */
void hublink_offer(struct hublink *hub);

/** Another run of this school's agent has taken over at a hub: be still at all
 * of them until this one is started again. */
void post_fence(struct post *post, const char *endpoint);

/** The transport key to reach this hub with; at is of the directory in force.
 */
const char *post_key_of(
    const struct post *post, const struct directory_hub *at);

/** The hub has another key than this link was opened with: if the directory
 * names two, the other is tried. */
void post_key_is_wrong(struct post *post, const struct hublink *hub);

/** A hub is reached: do the upkeep of the outbox when its mail had time to
 * come. */
void post_expect_upkeep(struct post *post);

/** May this word about a letter of ours be believed (agentd/attested.h)?
 * False: it was logged, and is shown by status. */
bool hublink_believes(struct bytes *is_signed, struct hublink *hub,
    const struct hubtalk *talk, struct bytes body);

/** Greet or freshen if it is time. */
void hublink_due(struct hublink *hub, mono now);

#endif

/*
 * caller - one question to a hub, for the command line: connect, ask, wait for
 * one answer.  Blocks; needs no loop of the caller's.
 */
#ifndef NET_CALLER_H
#define NET_CALLER_H

#include "base/attr.h"
#include "base/buf.h"
#include "net/link.h"

struct err;

/**
 * Send talk (and body, unless it is empty) and add the first answer's frames to
 * reply_talk and reply_body.  Nothing is added on failure.
 *
 * Errors, each with a sentence for people:
 *   ERR_NOT_FOUND  the hub cannot be reached (tried until timeout_ms)
 *   ERR_DENIED     the hub does not admit our key, or is not the hub whose key
 *                  we were given
 *   ERR_BUSY       connected, but no answer within timeout_ms
 *   ERR_TOO_BIG, ERR_MALFORMED, ERR_IO  as link_open() and link_send()
 */
MUST_CHECK int caller_ask(struct buf *reply_talk, struct buf *reply_body,
    const struct link_options *options, struct bytes talk, struct bytes body,
    int timeout_ms, struct err *err);

#endif

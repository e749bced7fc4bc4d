/*
 * client - one connection as the server sees it:
 *
 *   READING --whole request--> WAITING --answer--> WRITING --sent--> closed
 *      |                          |                   |
 *      +-- bad bytes: a refusal is written -----------+
 *      +-- deadline, or gone      +-- gone: on_gone   +-- deadline
 *
 * Nothing here frees a client or blocks; serve.c does the first.
 */
#ifndef CONTROL_CLIENT_H
#define CONTROL_CLIENT_H

#include "base/buf.h"
#include "base/clock.h"
#include "control/control.h"
#include "control/frame.h"

enum client_state { CLIENT_READING, CLIENT_WAITING, CLIENT_WRITING };

struct control_client {
    struct control_client *next;   /* in the server's list */
    struct control_server *server; /* its owner */
    const struct control_loop *loop;
    int64_t patience_ms;
    enum client_state state;
    int fd;
    void *watch;
    struct control_peer peer;
    int file;      /* that came with the request; -1: none */
    mono deadline; /* 0 while WAITING with nothing to write */
    uint8_t header[FRAME_HEADER];
    size_t header_len;
    struct buf in; /* the body as far as it has come */
    struct control_request request;
    struct buf out;
    size_t sent; /* of out */
};

/** A client on fd, to be watched; it reads until its first deadline. */
struct control_client *client_new(int fd, int64_t patience_ms);

/** Read what is there of the request.  False when the connection is gone.
 * Afterwards state is WAITING if a good request is complete, WRITING if it was
 * refused, else READING. */
bool client_read(struct control_client *client);

/** Write what waits, as far as it goes now.  False when the connection is gone
 * or the answer is complete. */
bool client_write(struct control_client *client);

/** True unless the client is gone, or says more than one request. */
bool client_is_there(struct control_client *client);

/** Each takes over its JSON. */
void client_progress(struct control_client *client, json_t *progress);
void client_answer(struct control_client *client, json_t *result);
void client_refuse(struct control_client *client, const char *code,
    const char *text, const char *next);

void client_free(struct control_client *client);

#endif

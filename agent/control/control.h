/*
 * control - the local socket between the command line and the agent.
 *
 * A frame is a 4-byte big-endian length and that many bytes of JSON.  One
 * connection carries one request and its reply:
 *
 *   client -> {"version":1,"command":"leavers.list","as":"jl","args":{...}}
 *   server -> {"progress":{"text":"...","done":120,"total":0}}       any number
 *   server -> {"result":{...}}   or   {"error":{"code":"denied","text":"...",
 *                                       "next":"..."}}
 *
 * The result is the very document that --json prints.  One file descriptor may
 * ride with the request (a file to import, opened by the person who asks, so
 * that the agent needs no right to read it).
 *
 * The server checks in this order: peer credentials, length, JSON, version,
 * command.  Bad bytes close that client and never the daemon.
 */
#ifndef CONTROL_CONTROL_H
#define CONTROL_CONTROL_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/attr.h"

#define CONTROL_VERSION 1
#define CONTROL_MAX_REQUEST ((size_t)1024 * 1024)
#define CONTROL_MAX_REPLY ((size_t)64 * 1024 * 1024)
#define CONTROL_MAX_CLIENTS 64
#define CONTROL_MAX_DEPTH 32 /* of the JSON */

struct err;

/* Decode one request: used by the server and the fuzzer. */
struct control_request {
    const char *command; /* borrowed from json */
    const char *as;      /* "" if not given */
    json_t *args;        /* an object; borrowed from json */
    json_t *json;        /* owned: control_request_end() */
};

/** Errors: ERR_TOO_BIG, ERR_MALFORMED, ERR_STATE (another version). */
MUST_CHECK int control_decode_request(
    struct control_request *out, const void *data, size_t len, struct err *err);
void control_request_end(struct control_request *request);

/* The client's half: the command line. */
struct control_reply {
    json_t *result; /* owned by the caller; NULL on error */
    char code[24];  /* of an error: "denied", "not-found", ... */
    char text[512];
    char next[256]; /* the next step; "" if none */
};

/**
 * Ask and wait, as long as the agent works on it.  args is borrowed; file is a
 * descriptor to pass, or -1.  on_progress may be NULL. Returns 0 with a result
 * or an error of the agent in *reply. Errors: ERR_NOT_FOUND (no agent answers
 * at path), ERR_DENIED (the socket's mode), ERR_MALFORMED, ERR_IO.
 */
MUST_CHECK int control_ask(struct control_reply *reply, const char *path,
    const char *command, const char *as, json_t *args, int file,
    void (*on_progress)(void *arg, json_t *progress), void *arg,
    struct err *err);

/* The server's half. */
struct control_server;
struct control_client; /* one connection with a request that waits */

struct control_peer {
    uid_t uid;
    pid_t pid;
};

struct control_callbacks {
    /* A request.  The server answers when control_answer() or control_refuse()
     * is called, now or later; file is -1 or a descriptor that is closed after
     * the answer.  request is borrowed until then. */
    void (*on_request)(void *arg, struct control_client *client,
        const struct control_request *request, const struct control_peer *peer,
        int file);
    /* The client went away before its answer: forget the pointer. */
    void (*on_gone)(void *arg, struct control_client *client);
    void *arg;
};

/* How the server's descriptors join the loop that the daemon runs; control
 * knows no other room.  agentd fills it in from net/loop.h.  A watch always
 * waits for reading, with `write` for writing too; what on_ready is told about
 * events is not looked at. */
struct control_loop {
    void *(*watch)(void *loop, int fd, bool write,
        void (*on_ready)(void *arg, int events), void *arg);
    void (*rewatch)(void *watch, bool write);
    void (*unwatch)(void *watch);
    void *loop;
};

/** Bind path (mode 0660; a stale socket is replaced, a live one is not).
 * Errors: ERR_EXISTS (another agent answers there), ERR_IO. */
MUST_CHECK int control_listen(struct control_server **out, const char *path,
    const struct control_loop *loop, const struct control_callbacks *callbacks,
    struct err *err);

/* Each takes over its JSON and only queues: the client is not freed before the
 * loop runs again.  After an answer or a refusal the client is forgotten. */
/** {"text","done","total"}; dropped while the client is slow to read. */
void control_progress(struct control_client *client, json_t *progress);
void control_answer(struct control_client *client, json_t *result);
/** code is a word of enum err_code ("denied"); next may be "". */
void control_refuse(struct control_client *client, const char *code,
    const char *text, const char *next);

/** "denied" for ERR_DENIED, and so on: the words of a reply's code. */
const char *control_code(int err_code);

/** How long a new client may take over its request, and over reading each piece
 * of its answer, before it is closed: 30 s unless a test sets less. */
void control_set_patience(struct control_server *server, int64_t ms);

/** Closes every client; on_gone is called for those that wait. */
void control_close(struct control_server *server); /* NULL is allowed */
static inline void control_closep(struct control_server **server)
{
    control_close(*server);
}

#endif

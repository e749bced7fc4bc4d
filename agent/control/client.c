#include "control/client.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "control/endpoint.h"

#define MAX_WAITING ((size_t)65536) /* unread progress of one client */

static void set_deadline(struct control_client *client, bool on)
{
    client->deadline =
        on ? (mono){clock_mono().ms + client->patience_ms} : (mono){0};
}

struct control_client *client_new(int fd, int64_t patience_ms)
{
    struct control_client *client = mem_alloc(sizeof *client);

    client->state = CLIENT_READING;
    client->fd = fd;
    client->file = -1;
    client->patience_ms = patience_ms;
    set_deadline(client, true);
    return client;
}

static void close_file(struct control_client *client)
{
    if (client->file >= 0)
        close(client->file);
    client->file = -1;
}

/* Queue a frame {"key": value}; takes over value. */
static int queue(struct control_client *client, const char *key, json_t *value)
{
    json_t *frame = json_pack("{s:o}", key, value);
    const int rc =
        frame == NULL ? ERR_MALFORMED
                      : frame_add(&client->out, frame, CONTROL_MAX_REPLY, NULL);

    json_decref(frame);
    if (rc < 0)
        return rc;
    client->loop->rewatch(client->watch, true);
    if (client->deadline.ms == 0)
        set_deadline(client, true);
    return 0;
}

/* The request has had its answer: nobody asks for it again. */
static void end_request(struct control_client *client)
{
    client->state = CLIENT_WRITING;
    close_file(client);
    control_request_end(&client->request);
    set_deadline(client, true);
}

void client_refuse(struct control_client *client, const char *code,
    const char *text, const char *next)
{
    char clean_text[512];
    char clean_next[256];

    text_clean(clean_text, sizeof clean_text, text);
    text_clean(clean_next, sizeof clean_next, next);
    end_request(client);
    /* These three are short and UTF-8, so this cannot fail; if it did, the
     * client would be closed at its deadline without an answer. */
    (void)!queue(client, "error",
        json_pack("{s:s,s:s,s:s}", "code", code, "text", clean_text, "next",
            clean_next));
}

void client_answer(struct control_client *client, json_t *result)
{
    end_request(client);
    if (queue(client, "result", result) < 0)
        client_refuse(client, control_code(ERR_TOO_BIG),
            "the answer is too long to be sent", "Ask for less of it");
}

void client_progress(struct control_client *client, json_t *progress)
{
    /* A client that does not read misses some: only the newest matters. */
    if (client->out.len - client->sent > MAX_WAITING)
        json_decref(progress);
    else
        (void)!queue(client, "progress", progress);
}

bool client_write(struct control_client *client)
{
    if (client->out.len == 0)
        return true;
    while (client->sent < client->out.len) {
        const ssize_t sent = endpoint_send(client->fd,
            (struct bytes){client->out.data + client->sent,
                client->out.len - client->sent},
            -1);

        if (sent < 0)
            return false;
        if (sent == 0)
            return true;
        client->sent += (size_t)sent;
        set_deadline(client, true);
    }
    buf_clear(&client->out);
    client->sent = 0;
    client->loop->rewatch(client->watch, false);
    if (client->state == CLIENT_WAITING)
        set_deadline(client, false);
    return client->state != CLIENT_WRITING;
}

static void refuse_bytes(
    struct control_client *client, int rc, const char *text)
{
    client_refuse(client, control_code(rc), text,
        rc == ERR_STATE ? "Restart the agent after an upgrade" : "");
}

/* The whole body is here. */
static void take_request(struct control_client *client)
{
    struct err err = {0};
    uint8_t more;
    int rc;

    if (endpoint_receive(client->fd, &more, 1, &client->file) > 0) {
        refuse_bytes(
            client, ERR_MALFORMED, "one connection carries one request");
        return;
    }
    rc = control_decode_request(
        &client->request, client->in.data, client->in.len, &err);
    buf_free(&client->in);
    if (rc < 0) {
        refuse_bytes(client, rc, err.text);
        return;
    }
    client->state = CLIENT_WAITING;
    set_deadline(client, false);
}

/* Receive the next piece of the request.  Returns as endpoint_receive(). */
static ssize_t receive(struct control_client *client)
{
    struct buf *in = &client->in;
    size_t want;
    ssize_t got;

    if (client->header_len < FRAME_HEADER) {
        got = endpoint_receive(client->fd, client->header + client->header_len,
            FRAME_HEADER - client->header_len, &client->file);
        client->header_len += got > 0 ? (size_t)got : 0;
        return got;
    }
    want = frame_length(client->header) - in->len;
    got = endpoint_receive(
        client->fd, buf_reserve(in, want), want, &client->file);
    in->len += got > 0 ? (size_t)got : 0;
    return got;
}

bool client_read(struct control_client *client)
{
    while (client->state == CLIENT_READING) {
        const ssize_t got = receive(client);
        const size_t length = frame_length(client->header);

        if (got == ENDPOINT_NOT_NOW)
            return true;
        if (got < 0)
            return false;
        if (client->header_len < FRAME_HEADER)
            continue;
        if (length == 0 || length > CONTROL_MAX_REQUEST)
            refuse_bytes(client, ERR_TOO_BIG, "a request has 1 byte to 1 MiB");
        else if (client->in.len == length)
            take_request(client);
    }
    return true;
}

/* What a client goes on sending while it is being refused is thrown away, so
 * that it comes to read why; one that waits has nothing more to say. */
bool client_is_there(struct control_client *client)
{
    uint8_t waste[4096];
    int unwanted = -1;
    const ssize_t got =
        endpoint_receive(client->fd, waste, sizeof waste, &unwanted);

    if (unwanted >= 0)
        close(unwanted);
    return got == ENDPOINT_NOT_NOW ||
           (got > 0 && client->state == CLIENT_WRITING);
}

void client_free(struct control_client *client)
{
    client->loop->unwatch(client->watch);
    close(client->fd);
    close_file(client);
    control_request_end(&client->request);
    buf_free(&client->in);
    buf_free(&client->out);
    free(client);
}

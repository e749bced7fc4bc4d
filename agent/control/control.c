#include "control/control.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"
#include "base/text.h"
#include "control/endpoint.h"
#include "control/frame.h"
#include "control/serve.h"

#define MAX_WORD ((size_t)64) /* a command's name, a login */

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void free_json(json_t **json)
{
    json_decref(*json);
}

static bool is_word(const char *text)
{
    const size_t len = strnlen(text, MAX_WORD + 1);

    return len > 0 && len <= MAX_WORD && text_is_clean(bytes_of(text));
}

static int check_version(const json_t *json, struct err *err)
{
    const json_t *version = json_object_get(json, "version");

    if (!json_is_integer(version))
        return err_set(err, ERR_MALFORMED, "the request has no version");
    if (json_integer_value(version) != CONTROL_VERSION)
        return err_set(err, ERR_STATE,
            "moveup and its agent are of different versions (%lld and %d)",
            (long long)json_integer_value(version), CONTROL_VERSION);
    return 0;
}

int control_decode_request(
    struct control_request *out, const void *data, size_t len, struct err *err)
{
    SCOPED(free_json) json_t *json = NULL;
    const char *command;
    const json_t *as;
    int rc;

    *out = (struct control_request){0};
    if (len > CONTROL_MAX_REQUEST)
        return err_set(err, ERR_TOO_BIG, "%zu bytes; a request has at most %zu",
            len, CONTROL_MAX_REQUEST);
    rc = frame_parse(&json, (struct bytes){data, len}, err);
    if (rc < 0)
        return rc;
    if (!json_is_object(json))
        return err_set(err, ERR_MALFORMED, "the request is not an object");
    rc = check_version(json, err);
    if (rc < 0)
        return rc;
    command = json_string_value(json_object_get(json, "command"));
    if (command == NULL || !is_word(command))
        return err_set(err, ERR_MALFORMED, "the request names no command");
    as = json_object_get(json, "as");
    if (as != NULL &&
        (!json_is_string(as) ||
            (json_string_length(as) > 0 && !is_word(json_string_value(as)))))
        return err_set(err, ERR_MALFORMED, "the login to act for is no word");
    if (json_object_get(json, "args") == NULL)
        json_object_set_new(json, "args", json_object());
    if (!json_is_object(json_object_get(json, "args")))
        return err_set(err, ERR_MALFORMED, "the arguments are not an object");
    out->command = command;
    out->as = as == NULL ? "" : json_string_value(as);
    out->args = json_object_get(json, "args");
    out->json = TAKE(json);
    return 0;
}

void control_request_end(struct control_request *request)
{
    json_decref(request->json);
    *request = (struct control_request){0};
}

const char *control_code(int err_code)
{
    static const char *const words[] = {"failed", "io", "malformed", "too-big",
        "not-found", "denied", "busy", "exists", "state", "full", "usage",
        "crypto", "decrypt", "signature", "certificate"};
    const size_t count = sizeof words / sizeof words[0];

    return err_code < 0 && err_code > -(int)count ? words[-err_code] : words[0];
}

/* The client's half. */

static int send_request(int fd, json_t *request, int file, struct err *err)
{
    SCOPED(buf_free) struct buf out = BUF_EMPTY;
    const int rc = frame_add(&out, request, CONTROL_MAX_REQUEST, err);

    if (rc < 0)
        return rc;
    for (size_t at = 0; at < out.len;) {
        const ssize_t sent = endpoint_send(
            fd, (struct bytes){out.data + at, out.len - at}, file);

        /* Gone: it may have said why before it closed. */
        if (sent <= 0)
            return 0;
        file = -1;
        at += (size_t)sent;
    }
    return 0;
}

static int receive_all(int fd, uint8_t *data, size_t len, struct err *err)
{
    for (size_t at = 0; at < len;) {
        SCOPED(close_fd) int unwanted = -1;
        const ssize_t got =
            endpoint_receive(fd, data + at, len - at, &unwanted);

        if (got <= 0)
            return err_set(err, ERR_IO, "the agent closed the connection");
        at += (size_t)got;
    }
    return 0;
}

static int receive_frame(json_t **out, int fd, struct err *err)
{
    SCOPED(buf_free) struct buf body = BUF_EMPTY;
    uint8_t header[FRAME_HEADER];
    int rc = receive_all(fd, header, sizeof header, err);

    if (rc < 0)
        return rc;
    if (frame_length(header) > CONTROL_MAX_REPLY)
        return err_set(err, ERR_MALFORMED, "its answer is too long");
    rc = receive_all(fd, buf_reserve(&body, frame_length(header)),
        frame_length(header), err);
    if (rc < 0)
        return rc;
    body.len = frame_length(header);
    return frame_parse(out, buf_bytes(&body), err);
}

static void copy_text(
    char *out, size_t size, const json_t *from, const char *key)
{
    const char *text = json_string_value(json_object_get(from, key));

    snprintf(out, size, "%s", text == NULL ? "" : text);
}

/* True when the reply is complete. */
static bool take_frame(struct control_reply *reply, json_t *frame)
{
    const json_t *error = json_object_get(frame, "error");

    reply->result = json_incref(json_object_get(frame, "result"));
    if (reply->result != NULL)
        return true;
    if (!json_is_object(error))
        return false;
    copy_text(reply->code, sizeof reply->code, error, "code");
    copy_text(reply->text, sizeof reply->text, error, "text");
    copy_text(reply->next, sizeof reply->next, error, "next");
    return true;
}

int control_ask(struct control_reply *reply, const char *path,
    const char *command, const char *as, json_t *args, int file,
    void (*on_progress)(void *arg, json_t *progress), void *arg,
    struct err *err)
{
    SCOPED(close_fd) int fd = -1;
    SCOPED(free_json)
    json_t *request = json_pack("{s:i,s:s,s:s,s:O}", "version", CONTROL_VERSION,
        "command", command, "as", as, "args", args);
    int rc;

    *reply = (struct control_reply){0};
    if (request == NULL)
        return err_set(err, ERR_MALFORMED, "the request is not UTF-8");
    rc = endpoint_connect(&fd, path, err);
    if (rc == 0)
        rc = send_request(fd, request, file, err);
    while (rc == 0) {
        SCOPED(free_json) json_t *frame = NULL;

        rc = receive_frame(&frame, fd, err);
        if (rc < 0)
            return rc;
        if (take_frame(reply, frame))
            return 0;
        if (!json_is_object(json_object_get(frame, "progress")))
            return err_set(
                err, ERR_MALFORMED, "its answer is of no known kind");
        if (on_progress != NULL)
            on_progress(arg, json_object_get(frame, "progress"));
    }
    return rc;
}

/* The server's half: see serve.c. */

int control_listen(struct control_server **out, const char *path,
    const struct control_loop *loop, const struct control_callbacks *callbacks,
    struct err *err)
{
    return serve_listen(out, path, loop, callbacks, err);
}

void control_progress(struct control_client *client, json_t *progress)
{
    serve_progress(client, progress);
}

void control_answer(struct control_client *client, json_t *result)
{
    serve_answer(client, result);
}

void control_refuse(struct control_client *client, const char *code,
    const char *text, const char *next)
{
    serve_refuse(client, code, text, next);
}

void control_set_patience(struct control_server *server, int64_t ms)
{
    serve_set_patience(server, ms);
}

void control_close(struct control_server *server)
{
    serve_close(server);
}

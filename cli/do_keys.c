#include "cli/do_keys.h"

#include <string.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/file.h"
#include "cli/call.h"
#include "cli/said.h"
#include "crypto/hash.h"
#include "net/curve.h"
#include "trust/hubkeys.h"
#include "trust/identity.h"
#include "trust/papers.h"

static void render_rotate(struct call *call, const json_t *result)
{
    struct output *output = call->output;
    const char *path = call_option(call, "output");

    output_line(output, OUTPUT_GOOD,
        "New keys are made; those of today stay in use until they have "
        "certificates.");
    output_line(output, OUTPUT_PLAIN, "Fingerprint  %s",
        said_text(result, "fingerprint"));
    output_gap(output);
    if (said_number(result, "hubs") > 0)
        output_next(output,
            "the request is at the hub, signed with the key of today. Tell the "
            "cluster administrator, who answers with moveup cluster publish "
            "--renew; the new keys are then used by themselves");
    else
        output_next(output,
            "no hub is reached now: the request goes to it when it is, or send "
            "it as a file (-o FILE) to the cluster administrator");
    if (path != NULL)
        output_line(output, OUTPUT_PLAIN,
            "      The same request is in %s, for moveup cluster enrol.", path);
}

/* --- a hub, which has no agent to ask: its folder --- */

static void render_hub(struct call *call, const json_t *result)
{
    struct output *output = call->output;

    output_line(output, OUTPUT_GOOD,
        "New keys are made; those of today stay in use until they have "
        "certificates.");
    output_line(output, OUTPUT_PLAIN, "Fingerprint  %s",
        said_text(result, "fingerprint"));
    output_gap(output);
    output_next(output,
        "send the request to the cluster administrator and compare the "
        "fingerprint on the telephone; they answer with moveup cluster enrol "
        "and moveup cluster publish. The hub then signs with its new key at "
        "once, and changes the transport key 120 days later, when nobody needs "
        "the old one any more");
    output_line(output, OUTPUT_PLAIN, "      The request is in %s",
        said_text(result, "output"));
}

static int begin_hub(struct buf *file, struct call *call,
    const struct identity *identity, struct err *err)
{
    char public_key[CURVE_TEXT_SIZE], secret_key[CURVE_TEXT_SIZE];
    struct renewal_wish wish = {.parts = 0,
        .anew = call_flag(call, "anew"),
        .curve_public = public_key,
        .curve_secret = secret_key};
    int rc = curve_new_pair(public_key, secret_key, err);

    if (call_flag(call, "sign"))
        wish.parts |= RENEWAL_SIGN;
    if (call_flag(call, "transport"))
        wish.parts |= RENEWAL_TRANSPORT;
    if (wish.parts == 0)
        wish.parts = RENEWAL_ALL;
    if (rc == 0)
        rc = hubkeys_begin(file, identity, &wish, call->output->now, err);
    explicit_bzero(secret_key, sizeof secret_key);
    return rc;
}

static json_t *hub_json(const struct buf *file, const char *path)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct enrolment_request request;
    struct digest digest = {{0}};
    char fingerprint[HASH_FINGERPRINT_SIZE];

    (void)!papers_read_request(
        &request, &digest, buf_bytes(file), &arena, NULL);
    return json_pack("{s:s%,s:s,s:s}", "request", (const char *)file->data,
        file->len, "fingerprint", hash_fingerprint(fingerprint, &digest),
        "output", path);
}

static int rotate_hub(struct call *call, const char *state)
{
    SCOPED(identity_closep) struct identity *identity = NULL;
    SCOPED(buf_free) struct buf file = BUF_EMPTY;
    const char *path = call_option(call, "output");
    struct err err;
    int rc;

    if (path == NULL)
        return call_usage(call, "a hub's request goes by file: add -o FILE");
    if (call_flag(call, "encrypt"))
        return call_usage(call, "a hub has no key to be encrypted to");
    rc = identity_open(&identity, state, call->output->now, &err);
    if (rc == 0 && identity->kind != ENROLMENT_HUB)
        return call_usage(
            call, "%s is a school's folder: leave --hub-state away", state);
    if (rc == 0)
        rc = begin_hub(&file, call, identity, &err);
    if (rc == 0)
        rc = file_write(path, buf_bytes(&file), FILE_PUBLIC, &err);
    if (rc < 0)
        return call_fail(call, &err, "");
    return call_show(call, hub_json(&file, path), render_hub);
}

/* --- */

int do_keys_rotate(struct call *call)
{
    static const char *const flags[] = {"sign", "encrypt", "transport", "anew"};
    const char *path = call_option(call, "output");
    json_t *args = json_object();
    json_t *result = NULL;
    struct err err;
    int code;

    if (call_option(call, "hub-state") != NULL) {
        json_decref(args);
        return rotate_hub(call, call_option(call, "hub-state"));
    }
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        if (call_flag(call, flags[i]))
            json_object_set_new(args, flags[i], json_true());
    code = call_ask(&result, call, "keys.rotate", args, -1);
    if (code != CALL_DONE)
        return code;
    if (path != NULL && file_write(path, bytes_of(said_text(result, "request")),
                            FILE_PUBLIC, &err) < 0) {
        json_decref(result);
        return call_fail(call, &err, "");
    }
    return call_show(call, result, render_rotate);
}

static void render_show(struct call *call, const json_t *result)
{
    struct output *output = call->output;
    const json_t *former = json_object_get(result, "former");
    char day[SAID_DATE_SIZE];

    output_line(output, OUTPUT_PLAIN, "To sign with       until %s",
        said_date(result, "sign_expires", day));
    output_line(output, OUTPUT_PLAIN, "To be encrypted to until %s",
        said_date(result, "encrypt_expires", day));
    for (size_t i = 0; i < json_array_size(former); i++)
        output_line(output, OUTPUT_PLAIN,
            "One of before      destroyed on %s, when no mail for it can come "
            "any more",
            said_date(json_array_get(former, i), "destroyed_from", day));
    if (said_is_true(result, "pending"))
        output_line(output, OUTPUT_WARN,
            "New keys           wait for their certificates since %s",
            said_date(result, "pending_since", day));
    else
        output_next(output, "moveup keys rotate, once a year and whenever "
                            "somebody may have seen them");
}

int do_keys_show(struct call *call)
{
    return call_agent(call, "keys.show", json_object(), render_show);
}

#include "cli/handing.h"

#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "cli/call.h"
#include "cli/hubcall.h"
#include "cli/office.h"
#include "cli/said.h"
#include "trust/authority.h"

static json_t *result_json(const struct authority *authority)
{
    const struct directory_content *content =
        members_content(authority_members(authority));
    char fingerprint[HASH_FINGERPRINT_SIZE];

    return json_pack("{s:s, s:I, s:I, s:s}", "cluster", content->cluster,
        "version", (json_int_t)content->version, "schools",
        (json_int_t)content->school_count, "authority_fingerprint",
        hash_fingerprint(fingerprint, authority_digest(authority)));
}

static void render_rotate(struct call *call, const json_t *result)
{
    struct output *output = call->output;

    output_line(output, OUTPUT_GOOD,
        "%s has an authority with new keys from directory "
        "%" JSON_INTEGER_FORMAT " on",
        said_text(result, "cluster"), said_number(result, "version"));
    output_line(output, OUTPUT_PLAIN, "  fingerprint   %s",
        said_text(result, "authority_fingerprint"));
    output_line(output, OUTPUT_PLAIN,
        "  certificates  of %" JSON_INTEGER_FORMAT
        " schools issued anew, for the keys they have",
        said_number(result, "schools"));
    output_line(output, OUTPUT_PLAIN,
        "  the keys of before are destroyed here; copies of the folder still "
        "have them");
    output_gap(output);
    output_next(output,
        "moveup cluster publish, then a new backup of this folder. Destroy the "
        "old backups: their keys count for nobody who has the new directory");
}

int handing_rotate(struct call *call)
{
    SCOPED(authority_closep) struct authority *authority = NULL;
    SCOPED(mem_freep) char *passphrase = NULL;
    struct err err;
    int code = office_open(&authority, call, true);

    if (code == CALL_DONE)
        code = office_passphrase(&passphrase, call);
    if (code != CALL_DONE)
        return code;
    code = authority_rotate(authority, passphrase, call->output->now, &err);
    if (passphrase != NULL)
        explicit_bzero(passphrase, strlen(passphrase));
    if (code < 0)
        return call_fail(
            call, &err, "Run it again: it goes on where it was cut short");
    return call_show(call, result_json(authority), render_rotate);
}

/* --- recovery --- */

/* One answer of a hub; a part must follow on what is here. */
static int ask_part(struct buf *out, struct hubtalk *reply,
    const struct directory_hub *hub, const struct authority *authority,
    const struct hubtalk *talk, struct err *err)
{
    const struct hubcall_question question = {talk, {NULL, 0}};
    const size_t before = out->len;
    int rc = hubcall_exchange(reply, out, hub, authority, &question, err);

    if (rc == 0 && reply->kind != HUBTALK_DIRECTORY_IS)
        rc = err_set(err, ERR_DENIED, "%s: %s", hub->endpoint,
            reason_sentence(reply->reason));
    if (rc == 0 && reply->total > 0 &&
        (reply->offset != before || out->len == before ||
            out->len > MEMBERS_MAX_SIGNED))
        rc = err_set(err, ERR_MALFORMED,
            "%s: its directory changes while it is read; try again",
            hub->endpoint);
    return rc;
}

/* What a hub has, if it is newer; nothing is added else. */
static int ask_hub(struct buf *out, const struct directory_hub *hub,
    const struct authority *authority, struct err *err)
{
    struct hubtalk talk = {.kind = HUBTALK_DIRECTORY,
        .version = members_version(authority_members(authority))};
    struct hubtalk reply;
    int rc;

    do {
        rc = ask_part(out, &reply, hub, authority, &talk, err);
        talk.of = reply.version;
        talk.offset = out->len;
    } while (rc == 0 && out->len < reply.total);
    if (rc < 0)
        buf_free(out);
    return rc;
}

struct found {
    struct buf bodies[DIRECTORY_MAX_HUBS];
    size_t count;
};

static void found_free(struct found *found)
{
    for (size_t i = 0; i < found->count; i++)
        buf_free(&found->bodies[i]);
}

/* What the hubs have that is newer; an error if none of them answers. */
static int ask_hubs(
    struct found *found, const struct authority *authority, struct err *err)
{
    const struct directory_content *content =
        members_content(authority_members(authority));
    size_t answered = 0;
    int rc = err_set(err, ERR_NOT_FOUND, "no hub is enrolled in this cluster");

    for (size_t i = 0; i < content->hub_count; i++) {
        struct buf *body = &found->bodies[found->count];
        int one;

        if (content->hubs[i].status != MEMBER_ACTIVE)
            continue;
        one = ask_hub(body, &content->hubs[i], authority, err);
        answered += one == 0;
        found->count += one == 0 && body->len > 0;
        if (one < 0)
            rc = one;
    }
    return answered > 0 ? 0 : rc;
}

static int adopt_from_hubs(
    struct authority *authority, wall now, struct err *err)
{
    SCOPED(found_free) struct found found = {.count = 0};
    int rc = ask_hubs(&found, authority, err);

    for (size_t i = 0; rc == 0 && i < found.count; i++) {
        rc = authority_adopt(authority, buf_bytes(&found.bodies[i]), now, err);
        if (rc == ERR_EXISTS)
            rc = 0; /* two hubs had it */
    }
    return rc;
}

static int adopt_file(
    struct authority *authority, const char *path, wall now, struct err *err)
{
    SCOPED(buf_free) struct buf file = BUF_EMPTY;
    int rc = file_read(&file, path, MEMBERS_MAX_SIGNED, err);

    return rc < 0 ? rc : authority_adopt(authority, buf_bytes(&file), now, err);
}

static void render_recover(struct call *call, const json_t *result)
{
    output_line(call->output, OUTPUT_GOOD,
        "This folder has directory %" JSON_INTEGER_FORMAT
        " of %s, the newest, with %" JSON_INTEGER_FORMAT " schools",
        said_number(result, "version"), said_text(result, "cluster"),
        said_number(result, "schools"));
    output_next(call->output,
        "see that nobody else goes on with another copy; then moveup cluster "
        "publish --renew, and a new backup");
}

static const char *next_step(int rc)
{
    return rc == ERR_SIGNATURE || rc == ERR_CERTIFICATE
               ? "The authority's keys were changed after this copy was made: "
                 "find a newer copy. Without one the cluster must be made anew"
               : "Reach a hub, or give a school's newest directory.cms: --from";
}

int handing_recover(struct call *call)
{
    SCOPED(authority_closep) struct authority *authority = NULL;
    const char *path = call_option(call, "from");
    const wall now = call->output->now;
    struct err err;
    int rc = office_open(&authority, call, true);

    if (rc != CALL_DONE)
        return rc;
    rc = path != NULL ? adopt_file(authority, path, now, &err)
                      : adopt_from_hubs(authority, now, &err);
    if (rc < 0)
        return call_fail(call, &err, next_step(rc));
    return call_show(call, result_json(authority), render_recover);
}

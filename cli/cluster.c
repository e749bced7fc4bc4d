#include "cli/cluster.h"

#include <inttypes.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "cli/answered.h"
#include "cli/answering.h"
#include "cli/call.h"
#include "cli/office.h"
#include "cli/publishing.h"
#include "cli/roster.h"
#include "net/curve.h"
#include "trust/authority.h"

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text == NULL ? "" : text;
}

static void render_init(struct call *call, const json_t *result)
{
    struct output *output = call->output;

    output_line(output, OUTPUT_GOOD, "The authority of %s is in %s",
        text_of(result, "cluster"), text_of(result, "dir"));
    output_line(output, OUTPUT_PLAIN, "  authority.key, directory.key  %s",
        json_is_true(json_object_get(result, "passphrase"))
            ? "encrypted with your passphrase"
            : "not encrypted: keep this folder offline");
    output_line(output, OUTPUT_PLAIN,
        "  directory.cms                 directory 1, nobody in it yet");
    output_line(output, OUTPUT_PLAIN, "  fingerprint                   %s",
        text_of(result, "authority_fingerprint"));
    if (output->shows_progress &&
        !json_is_true(json_object_get(result, "passphrase")))
        output_line(output, OUTPUT_WARN,
            "Whoever copies this folder can enrol schools: --passphrase-file "
            "protects it.");
    output_gap(output);
    output_wrap(output, "Next: ",
        "back the folder up where only you reach it, ask schools and hubs to "
        "run moveup enrol, and answer their requests with moveup cluster "
        "enrol.");
}

static int show_new(struct call *call, bool passphrase)
{
    SCOPED(authority_closep) struct authority *authority = NULL;
    char fingerprint[HASH_FINGERPRINT_SIZE];
    int code = office_open(&authority, call, false);

    if (code != CALL_DONE)
        return code;
    return call_show(call,
        json_pack("{s:s, s:s, s:i, s:b, s:s}", "cluster",
            members_content(authority_members(authority))->cluster, "dir",
            call_option(call, "dir"), "version", 1, "passphrase", passphrase,
            "authority_fingerprint",
            hash_fingerprint(fingerprint, authority_digest(authority))),
        render_init);
}

int cluster_init(struct call *call)
{
    SCOPED(mem_freep) char *passphrase = NULL;
    char public_key[CURVE_TEXT_SIZE], secret_key[CURVE_TEXT_SIZE];
    struct authority_plan plan = {.name = call_option(call, "name"),
        .curve_public = public_key,
        .curve_secret = secret_key};
    struct err err;
    int rc = office_passphrase(&passphrase, call);

    if (rc != CALL_DONE)
        return rc;
    plan.passphrase = passphrase;
    rc = curve_new_pair(public_key, secret_key, &err);
    if (rc == 0)
        rc = authority_create(
            call_option(call, "dir"), &plan, call->output->now, &err);
    explicit_bzero(secret_key, sizeof secret_key);
    if (passphrase != NULL)
        explicit_bzero(passphrase, strlen(passphrase));
    if (rc == ERR_USAGE)
        return call_usage(call, "%s", err.text);
    if (rc < 0)
        return call_fail(call, &err,
            rc == ERR_EXISTS ? "moveup cluster list shows it; for another "
                               "cluster give another --dir"
                             : "");
    return show_new(call, passphrase != NULL);
}

int cluster_enrol(struct call *call)
{
    SCOPED(authority_closep) struct authority *authority = NULL;
    int code = office_open(&authority, call, true);

    return code == CALL_DONE ? answering_run(call, authority) : code;
}

static void render_revoke(struct call *call, const json_t *result)
{
    output_line(call->output, OUTPUT_GOOD,
        "%s is revoked from directory %" JSON_INTEGER_FORMAT " on",
        text_of(result, "revoked"),
        json_integer_value(json_object_get(result, "version")));
    output_wrap(call->output, "Next: ",
        "moveup cluster publish, at once: until a hub has this directory, it "
        "goes on serving the one you shut out.");
}

/* A LAESTAB, or the address of a hub. */
static int revoke(struct authority *authority, struct call *call,
    const char *whom, struct err *err)
{
    const char *reason = call_option(call, "reason");
    struct laestab laestab;
    int rc;

    if (strncmp(whom, "tcp://", 6) == 0)
        return authority_revoke_hub(authority, whom, call->output->now, err);
    rc = laestab_parse(&laestab, whom, err);
    if (rc < 0)
        return err_set(
            err, ERR_USAGE, "%.80s is not a LAESTAB (seven digits)", whom);
    return authority_revoke(
        authority, &laestab, reason, call->output->now, err);
}

int cluster_revoke(struct call *call)
{
    SCOPED(authority_closep) struct authority *authority = NULL;
    const char *whom = call->words[0];
    struct err err;
    int rc = office_open(&authority, call, true);

    if (rc != CALL_DONE)
        return rc;
    rc = revoke(authority, call, whom, &err);
    if (rc == ERR_USAGE)
        return call_usage(call, "%s", err.text);
    if (rc < 0)
        return call_fail(
            call, &err, "See who is there: moveup cluster list --dir DIR");
    return call_show(call,
        json_pack("{s:s, s:I}", "revoked", whom, "version",
            (json_int_t)members_version(authority_members(authority))),
        render_revoke);
}

int cluster_list(struct call *call)
{
    SCOPED(authority_closep) struct authority *authority = NULL;
    int code = office_open(&authority, call, false);

    return code == CALL_DONE ? roster_show(call, authority) : code;
}

int cluster_publish(struct call *call)
{
    SCOPED(authority_closep) struct authority *authority = NULL;
    const bool renew = call_flag(call, "renew");
    json_t *renewed = NULL;
    int code = office_open(&authority, call, renew);

    if (code == CALL_DONE && renew)
        code = answered_run(&renewed, call, authority);
    return code == CALL_DONE ? publishing_run(call, authority, renewed) : code;
}

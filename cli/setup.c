#include "cli/setup.h"

#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "cli/call.h"
#include "cli/rights.h"
#include "crypto/hash.h"
#include "net/curve.h"
#include "trust/identity.h"
#include "trust/papers.h"
#include "trust/words.h"

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text == NULL ? "" : text;
}

static int need(struct call *call, const char *name)
{
    return call_flag(call, name)
               ? CALL_DONE
               : call_usage(call, "moveup enrol needs --%s", name);
}

/* The options are those of a school or those of a hub. */
static int read_wish(struct identity_wish *out, struct call *call)
{
    static const char *const of_school[] = {"laestab", "urn", "phase"};
    const bool is_hub = call_flag(call, "hub");
    struct err err;
    int code = need(call, "name");

    out->name = call_option(call, "name");
    out->kind = is_hub ? ENROLMENT_HUB : ENROLMENT_SCHOOL;
    out->endpoint = call_option(call, "hub");
    for (size_t i = 0; code == CALL_DONE && i < 3; i++) {
        if (!is_hub)
            code = need(call, of_school[i]);
        else if (call_flag(call, of_school[i]))
            code = call_usage(call, "a hub has no --%s", of_school[i]);
    }
    if (code != CALL_DONE || is_hub)
        return code;
    out->urn = call_option(call, "urn");
    if (laestab_parse(&out->laestab, call_option(call, "laestab"), &err) < 0)
        return call_usage(call, "%s", err.text);
    if (!words_parse_phase(&out->phase, call_option(call, "phase")))
        return call_usage(call, "a phase is primary, middle, secondary, "
                                "all-through or special");
    return CALL_DONE;
}

static void render_enrol(struct call *call, const json_t *result)
{
    struct output *output = call->output;

    output_line(output, OUTPUT_GOOD, "The request of %s is in %s",
        text_of(result, "about"), text_of(result, "request"));
    output_line(output, OUTPUT_PLAIN, "Fingerprint  %s",
        text_of(result, "fingerprint"));
    output_gap(output);
    output_wrap(output, "Next: ",
        "send the file to your cluster administrator. On the telephone, read "
        "them the six groups and write down the authority's, which they read "
        "to you. The answer is a welcome file: moveup join.");
    output_line(output, OUTPUT_PLAIN,
        "      The keys in %s/identity never leave this machine.",
        text_of(result, "state"));
}

static int show_request(struct call *call, struct bytes file)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct enrolment_request request;
    struct digest digest;
    char fingerprint[HASH_FINGERPRINT_SIZE];
    SCOPED(mem_freep) char *about = NULL;
    struct err err;
    json_t *result;

    if (papers_read_request(&request, &digest, file, &arena, &err) < 0)
        return call_fail(call, &err, "");
    about = mem_format("%s %s",
        request.kind == ENROLMENT_HUB ? request.endpoint : request.laestab.text,
        request.name);
    result = json_pack("{s:s, s:s, s:s, s:s}", "about", about, "state",
        call_option(call, "state"), "request", call_option(call, "output"),
        "fingerprint", hash_fingerprint(fingerprint, &digest));
    return call_show(call, result, render_enrol);
}

static int enrol(struct buf *request, struct call *call,
    struct identity_wish *wish, struct err *err)
{
    char public_key[CURVE_TEXT_SIZE], secret_key[CURVE_TEXT_SIZE];
    int rc = curve_new_pair(public_key, secret_key, err);

    wish->curve_public = public_key;
    wish->curve_secret = secret_key;
    if (rc == 0)
        rc = identity_enrol(
            request, call_option(call, "state"), wish, call->output->now, err);
    explicit_bzero(secret_key, sizeof secret_key);
    wish->curve_public = wish->curve_secret = NULL;
    return rc;
}

int setup_enrol(struct call *call)
{
    SCOPED(buf_free) struct buf request = BUF_EMPTY;
    struct identity_wish wish = {0};
    struct err err;
    int rc = read_wish(&wish, call);

    if (rc == CALL_DONE)
        rc = rights_to_folder(call, call_option(call, "state"), "enrol ...");
    if (rc != CALL_DONE)
        return rc;
    rc = enrol(&request, call, &wish, &err);
    if (rc == ERR_USAGE)
        return call_usage(call, "%s", err.text);
    if (rc == 0)
        rc = file_write(call_option(call, "output"), buf_bytes(&request),
            FILE_PUBLIC, &err);
    return rc < 0 ? call_fail(call, &err, "Look at the folders: ls -l")
                  : show_request(call, buf_bytes(&request));
}

static void render_join(struct call *call, const json_t *result)
{
    struct output *output = call->output;
    const bool is_hub = strcmp(text_of(result, "kind"), "hub") == 0;
    SCOPED(mem_freep)
    char *start = mem_format("moveup-%s --state %s", is_hub ? "hub" : "agent",
        text_of(result, "state"));

    output_line(output, OUTPUT_GOOD, "%s has joined %s",
        text_of(result, "about"), text_of(result, "cluster"));
    output_line(output, OUTPUT_PLAIN, "  directory    %" JSON_INTEGER_FORMAT,
        json_integer_value(json_object_get(result, "version")));
    if (!is_hub)
        output_line(output, OUTPUT_PLAIN, "  certificates until %.10s",
            text_of(result, "certificate_expires"));
    output_line(output, OUTPUT_PLAIN, "  authority    %s",
        text_of(result, "authority_fingerprint"));
    if (json_integer_value(json_object_get(result, "hubs")) == 0)
        output_wrap_as(output, OUTPUT_WARN, "  hubs         ",
            "none is in the cluster yet: ask for a new welcome once there is "
            "one, and join again");
    output_gap(output);
    output_wrap(output, "Next: ",
        "see that the authority's six groups are those the administrator read "
        "to you, then start it:");
    output_line(output, OUTPUT_PLAIN, "      %s", start);
}

static json_t *summary_json(
    struct call *call, const struct identity_summary *summary, size_t hubs)
{
    char expires[CLOCK_TEXT_SIZE], fingerprint[HASH_FINGERPRINT_SIZE];
    const bool is_hub = summary->kind == ENROLMENT_HUB;

    return json_pack("{s:s, s:s, s:s, s:s, s:I, s:s?, s:s, s:I}", "about",
        summary->about, "kind", is_hub ? "hub" : "school", "state",
        call_option(call, "state"), "cluster", summary->cluster, "version",
        (json_int_t)summary->version, "certificate_expires",
        is_hub ? NULL : clock_format(summary->certificate_expiry, expires),
        "authority_fingerprint",
        hash_fingerprint(fingerprint, &summary->authority), "hubs",
        (json_int_t)hubs);
}

int setup_join(struct call *call)
{
    const char *state = call_option(call, "state");
    const wall now = call->output->now;
    SCOPED(identity_closep) struct identity *identity = NULL;
    SCOPED(buf_free) struct buf welcome = BUF_EMPTY;
    struct identity_summary summary;
    struct err err;
    int rc = rights_to_folder(call, state, "join ...");

    if (rc != CALL_DONE)
        return rc;
    rc = file_read(&welcome, call->words[0], PAPERS_MAX_WELCOME_FILE, &err);
    if (rc == 0)
        rc = identity_join(state, buf_bytes(&welcome), now, &err);
    if (rc == 0)
        rc = identity_open(&identity, state, now, &err);
    if (rc < 0)
        return call_fail(call, &err,
            "Give the welcome that the administrator made from this folder's "
            "own request: moveup help join");
    identity_describe(&summary, identity);
    return call_show(call,
        summary_json(
            call, &summary, members_content(identity->members)->hub_count),
        render_join);
}

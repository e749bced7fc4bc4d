#include "cli/do_keys.h"

#include "base/bytes.h"
#include "base/err.h"
#include "base/file.h"
#include "cli/call.h"
#include "cli/said.h"

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

int do_keys_rotate(struct call *call)
{
    static const char *const flags[] = {"sign", "encrypt", "transport", "anew"};
    const char *path = call_option(call, "output");
    json_t *args = json_object();
    json_t *result = NULL;
    struct err err;
    int code;

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

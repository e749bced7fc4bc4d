#include "cli/do_status.h"

#include <stdlib.h>
#include <string.h>

#include "cli/call.h"
#include "cli/render_status.h"
#include "cli/said.h"

#define USUAL_TIMEOUT_S 60
#define MOST_TIMEOUT_S 86400

/* The codes of monitoring plugins, which `status --check` must use. */
enum { MONITOR_OK, MONITOR_WARNING, MONITOR_CRITICAL, MONITOR_UNKNOWN };

/* The worst level of all checks. */
static int worst(const json_t *result)
{
    const json_t *checks = json_object_get(result, "checks");
    int level = MONITOR_OK;

    for (size_t i = 0; i < json_array_size(checks); i++) {
        const char *text = said_text(json_array_get(checks, i), "level");

        if (strcmp(text, "critical") == 0)
            return MONITOR_CRITICAL;
        if (strcmp(text, "warning") == 0)
            level = MONITOR_WARNING;
    }
    return level;
}

static void render_unknown(struct call *call, const json_t *result)
{
    output_line(call->output, OUTPUT_PLAIN, "MOVEUP UNKNOWN - %s",
        said_text(result, "text"));
}

static int check(struct call *call)
{
    static const char *const levels[] = {"ok", "warning", "critical"};
    json_t *result;
    int level;
    const int code = call_ask(&result, call, "status", json_object(), -1);

    if (code != CALL_DONE) {
        call_show(call,
            json_pack("{s:s,s:s}", "level", "unknown", "text",
                code == CALL_NO_AGENT ? "the agent does not answer"
                                      : "the agent does not tell this user"),
            render_unknown);
        return MONITOR_UNKNOWN;
    }
    level = worst(result);
    json_object_set_new(result, "level", json_string(levels[level]));
    call_show(call, result, render_status_check);
    return level;
}

int do_status_show(struct call *call)
{
    return call_flag(call, "check") ? check(call)
                                    : call_agent(call, "status", json_object(),
                                          render_status_screen);
}

int do_status_peers(struct call *call)
{
    return call_agent(call, "peers", json_object(), render_status_peers);
}

int do_status_waitsync(struct call *call)
{
    const char *text = call_option(call, "timeout");
    char *end = "";
    const long long timeout =
        text == NULL ? USUAL_TIMEOUT_S : strtoll(text, &end, 10);
    json_t *result;
    bool synced;
    int code;

    if (end == text || *end != '\0' || timeout < 0 || timeout > MOST_TIMEOUT_S)
        return call_usage(
            call, "--timeout is a number of seconds, 0 to %d", MOST_TIMEOUT_S);
    code = call_ask(&result, call, "waitsync",
        json_pack("{s:I}", "timeout", (json_int_t)timeout), -1);
    if (code != CALL_DONE)
        return code;
    synced = said_is_true(result, "synced");
    call_show(call, result, render_status_synced);
    return synced ? CALL_DONE : CALL_REFUSED;
}

int do_status_doctor(struct call *call)
{
    json_t *result;
    int level;
    const int code = call_ask(&result, call, "doctor", json_object(), -1);

    if (code != CALL_DONE)
        return code;
    level = worst(result);
    call_show(call, result, render_status_doctor);
    return level == MONITOR_CRITICAL ? CALL_REFUSED : CALL_DONE;
}

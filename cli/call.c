#include "cli/call.h"

#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "cli/command.h"
#include "cli/rights.h"
#include "control/control.h"

#define USUAL_SOCKET "/run/moveup/agent.sock"

const char *call_option(const struct call *call, const char *name)
{
    return options_value(call->options, name);
}

bool call_flag(const struct call *call, const char *name)
{
    return call_option(call, name) != NULL;
}

const char *call_socket(const struct call *call)
{
    const char *given = call_option(call, "socket");
    const char *set = getenv("MOVEUP_SOCKET");

    if (given != NULL)
        return given;
    return set != NULL && set[0] != '\0' ? set : USUAL_SOCKET;
}

int call_show(struct call *call, json_t *result, call_render *render)
{
    if (call->output->form == OUTPUT_JSON)
        output_json(call->output, result);
    else
        render(call, result);
    json_decref(result);
    return CALL_DONE;
}

static void on_progress(void *arg, json_t *progress)
{
    output_progress(arg, progress);
}

/* Every error has a next step; where nobody knows a better one, it is the
 * command's own help. */
static void say_error(struct call *call, const char *text, const char *next)
{
    char help[128];

    snprintf(help, sizeof help, "moveup help %s", call->command->name);
    output_error(call->output, text, next[0] == '\0' ? help : next);
}

static const char *my_login(void)
{
    const struct passwd *user = getpwuid(geteuid());

    return user == NULL ? "your login" : user->pw_name;
}

/* The socket itself failed: nobody looked at the request. */
static int no_agent(struct call *call, int rc, const struct err *err)
{
    char text[512];
    char next[RIGHTS_STEP_SIZE];

    if (rc == ERR_NOT_FOUND) {
        snprintf(
            text, sizeof text, "no agent answers at %s", call_socket(call));
        output_error(call->output, text,
            "Start it (systemctl start moveup-agent), or name its socket with "
            "--socket PATH");
        return CALL_NO_AGENT;
    }
    if (rc == ERR_DENIED) {
        snprintf(text, sizeof text, "you may not use the agent's socket %s",
            call_socket(call));
        output_error(call->output, text,
            rights_to_socket(next, my_login(), call_socket(call)));
        return CALL_REFUSED;
    }
    if (rc == ERR_USAGE)
        return call_usage(call, "the agent's socket: %s", err->text);
    snprintf(
        text, sizeof text, "the agent did not answer properly: %s", err->text);
    output_error(call->output, text,
        "See the agent's log (journalctl -u moveup-agent), then try again");
    return rc == ERR_IO ? CALL_NO_AGENT : CALL_REFUSED;
}

int call_ask(json_t **result, struct call *call, const char *command,
    json_t *args, int file)
{
    struct control_reply reply = {0};
    struct err err = {0};
    const char *as = call_option(call, "as");
    int rc;

    *result = NULL;
    /* `--as "$LOGIN"` without a login would act as the agent's own user. */
    if (as != NULL && as[0] == '\0') {
        json_decref(args);
        return call_usage(call, "--as needs a login");
    }
    rc = control_ask(&reply, call_socket(call), command, as == NULL ? "" : as,
        args, file, on_progress, call->output, &err);
    json_decref(args);
    output_progress_end(call->output);
    if (rc < 0)
        return no_agent(call, rc, &err);
    if (reply.result == NULL) {
        say_error(call, reply.text, reply.next);
        return strcmp(reply.code, control_code(ERR_USAGE)) == 0 ? CALL_USAGE
                                                                : CALL_REFUSED;
    }
    *result = reply.result;
    return CALL_DONE;
}

int call_agent(
    struct call *call, const char *command, json_t *args, call_render *render)
{
    json_t *result;
    const int code = call_ask(&result, call, command, args, -1);

    return code == CALL_DONE ? call_show(call, result, render) : code;
}

int call_refuse(struct call *call, const char *text, const char *next)
{
    say_error(call, text, next);
    return CALL_REFUSED;
}

int call_fail(struct call *call, const struct err *err, const char *next)
{
    return call_refuse(call, err->text, next);
}

int call_usage(struct call *call, const char *fmt, ...)
{
    char text[512];
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    say_error(call, text, "");
    return CALL_USAGE;
}

int call_number(json_t *args, struct call *call, const char *name)
{
    const char *typed = call_option(call, name);
    char *end;
    long long number;

    if (typed == NULL)
        return CALL_DONE;
    number = strtoll(typed, &end, 10);
    if (end == typed || *end != '\0' || number < 0 || number > 999999999)
        return call_usage(call, "--%s takes a number, not %.40s", name, typed);
    json_object_set_new(args, name, json_integer(number));
    return CALL_DONE;
}

#include "cli/do_session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "cli/call.h"
#include "cli/render_letter.h"
#include "cli/render_session.h"
#include "cli/said.h"
#include "cli/sheet.h"

/* --name VALUE as "key": "VALUE" */
static void add_texts(json_t *args, const struct call *call,
    const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *value = call_option(call, names[i]);

        if (value != NULL)
            json_object_set_new(args, names[i], json_string(value));
    }
}

/* The same for whole numbers; false, with *wrong set, for anything else. */
static bool add_numbers(json_t *args, const struct call *call,
    const char *const *names, size_t count, const char **wrong)
{
    for (size_t i = 0; i < count; i++) {
        const char *value = call_option(call, names[i]);
        char *end;
        long long number;

        if (value == NULL)
            continue;
        number = strtoll(value, &end, 10);
        if (value[0] == '\0' || *end != '\0' || number < 0) {
            *wrong = names[i];
            return false;
        }
        json_object_set_new(args, names[i], json_integer(number));
    }
    return true;
}

#define TEXTS(args, call, names)                                               \
    add_texts(args, call, names, sizeof names / sizeof names[0])
#define NUMBERS(args, call, names, wrong)                                      \
    add_numbers(args, call, names, sizeof names / sizeof names[0], wrong)

/* The command's first word as "session"; NULL, with the usage printed, if it is
 * no number. */
static json_t *numbered(struct call *call, int *code)
{
    char *end;
    const long long number = strtoll(call->words[0], &end, 10);

    *code = CALL_DONE;
    if (*end == '\0' && number > 0)
        return json_pack("{s:I}", "session", (json_int_t)number);
    *code =
        call_usage(call, "a session is a number, as in: moveup session list");
    return NULL;
}

static int ask_about(
    struct call *call, const char *command, call_render *render)
{
    int code;
    json_t *args = numbered(call, &code);

    if (args == NULL)
        return code;
    if (call_option(call, "reason") != NULL)
        json_object_set_new(
            args, "reason", json_string(call_option(call, "reason")));
    return call_agent(call, command, args, render);
}

/* What describes a session, added to args; takes them over. */
static int send_session(
    struct call *call, const char *command, json_t *args, call_render *render)
{
    static const char *const texts[] = {
        "type", "start", "place", "title", "interpreters", "person", "phone"};
    static const char *const numbers[] = {"capacity", "creche"};
    const char *wrong;

    json_object_set_new(
        args, "step_free", json_boolean(call_flag(call, "step-free")));
    json_object_set_new(
        args, "learning_linked", json_boolean(call_flag(call, "learning")));
    TEXTS(args, call, texts);
    if (call_option(call, "finish") != NULL)
        json_object_set_new(
            args, "end", json_string(call_option(call, "finish")));
    if (call_option(call, "online") != NULL)
        json_object_set_new(
            args, "online_link", json_string(call_option(call, "online")));
    if (NUMBERS(args, call, numbers, &wrong))
        return call_agent(call, command, args, render);
    json_decref(args);
    return call_usage(call, "--%s is a number", wrong);
}

int do_session_add(struct call *call)
{
    return send_session(call, "session.add",
        json_pack("{s:b}", "publish", call_flag(call, "publish")),
        render_session_one);
}

int do_session_edit(struct call *call)
{
    int code;
    json_t *args = numbered(call, &code);

    return args == NULL ? code
                        : send_session(call, "session.edit", args,
                              render_session_edited);
}

int do_session_list(struct call *call)
{
    return call_agent(call, "session.list",
        json_pack("{s:b}", "all", call_flag(call, "all")), render_session_list);
}

int do_session_publish(struct call *call)
{
    return ask_about(call, "session.publish", render_session_one);
}

int do_session_cancel(struct call *call)
{
    return ask_about(call, "session.cancel", render_session_cancelled);
}

int do_session_fit(struct call *call)
{
    return call_agent(call, "session.fit", json_object(), render_session_fit);
}

int do_session_doorlist(struct call *call)
{
    return ask_about(call, "session.doorlist", render_session_doorlist);
}

int do_session_letters(struct call *call)
{
    return ask_about(call, "session.letters", render_letter_all);
}

/* --- the calendar file --- */

static void render_ics(struct call *call, const json_t *result)
{
    /* As it is: its lines end with CR LF, and it was cleaned when typed. */
    fputs(said_text(result, "ics"), call->output->out);
}

int do_session_ics(struct call *call)
{
    const char *path = call_option(call, "output");
    const char *file;
    struct err err;
    json_t *result = NULL;
    int code;
    json_t *args = numbered(call, &code);

    if (args == NULL)
        return code;
    code = call_ask(&result, call, "session.ics", args, -1);
    if (code != CALL_DONE)
        return code;
    if (path == NULL)
        return call_show(call, result, render_ics);
    file = said_text(result, "ics");
    if (file_write(path, (struct bytes){(const uint8_t *)file, strlen(file)},
            0644, &err) < 0) {
        json_decref(result);
        return call_fail(call, &err, "Choose a folder that you may write to");
    }
    return call_show(call, result, render_session_calendar);
}

/* --- who came --- */

/* The sheet in the named file, or on standard input. */
static int read_sheet(json_t **marks, struct call *call)
{
    SCOPED(buf_free) struct buf text = BUF_EMPTY;
    struct err err;
    const char *path = call->word_count > 1 ? call->words[1] : "/dev/stdin";
    int rc = file_read(&text, path, SHEET_MAX_BYTES, &err);

    if (rc == 0)
        rc = sheet_marks(marks, buf_bytes(&text), &err);
    return rc == 0 ? CALL_DONE
                   : call_fail(call, &err,
                         "moveup session doorlist N --csv prints a sheet to "
                         "fill in; save it as CSV");
}

static json_t *typed_marks(const struct call *call)
{
    json_t *marks = json_array();

    for (size_t i = 1; i < call->word_count; i++)
        json_array_append_new(
            marks, json_pack("{s:s,s:b}", "case", call->words[i], "attended",
                       !call_flag(call, "absent")));
    return marks;
}

int do_session_mark(struct call *call)
{
    int code;
    json_t *marks = NULL;
    json_t *args = numbered(call, &code);

    if (args == NULL)
        return code;
    if (call_flag(call, "csv"))
        code = read_sheet(&marks, call);
    else
        marks = typed_marks(call);
    if (code == CALL_DONE && json_array_size(marks) == 0 &&
        !call_flag(call, "rest-absent"))
        code = call_usage(call, "say which families came, or --rest-absent");
    if (code != CALL_DONE) {
        json_decref(args);
        json_decref(marks);
        return code;
    }
    json_object_set_new(args, "marks", marks);
    json_object_set_new(
        args, "rest_absent", json_boolean(call_flag(call, "rest-absent")));
    return call_agent(call, "session.mark", args, render_session_marked);
}

/* --- invite --- */

int do_session_invite(struct call *call)
{
    static const char *const texts[] = {
        "rsvp", "needs", "reason", "channel", "format"};
    static const char *const numbers[] = {
        "session", "contact", "guests", "creche"};
    const char *wrong;
    json_t *args = json_pack(
        "{s:s,s:b}", "case", call->words[0], "print", call_flag(call, "print"));

    TEXTS(args, call, texts);
    if (NUMBERS(args, call, numbers, &wrong))
        return call_agent(call, "invite", args, render_session_invited);
    json_decref(args);
    return call_usage(call, "--%s is a number", wrong);
}

#include "cli/run.h"

#include <poll.h>
#include <signal.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "cli/call.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/usage.h"

#define SEE_HELP "moveup help"

/* `moveup leavers`: what it may go on with; a mistake unless it was asked for.
 */
static bool show_group(struct output *output, const struct options *options)
{
    struct output where = *output;

    if (options_value(options, "help") == NULL) {
        where.out = output->err;
        where.colour = false;
    }
    return usage_group(&where, options->words[0]) > 0;
}

static int no_such_command(struct output *output, const struct options *options)
{
    const char *const *words = options->words;
    char text[256];
    char next[256];
    const char *meant;

    if (options->word_count == 1 && show_group(output, options))
        return options_value(options, "help") != NULL ? CALL_DONE : CALL_USAGE;
    snprintf(text, sizeof text, "there is no command %.100s%s%.100s", words[0],
        options->word_count > 1 ? " " : "",
        options->word_count > 1 ? words[1] : "");
    meant = command_nearest(words, options->word_count);
    if (meant == NULL)
        snprintf(next, sizeof next, SEE_HELP);
    else
        snprintf(next, sizeof next, "perhaps: moveup %.200s", meant);
    output_error(output, text, next);
    return CALL_USAGE;
}

static bool has_option(
    const struct options_spec *const *own, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(own[i]->name, name) == 0)
            return true;
    return false;
}

/* Every option given is one of the command's, and none that it needs lacks. */
static int check_options(struct call *call)
{
    const struct options_spec *own[COMMAND_MAX_OPTIONS];
    const size_t count = command_options(own, call->command);

    for (size_t i = 0; i < call->options->given_count; i++) {
        const char *name = call->options->given[i].spec->name;

        if (!has_option(own, count, name))
            return call_usage(
                call, "%s has no option --%s", call->command->name, name);
    }
    for (size_t i = 0; i < count; i++)
        if (own[i]->needed && !call_flag(call, own[i]->name))
            return call_usage(call, "%s needs --%s %s", call->command->name,
                own[i]->name, own[i]->value);
    return CALL_DONE;
}

static int check_words(struct call *call)
{
    const struct command *command = call->command;

    if (call->word_count < command->least)
        return call_usage(call, "%s needs %s", command->name, command->words);
    if (command->most != COMMAND_MANY && call->word_count > command->most)
        return call_usage(call, "%s: %.100s is one word too many",
            command->name, call->words[command->most]);
    return CALL_DONE;
}

/* The words and options fit the command; then the form of its answer is set. */
static int check_typed(struct call *call)
{
    /* Where --csv is not a form of the answer, the command reads a sheet. */
    const bool as_csv =
        call_flag(call, "csv") && (call->command->has & COMMAND_CSV) != 0;
    int code = check_options(call);

    if (code == CALL_DONE)
        code = check_words(call);
    if (code != CALL_DONE)
        return code;
    if (call_flag(call, "json") && as_csv)
        return call_usage(call, "give --json or --csv, not both");
    if (call_flag(call, "json"))
        call->output->form = OUTPUT_JSON;
    if (as_csv)
        call->output->form = OUTPUT_CSV;
    return CALL_DONE;
}

/* Monitoring reads 2 as "critical": what was mistyped there is 3, unknown. */
static int mistyped(struct output *output, const struct options *options)
{
    size_t used = 0;
    const struct command *command =
        command_find(&used, options->words, options->word_count);

    if (command == NULL || ((command->has & COMMAND_PLUGIN) == 0 &&
                               options_value(options, "check") == NULL))
        return CALL_USAGE;
    if (options_value(options, "json") == NULL &&
        options_value(options, "csv") == NULL)
        output_line(output, OUTPUT_PLAIN,
            "MOVEUP UNKNOWN - the command was typed wrongly");
    return CALL_UNKNOWN;
}

/* Nothing was typed: what there is; a mistake unless it was asked for. */
static int no_command(struct output *output, bool wants_help)
{
    struct output where = *output;

    if (!wants_help) {
        where.out = output->err;
        where.colour = false;
    }
    usage_overview(&where);
    return wants_help ? CALL_DONE : CALL_USAGE;
}

/* --help and --version work with and without a command. */
static int dispatch(const struct options *options, struct output *output)
{
    static const char *const version[] = {"version"};
    const bool wants_version = options_value(options, "version") != NULL;
    const bool wants_help = options_value(options, "help") != NULL;
    const char *const *words = wants_version ? version : options->words;
    const size_t count = wants_version ? 1 : options->word_count;
    size_t used = 0;
    struct call call;
    int code;

    if (count == 0)
        return no_command(output, wants_help);
    call = (struct call){command_find(&used, words, count), options,
        words + used, count - used, output};
    if (call.command == NULL)
        return no_such_command(output, options);
    if (wants_help) {
        usage_command(output, call.command);
        return CALL_DONE;
    }
    if (wants_version)
        return call.command->run(&call);
    code = check_typed(&call);
    return code != CALL_DONE ? mistyped(output, options)
                             : call.command->run(&call);
}

/* Who read has left, as `head` does once it has enough. */
static bool is_reader_gone(FILE *out)
{
    struct pollfd at = {.fd = fileno(out), .events = POLLOUT};

    return at.fd >= 0 && poll(&at, 1, 0) == 1 && (at.revents & POLLERR) != 0;
}

/* What was printed must have arrived: a full disk is not "done". */
static int finish(struct output *output, int code)
{
    if (fflush(output->out) == 0 && !ferror(output->out))
        return code;
    if (!is_reader_gone(output->out))
        output_error(output, "the output could not be written",
            "See whether the disk is full: df -h");
    return code == CALL_DONE ? CALL_REFUSED : code;
}

/* An option that is none: the command's own help, if that much is known. */
static void see_help(
    struct output *output, const struct options *options, const struct err *err)
{
    size_t used = 0;
    const struct command *command =
        command_find(&used, options->words, options->word_count);
    char next[128];

    snprintf(next, sizeof next, SEE_HELP "%s%s", command == NULL ? "" : " ",
        command == NULL ? "" : command->name);
    output_error(output, err->text, next);
}

int run_main(int argc, char *const *argv, FILE *out, FILE *err_file)
{
    const struct options_spec *known[COMMAND_MAX_OPTIONS];
    const size_t count = command_all_options(known);
    SCOPED(options_free) struct options options = {0};
    struct output output;
    struct err err = {0};

    signal(SIGPIPE, SIG_IGN);
    output_init(&output, out, err_file);
    for (int i = 1; i < argc; i++)
        if (!text_is_utf8(bytes_of(argv[i]))) {
            output_error(&output, "what was typed is not UTF-8 text",
                "rename such a file first");
            return CALL_USAGE;
        }
    if (options_parse(&options, known, count, argc, argv, &err) < 0) {
        see_help(&output, &options, &err);
        return finish(&output, mistyped(&output, &options));
    }
    return finish(&output, dispatch(&options, &output));
}

#include "cli/usage.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/call.h"
#include "cli/command.h"
#include "cli/manual.h"
#include "cli/output.h"

#define NAME_COLUMN 20

static void summary_line(struct output *output, const struct command *command)
{
    char first[64];

    /* One that is too long for its column has a line of its own. */
    if (strlen(command->name) >= NAME_COLUMN)
        output_line(output, OUTPUT_PLAIN, "  %s", command->name);
    snprintf(first, sizeof first, "  %-*s ", NAME_COLUMN,
        strlen(command->name) >= NAME_COLUMN ? "" : command->name);
    output_wrap(output, first, command->summary);
}

void usage_overview(struct output *output)
{
    const struct command *each;
    const char *section = "";

    output_line(output, OUTPUT_PLAIN,
        "usage: moveup COMMAND [WORDS] [OPTIONS]   (options may stand "
        "anywhere)");
    for (size_t i = 0; (each = command_at(i)) != NULL; i++) {
        if (strcmp(section, each->section) != 0) {
            section = each->section;
            output_gap(output);
            output_line(output, OUTPUT_HEADING, "%s", section);
        }
        summary_line(output, each);
    }
    output_gap(output);
    output_line(output, OUTPUT_PLAIN,
        "moveup help COMMAND says more.  Exit: 0 done, 1 refused, 2 usage, "
        "3 no agent.");
}

int usage_group(struct output *output, const char *noun)
{
    const struct command *each;
    const size_t len = strlen(noun);
    int found = 0;

    for (size_t i = 0; (each = command_at(i)) != NULL; i++) {
        if (strncmp(each->name, noun, len) != 0 || each->name[len] != ' ')
            continue;
        if (found++ == 0)
            output_line(output, OUTPUT_PLAIN, "usage: moveup %s ...", noun);
        summary_line(output, each);
    }
    return found;
}

/* "--to LAESTAB" */
static const char *option_form(
    char *out, size_t size, const struct options_spec *spec)
{
    snprintf(out, size, "--%s%s%s", spec->name, spec->value == NULL ? "" : " ",
        spec->value == NULL ? "" : spec->value);
    return out;
}

/* Add a part of the usage to line, or print line and begin the next with it: an
 * option stays with its value. */
static void add_part(
    struct output *output, struct buf *line, size_t indent, const char *part)
{
    if (line->len > indent && line->len + 1 + strlen(part) > output->width) {
        output_line(
            output, OUTPUT_PLAIN, "%.*s", (int)line->len, (char *)line->data);
        line->len = 0;
        buf_format(line, "%*s", (int)indent, "");
    }
    buf_format(line, " %s", part);
}

static void usage_line(struct output *output, const struct command *command)
{
    SCOPED(buf_free) struct buf line = BUF_EMPTY;
    size_t indent;

    buf_format(&line, "usage: moveup %s", command->name);
    indent = line.len;
    if (command->words[0] != '\0')
        add_part(output, &line, indent, command->words);
    for (const struct options_spec *spec = command->options;
         spec != NULL && spec->name != NULL; spec++) {
        char form[80];
        char part[96];

        option_form(form, sizeof form, spec);
        snprintf(part, sizeof part, "%s%s%s", spec->needed ? "" : "[", form,
            spec->needed ? "" : "]");
        add_part(output, &line, indent, part);
    }
    output_line(output, OUTPUT_PLAIN, "%.*s", (int)line.len, (char *)line.data);
}

static void option_lines(struct output *output, const struct command *command)
{
    const struct options_spec *own[COMMAND_MAX_OPTIONS];
    const size_t count = command_options(own, command);

    output_gap(output);
    for (size_t i = 0; i < count; i++) {
        char form[80];
        char first[96];
        char letter[8] = "    ";

        if (own[i]->letter != '\0')
            snprintf(letter, sizeof letter, "-%c, ", own[i]->letter);
        snprintf(first, sizeof first, "  %s%-22s ", letter,
            option_form(form, sizeof form, own[i]));
        output_wrap(output, first, own[i]->help);
    }
}

void usage_command(struct output *output, const struct command *command)
{
    usage_line(output, command);
    output_gap(output);
    output_wrap(output, "", command->summary);
    if (command->details[0] != '\0') {
        output_gap(output);
        output_wrap(output, "", command->details);
    }
    option_lines(output, command);
}

/* `help leavers`, `help cluster school` */
static int help_on_group(struct call *call)
{
    SCOPED(mem_freep)
    char *noun =
        mem_format("%s%s%s", call->words[0], call->word_count > 1 ? " " : "",
            call->word_count > 1 ? call->words[1] : "");

    return usage_group(call->output, noun);
}

static int help_on_words(struct call *call)
{
    size_t used;
    const struct command *command =
        command_find(&used, call->words, call->word_count);

    if (command != NULL) {
        usage_command(call->output, command);
        return CALL_DONE;
    }
    if (call->word_count <= 2 && help_on_group(call) > 0)
        return CALL_DONE;
    output_error(call->output, "there is no such command", "moveup help");
    return CALL_USAGE;
}

int usage_help(struct call *call)
{
    const char *shell = call_option(call, "completion");

    if (shell != NULL && strcmp(shell, "bash") != 0)
        return call_usage(call, "completion is there for bash only");
    if (shell != NULL)
        manual_completion(call->output);
    else if (call_flag(call, "man"))
        manual_page(call->output);
    else if (call->word_count > 0)
        return help_on_words(call);
    else
        usage_overview(call->output);
    return CALL_DONE;
}

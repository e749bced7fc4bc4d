#include "cli/manual.h"

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "cli/command.h"
#include "cli/output.h"

static const char head[] =
    "moveup \\- move leavers' records from primary to secondary schools";
static const char *const about[] = {
    ".SH SYNOPSIS",
    ".B moveup",
    "COMMAND [WORDS] [OPTIONS]",
    ".SH DESCRIPTION",
    "Asks the agent of this school, over its local socket, and prints the",
    "answer: text for people, one JSON document with",
    ".BR \\-\\-json ,",
    "a list for a spreadsheet with",
    ".BR \\-\\-csv .",
    "Options may stand anywhere.  Errors go to standard error with the next",
    "step.",
    NULL,
};
static const char *const ending[] = {
    ".SH EXIT STATUS",
    "0 done; 1 refused or failed, nothing half done; 2 usage; 3 no agent or",
    "hub answers.",
    ".B status \\-\\-check",
    "uses the codes of monitoring plugins: 0 ok, 1 warning, 2 critical, 3",
    "unknown.",
    ".SH ENVIRONMENT",
    ".TP",
    ".B MOVEUP_SOCKET",
    "The agent's socket, unless \\-\\-socket is given.",
    ".TP",
    ".B NO_COLOR",
    "No colours, also on a terminal.",
    ".SH FILES",
    ".TP",
    ".I /run/moveup/agent.sock",
    "The agent's socket, unless another is named.",
    ".SH SEE ALSO",
    ".BR moveup-agent (8),",
    ".BR moveup-hub (8)",
    NULL,
};

static void lines(struct output *output, const char *const *text)
{
    for (; *text != NULL; text++)
        output_line(output, OUTPUT_PLAIN, "%s", *text);
}

/* Text in roff: a backslash, a dash or a leading dot must not command it. */
static void text_line(
    struct output *output, const char *macro, const char *text)
{
    SCOPED(buf_free) struct buf safe = BUF_EMPTY;

    if (macro[0] == '\0' && (text[0] == '.' || text[0] == '\''))
        buf_format(&safe, "\\&");
    for (; *text != '\0'; text++)
        if (*text == '\\' || *text == '-')
            buf_format(&safe, "\\%c", *text == '-' ? '-' : 'e');
        else
            buf_format(&safe, "%c", *text);
    output_line(output, OUTPUT_PLAIN, "%s%.*s", macro, (int)safe.len,
        (const char *)safe.data);
}

static void option_entry(struct output *output, const struct options_spec *spec)
{
    SCOPED(mem_freep)
    char *form = mem_format("--%s%s%s", spec->name,
        spec->value == NULL ? "" : " ", spec->value == NULL ? "" : spec->value);

    output_line(output, OUTPUT_PLAIN, ".TP");
    text_line(output, ".B ", form);
    text_line(output, "", spec->help);
}

static void command_entry(struct output *output, const struct command *command)
{
    SCOPED(mem_freep)
    char *form = mem_format("%s%s%s", command->name,
        command->words[0] == '\0' ? "" : " ", command->words);

    text_line(output, ".SS ", form);
    text_line(output, "", command->summary);
    if (command->details[0] != '\0') {
        output_line(output, OUTPUT_PLAIN, ".PP");
        text_line(output, "", command->details);
    }
    for (const struct options_spec *spec = command->options;
         spec != NULL && spec->name != NULL; spec++)
        option_entry(output, spec);
}

void manual_page(struct output *output)
{
    const struct command *each;
    const char *section = "";

    output_line(output, OUTPUT_PLAIN, ".TH MOVEUP 1 \"\" \"Moveup %s\"",
        MOVEUP_VERSION);
    output_line(output, OUTPUT_PLAIN, ".SH NAME");
    output_line(output, OUTPUT_PLAIN, "%s", head);
    lines(output, about);
    for (size_t i = 0; (each = command_at(i)) != NULL; i++) {
        if (strcmp(section, each->section) != 0) {
            section = each->section;
            text_line(output, ".SH ", section);
        }
        command_entry(output, each);
    }
    lines(output, ending);
}

/* One line of the script's `case`: what may follow these words. */
static void completion_case(
    struct output *output, const struct command *command)
{
    const struct options_spec *own[COMMAND_MAX_OPTIONS];
    const size_t count = command_options(own, command);
    SCOPED(buf_free) struct buf words = BUF_EMPTY;

    for (size_t i = 0; i < count; i++)
        buf_format(&words, "%s--%s", i == 0 ? "" : " ", own[i]->name);
    output_line(output, OUTPUT_PLAIN, "    \"%s\"*) options=\"%.*s\" ;;",
        command->name, (int)words.len, (const char *)words.data);
}

static const char *const completion_head[] = {
    "# bash completion for moveup; made by: moveup help --completion bash",
    "_moveup() {",
    "  local current=${COMP_WORDS[COMP_CWORD]} typed= options= names= word",
    "  local about",
    "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do",
    "    [[ $word == -* ]] || typed=\"${typed:+$typed }$word\"",
    "  done",
    "  about=${typed#help} about=${about# }",
    "  case $typed in",
    NULL,
};
static const char *const completion_middle[] = {
    "  esac",
    "  if [[ $current == -* ]]; then",
    "    COMPREPLY=($(compgen -W \"$options\" -- \"$current\"))",
    "    return",
    "  fi",
    "  while read -r word; do",
    "    [[ -z $about ]] && names+=\" ${word%% *}\"",
    "    [[ $word == \"$about \"* ]] && names+=\" ${word#\"$about \"}\"",
    "  done <<'END'",
    NULL,
};
static const char *const completion_end[] = {
    "END",
    "  COMPREPLY=($(compgen -W \"$names\" -- \"$current\"))",
    "  [[ ${#COMPREPLY[@]} -gt 0 ]] ||",
    "    COMPREPLY=($(compgen -f -- \"$current\"))",
    "}",
    "complete -o filenames -F _moveup moveup",
    NULL,
};

void manual_completion(struct output *output)
{
    const struct command *each;

    lines(output, completion_head);
    for (size_t i = 0; (each = command_at(i)) != NULL; i++)
        completion_case(output, each);
    lines(output, completion_middle);
    for (size_t i = 0; (each = command_at(i)) != NULL; i++)
        output_line(output, OUTPUT_PLAIN, "%s", each->name);
    lines(output, completion_end);
}

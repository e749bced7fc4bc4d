#include "cli/output.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"

#define USUAL_WIDTH ((size_t)80)
#define LEAST_WIDTH ((size_t)40)

static bool is_terminal(FILE *file)
{
    return isatty(fileno(file)) == 1;
}

/* Never wider than people read, never narrower than a table needs. */
static size_t width_of(FILE *file)
{
    struct winsize size;

    if (!is_terminal(file) || ioctl(fileno(file), TIOCGWINSZ, &size) < 0 ||
        size.ws_col == 0 || size.ws_col > USUAL_WIDTH)
        return USUAL_WIDTH;
    return size.ws_col < LEAST_WIDTH ? LEAST_WIDTH : size.ws_col;
}

static size_t height_of(FILE *file)
{
    struct winsize size;

    if (!is_terminal(file) || ioctl(fileno(file), TIOCGWINSZ, &size) < 0)
        return 0;
    return size.ws_row;
}

void output_init(struct output *output, FILE *out, FILE *err)
{
    const char *no_colour = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    const bool dumb = term == NULL || strcmp(term, "dumb") == 0;

    *output = (struct output){
        .out = out,
        .err = err,
        .form = OUTPUT_TEXT,
        .width = width_of(out),
        .height = height_of(out),
        .colour = is_terminal(out) && !dumb &&
                  (no_colour == NULL || no_colour[0] == '\0'),
        .shows_progress = is_terminal(err) && !dumb,
        .now = clock_wall(),
    };
}

static const char *style_code(enum output_style style)
{
    switch (style) {
    case OUTPUT_HEADING:
        return "\033[1m";
    case OUTPUT_GOOD:
        return "\033[32m";
    case OUTPUT_WARN:
        return "\033[33m";
    case OUTPUT_BAD:
        return "\033[31m";
    case OUTPUT_PLAIN:
    default:
        return "";
    }
}

/* The only place where text reaches a stream. */
static void put(struct output *output, enum output_style style, char *line)
{
    const size_t size = strlen(line) + 1;
    SCOPED(mem_freep) char *clean = mem_alloc(size);
    const bool styled = output->colour && style != OUTPUT_PLAIN;

    text_clean(clean, size, line);
    for (size_t end = strlen(clean); end > 0 && clean[end - 1] == ' '; end--)
        clean[end - 1] = '\0';
    fprintf(output->out, "%s%s%s\n", styled ? style_code(style) : "", clean,
        styled ? "\033[0m" : "");
}

void output_line(
    struct output *output, enum output_style style, const char *fmt, ...)
{
    SCOPED(mem_freep) char *line = NULL;
    va_list args;

    va_start(args, fmt);
    line = mem_vformat(fmt, args);
    va_end(args);
    put(output, style, line);
}

void output_gap(struct output *output)
{
    fputc('\n', output->out);
}

/* Bytes of text that fit into columns, ending at a space where there is one. */
static size_t fitting(const char *text, size_t columns)
{
    size_t best = 0;
    size_t end = 0;

    for (;;) {
        SCOPED(mem_freep) char *part = NULL;

        end += strcspn(text + end, " ");
        part = (char *)mem_copy((struct bytes){(const uint8_t *)text, end});
        if (best > 0 && text_columns(part) > columns)
            return best;
        best = end;
        if (text[end] == '\0')
            return best;
        end += strspn(text + end, " ");
    }
}

void output_wrap(struct output *output, const char *first, const char *text)
{
    output_wrap_as(output, OUTPUT_PLAIN, first, text);
}

void output_wrap_as(struct output *output, enum output_style style,
    const char *first, const char *text)
{
    const size_t indent = text_columns(first);
    const size_t room =
        output->width > indent + 20 ? output->width - indent : 20;
    bool begun = false;

    text += strspn(text, " ");
    while (*text != '\0' || !begun) {
        const size_t len = fitting(text, room);
        SCOPED(mem_freep)
        char *line =
            begun ? mem_format("%*s%.*s", (int)indent, "", (int)len, text)
                  : mem_format("%s%.*s", first, (int)len, text);

        put(output, style, line);
        begun = true;
        text += len;
        text += strspn(text, " ");
    }
}

void output_next(struct output *output, const char *text)
{
    output_wrap(output, "next: ", text);
}

void output_json(struct output *output, const json_t *document)
{
    /* 0.2 and not 0.20000000000000001 */
    json_dumpf(document, output->out, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
    fputc('\n', output->out);
}

void output_error(struct output *output, const char *text, const char *next)
{
    struct output on_err = *output;

    output_progress_end(output);
    fflush(output->out);
    on_err.out = output->err;
    on_err.colour = false;
    output_wrap(&on_err, "moveup: ", text);
    if (next[0] != '\0')
        output_wrap(&on_err, "  next: ", next);
}

void output_progress(struct output *output, const json_t *progress)
{
    const json_int_t done =
        json_integer_value(json_object_get(progress, "done"));
    const json_int_t total =
        json_integer_value(json_object_get(progress, "total"));
    const char *text = json_string_value(json_object_get(progress, "text"));
    char clean[60];

    if (!output->shows_progress)
        return;
    text_clean(clean, sizeof clean, text == NULL ? "working" : text);
    fprintf(output->err, "\r\033[K%s", clean);
    if (total > 0)
        fprintf(
            output->err, "  %lld of %lld", (long long)done, (long long)total);
    else if (done > 0)
        fprintf(output->err, "  %lld", (long long)done);
    fflush(output->err);
    output->progress_drawn = true;
}

void output_progress_end(struct output *output)
{
    if (output->progress_drawn)
        fputs("\r\033[K", output->err);
    output->progress_drawn = false;
}

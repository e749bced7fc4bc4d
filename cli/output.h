/*
 * output - where a command's answer goes: text for people, JSON or CSV for
 * programs.
 *
 * Every text is cleaned on its way out, so no name in a file can move a cursor
 * or forge a line.  Colours only on a terminal, and not if NO_COLOR is set.
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/attr.h"
#include "base/clock.h"

enum output_form { OUTPUT_TEXT, OUTPUT_JSON, OUTPUT_CSV };
enum output_style {
    OUTPUT_PLAIN,
    OUTPUT_HEADING,
    OUTPUT_GOOD,
    OUTPUT_WARN,
    OUTPUT_BAD
};

struct output {
    FILE *out;
    FILE *err;
    enum output_form form;
    size_t width;        /* columns of a line of text */
    size_t height;       /* lines of the terminal; 0: out is none */
    bool colour;         /* of out */
    bool shows_progress; /* err is a terminal */
    bool progress_drawn; /* a progress line waits to be wiped */
    wall now;            /* for ages */
};

/** Standard output and error, as the terminal and the environment say. */
void output_init(struct output *output, FILE *out, FILE *err);

/** One line of text. */
void output_line(struct output *output, enum output_style style,
    const char *fmt, ...) PRINTF_LIKE(3, 4);

/** A paragraph, broken at spaces; `first` begins the first line and the others
 * are indented by as many columns. */
void output_wrap(struct output *output, const char *first, const char *text);
void output_wrap_as(struct output *output, enum output_style style,
    const char *first, const char *text);

/** `next: text`, what to do now. */
void output_next(struct output *output, const char *text);

/** An empty line. */
void output_gap(struct output *output);

/** The whole document, indented. */
void output_json(struct output *output, const json_t *document);

/** `moveup: text` and, unless next is "", the step that helps, on err. */
void output_error(struct output *output, const char *text, const char *next);

/** Draw {"text","done","total"} over the last progress line (terminal only). */
void output_progress(struct output *output, const json_t *progress);
void output_progress_end(struct output *output);

#endif

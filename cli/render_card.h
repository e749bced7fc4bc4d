/* render_card - one family's card. */
#ifndef CLI_RENDER_CARD_H
#define CLI_RENDER_CARD_H

#include <jansson.h>

struct call;
struct output;

/** {"case":{...}} */
void render_card_case(struct call *call, const json_t *result);

/** "LABEL      text", wrapped; nothing for an empty text. */
void render_card_line(
    struct output *output, const char *label, const char *text);

/** A line for each text of an array, or for the field "text" of each object. */
void render_card_lines(
    struct output *output, const char *label, const json_t *lines);

/** Whom, by which number, when and why; nothing if nobody can be rung. */
void render_card_suggestion(struct output *output, const json_t *family);

/** What the lead chose for a family: "home visit, Fri 20 Nov 17:40". */
void render_card_plan(
    struct output *output, const char *label, const json_t *plan);

#endif

/* render_findings - what is wrong with which pupil or file, and why: the one
 * form in which every command says it. */
#ifndef CLI_RENDER_FINDINGS_H
#define CLI_RENDER_FINDINGS_H

#include <jansson.h>
#include <stdbool.h>

struct output;

/** {file,line,upn,surname,forename,reason,detail,outcome}, any of which may
 * lack; the file is named when it changes. */
void render_findings_all(struct output *output, const json_t *findings);

/** How many of each reason; all of them if every is true. */
void render_findings_warnings(
    struct output *output, const json_t *warnings, bool every);

/** The `problem_texts` of those leavers that have any. */
void render_findings_of_leavers(struct output *output, const json_t *leavers);

#endif

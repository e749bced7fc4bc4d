/*
 * walk - what is done at each element of a CTF: expat's handlers, and the state
 * between them.
 */
#ifndef CTF_WALK_H
#define CTF_WALK_H

#include <expat.h>

#include "base/err.h"
#include "ctf/collect.h"
#include "ctf/fields.h"
#include "ctf/gate.h"
#include "ctf/names.h"

#define WALK_MAX_DEPTH 12

/* A tag, comment or instruction: expat holds each whole in memory. */
#define WALK_MAX_TOKEN 65536

struct walk {
    struct findings_sink sink;
    struct reader_options options;
    struct reader_header header;
    bool header_done;

    XML_Parser parser;
    struct finding refusal; /* level 0: none */
    int stopped;            /* ERR_* of a refusal, or what the sink returned */

    struct paths paths;
    struct names strangers;           /* elements and attributes nobody knows */
    uint8_t open[WALK_MAX_DEPTH + 1]; /* node of each open known element */
    uint8_t hint[WALK_MAX_DEPTH + 1]; /* for paths_child() */
    unsigned known, depth;            /* open elements: known, all */
    bool in_pupil;
    unsigned pupils;

    struct gate gate;
    struct findings findings; /* of the file, not told yet */
    struct collect collect;
    struct pupil *pupil;
    struct fields fields;
    struct seen seen;
};

/** Listen to parser; walk is zero but for sink and options. */
void walk_init(struct walk *walk, XML_Parser parser);

/** Refuse the file where the parser stands; the first refusal counts. */
void walk_refuse(
    struct walk *walk, enum err_code rc, const char *code, const char *detail);

/** Give the sink what is known about the file so far. */
void walk_tell(struct walk *walk);

#endif

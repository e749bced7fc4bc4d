/*
 * gate - a CTF's header: is this a file for us to import, and from when?
 *
 * The header decides.  The file's name, LLLEEEE_CTF_LLLEEEE_NNN.xml, must agree
 * with it where it has that form; browsers' " (1)" is forgiven.
 */
#ifndef CTF_GATE_H
#define CTF_GATE_H

#include "ctf/paths.h"
#include "ctf/reader.h"

#define GATE_TEXT_SIZE 80

/* The texts of the header; "" where the element is missing. */
struct gate {
    char document[GATE_TEXT_SIZE];
    char version[GATE_TEXT_SIZE];
    char date_time[GATE_TEXT_SIZE];
    char qualifier[GATE_TEXT_SIZE];
    char source_lea[GATE_TEXT_SIZE];
    char source_estab[GATE_TEXT_SIZE];
    char dest_lea[GATE_TEXT_SIZE];
    char dest_estab[GATE_TEXT_SIZE];
};

/** An element of the header; a later one replaces an earlier. */
void gate_take(struct gate *gate, enum paths_node node, const char *text);

/** WARN if the name is not of a CTF's form. */
void gate_check_name(const char *name, struct findings *findings);

/**
 * Judge the complete header and fill in out.  True, perhaps with warnings; or
 * false, the file is refused, with refusal's code and detail filled in.
 */
bool gate_pass(const struct gate *gate, const struct reader_options *options,
    struct reader_header *out, struct findings *findings,
    struct finding *refusal);

#endif

/*
 * columns - the columns that a CSV file of leavers may have, and what their
 * texts mean.  docs/csv.md is the manual for schools.
 */
#ifndef CTF_COLUMNS_H
#define CTF_COLUMNS_H

#include "base/buf.h"
#include "ctf/pupil.h"

#define COLUMNS_COUNT 98
#define COLUMNS_CONTACTS 4

/** The column called name (any case), or -1. */
int columns_find(const char *name);

/** The first column of those a file must have that present lacks, or NULL. */
const char *columns_missing(const bool present[COLUMNS_COUNT]);

/** The name of a column.  Returns out. */
#define COLUMNS_NAME_SIZE 40
const char *columns_name(char out[COLUMNS_NAME_SIZE], int column);

/** The most code points of a text in it. */
unsigned columns_limit(int column);

/**
 * Put a row's texts ("" where there is none; trimmed, clean, living as long as
 * pupil) into pupil.
 */
void columns_take(struct pupil *pupil, const char *const values[COLUMNS_COUNT],
    const struct laestab *me);

/** The text of a column in the template's example row. */
const char *columns_example(int column);

#endif

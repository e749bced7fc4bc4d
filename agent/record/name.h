/*
 * name - people's names compared the way people do: case, accents, hyphens,
 * apostrophes and spare spaces make no difference.
 *
 * For deciding whether two names may mean the same person, never for showing.
 */
#ifndef RECORD_NAME_H
#define RECORD_NAME_H

#include <stdbool.h>
#include <stddef.h>

/**
 * Fold text into out (size bytes with the NUL, cut if shorter): lower case,
 * Latin letters without accents, apostrophes gone, and every run of spaces and
 * other marks one space; none at the ends.  strlen(text) + 1 bytes are always
 * enough.  Returns out.
 */
char *name_fold(char *out, size_t size, const char *text);

/** Both fold to the same, spaces apart, and are not empty. */
bool name_same(const char *a, const char *b);

#endif

/*
 * text - checks and forms of text that came from outside.
 *
 * Everything printed to a terminal or written to a log goes through
 * text_is_clean() or text_clean() first, so that no input can move a cursor,
 * reverse a line or forge a second log line.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>

#include "base/bytes.h"

/** Valid UTF-8 (RFC 3629: no surrogates, no overlong forms), no NUL. */
bool text_is_utf8(struct bytes src);

/** UTF-8 without control characters (C0, DEL, C1) or bidirectional overrides
 * (U+200E/F, U+202A-E, U+2066-9).  Newline counts as a control. */
bool text_is_clean(struct bytes src);

/** Copy text to out (size bytes with the NUL), each control character or
 * override replaced by a space; cut at a character's edge.  Returns out. */
const char *text_clean(char *out, size_t size, const char *text);

/** Columns that text takes on a terminal (wcwidth's rule, no locale needed). */
size_t text_columns(const char *text);

/** Lower-case hex of src; out has 2 * src.len + 1 bytes.  Returns out. */
const char *text_hex(char *out, struct bytes src);

/** Read hex of exactly len bytes.  False when it is not that. */
bool text_unhex(uint8_t *out, size_t len, const char *hex);

#endif

/* plain - codes of a result document as people say them. */
#ifndef CLI_PLAIN_H
#define CLI_PLAIN_H

#include <stddef.h>

#define PLAIN_SIZE ((size_t)80)

/** "07700 900118" from "+447700900118"; anything else as it is. */
const char *plain_phone(const char *value, char text[PLAIN_SIZE]);

/** "mother": the relationship in lower case; "relationship not stated". */
const char *plain_relationship(const char *code, char text[PLAIN_SIZE]);

/** "evening" for EVE. */
const char *plain_band(const char *band);

/** "call back later" from "call_back_later", and the like for all blocked
 * counts. */
const char *plain_blocked(const char *key, char text[PLAIN_SIZE]);

/** Dashes and underscores to spaces: "do-not-contact" is "do not contact". */
const char *plain_code(const char *code, char text[PLAIN_SIZE]);

/** count and the right one of "1 family", "2 families". */
const char *plain_count(
    long long count, const char *one, const char *many, char text[PLAIN_SIZE]);

#endif

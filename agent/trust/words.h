/* words - the directory's codes as people and scripts write them. */
#ifndef TRUST_WORDS_H
#define TRUST_WORDS_H

#include <stdbool.h>

#include "wire/directory.h"

/** "active", "revoked", "closed". */
const char *words_status(enum member_status status);

/** "primary", "middle", "secondary", "all-through", "special". */
const char *words_phase(enum phase phase);

/** The other way; false when text is none of them. */
bool words_parse_phase(enum phase *out, const char *text);

#endif

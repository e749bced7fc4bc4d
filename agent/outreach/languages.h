/* languages - whether a member of staff speaks what a family speaks. */
#ifndef OUTREACH_LANGUAGES_H
#define OUTREACH_LANGUAGES_H

#include <stdbool.h>

/** True if the list ("en,so", as people write it: codes of ISO 639 or of the
 * Common Basic Data Set) holds language (a code of the Common Basic Data Set).
 * An empty list or language holds nothing: not known is not English. */
bool languages_speaks(const char *list, const char *language);

/** The Common Basic Data Set's code for what people write ("so", "som"); text
 * itself, in out, in capitals, if it is not in our list of ISO codes. */
const char *languages_code(char out[8], const char *text);

#endif

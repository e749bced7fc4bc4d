/* uln - the unique learner number: ten digits, the last of them a check. */
#ifndef RECORD_ULN_H
#define RECORD_ULN_H

#include <stdbool.h>

bool uln_is_valid(const char *uln);

#endif

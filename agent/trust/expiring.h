/* expiring - when the end of a certificate is announced. */
#ifndef TRUST_EXPIRING_H
#define TRUST_EXPIRING_H

#include <stdint.h>

#define EXPIRING_CRITICAL_DAYS 7

/** Of 60, 30, 14, 7 and 1 days before, the last that was reached; 0: none. */
int64_t expiring_due(int64_t days_left);

#endif

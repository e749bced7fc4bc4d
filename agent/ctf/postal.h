/* postal - the parts of a CTF address put together as an envelope has them. */
#ifndef CTF_POSTAL_H
#define CTF_POSTAL_H

#include "ctf/pupil.h"

/* Places of the parts; AddressLine1 to 5 take those from PAON on. */
enum {
    POSTAL_SAON,
    POSTAL_PAON,
    POSTAL_STREET,
    POSTAL_LOCALITY,
    POSTAL_TOWN,
    POSTAL_AREA,
    POSTAL_POST_TOWN,
    POSTAL_COUNTY,
    POSTAL_COUNTRY,
    POSTAL_PARTS
};

/** Fill in the lines: a house number goes before its street, "United Kingdom"
 * goes without saying, and what is over seven lines shares the last. */
void postal_join(struct leaver_address *out,
    const char *const parts[POSTAL_PARTS], struct pupil *pupil);

#endif

/* hubcerts - the certificates of a directory's hubs, parsed and checked: the
 * inner side of members. */
#ifndef TRUST_HUBCERTS_H
#define TRUST_HUBCERTS_H

#include "base/attr.h"
#include "wire/directory.h"

struct cert;
struct err;

struct hubcerts { /* as in directory_content: newest first, then NULL */
    struct cert *of[DIRECTORY_MAX_HUBS][DIRECTORY_MAX_CERTIFICATES];
};

/** Errors: ERR_MALFORMED, ERR_CERTIFICATE: one bad one refuses all. */
MUST_CHECK int hubcerts_load(struct hubcerts *out,
    const struct directory_content *content, const struct cert *authority,
    struct err *err);

void hubcerts_free(struct hubcerts *hubs);

#endif

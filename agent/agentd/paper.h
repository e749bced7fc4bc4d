/* paper - what somebody else can check without us, as JSON: signed bytes and
 * certificates. */
#ifndef AGENTD_PAPER_H
#define AGENTD_PAPER_H

#include <jansson.h>

#include "base/bytes.h"

struct cert;

json_t *paper_base64(struct bytes src);

/** "" if there is none. */
json_t *paper_pem(const struct cert *cert);

#endif

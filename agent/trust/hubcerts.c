#include "trust/hubcerts.h"

#include "base/err.h"
#include "crypto/cert.h"

static int load_hub(struct cert **out, const struct directory_hub *hub,
    const struct cert *authority, struct err *err)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < hub->sign_count; i++) {
        rc = cert_parse(&out[i], hub->sign_certificates[i], err);
        if (rc == 0)
            rc = cert_check(out[i], authority, CERT_HUB, err);
    }
    return rc < 0 ? err_wrap(err, rc, hub->endpoint) : 0;
}

int hubcerts_load(struct hubcerts *out, const struct directory_content *content,
    const struct cert *authority, struct err *err)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < content->hub_count; i++)
        rc = load_hub(out->of[i], &content->hubs[i], authority, err);
    return rc;
}

void hubcerts_free(struct hubcerts *hubs)
{
    for (size_t i = 0; i < DIRECTORY_MAX_HUBS; i++)
        for (size_t k = 0; k < DIRECTORY_MAX_CERTIFICATES; k++)
            cert_free(hubs->of[i][k]);
}

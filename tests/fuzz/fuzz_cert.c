/* Certificates from a welcome or a directory that a stranger may have made. */
#include <stdlib.h>

#include "base/err.h"
#include "crypto/cert.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void must(bool ok)
{
    if (!ok)
        abort();
}

/* What was taken is written again as it came. */
static void assert_same(const struct cert *cert, struct bytes der)
{
    const struct bytes own = cert_der(cert);

    must(own.len == der.len && memcmp(own.data, der.data, der.len) == 0);
}

static void use(struct cert *cert)
{
    SCOPED(buf_free) struct buf pem = BUF_EMPTY;
    SCOPED(cert_freep) struct cert *again = NULL;

    must(cert_pem(&pem, cert, NULL) == 0);
    must(cert_parse_any(&again, buf_bytes(&pem), NULL) == 0);
    assert_same(again, cert_der(cert));
    for (enum cert_profile p = CERT_AUTHORITY; p <= CERT_HUB; p++) {
        struct err err = {0};

        if (cert_check(cert, again, p, &err) < 0)
            must(err.code == ERR_CERTIFICATE && err.text[0] != '\0');
        else
            must(p == CERT_AUTHORITY); /* only that one signs itself */
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const struct bytes src = {data, len};
    SCOPED(cert_freep) struct cert *cert = NULL;
    SCOPED(cert_freep) struct cert *any = NULL;
    struct err err = {0};

    if (cert_parse(&cert, src, &err) == 0) {
        assert_same(cert, src);
        use(cert);
    } else {
        must(err.code < 0 && err.text[0] != '\0' && cert == NULL);
    }
    err = (struct err){0};
    if (cert_parse_any(&any, src, &err) < 0)
        must(err.code < 0 && err.text[0] != '\0' && any == NULL);
    return 0;
}

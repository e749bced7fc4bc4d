/* Sealed and signed bytes from strangers, against fixed keys.  The corpus is
 * made by seeds_crypto.sh with the same keys, so that a fuzzer starts behind
 * the first checks. */
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "crypto/hash.h"
#include "crypto/key.h"
#include "crypto/ossl.h"
#include "crypto/seal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* ECPrivateKey (RFC 5915) of 32 equal bytes: keys for tests and nothing else.
 */
#define SIGN_BYTE 0x11
#define ENCRYPT_BYTE 0x22

struct fixture {
    struct key *sign_key;
    struct key *encrypt_key;
    struct cert *authority;
    struct cert *sign;
    struct cert *encrypt;
};

static void must(bool ok)
{
    if (!ok)
        abort();
}

static struct key *fixed_key(uint8_t byte)
{
    uint8_t der[] = {0x30, 0x31, 0x02, 0x01, 0x01, 0x04, 0x20,
        /* the number */ 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        /* prime256v1 */ 0xa0, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d,
        0x03, 0x01, 0x07};
    const uint8_t *at = der;
    struct key *key = mem_alloc(sizeof *key);

    memset(der + 7, byte, 32);
    key->pkey = d2i_PrivateKey(EVP_PKEY_EC, NULL, &at, sizeof der);
    must(key->pkey != NULL);
    return key;
}

static struct fixture *make_fixture(void)
{
    struct fixture *f = mem_alloc(sizeof *f);
    const struct cert_subject subject = {"Fuzz", "Fuzz"};
    const wall from = {0};
    const wall until = {INT64_C(4000000000000)};

    f->sign_key = fixed_key(SIGN_BYTE);
    f->encrypt_key = fixed_key(ENCRYPT_BYTE);
    must(cert_issue(&f->authority, CERT_AUTHORITY, &subject, f->sign_key, NULL,
             f->sign_key, from, until, NULL) == 0);
    must(cert_issue(&f->sign, CERT_SIGN, &subject, f->sign_key, f->authority,
             f->sign_key, from, until, NULL) == 0);
    must(cert_issue(&f->encrypt, CERT_ENCRYPT, &subject, f->encrypt_key,
             f->authority, f->sign_key, from, until, NULL) == 0);
    return f;
}

/* A refusal adds nothing and has a reason; what is accepted has the digest that
 * was signed. */
static void verify(const struct fixture *f, struct bytes src)
{
    SCOPED(buf_free) struct buf out = BUF_EMPTY;
    struct err err = {0};
    struct digest digest;
    struct digest again;

    if (seal_verify(&out, &digest, src, f->sign, &err) < 0) {
        must(err.code < 0 && err.text[0] != '\0' && out.len == 0);
        return;
    }
    hash_sha256(&again, buf_bytes(&out));
    must(memcmp(&digest, &again, sizeof digest) == 0);
}

static void open_sealed(const struct fixture *f, struct bytes src)
{
    SCOPED(buf_free) struct buf out = BUF_EMPTY;
    struct err err = {0};

    if (seal_decrypt(&out, src, f->encrypt_key, f->encrypt, &err) < 0)
        must(err.code < 0 && err.text[0] != '\0' && out.len == 0);
    else
        verify(f, buf_bytes(&out));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct fixture *f; /* made once: it costs more than a run */

    if (f == NULL)
        f = make_fixture();
    open_sealed(f, (struct bytes){data, len});
    verify(f, (struct bytes){data, len});
    return 0;
}

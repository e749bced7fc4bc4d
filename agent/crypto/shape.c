#include "crypto/shape.h"

#include "base/err.h"
#include "crypto/der.h"

/* Object identifiers and algorithms in full, as DER. */
static const uint8_t AUTH_ENVELOPED[] = {0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86,
    0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x17}; /* id-ct-authEnvelopedData */
static const uint8_t SIGNED_DATA[] = {
    0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02};
static const uint8_t DATA[] = {
    0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01};
static const uint8_t VERSION_0[] = {0x02, 0x01, 0x00};
static const uint8_t VERSION_3[] = {0x02, 0x01, 0x03};
static const uint8_t EC_PUBLIC_KEY[] = {
    0x30, 0x09, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01};
/* dhSinglePass-stdDH-sha256kdf-scheme with id-aes256-wrap */
static const uint8_t KEY_AGREEMENT[] = {0x30, 0x15, 0x06, 0x06, 0x2b, 0x81,
    0x04, 0x01, 0x0b, 0x01, 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
    0x65, 0x03, 0x04, 0x01, 0x2d};
static const uint8_t AES_256_GCM[] = {
    0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2e};
static const uint8_t TAG_OF_16[] = {0x02, 0x01, 0x10};
static const uint8_t SHA_256[] = {0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48,
    0x01, 0x65, 0x03, 0x04, 0x02, 0x01};
static const uint8_t ECDSA_SHA_256[] = {
    0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02};

/* Signed attributes up to their values: content type (id-data), time of signing
 * (UTCTime, so until 2049), message digest. */
static const uint8_t CONTENT_TYPE[] = {0x30, 0x18, 0x06, 0x09, 0x2a, 0x86, 0x48,
    0x86, 0xf7, 0x0d, 0x01, 0x09, 0x03, 0x31, 0x0b, 0x06, 0x09, 0x2a, 0x86,
    0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01};
static const uint8_t SIGNING_TIME[] = {0x30, 0x1c, 0x06, 0x09, 0x2a, 0x86, 0x48,
    0x86, 0xf7, 0x0d, 0x01, 0x09, 0x05, 0x31, 0x0f, 0x17, 0x0d};
static const uint8_t MESSAGE_DIGEST[] = {0x30, 0x2f, 0x06, 0x09, 0x2a, 0x86,
    0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04, 0x31, 0x22, 0x04, 0x20};
#define UTC_TIME_SIZE 13

/* A point on P-256: no unused bits, uncompressed, x, y.  (The hybrid forms 06
 * and 07 mean the same and so would be a second way to write it.) */
#define POINT_SIZE 66
static const uint8_t POINT_HEAD[] = {0x00, 0x04};

#define WRAPPED_KEY_SIZE 40
#define NONCE_SIZE 12
#define TAG_SIZE 16

static const char NOT_CMS[] = "not a CMS message in DER";
static const char BEHIND[] = "bytes behind the message";

/* ContentInfo: the type and a reader for what is in it.  False: refused. */
static int enter_content(struct der *out, struct bytes src, struct bytes type,
    const char **flaw, struct err *err)
{
    struct der all = {src, flaw};
    struct der info = der_enter(&all, DER_SEQUENCE, NOT_CMS);

    der_end(&all, BEHIND);
    if (*flaw != NULL)
        return err_set(err, ERR_MALFORMED, "%s", *flaw);
    der_expect(&info, type, "another kind of CMS message");
    if (*flaw != NULL)
        return err_set(err, ERR_DENIED, "%s", *flaw);
    *out = der_enter(&info, DER_CONTEXT_0, NOT_CMS);
    der_end(&info, BEHIND);
    all = *out;
    *out = der_enter(&all, DER_SEQUENCE, NOT_CMS);
    der_end(&all, BEHIND);
    return *flaw == NULL ? 0 : err_set(err, ERR_MALFORMED, "%s", *flaw);
}

/* OriginatorIdentifierOrKey: the sender's key of one message. */
static void read_originator(struct der *in)
{
    struct der either = der_enter(in, DER_CONTEXT_0, "no sender's key");
    struct der key = der_enter(&either, DER_CONTEXT_1, "no sender's key");
    struct der point;

    der_end(&either, "sender's key");
    der_expect(&key, DER_BYTES(EC_PUBLIC_KEY), "sender's key is not EC");
    point = (struct der){
        der_take_sized(&key, DER_BIT_STRING, POINT_SIZE, "sender's key"),
        in->flaw};
    der_expect(&point, DER_BYTES(POINT_HEAD), "sender's key is compressed");
    der_end(&key, "sender's key");
}

/* KeyAgreeRecipientInfo with one recipient. */
static struct bytes read_recipient(struct der *in)
{
    struct der set = der_enter(in, DER_SET, "no recipient");
    struct der info =
        der_enter(&set, DER_CONTEXT_1, "recipient is not by key agreement");
    struct der list;
    struct der one;
    struct der id;
    struct bytes recipient;

    der_end(&set, "more than one recipient");
    der_expect(&info, DER_BYTES(VERSION_3), "version of the recipient");
    read_originator(&info);
    der_expect(&info, DER_BYTES(KEY_AGREEMENT),
        "key agreement is not ECDH with SHA-256 and AES-256 key wrap");
    list = der_enter(&info, DER_SEQUENCE, "no recipient");
    der_end(&info, "bytes behind the recipient");
    one = der_enter(&list, DER_SEQUENCE, "no recipient");
    der_end(&list, "more than one recipient");
    id = der_enter(&one, DER_CONTEXT_0, "recipient has no key identifier");
    recipient = der_take_sized(
        &id, DER_OCTET_STRING, SHAPE_KEY_ID_SIZE, "recipient's key identifier");
    der_end(&id, "recipient's key identifier");
    der_take_sized(&one, DER_OCTET_STRING, WRAPPED_KEY_SIZE, "wrapped key");
    der_end(&one, "bytes behind the wrapped key");
    return recipient;
}

static struct bytes read_encrypted(struct der *in)
{
    struct der info = der_enter(in, DER_SEQUENCE, "no encrypted content");
    struct der algorithm;
    struct der params;
    struct bytes content;

    der_expect(&info, DER_BYTES(DATA), "type of the encrypted content");
    algorithm = der_enter(&info, DER_SEQUENCE, "no cipher");
    der_expect(&algorithm, DER_BYTES(AES_256_GCM), "cipher is not AES-256-GCM");
    params = der_enter(&algorithm, DER_SEQUENCE, "cipher's parameters");
    der_end(&algorithm, "cipher's parameters");
    der_take_sized(&params, DER_OCTET_STRING, NONCE_SIZE, "nonce");
    der_expect(&params, DER_BYTES(TAG_OF_16), "length of the tag");
    der_end(&params, "cipher's parameters");
    content = der_take(&info, DER_PRIMITIVE_0, "no encrypted content");
    der_end(&info, "bytes behind the encrypted content");
    return content;
}

int shape_envelope(
    struct shape_envelope *out, struct bytes src, struct err *err)
{
    const char *flaw = NULL;
    struct der in;
    int rc = enter_content(&in, src, DER_BYTES(AUTH_ENVELOPED), &flaw, err);

    if (rc < 0)
        return rc;
    der_expect(&in, DER_BYTES(VERSION_0), "version of the envelope");
    out->recipient = read_recipient(&in);
    out->content = read_encrypted(&in);
    der_take_sized(&in, DER_OCTET_STRING, TAG_SIZE, "authentication tag");
    der_end(&in, "bytes behind the tag");
    if (flaw != NULL)
        return err_set(err, ERR_DENIED, "not sealed in our form: %s", flaw);
    return 0;
}

/* The three signed attributes, byte for byte: OpenSSL puts them into DER before
 * it verifies, so other encodings of them would carry the same signature. */
static struct bytes read_attributes(struct der *in)
{
    static const char WHAT[] = "signed attributes";
    struct der all = der_enter(in, DER_CONTEXT_0, "no signed attributes");
    struct bytes digest;

    der_expect(&all, DER_BYTES(CONTENT_TYPE), WHAT);
    der_expect(&all, DER_BYTES(SIGNING_TIME), WHAT);
    der_skip(&all, UTC_TIME_SIZE, WHAT);
    der_expect(&all, DER_BYTES(MESSAGE_DIGEST), WHAT);
    digest = der_skip(&all, DIGEST_SIZE, WHAT);
    der_end(&all, WHAT);
    return digest;
}

static void read_signer(struct shape_signed *out, struct der *in)
{
    struct der set = der_enter(in, DER_SET, "no signer");
    struct der info = der_enter(&set, DER_SEQUENCE, "no signer");

    der_end(&set, "more than one signer");
    der_expect(&info, DER_BYTES(VERSION_3), "version of the signer");
    out->signer = der_take_sized(
        &info, DER_PRIMITIVE_0, SHAPE_KEY_ID_SIZE, "signer's key identifier");
    der_expect(&info, DER_BYTES(SHA_256), "signer's digest is not SHA-256");
    out->digest = read_attributes(&info);
    der_expect(
        &info, DER_BYTES(ECDSA_SHA_256), "signature is not ECDSA with SHA-256");
    der_take(&info, DER_OCTET_STRING, "no signature");
    der_end(&info, "bytes behind the signature");
}

int shape_signed(struct shape_signed *out, struct bytes src, struct err *err)
{
    const char *flaw = NULL;
    struct der in;
    struct der digests;
    struct der info;
    struct der content;

    if (enter_content(&in, src, DER_BYTES(SIGNED_DATA), &flaw, err) < 0)
        return err_set(err, ERR_MALFORMED, "%s", flaw);
    der_expect(&in, DER_BYTES(VERSION_3), "version of the signed data");
    digests = der_enter(&in, DER_SET, "digest is not SHA-256");
    der_expect(&digests, DER_BYTES(SHA_256), "digest is not SHA-256");
    der_end(&digests, "more than one digest");
    info = der_enter(&in, DER_SEQUENCE, "no content");
    der_expect(&info, DER_BYTES(DATA), "type of the content");
    content = der_enter(&info, DER_CONTEXT_0, "the content is detached");
    der_end(&info, "bytes behind the content");
    out->content = der_take(&content, DER_OCTET_STRING, "no content");
    der_end(&content, "bytes behind the content");
    read_signer(out, &in);
    der_end(&in, "bytes behind the signer");
    if (flaw != NULL)
        return err_set(err, ERR_MALFORMED, "not signed in our form: %s", flaw);
    return 0;
}

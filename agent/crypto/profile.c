#include "crypto/profile.h"

/* The arc: X.667, from the UUID c080459a-f598-493c-98f0-8b98c57ec825. */
#define ARC "2.25.255877800952003914677339422025314125861"
#define SKI_SIZE 20

struct profile {
    const char *name;
    const char *basic_constraints; /* as openssl.cnf has them */
    const char *key_usage;
    const char *eku;     /* NULL: must have none */
    uint32_t usage_bits; /* key_usage again: exactly these */
    bool is_ca;
};

static const struct profile PROFILES[] = {
    [CERT_AUTHORITY] = {"an authority's certificate",
        "critical,CA:TRUE,pathlen:0", "critical,keyCertSign,cRLSign", NULL,
        KU_KEY_CERT_SIGN | KU_CRL_SIGN, true},
    [CERT_SIGN] = {"a signing certificate", "critical,CA:FALSE",
        "critical,digitalSignature", ARC ".1", KU_DIGITAL_SIGNATURE, false},
    [CERT_ENCRYPT] = {"an encryption certificate", "critical,CA:FALSE",
        "critical,keyAgreement", ARC ".2", KU_KEY_AGREEMENT, false},
    [CERT_DIRECTORY] = {"a directory certificate", "critical,CA:FALSE",
        "critical,digitalSignature", ARC ".3", KU_DIGITAL_SIGNATURE, false},
    [CERT_HUB] = {"a hub's certificate", "critical,CA:FALSE",
        "critical,digitalSignature", ARC ".4", KU_DIGITAL_SIGNATURE, false},
};

static void eku_freep(EXTENDED_KEY_USAGE **eku)
{
    EXTENDED_KEY_USAGE_free(*eku);
}

static void extension_freep(X509_EXTENSION **extension)
{
    X509_EXTENSION_free(*extension);
}

static bool add(X509 *cert, X509V3_CTX *ctx, int nid, const char *value)
{
    SCOPED(extension_freep)
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, ctx, nid, value);

    return extension != NULL && X509_add_ext(cert, extension, -1) == 1;
}

static bool add_eku(X509 *cert, X509V3_CTX *ctx, const char *oid)
{
    char value[128];

    BIO_snprintf(value, sizeof value, "critical,%s", oid);
    return add(cert, ctx, NID_ext_key_usage, value);
}

bool profile_apply(X509 *cert, X509 *issuer, enum cert_profile profile)
{
    const struct profile *p = &PROFILES[profile];
    X509V3_CTX ctx;

    X509V3_set_ctx_nodb(&ctx);
    X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
    return add(cert, &ctx, NID_basic_constraints, p->basic_constraints) &&
           add(cert, &ctx, NID_key_usage, p->key_usage) &&
           (p->eku == NULL || add_eku(cert, &ctx, p->eku)) &&
           add(cert, &ctx, NID_subject_key_identifier, "hash") &&
           add(cert, &ctx, NID_authority_key_identifier, "keyid:always");
}

static bool is_critical(X509 *cert, int nid)
{
    const int at = X509_get_ext_by_NID(cert, nid, -1);

    return at >= 0 && X509_EXTENSION_get_critical(X509_get_ext(cert, at)) == 1;
}

/* Exactly one purpose, and it is oid (NULL: none at all). */
static bool has_eku(X509 *cert, const char *oid)
{
    SCOPED(eku_freep)
    EXTENDED_KEY_USAGE *eku =
        X509_get_ext_d2i(cert, NID_ext_key_usage, NULL, NULL);
    SCOPED(ossl_object_freep) ASN1_OBJECT *want = NULL;

    if (oid == NULL || eku == NULL)
        return oid == NULL && eku == NULL;
    want = OBJ_txt2obj(oid, 1);
    return sk_ASN1_OBJECT_num(eku) == 1 &&
           OBJ_cmp(sk_ASN1_OBJECT_value(eku, 0), want) == 0;
}

static bool has_basic_constraints(X509 *cert, bool is_ca)
{
    const bool ca = (X509_get_extension_flags(cert) & EXFLAG_CA) != 0;

    if (!is_critical(cert, NID_basic_constraints) || ca != is_ca)
        return false;
    return !is_ca || X509_get_pathlen(cert) == 0;
}

static bool is_ecdsa_sha256(const X509 *cert)
{
    return X509_get_signature_nid(cert) == NID_ecdsa_with_SHA256;
}

static bool has_key_id(X509 *cert)
{
    const ASN1_OCTET_STRING *id = X509_get0_subject_key_id(cert);

    return id != NULL && ASN1_STRING_length(id) == SKI_SIZE;
}

const char *profile_flaw(X509 *cert, enum cert_profile profile)
{
    const struct profile *p = &PROFILES[profile];
    const uint32_t flags = X509_get_extension_flags(cert);

    if (X509_get_version(cert) != X509_VERSION_3)
        return "not version 3";
    if ((flags & EXFLAG_INVALID) != 0)
        return "an extension cannot be read";
    if ((flags & EXFLAG_CRITICAL) != 0)
        return "a critical extension is not known here";
    if (!ossl_is_p256(X509_get0_pubkey(cert)))
        return "the key is not on P-256";
    if (!is_ecdsa_sha256(cert))
        return "signed by another method than ECDSA with SHA-256";
    if (!has_basic_constraints(cert, p->is_ca))
        return "wrong basic constraints";
    if (!is_critical(cert, NID_key_usage) ||
        X509_get_key_usage(cert) != p->usage_bits)
        return "wrong key usage";
    if (!has_eku(cert, p->eku))
        return "wrong extended key usage";
    if (!has_key_id(cert))
        return "no subject key identifier";
    return NULL;
}

const char *profile_name(enum cert_profile profile)
{
    return PROFILES[profile].name;
}

#include "crypto/ossl.h"

#include <string.h>

int ossl_fail(struct err *err, enum err_code code, const char *what)
{
    /* A wrong GCM tag, for one, leaves the queue empty. */
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());

    ERR_clear_error();
    if (reason == NULL)
        return err_set(err, code, "%s", what);
    return err_set(err, code, "%s: %s", what, reason);
}

void ossl_forget_errors(void)
{
    ERR_clear_error();
}

bool ossl_is_p256(const EVP_PKEY *pkey)
{
    char group[32];
    size_t len = 0;

    return pkey != NULL && EVP_PKEY_get_base_id(pkey) == EVP_PKEY_EC &&
           EVP_PKEY_get_group_name(pkey, group, sizeof group, &len) == 1 &&
           strcmp(group, SN_X9_62_prime256v1) == 0;
}

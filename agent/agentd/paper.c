#include "agentd/paper.h"

#include "base/err.h"
#include "base/mem.h"
#include "crypto/cert.h"

json_t *paper_base64(struct bytes src)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    SCOPED(mem_freep) char *out = mem_alloc(src.len / 3 * 4 + 5);
    size_t n = 0;

    for (size_t i = 0; i < src.len; i += 3) {
        const uint32_t left = (uint32_t)(src.len - i);
        const uint32_t v = (uint32_t)src.data[i] << 16 |
                           (left > 1 ? (uint32_t)src.data[i + 1] << 8 : 0) |
                           (left > 2 ? src.data[i + 2] : 0);

        out[n++] = digits[v >> 18];
        out[n++] = digits[v >> 12 & 63];
        out[n++] = left > 1 ? digits[v >> 6 & 63] : '=';
        out[n++] = left > 2 ? digits[v & 63] : '=';
    }
    return json_string(out);
}

json_t *paper_pem(const struct cert *cert)
{
    SCOPED(buf_free) struct buf text = BUF_EMPTY;
    struct err err;

    if (cert == NULL || cert_pem(&text, cert, &err) < 0)
        return json_string("");
    return json_stringn((const char *)text.data, text.len);
}

#include "cli/office.h"

#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "cli/call.h"
#include "trust/authority.h"

#define MAX_PASSPHRASE 1024
#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)

int office_passphrase(char **out, struct call *call)
{
    const char *path = call_option(call, "passphrase-file");
    SCOPED(buf_free) struct buf text = BUF_EMPTY;
    struct err err;

    *out = NULL;
    if (path == NULL)
        return CALL_DONE;
    if (file_read_private(&text, path, MAX_PASSPHRASE, &err) < 0)
        return call_fail(call, &err, "");
    while (text.len > 0 &&
           (text.data[text.len - 1] == '\n' || text.data[text.len - 1] == '\r'))
        text.len--;
    if (text.len == 0 || memchr(text.data, '\0', text.len) != NULL)
        return call_refuse(
            call, "the passphrase file is empty or is not text", "");
    *out = (char *)mem_copy(buf_bytes(&text));
    return CALL_DONE;
}

static void wipe_passphrasep(char **passphrase)
{
    if (*passphrase != NULL)
        explicit_bzero(*passphrase, strlen(*passphrase));
    mem_freep(passphrase);
}

static const char *next_step(int rc, const char *passphrase)
{
    if (rc == ERR_NOT_FOUND)
        return "Check --dir, or make one: moveup cluster init";
    if (rc == ERR_DENIED && passphrase == NULL)
        return "If the keys have a passphrase, name its file with "
               "--passphrase-file";
    return "";
}

int office_open(struct authority **out, struct call *call, bool with_keys)
{
    SCOPED(wipe_passphrasep) char *passphrase = NULL;
    struct err err;
    int rc = with_keys ? office_passphrase(&passphrase, call) : CALL_DONE;

    if (rc != CALL_DONE)
        return rc;
    rc = authority_open(out, call_option(call, "dir"), passphrase, with_keys,
        call->output->now, &err);
    return rc < 0 ? call_fail(call, &err, next_step(rc, passphrase))
                  : CALL_DONE;
}

long long office_days_left(int64_t now_ms, int64_t then_ms)
{
    const int64_t left = then_ms - now_ms;

    return left >= 0 ? left / DAY_MS : -((-left + DAY_MS - 1) / DAY_MS);
}

#include "agentd/blob.h"

#include "agentd/agent.h"
#include "base/err.h"
#include "wire/record.h"

int blob_open(struct leaver *out, struct agent *agent, const char *label,
    int64_t row, struct bytes sealed, struct arena *arena, struct err *err)
{
    SCOPED(buf_free) struct buf plain = BUF_EMPTY;
    int rc = vault_unseal(&plain, agent->vault, label, row, sealed, err);

    if (rc < 0)
        return err_wrap(err, rc, "stored record");
    rc = record_decode(out, buf_bytes(&plain), arena, err);
    return rc < 0 ? err_wrap(err, rc, "stored record") : 0;
}

int blob_seal(struct buf *out, struct agent *agent, const char *label,
    int64_t row, struct bytes plain, struct err *err)
{
    return vault_seal(out, agent->vault, label, row, plain, err);
}

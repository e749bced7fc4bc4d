#include "agentd/travel.h"

#include <stdio.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/blob.h"
#include "base/err.h"
#include "wire/record.h"

const char *travel_known_upn(struct agent *agent, const struct leavers_row *row,
    const struct leaver *leaver)
{
    struct tag former;

    if (leaver->former_upn[0] == '\0')
        return leaver->upn;
    agent_upn_tag(&former, agent, leaver->former_upn);
    return memcmp(&former, &row->sent_as, sizeof former) == 0
               ? leaver->former_upn
               : leaver->upn;
}

/* The stored form may hold a former UPN, which must not travel: then the record
 * is written anew without it.  upn is what the recipient knows it by. */
static int make_travel(struct buf *plain, char upn[RECORD_UPN_SIZE],
    struct agent *agent, const struct leavers_row *row, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct leaver leaver;
    int rc = vault_unseal(
        plain, agent->vault, BLOB_LEAVER, row->id, row->sealed, err);

    if (rc < 0)
        return err_wrap(err, rc, "stored record");
    if (record_travels(upn, buf_bytes(plain)))
        return 0;
    rc = record_decode(&leaver, buf_bytes(plain), &arena, err);
    if (rc < 0)
        return err_wrap(err, rc, "stored record");
    snprintf(upn, RECORD_UPN_SIZE, "%s", travel_known_upn(agent, row, &leaver));
    buf_clear(plain);
    return record_encode(plain, &leaver, err);
}

int travel_item(struct batch_item *out, struct arena *arena,
    struct agent *agent, const struct leavers_row *row, struct err *err)
{
    SCOPED(buf_free) struct buf plain = BUF_EMPTY;
    char upn[RECORD_UPN_SIZE];
    int rc = make_travel(&plain, upn, agent, row, err);

    if (rc < 0)
        return rc;
    out->kind = ITEM_LEAVER;
    out->u.leaver.upn = arena_text(arena, upn);
    out->u.leaver.revision = row->revision;
    out->u.leaver.record.data = (uint8_t *)arena_copy(arena, buf_bytes(&plain));
    out->u.leaver.record.len = plain.len;
    return 0;
}

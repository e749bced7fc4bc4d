#include "agentd/given.h"

#include <jansson.h>

#include "agentd/agent.h"
#include "agentd/blob.h"
#include "agentd/sender.h"
#include "base/err.h"
#include "store/asked.h"

struct repeating {
    struct agent *agent;
    const struct laestab *peer;
    struct err *err;
};

static const char *text_of(const json_t *one, const char *key)
{
    const char *text = json_string_value(json_object_get(one, key));

    return text == NULL ? "" : text;
}

static int repeat_one(void *arg, const struct asked *asked)
{
    struct repeating *r = arg;
    SCOPED(buf_free) struct buf plain = BUF_EMPTY;
    struct batch_item item = {.kind = ITEM_ANSWER};
    uint64_t first;
    int64_t stream;
    json_t *one;
    int rc;

    if (asked->sealed.len == 0) /* closed since the record was recalled */
        return 0;
    rc = vault_unseal(
        &plain, r->agent->vault, BLOB_ASKED, asked->id, asked->sealed, r->err);
    if (rc < 0)
        return rc;
    one = json_loadb((const char *)plain.data, plain.len, 0, NULL);
    if (one == NULL)
        return err_set(r->err, ERR_MALFORMED, "stored answer: is not JSON");
    item.u.answer.request = asked->request;
    item.u.answer.upn = text_of(one, "upn");
    item.u.answer.accepted = json_is_true(json_object_get(one, "accepted"));
    item.u.answer.from_parent =
        json_is_true(json_object_get(one, "from_parent"));
    item.u.answer.contact =
        (uint32_t)json_integer_value(json_object_get(one, "contact"));
    item.u.answer.point_kind =
        (enum point_kind)json_integer_value(json_object_get(one, "point_kind"));
    item.u.answer.value = text_of(one, "value");
    item.u.answer.text = text_of(one, "text");
    rc = sender_append(
        r->agent, &first, &stream, r->peer, LANE_NORMAL, &item, 1, r->err);
    json_decref(one);
    return rc;
}

int given_repeat(
    struct agent *agent, const struct laestab *peer, struct err *err)
{
    struct repeating r = {agent, peer, err};

    return asked_each_closed(agent->db, peer, repeat_one, &r, err);
}

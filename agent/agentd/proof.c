/* proof - signed receipts for one leaver, checkable with openssl alone. */
#include <stdio.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/paper.h"
#include "agentd/requests.h"
#include "agentd/roll.h"
#include "base/err.h"
#include "base/mem.h"
#include "crypto/cert.h"
#include "crypto/seal.h"
#include "store/account.h"
#include "store/outbox.h"
#include "wire/batch.h"

/* The sentence inside the receipt, read from its signed content.  *signer:
 * whose signature it is, which need not be the newest of that school; NULL. */
static json_t *statement_of(struct cert **signer, struct agent *agent,
    struct bytes evidence, const struct outbox_stream *stream)
{
    SCOPED(buf_free) struct buf content = BUF_EMPTY;
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct batch batch;
    struct err err;
    struct cert *cert;

    *signer = NULL;
    for (size_t i = 0; (cert = members_former_cert(agent->identity->members,
                            &stream->recipient, i)) != NULL;
         i++) {
        if (seal_verify(&content, NULL, evidence, cert, &err) < 0)
            continue;
        *signer = cert;
        if (batch_decode(&batch, buf_bytes(&content), &arena, &err) < 0)
            break;
        for (size_t j = 0; j < batch.count; j++)
            if (batch.items[j].kind == ITEM_RECEIPT &&
                batch.items[j].u.receipt.lane == stream->lane)
                return args_string(batch.items[j].u.receipt.statement);
    }
    return json_string("The signer's certificate is no longer listed");
}

static int add_receipt(json_t *list, struct agent *agent, const char *upn,
    const struct leavers_row *row, int kind, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct outbox_stream stream;
    struct bytes evidence;
    struct cert *signer;
    json_t *statement;
    wall at;
    char file[64];
    int rc = outbox_stream(&stream, agent->db, row->stream, err);

    if (rc == 0)
        rc = outbox_evidence(&evidence, &at, agent->db, row->stream, row->seq,
            kind, &arena, err);
    if (rc == ERR_NOT_FOUND)
        return 0;
    if (rc < 0)
        return rc;
    statement = statement_of(&signer, agent, evidence, &stream);
    snprintf(file, sizeof file, "receipt-%s-%s-%llu.cms", stream.recipient.text,
        stream_lane_name(stream.lane), (unsigned long long)row->seq);
    json_array_append_new(
        list, json_pack("{s:s,s:s,s:s,s:s,s:I,s:s,s:o,s:o,s:s,s:o,s:o,s:o}",
                  "upn", upn, "to", stream.recipient.text, "name",
                  agent_school_name(agent, &stream.recipient), "lane",
                  stream_lane_name(stream.lane), "seq", (json_int_t)row->seq,
                  "kind", kind == 0 ? "received" : "applied", "at",
                  args_time(at.ms), "statement", statement, "file", file,
                  "data", paper_base64(evidence), "signer", paper_pem(signer),
                  "authority", paper_pem(agent->identity->authority)));
    return 0;
}

int proof_receipts(json_t **result, struct request *request, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    json_t *list = json_array();
    struct leavers_row row;
    struct leaver leaver;
    const char *upn;
    char text[ID_TEXT_SIZE];
    struct id letter;
    int rc = args_upn(&upn, request->args, "upn", err);

    *result = json_pack("{s:o}", "receipts", list);
    if (rc == 0)
        rc = roll_find(&row, &leaver, request->agent, upn, &arena, err);
    if (rc == 0 && row.stream == 0)
        return err_set(err, ERR_STATE, "this leaver was not sent yet");
    for (int kind = 0; rc == 0 && kind < 2; kind++)
        rc = add_receipt(list, request->agent, upn, &row, kind, err);
    if (rc == 0 && account_letter(&letter, request->agent->db, row.stream,
                       row.seq, NULL) == 0)
        json_object_set_new(
            *result, "envelope", json_string(id_format(&letter, text)));
    return rc;
}

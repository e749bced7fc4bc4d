#include "cli/do_queue.h"

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "cli/base64.h"
#include "cli/call.h"
#include "cli/render_status.h"
#include "cli/said.h"

/* FOLDER/ENVELOPE-REASON.cms, with the certificates to check it beside it. */
static int write_one(const char *folder, const json_t *batch,
    const json_t *said, struct err *err)
{
    SCOPED(mem_freep)
    char *stem = mem_format("%s/%s-%s", folder, said_text(batch, "envelope"),
        said_text(said, "reason"));
    SCOPED(mem_freep) char *cms = mem_format("%s.cms", stem);
    SCOPED(mem_freep) char *signer = mem_format("%s.signer.pem", stem);
    SCOPED(mem_freep) char *authority = mem_format("%s.authority.pem", stem);
    SCOPED(buf_free) struct buf der = BUF_EMPTY;
    int rc;

    if (!base64_decode(&der, said_text(said, "data")))
        return err_set(err, ERR_MALFORMED, "the agent gave no base64");
    rc = file_write(cms, buf_bytes(&der), FILE_PUBLIC, err);
    if (rc == 0)
        rc = file_write(
            signer, bytes_of(said_text(said, "signer")), FILE_PUBLIC, err);
    if (rc == 0)
        rc = file_write(authority, bytes_of(said_text(said, "authority")),
            FILE_PUBLIC, err);
    return rc;
}

static int write_all(
    const char *folder, const json_t *result, int *count, struct err *err)
{
    const json_t *queue = json_object_get(result, "queue");
    int rc = file_make_dir(folder, err);

    for (size_t i = 0; i < json_array_size(queue); i++) {
        const json_t *batch = json_array_get(queue, i);
        const json_t *said = json_object_get(batch, "hubs_say");

        for (size_t k = 0; rc == 0 && k < json_array_size(said); k++) {
            const json_t *one = json_array_get(said, k);

            if (!said_is_true(one, "signed"))
                continue;
            rc = write_one(folder, batch, one, err);
            (*count)++;
        }
    }
    return rc;
}

int do_queue_show(struct call *call)
{
    const char *folder = call_option(call, "export");
    json_t *result;
    struct err err;
    int count = 0;
    int code;

    if (folder == NULL)
        return call_agent(call, "queue", json_object(), render_status_queue);
    code = call_ask(
        &result, call, "queue", json_pack("{s:b}", "evidence", true), -1);
    if (code != CALL_DONE)
        return code;
    if (write_all(folder, result, &count, &err) < 0) {
        json_decref(result);
        return call_fail(call, &err, "Choose a folder that you may write to");
    }
    code = call_show(call, result, render_status_queue);
    if (call->output->form == OUTPUT_TEXT)
        output_line(call->output, OUTPUT_PLAIN,
            "%d files of what hubs have signed are in %s", count, folder);
    return code;
}

#include "agentd/loading.h"

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/desk.h"
#include "base/err.h"
#include "record/upn.h"

int loading_begin(
    struct loading *loading, struct request *request, struct err *err)
{
    const json_t *rows = json_object_get(request->args, "rows");

    *loading = (struct loading){.request = request,
        .rows = rows,
        .dry_run = args_flag(request->args, "dry_run")};
    if (!json_is_array(rows) || json_array_size(rows) == 0)
        return err_set(err, ERR_USAGE, "the sheet has no rows");
    if (json_array_size(rows) > LOADING_MAX_ROWS)
        return err_set(err, ERR_USAGE, "the sheet has over %d rows: split it",
            LOADING_MAX_ROWS);
    loading->refused = json_array();
    return 0;
}

int loading_each(struct loading *loading,
    int (*take)(struct loading *loading, const json_t *row, struct err *err),
    struct err *err)
{
    const size_t count = json_array_size(loading->rows);
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < count; i++)
        rc = take(loading, json_array_get(loading->rows, i), err);
    return rc;
}

void loading_refuse(struct loading *loading, const json_t *row,
    const char *reason, const char *detail)
{
    const char *upn = json_string_value(json_object_get(row, "upn"));

    json_array_append_new(loading->refused,
        json_pack("{s:I,s:s,s:s,s:s}", "line",
            json_integer_value(json_object_get(row, "line")), "upn",
            upn == NULL ? "" : upn, "reason", reason, "detail", detail));
}

bool loading_text(const char **out, struct loading *loading, const json_t *row,
    const char *name, size_t max)
{
    struct err why = {.text = ""};

    if (args_text(out, row, name, max, &why) == 0)
        return true;
    *out = "";
    loading_refuse(loading, row, "bad-text", why.text);
    return false;
}

const struct casework_pupil *loading_child(
    struct casework_file **file, struct loading *loading, const json_t *row)
{
    const struct casework_pupil *pupil;
    const char *upn;

    if (!loading_text(&upn, loading, row, "upn", 32))
        return NULL;
    if (upn[0] == '\0') {
        loading_refuse(loading, row, "no-upn", "the column upn is empty");
        return NULL;
    }
    if (upn_check(upn, NULL) >= UPN_BAD_FORM) {
        loading_refuse(loading, row, "upn-check-letter",
            "that is not a UPN: a letter, 12 digits and the right check "
            "letter");
        return NULL;
    }
    pupil = desk_upn(file, loading->request->agent->casework, upn);
    if (pupil == NULL)
        loading_refuse(loading, row, "no-record",
            "no record of that child is here yet; load this line again when "
            "it has come");
    return pupil;
}

bool loading_is_second(struct loading *loading, const json_t *row)
{
    const json_t *upn = json_object_get(row, "upn");
    size_t i;
    json_t *other;

    json_array_foreach(loading->rows, i, other)
    {
        if (other == row)
            return false;
        if (!json_equal(json_object_get(other, "upn"), upn))
            continue;
        loading_refuse(
            loading, row, "twice", "an earlier line is about this child");
        return true;
    }
    return false;
}

json_t *loading_report(struct loading *loading)
{
    return json_pack("{s:I,s:I,s:I,s:O,s:b}", "accepted", loading->accepted,
        "changed", loading->changed, "unchanged", loading->unchanged, "refused",
        loading->refused, "dry_run", loading->dry_run);
}

void loading_end(struct loading *loading)
{
    json_decref(loading->refused);
    loading->refused = NULL;
}

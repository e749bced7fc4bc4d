#include "agentd/looks.h"

#include "agentd/agent.h"
#include "agentd/desk.h"
#include "agentd/progress.h"
#include "base/err.h"
#include "store/opened.h"

/* What the card shows of this child to whoever asks. */
static unsigned sections_of(
    const struct request *request, const struct leaver *leaver)
{
    const bool planned =
        leaver->need_count > 0 || leaver->in_care == STATED_YES ||
        leaver->sen_provision[0] == 'E' || leaver->sen_provision[0] == 'K';

    return USED_CONTACTS | (leaver->strengths[0] != '\0' ? USED_STRENGTHS : 0) |
           (planned && (request->actor.roles & DESK_SUPPORT) != 0 ? USED_SUPPORT
                                                                  : 0);
}

static int note_all(bool *added, struct request *request,
    const struct casework_file *file, struct err *err)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < file->pupil_count; i++) {
        const struct casework_pupil *pupil = file->pupils[i];
        const struct used used = {
            request->role, sections_of(request, &pupil->leaver)};
        bool now = false;

        if (pupil->row.revision != 0) /* else nothing was sent to be used */
            rc =
                opened_add(&now, request->agent->db, pupil->row.id, &used, err);
        *added |= now;
    }
    return rc;
}

int looks_note(
    struct request *request, const struct casework_file *file, struct err *err)
{
    struct db *db = request->agent->db;
    const bool open = db_in_transaction(db);
    bool added = false;
    int rc;

    if (!used_is_told(request->role))
        return 0;
    rc = open ? 0 : db_begin(db, err);
    if (rc == 0)
        rc = note_all(&added, request, file, err);
    if (rc == 0 && !open)
        rc = db_commit(db, err);
    if (added)
        progress_changed(request->agent->progress);
    return rc;
}

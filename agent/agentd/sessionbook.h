/*
 * sessionbook - the sessions with everybody who is invited, worked out afresh
 * for a request, and how they are shown.
 *
 * Nothing is shown of anybody but through struct reach; what anybody wrote, and
 * every letter as a whole, only if it names no restricted adult.
 */
#ifndef AGENTD_SESSIONBOOK_H
#define AGENTD_SESSIONBOOK_H

#include "agentd/desk.h"
#include "outreach/fitting.h"

struct sessionbook {
    struct arena arena;
    struct sessions sessions;
    struct sessions_family *families; /* as casework->files */
    size_t family_count;
};
#define SESSIONBOOK_EMPTY ((struct sessionbook){.arena = ARENA_EMPTY})

/** Refresh the casework and work the sessions out; again after an event. */
MUST_CHECK int sessionbook_open(
    struct sessionbook *book, struct request *request, struct err *err);
/** The same from the casework as it is, into an empty book. */
void sessionbook_fill(struct sessionbook *book, const struct agent *agent);
void sessionbook_close(struct sessionbook *book);

/** The session that args name by "session".  Errors: ERR_USAGE, ERR_NOT_FOUND
 * with what to do next. */
MUST_CHECK int sessionbook_session(struct sessions_one **out,
    const struct sessionbook *book, struct request *request, struct err *err);
/** Open the book and find that session.  Errors: those of both. */
MUST_CHECK int sessionbook_open_at(struct sessions_one **out,
    struct sessionbook *book, struct request *request, struct err *err);

const struct sessions_family *sessionbook_family(
    const struct sessionbook *book, const struct casework_file *file);
/** Its file, to ask desk_shown() with. */
struct casework_file *sessionbook_file(
    const struct agent *agent, const struct sessions_family *family);

/** {"session","type","title","status","when","places","taken",...} */
json_t *sessionbook_json(const struct sessions_one *one);
/** {"case","pupils","contact","name","rsvp","guests","creche","needs",...} */
json_t *sessionbook_party_json(
    const struct agent *agent, const struct sessions_party *party);

/** The letter or text of an invitation.  Errors: ERR_DENIED: it would name a
 * restricted adult. */
MUST_CHECK int sessionbook_letter(json_t **out, const struct request *request,
    const struct sessions_one *one, const struct sessions_party *party,
    struct err *err);

#endif

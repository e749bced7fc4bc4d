/*
 * requests - one table of what the command line may ask: name, who may,
 * handler.
 *
 * Checks in a fixed order before a handler runs: who the peer is (the
 * operating-system user behind the socket), for whom it acts, that this member
 * of staff may use the command; then the handler reads its arguments with
 * args_*(), and every refusal says what is wrong and what to do.
 */
#ifndef AGENTD_REQUESTS_H
#define AGENTD_REQUESTS_H

#include <jansson.h>

#include "base/attr.h"
#include "base/err.h"
#include "control/control.h"
#include "store/people.h"

struct agent;

/* One request while it is handled. */
struct request {
    struct agent *agent;
    struct control_client *client;
    json_t *args;
    int file; /* -1 if none came */
    struct staff actor;
    const char *role; /* the one word that others are shown */
    const char *next; /* set by a handler beside an error: what to do */
};

/**
 * A handler returns 0 with *result (the document that --json prints), or 0 with
 * *result NULL when it answers later, or an error.
 */
typedef int request_handler(
    json_t **result, struct request *request, struct err *err);

/** The callbacks that the control server is opened with; arg is the agent. */
struct control_callbacks requests_callbacks(struct agent *agent);

/** The commands that the agent knows, from 0 on; NULL after the last. */
const char *requests_name(size_t place);

/** Note who did what, in a transaction of its own unless one is open. */
MUST_CHECK int requests_audit(struct request *request, const char *action,
    const struct tag *pupil, int64_t family, const char *detail,
    struct err *err);

/* The handlers, each in the file of its name's first word. */
request_handler import_leavers;
request_handler lacking_check;
request_handler roll_list;
request_handler roll_show;
request_handler roll_send;
request_handler curb_add;
request_handler curb_list;
request_handler curb_end;
request_handler family_list;
request_handler family_card;
request_handler family_read;
request_handler next_take;
request_handler next_release;
request_handler logbook_log;
request_handler callbacks_list;
request_handler changes_list;
request_handler lookup_find;
request_handler decide_review;
request_handler decide_more;
request_handler decide_plan;
request_handler decide_escalated;
request_handler wishes_set;
request_handler wishes_barrier;
request_handler numbers_told;
request_handler trail_audit;
request_handler team_add;
request_handler team_list;
request_handler team_edit;
request_handler team_retire;
request_handler health_status;
request_handler health_peers;
request_handler health_queue;
request_handler health_waitsync;
request_handler health_doctor;
request_handler aside_list;
request_handler aside_show;
request_handler aside_retry;
request_handler aside_drop;
request_handler aside_approve;
request_handler keys_rotate;
request_handler keys_show;
request_handler proof_receipts;
request_handler approve_older;
request_handler backup_make;
request_handler recall_leaver;
request_handler recall_redirect;
request_handler asks_list;
request_handler bulletin_list;
request_handler outcomes_show;
request_handler arrange_add;
request_handler arrange_edit;
request_handler session_list;
request_handler arrange_publish;
request_handler arrange_cancel;
request_handler session_ics;
request_handler session_fit;
request_handler invite_family;
request_handler invite_letters;
request_handler doorlist_show;
request_handler doorlist_mark;
request_handler actions_list;
request_handler actions_add;
request_handler actions_end;
request_handler callsheet_print;
request_handler approach_set;
request_handler approach_end;
request_handler approach_list;
request_handler offer_load;
request_handler offer_list;
request_handler offer_drop;
request_handler tutor_set;
request_handler tutor_load;
request_handler support_check;
request_handler support_refer;
request_handler support_state;
request_handler support_list;
request_handler answers_give;
request_handler plea_ask;
request_handler bereaved_note;
request_handler entry_mark;
request_handler entry_load;
request_handler entry_missing;
request_handler coverage_show;
request_handler coverage_dates_set;
request_handler coverage_dates_list;

#endif

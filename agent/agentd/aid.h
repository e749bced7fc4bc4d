/*
 * aid - a child's support check and referrals as they stand, for the commands
 * about support and for the card.
 */
#ifndef AGENTD_AID_H
#define AGENTD_AID_H

#include "agentd/desk.h"

/** A result and what goes with it, from args: `key` names the result.
 * Errors: ERR_USAGE. */
MUST_CHECK int aid_read_check(struct event_support *out,
    struct request *request, const char *key, struct err *err);

/** "none-needed", ... */
const char *aid_result_name(enum support_result result);

/** The child's newest support check; NULL: none. */
const struct event *aid_check_of(
    const struct casework_file *file, const struct casework_pupil *pupil);

/** {"case","pupil","result","needs","at","by",...}; check may be NULL. */
json_t *aid_check_json(const struct casework_file *file,
    const struct casework_pupil *pupil, const struct event *check);

/** {"referral","case","pupil","service","consent","state","since",...} */
json_t *aid_referral_json(const struct casework_file *file,
    const struct casework_pupil *pupil, const struct event *referral);

/** The child's referrals as they stand; unless all, those not started. */
void aid_add_referrals(json_t *list, const struct casework_file *file,
    const struct casework_pupil *pupil, bool all);

#endif

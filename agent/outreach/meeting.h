/* meeting - the words for sessions and for the answers to invitations. */
#ifndef OUTREACH_MEETING_H
#define OUTREACH_MEETING_H

#include <stdbool.h>

#include "outreach/event.h"

/** "new-intake-evening", ... what people type. */
const char *meeting_type_name(enum session_type type);
/** "New intake evening", ... */
const char *meeting_type_text(enum session_type type);
/** 0 for a word that is none. */
enum session_type meeting_type_parse(const char *name);
/** "draft", "published", ... */
const char *meeting_status_name(enum session_status status);
/** "none", "yes", "tentative", "no", "waiting", "cancelled". */
const char *meeting_rsvp_name(enum rsvp rsvp);
/** false for a word that is none. */
bool meeting_rsvp_parse(enum rsvp *out, const char *name);

#endif

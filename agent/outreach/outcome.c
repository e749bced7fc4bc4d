#include "outreach/outcome.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

/* clang-format off: one line an outcome, as in the specification */
#define ROW(code, name, text, ...)                                             \
    {                                                                          \
        OUTCOME_##code, name, text, __VA_ARGS__                                \
    }
#define YES true
#define NO false

static const struct outcome_row TABLE[] = {
    /*                                                                 contact
       reached         same next try  delay             amount changes note
       point */
    ROW(SPOKE, "spoke", "spoke with them", YES, REACHED_YES, NO, NO, YES,
        DELAY_NONE, 0, CHANGE_CHECKLIST, NOTE_SAID, POINT_AS_IS),
    ROW(SPOKE_SHORT, "spoke-short", "spoke briefly", YES, REACHED_YES, YES, NO,
        YES, DELAY_AGREED, 0, CHANGE_CHECKLIST, NOTE_SAID, POINT_AS_IS),
    ROW(CALL_BACK, "call-back", "asked to be called back", NO, REACHED_YES, YES,
        NO, YES, DELAY_AGREED, 0, 0, NOTE_TIME, POINT_AS_IS),
    ROW(OTHER_PERSON, "other-person", "somebody else answered", NO, REACHED_NO,
        YES, NO, YES, DELAY_MINUTES, 240, CHANGE_BAND, NOTE_NONE, POINT_AS_IS),
    ROW(LANGUAGE, "language", "no language in common", NO, REACHED_YES, YES, NO,
        YES, DELAY_WORKDAY, 1, CHANGE_LANGUAGE, NOTE_LANGUAGE, POINT_AS_IS),
    ROW(NOT_NOW, "not-now", "would rather not now", YES, REACHED_YES, YES, NO,
        YES, DELAY_DAYS, 7, CHANGE_CALLER | CHANGE_LETTER, NOTE_SAID,
        POINT_AS_IS),
    ROW(NO_MORE, "no-more", "wants no more calls", YES, REACHED_YES, NO, NO,
        YES, DELAY_NONE, 0, CHANGE_LETTER, NOTE_SAID, POINT_AS_IS),
    ROW(HUNG_UP, "hung-up", "hung up", NO, REACHED_UNKNOWN, YES, NO, YES,
        DELAY_DAYS, 2, CHANGE_TEXT_FIRST | CHANGE_CALLER, NOTE_NONE,
        POINT_AS_IS),
    ROW(NO_ANSWER, "no-answer", "no answer", NO, REACHED_NO, YES, YES, YES,
        DELAY_OTHER_BAND, 0, CHANGE_BAND | CHANGE_POINT, NOTE_NONE,
        POINT_AS_IS),
    ROW(BUSY, "busy", "engaged", NO, REACHED_NO, YES, NO, YES, DELAY_MINUTES,
        30, 0, NOTE_NONE, POINT_AS_IS),
    ROW(VM_LEFT, "vm-left", "voicemail left", NO, REACHED_NO, YES, YES, YES,
        DELAY_DAYS, 1, CHANGE_BAND | CHANGE_TEXT_FIRST, NOTE_NONE, POINT_AS_IS),
    ROW(VM_NONE, "vm-none", "no voicemail could be left", NO, REACHED_NO, YES,
        YES, YES, DELAY_OTHER_BAND, 0, CHANGE_BAND | CHANGE_TEXT_FIRST,
        NOTE_NONE, POINT_AS_IS),
    ROW(WRONG_NUMBER, "wrong-number", "wrong number", NO, REACHED_NO, NO, YES,
        YES, DELAY_NONE, 0, CHANGE_POINT | CHANGE_ASK_PRIMARY, NOTE_NONE,
        POINT_IS_WRONG),
    ROW(NOT_IN_SERVICE, "not-in-service", "number not in service", NO,
        REACHED_NO, NO, YES, YES, DELAY_NONE, 0,
        CHANGE_POINT | CHANGE_ASK_PRIMARY, NOTE_NONE, POINT_IS_DEAD),
    ROW(CANNOT_CONNECT, "cannot-connect", "our line did not connect", NO,
        REACHED_NO, YES, NO, NO, DELAY_MINUTES, 60, 0, NOTE_NONE, POINT_AS_IS),
    ROW(SENT, "sent", "message sent", NO, REACHED_NO, YES, NO, YES, DELAY_DAYS,
        3, CHANGE_VOICE, NOTE_PURPOSE, POINT_AS_IS),
    ROW(BOUNCED, "bounced", "message not delivered", NO, REACHED_NO, NO, YES,
        YES, DELAY_NONE, 0, CHANGE_POINT | CHANGE_ASK_PRIMARY, NOTE_NONE,
        POINT_BOUNCES),
    ROW(REPLIED, "replied", "they wrote, we answered", YES, REACHED_YES, NO, NO,
        YES, DELAY_NONE, 0, CHANGE_CHECKLIST, NOTE_SAID, POINT_AS_IS),
    ROW(MET, "met", "met in person", YES, REACHED_YES, NO, NO, YES, DELAY_NONE,
        0, CHANGE_CHECKLIST, NOTE_SAID, POINT_AS_IS),
    ROW(NOT_IN, "not-in", "nobody in, card left", NO, REACHED_NO, YES, NO, YES,
        DELAY_DAYS, 3, CHANGE_TIME, NOTE_NONE, POINT_AS_IS),
    ROW(INBOUND_MISSED, "inbound-missed", "they rang, we missed it", NO,
        REACHED_NO, YES, NO, NO, DELAY_NONE, 0, 0, NOTE_NONE, POINT_AS_IS),
    ROW(SKIPPED, "skipped", "not dialled", NO, REACHED_NO, YES, NO, NO,
        DELAY_NONE, 0, 0, NOTE_REASON, POINT_AS_IS),
    ROW(STOPPED_RESTRICTED, "stopped-restricted", "stopped: restricted", NO,
        REACHED_NO, NO, NO, NO, DELAY_NONE, 0, 0, NOTE_NONE, POINT_AS_IS),
    ROW(CONCERN, "concern", "safeguarding concern", NO, REACHED_UNKNOWN, YES,
        NO, NO, DELAY_NONE, 0, 0, NOTE_NONE, POINT_AS_IS),
};
/* clang-format on */

#define COUNT (sizeof TABLE / sizeof TABLE[0])
_Static_assert(COUNT == OUTCOME_LAST, "each outcome has a row");

const struct outcome_row *outcome_row(enum outcome outcome)
{
    return &TABLE[(size_t)outcome - 1];
}

static bool same_word(const char *name, const char *text)
{
    for (; *name != '\0' && *text != '\0'; name++, text++)
        if (*name != (*text == '_' ? '-' : tolower((unsigned char)*text)))
            return false;
    return *name == *text;
}

int outcome_parse(enum outcome *out, const char *text, struct err *err)
{
    char names[230] = "";
    size_t used = 0;

    for (size_t i = 0; i < COUNT; i++) {
        if (same_word(TABLE[i].name, text)) {
            *out = TABLE[i].outcome;
            return 0;
        }
        if (used < sizeof names && TABLE[i].outcome < OUTCOME_SKIPPED)
            used += (size_t)snprintf(names + used, sizeof names - used, "%s%s",
                i == 0 ? "" : ", ", TABLE[i].name);
    }
    return err_set(err, ERR_USAGE, "not an outcome; say one of %s", names);
}

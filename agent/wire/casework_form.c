#include "wire/casework_form.h"

#include "casework.pb-c.h"
#include "outreach/event.h"

#define PART(type, f, most, lo, hi)                                            \
    {                                                                          \
#f, type, offsetof(STRUCT, f), offsetof(MESSAGE, f), most,             \
        {                                                                      \
            lo, hi                                                             \
        }                                                                      \
    }
#define TEXT(f, limit) PART(CASEWORK_TEXT, f, limit, 0, 0)
#define NUMBER(f) PART(CASEWORK_NUMBER, f, 0, 0, 0)
#define SMALL(f) PART(CASEWORK_SMALL, f, 0, 0, 0)
#define FLAG(f) PART(CASEWORK_FLAG, f, 0, 0, 0)
#define TIME(f) PART(CASEWORK_TIME, f, 0, 0, 0)
#define DAY(f) PART(CASEWORK_DAY, f, 0, 0, 0)
#define CODE(f, least, most) PART(CASEWORK_CODE, f, 0, least, most)

#define STRUCT struct event_lease
#define MESSAGE Moveup__V1__EventLease
static const struct casework_part LEASE[] = {
    TIME(until),
    NUMBER(record),
    SMALL(contact),
    TEXT(value, EVENT_MAX_NAME),
};
#undef STRUCT
#undef MESSAGE

#define STRUCT struct event_attempt
#define MESSAGE Moveup__V1__EventAttempt
static const struct casework_part ATTEMPT[] = {
    NUMBER(record),
    SMALL(contact),
    SMALL(point),
    TEXT(value, EVENT_MAX_NAME),
    CODE(channel, 0, CHANNEL_LAST),
    CODE(outcome, OUTCOME_SPOKE, OUTCOME_LAST),
    CODE(band, 0, BAND_SATURDAY),
    FLAG(inbound),
    FLAG(concern),
    FLAG(interpreter),
    FLAG(voicemail),
    FLAG(own_choice),
    TEXT(language, EVENT_MAX_NAME),
    TIME(call_back),
    TEXT(said, EVENT_MAX_TEXT),
    TEXT(note, EVENT_MAX_TEXT),
};
#undef STRUCT
#undef MESSAGE

#define STRUCT struct event_point
#define MESSAGE Moveup__V1__EventPoint
static const struct casework_part POINT[] = {
    NUMBER(record),
    SMALL(contact),
    CODE(kind, 0, POINT_OTHER),
    TEXT(value, EVENT_MAX_NAME),
    CODE(status, POINT_UNVERIFIED, POINT_SUPERSEDED),
    CODE(source, SOURCE_PARENT, SOURCE_OFFER),
    NUMBER(request),
    TEXT(note, EVENT_MAX_TEXT),
};
#undef STRUCT
#undef MESSAGE

#define STRUCT struct event_preference
#define MESSAGE Moveup__V1__EventPreference
static const struct casework_part PREFERENCE[] = {
    NUMBER(record),
    SMALL(contact),
    SMALL(good_bands),
    SMALL(bad_bands),
    SMALL(good_days),
    CODE(channel, 0, CHANNEL_LAST),
    FLAG(unknown_numbers_unanswered),
    TEXT(caller, EVENT_MAX_NAME),
    TEXT(language, EVENT_MAX_NAME),
    CODE(interpreter, 0, INTERPRETER_BSL),
};
#undef STRUCT
#undef MESSAGE

#define STRUCT struct event_barrier
#define MESSAGE Moveup__V1__EventBarrier
static const struct casework_part BARRIER[] = {
    CODE(barrier, BARRIER_TIME, BARRIER_LAST),
    CODE(source, BARRIER_STATED, BARRIER_ASSUMED),
    CODE(status, BARRIER_OPEN, BARRIER_NOT_ONE),
    CODE(adjustment, 0, ADJUST_LAST),
    FLAG(worked),
    TEXT(note, EVENT_MAX_TEXT),
};
#undef STRUCT
#undef MESSAGE

#define STRUCT struct event_ladder
#define MESSAGE Moveup__V1__EventLadder
static const struct casework_part LADDER[] = {
    SMALL(more),
    TEXT(reason, EVENT_MAX_TEXT),
};
#undef STRUCT
#undef MESSAGE

#define STRUCT struct event_plan
#define MESSAGE Moveup__V1__EventPlan
static const struct casework_part PLAN[] = {
    CODE(channel, 0, CHANNEL_LAST),
    TIME(when),
    TEXT(place, EVENT_MAX_NAME),
    TEXT(who, EVENT_MAX_NAME),
    TEXT(note, EVENT_MAX_TEXT),
};
#undef STRUCT
#undef MESSAGE

#define STRUCT struct event_review
#define MESSAGE Moveup__V1__EventReview
static const struct casework_part REVIEW[] = {
    CODE(review, REVIEW_RESUME, REVIEW_DECLINED),
    TEXT(owner, EVENT_MAX_NAME),
    TEXT(reason, EVENT_MAX_TEXT),
};
#undef STRUCT
#undef MESSAGE

#define STRUCT struct event_closed
#define MESSAGE Moveup__V1__EventClosed
static const struct casework_part CLOSED[] = {
    FLAG(transferred),
    TEXT(reason, EVENT_MAX_TEXT),
};
#undef STRUCT
#undef MESSAGE

#define STRUCT struct event_entry
#define MESSAGE Moveup__V1__EventEntry
static const struct casework_part ENTRY[] = {
    CODE(result, ENTRY_STARTED, ENTRY_UNKNOWN),
    DAY(date),
    TEXT(note, EVENT_MAX_TEXT),
};
#undef STRUCT
#undef MESSAGE

#define STRUCT struct event_request
#define MESSAGE Moveup__V1__EventRequest
static const struct casework_part REQUEST[] = {
    NUMBER(request),
    CODE(kind, REQUEST_WRONG_NUMBER, REQUEST_NOT_OURS),
    NUMBER(record),
    SMALL(contact),
    SMALL(point),
    TEXT(value, EVENT_MAX_NAME),
    TEXT(field, EVENT_MAX_NAME),
    TEXT(text, EVENT_MAX_TEXT),
    DAY(due),
};
#undef STRUCT
#undef MESSAGE

#define STRUCT struct event_answer
#define MESSAGE Moveup__V1__EventAnswer
static const struct casework_part ANSWER[] = {
    NUMBER(request),
    FLAG(accepted),
    NUMBER(record),
    SMALL(contact),
    CODE(point_kind, 0, POINT_OTHER),
    TEXT(value, EVENT_MAX_NAME),
    FLAG(from_parent),
    SMALL(best_bands),
    TEXT(text, EVENT_MAX_TEXT),
};
#undef STRUCT
#undef MESSAGE

#define STRUCT struct event_session
#define MESSAGE Moveup__V1__EventSession
static const struct casework_part SESSION[] = {
    SMALL(session),
    CODE(type, SESSION_NEW_INTAKE_EVENING, SESSION_INDUCTION_DAY),
    CODE(status, SESSION_DRAFT, SESSION_HELD),
    TEXT(title, EVENT_MAX_NAME),
    TIME(start),
    TIME(end),
    TEXT(place, EVENT_MAX_NAME),
    SMALL(capacity),
    SMALL(creche),
    FLAG(learning_linked),
    FLAG(step_free),
    TEXT(interpreters, EVENT_MAX_NAME),
    TEXT(online_link, EVENT_MAX_NAME),
    TEXT(person, EVENT_MAX_NAME),
    TEXT(phone, EVENT_MAX_NAME),
    TEXT(note, EVENT_MAX_TEXT),
};
#undef STRUCT
#undef MESSAGE

#define STRUCT struct event_invite
#define MESSAGE Moveup__V1__EventInvite
static const struct casework_part INVITE[] = {
    SMALL(session),
    NUMBER(record),
    SMALL(contact),
    CODE(how, 0, CHANNEL_LAST),
    TEXT(format, EVENT_MAX_NAME),
    TEXT(language, EVENT_MAX_NAME),
    SMALL(delivery),
};
#undef STRUCT
#undef MESSAGE

#define STRUCT struct event_reply
#define MESSAGE Moveup__V1__EventReply
static const struct casework_part REPLY[] = {
    SMALL(session),
    NUMBER(record),
    SMALL(contact),
    CODE(rsvp, 0, RSVP_CANCELLED),
    SMALL(guests),
    SMALL(creche),
    TEXT(needs, EVENT_MAX_TEXT),
    TEXT(reason, EVENT_MAX_TEXT),
};
#undef STRUCT
#undef MESSAGE

#define STRUCT struct event_attendance
#define MESSAGE Moveup__V1__EventAttendance
static const struct casework_part ATTENDANCE[] = {
    SMALL(session),
    NUMBER(record),
    SMALL(contact),
    FLAG(attended),
    SMALL(guests),
};
#undef STRUCT
#undef MESSAGE

#define STRUCT struct event_tutor
#define MESSAGE Moveup__V1__EventTutor
static const struct casework_part TUTOR[] = {
    TEXT(name, EVENT_MAX_NAME),
    TEXT(staff, EVENT_MAX_NAME),
    FLAG(told_parent),
    FLAG(told_primary),
};
#undef STRUCT
#undef MESSAGE

#define STRUCT struct event_support
#define MESSAGE Moveup__V1__EventSupport
static const struct casework_part SUPPORT[] = {
    CODE(result, SUPPORT_NONE_NEEDED, SUPPORT_NOT_ASKED),
    TEXT(needs, EVENT_MAX_TEXT),
    FLAG(assessment),
    TEXT(professional, EVENT_MAX_NAME),
    TEXT(note, EVENT_MAX_TEXT),
};
#undef STRUCT
#undef MESSAGE

#define STRUCT struct event_referral
#define MESSAGE Moveup__V1__EventReferral
static const struct casework_part REFERRAL[] = {
    SMALL(referral),
    TEXT(service, EVENT_MAX_NAME),
    SMALL(consent),
    SMALL(state),
    TEXT(note, EVENT_MAX_TEXT),
};
#undef STRUCT
#undef MESSAGE

#define STRUCT struct event_item
#define MESSAGE Moveup__V1__EventItem
static const struct casework_part ITEM[] = {
    NUMBER(item),
    CODE(kind, ITEM_OF_QUESTION, ITEM_OF_FOLLOW_UP),
    TEXT(theme, EVENT_MAX_NAME),
    TEXT(text, EVENT_MAX_TEXT),
    TEXT(owner, EVENT_MAX_NAME),
    DAY(due),
};
#undef STRUCT
#undef MESSAGE

#define STRUCT struct event_item_done
#define MESSAGE Moveup__V1__EventItemDone
static const struct casework_part ITEM_DONE[] = {
    NUMBER(item),
    FLAG(dropped),
    TEXT(text, EVENT_MAX_TEXT),
};
#undef STRUCT
#undef MESSAGE

#define STRUCT struct event_dates
#define MESSAGE Moveup__V1__EventDates
static const struct casework_part DATES[] = {
    DAY(entry),
    DAY(induction),
    DAY(term_end),
    DAY(primary_closes),
    TEXT(closed, EVENT_MAX_TEXT),
    TEXT(note, EVENT_MAX_TEXT),
};
#undef STRUCT
#undef MESSAGE

#define STRUCT struct event_strategy
#define MESSAGE Moveup__V1__EventStrategy
static const struct casework_part STRATEGY[] = {
    TEXT(name, EVENT_MAX_NAME),
    TEXT(group, EVENT_MAX_NAME),
    SMALL(first),
    FLAG(ended),
    TEXT(note, EVENT_MAX_TEXT),
};
#undef STRUCT
#undef MESSAGE

#define STRUCT struct event_died
#define MESSAGE Moveup__V1__EventDied
static const struct casework_part DIED[] = {
    NUMBER(record),
    SMALL(contact),
    FLAG(mistaken),
};
#undef STRUCT
#undef MESSAGE

#define FORM(message, parts)                                                   \
    {                                                                          \
        &moveup__v1__##message##__descriptor, parts,                           \
            sizeof parts / sizeof parts[0]                                     \
    }

static const struct casework_form FORMS[EVENT_LAST + 1] = {
    [EVENT_LEASE] = FORM(event_lease, LEASE),
    [EVENT_ATTEMPT] = FORM(event_attempt, ATTEMPT),
    [EVENT_POINT] = FORM(event_point, POINT),
    [EVENT_PREFERENCE] = FORM(event_preference, PREFERENCE),
    [EVENT_BARRIER] = FORM(event_barrier, BARRIER),
    [EVENT_LADDER] = FORM(event_ladder, LADDER),
    [EVENT_PLAN] = FORM(event_plan, PLAN),
    [EVENT_REVIEW] = FORM(event_review, REVIEW),
    [EVENT_CLOSED] = FORM(event_closed, CLOSED),
    [EVENT_ENTRY] = FORM(event_entry, ENTRY),
    [EVENT_REQUEST] = FORM(event_request, REQUEST),
    [EVENT_ANSWER] = FORM(event_answer, ANSWER),
    [EVENT_SESSION] = FORM(event_session, SESSION),
    [EVENT_INVITE] = FORM(event_invite, INVITE),
    [EVENT_REPLY] = FORM(event_reply, REPLY),
    [EVENT_ATTENDANCE] = FORM(event_attendance, ATTENDANCE),
    [EVENT_TUTOR] = FORM(event_tutor, TUTOR),
    [EVENT_SUPPORT] = FORM(event_support, SUPPORT),
    [EVENT_REFERRAL] = FORM(event_referral, REFERRAL),
    [EVENT_ITEM] = FORM(event_item, ITEM),
    [EVENT_ITEM_DONE] = FORM(event_item_done, ITEM_DONE),
    [EVENT_DATES] = FORM(event_dates, DATES),
    [EVENT_STRATEGY] = FORM(event_strategy, STRATEGY),
    [EVENT_DIED] = FORM(event_died, DIED),
};

const struct casework_form *casework_form_of(int kind)
{
    return kind < EVENT_LEASE || kind > EVENT_LAST ? NULL : &FORMS[kind];
}

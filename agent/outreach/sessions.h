/*
 * sessions - who comes to which information session: places, guests, waiting
 * list and who may not be in one room, worked out from the events.
 *
 * Pure.  The events of all families are gone through in the order in which they
 * were stored, so that two agents with the same events show the same list:
 *
 *   - A family's guests are counted once, however many of its adults come.
 *   - Whoever does not fit waits; when a place comes free, the first of those
 *     waiting whose whole party fits moves up.  A party that grows beyond the
 *     room keeps the places it had.  Nobody who has a place loses it to others.
 *   - Only who is in struct reach takes part.  An adult restricted later is at
 *     once in no list, and the place is free.
 *   - Adults whom a record says not to bring together (not-together-with) are
 *     never in one session, nor in two at one place and time: who was there
 *     first stays, the other has no place and is on no sheet.
 */
#ifndef OUTREACH_SESSIONS_H
#define OUTREACH_SESSIONS_H

#include "base/arena.h"
#include "outreach/reach.h"

/* One family; what it points to is the caller's and outlives the result. */
struct sessions_family {
    int64_t family;
    const struct reach_pupil *pupils;
    size_t pupil_count;
    const struct event *events;
    size_t event_count;
    const struct reach *reach;
};

/* One adult who was invited to one session. */
struct sessions_party {
    const struct sessions_family *family;
    const struct reach_person *person;
    const struct event_invite *invite; /* the last; NULL: came by themselves */
    const struct event_reply *reply;   /* the last; NULL: none yet */
    wall invited_at;
    enum rsvp rsvp;          /* as it stands: waiting, if there is no place */
    uint32_t guests, creche; /* of the place they have, or wait for */
    int64_t queued;          /* id of the event that asked; orders who waits */
    uint32_t place;          /* in the waiting list, from 1; 0: does not wait */
    bool apart;              /* may not be in this room */
    bool marked, attended;
};

struct sessions_one {
    const struct event_session *is;
    unsigned changes; /* how often it was changed since it was made */
    struct sessions_party *parties;
    size_t party_count, party_room;
    uint32_t taken;        /* places: adults, and each family's guests once */
    uint32_t creche_taken; /* children, each family's once */
};

struct sessions {
    struct sessions_one *list; /* by number */
    size_t count;
};

/** school: the events of family 0.  out lives as long as the arena. */
void sessions_fold(struct sessions *out, const struct event *school,
    size_t school_count, const struct sessions_family *families,
    size_t family_count, struct arena *arena);

/** The session that people call number; NULL if there is none. */
struct sessions_one *sessions_find(
    const struct sessions *sessions, uint32_t number);

/** That adult's part in it; NULL if never invited. */
const struct sessions_party *sessions_party_of(const struct sessions_one *one,
    const struct sessions_family *family, const struct reach_person *person);

/** Nobody whom person may not meet is invited there, nor to another session at
 * that place and time. */
bool sessions_may_join(const struct sessions *sessions,
    const struct sessions_one *one, const struct sessions_family *family,
    const struct reach_person *person);

/** Places that are free; UINT32_MAX: no limit. */
uint32_t sessions_free(const struct sessions_one *one);
uint32_t sessions_creche_free(const struct sessions_one *one);
/** Whether so many more would fit for this adult; a family's guests are counted
 * once. */
bool sessions_has_room(const struct sessions_one *one,
    const struct sessions_family *family, const struct reach_person *person,
    uint32_t guests, uint32_t creche);

/** Has a place, and may be on the sheet at the door. */
bool sessions_has_place(const struct sessions_party *party);
/** Had a place, the session is over, and was marked as not there. */
bool sessions_missed(const struct sessions_party *party);

#endif

/*
 * services - to whom a family can be referred, and how far a referral has come
 * (domain 2.3): words for what is stored.
 */
#ifndef OUTREACH_SERVICES_H
#define OUTREACH_SERVICES_H

#include <stdbool.h>
#include <stddef.h>

/* Numbers are stored. */
enum referral_consent {
    CONSENT_GIVEN = 1,
    CONSENT_REFUSED,
    CONSENT_NOT_NEEDED,
};
#define CONSENT_LAST CONSENT_NOT_NEEDED

enum referral_state {
    REFERRAL_MADE = 1,
    REFERRAL_ACCEPTED,
    REFERRAL_STARTED,
    REFERRAL_NOT_TAKEN_UP,
    REFERRAL_CLOSED,
};
#define REFERRAL_LAST REFERRAL_CLOSED

/** The code that is stored for what people type ("school-nurse"), or NULL. */
const char *services_code(const char *typed);
/** "the school nurse"; the code itself if it is of another version. */
const char *services_text(const char *code);
/** All that can be typed, "tutor, senco, ..."; out has 240 bytes. */
const char *services_all(char out[240]);

/** "given", ...; 0 for a word that is none. */
const char *services_consent_name(unsigned consent);
unsigned services_consent_parse(const char *word);
/** "made", "not-taken-up", ...; 0 for a word that is none. */
const char *services_state_name(unsigned state);
unsigned services_state_parse(const char *word);

/** Made or accepted, and nothing has begun. */
bool services_is_waiting(unsigned state);

#endif

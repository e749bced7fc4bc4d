#include "outreach/services.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *typed, *code, *text;
} SERVICES[] = {
    {"tutor", "TUTOR", "the tutor"},
    {"senco", "SENCO", "the SENCO"},
    {"family-support", "FAMILY_SUPPORT", "family support"},
    {"learning-mentor", "LEARNING_MENTOR", "the learning mentor"},
    {"early-help", "EARLY_HELP", "early help (team around the child)"},
    {"school-nurse", "SCHOOL_NURSE", "the school nurse"},
    {"education-welfare", "EWO", "the education welfare officer"},
    {"virtual-school", "VIRTUAL_SCHOOL", "the virtual school"},
    {"youth-service", "YOUTH_SERVICE", "the youth service"},
    {"sendiass", "SENDIASS", "SENDIASS"},
    {"adult-learning", "ADULT_LEARNING", "adult learning"},
    {"food-uniform", "FOOD_UNIFORM_HELP", "help with food or uniform"},
};
#define SERVICE_COUNT (sizeof SERVICES / sizeof SERVICES[0])

static const char *const CONSENTS[] = {"", "given", "refused", "not-needed"};
static const char *const STATES[] = {
    "", "made", "accepted", "started", "not-taken-up", "closed"};

const char *services_code(const char *typed)
{
    for (size_t i = 0; i < SERVICE_COUNT; i++)
        if (strcmp(SERVICES[i].typed, typed) == 0)
            return SERVICES[i].code;
    return NULL;
}

const char *services_text(const char *code)
{
    for (size_t i = 0; i < SERVICE_COUNT; i++)
        if (strcmp(SERVICES[i].code, code) == 0)
            return SERVICES[i].text;
    return code;
}

const char *services_all(char out[240])
{
    out[0] = '\0';
    for (size_t i = 0; i < SERVICE_COUNT; i++) {
        const size_t used = strlen(out);

        snprintf(out + used, 240 - used, "%s%s", i == 0 ? "" : ", ",
            SERVICES[i].typed);
    }
    return out;
}

static unsigned parse(const char *const *words, unsigned last, const char *word)
{
    for (unsigned i = 1; i <= last; i++)
        if (strcmp(words[i], word) == 0)
            return i;
    return 0;
}

const char *services_consent_name(unsigned consent)
{
    return CONSENTS[consent <= CONSENT_LAST ? consent : 0];
}

unsigned services_consent_parse(const char *word)
{
    return parse(CONSENTS, CONSENT_LAST, word);
}

const char *services_state_name(unsigned state)
{
    return STATES[state <= REFERRAL_LAST ? state : 0];
}

unsigned services_state_parse(const char *word)
{
    return parse(STATES, REFERRAL_LAST, word);
}

bool services_is_waiting(unsigned state)
{
    return state == REFERRAL_MADE || state == REFERRAL_ACCEPTED;
}

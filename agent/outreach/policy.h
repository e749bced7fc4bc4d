/*
 * policy - the numbers by which a school works through its families; one struct
 * so that they are in one place and a report can print them.
 */
#ifndef OUTREACH_POLICY_H
#define OUTREACH_POLICY_H

#include "outreach/bands.h"

struct policy {
    unsigned limit_voice;         /* calls before the lead decides */
    unsigned min_bands;           /* over so many parts of the day */
    unsigned min_days;            /* and so many days */
    unsigned lease_minutes;       /* how long a family is one caller's */
    unsigned cooldown_hours;      /* between two tries by telephone */
    unsigned text_after;          /* failed calls before a text goes first */
    unsigned primary_after;       /* before the primary is asked to help */
    unsigned letter_after;        /* before an invitation in writing */
    unsigned appointment_minutes; /* around an agreed time */
    struct bands_hours hours;
};

/** 5 calls over 3 parts of the day and 5 days; 30 minutes; 4 hours; text after
 * 2, primary after 3, letter after 4; 15 minutes; the usual call hours. */
struct policy policy_usual(void);

#endif

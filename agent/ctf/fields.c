#include "ctf/fields.h"

#include <stdio.h>
#include <string.h>

#include "ctf/checks.h"
#include "ctf/postal.h"

void fields_begin_pupil(struct fields *fields, uint64_t line)
{
    pupil_begin(fields->pupil, line);
    *fields = (struct fields){
        .pupil = fields->pupil,
        .now = fields->now,
        .stage = "",
        .lea = "",
        .estab = "",
    };
}

/* The new item of a list, or the spare one when the list is full. */
#define OPEN(name)                                                             \
    do {                                                                       \
        fields->name = pupil_add_##name(fields->pupil);                        \
        if (fields->name == NULL)                                              \
            fields->name = &fields->spare.name;                                \
    } while (0)

static void open_contact(struct fields *fields)
{
    OPEN(contact);
    if (fields->contact == &fields->spare.contact)
        leaver_contact_init(&fields->spare.contact);
}

static void open_address(struct fields *fields, struct leaver_address *address)
{
    fields->address_of = address;
    for (size_t i = 0; i < POSTAL_PARTS; i++)
        fields->address[i] = "";
}

void fields_open(struct fields *fields, enum paths_node node)
{
    /* The other nodes need nothing to begin. */
    switch ((int)node) {
    case PATHS_CONTACT:
        open_contact(fields);
        break;
    case PATHS_LANGUAGE:
        OPEN(language);
        break;
    case PATHS_NEED:
        OPEN(need);
        break;
    case PATHS_YEAR:
        OPEN(year);
        break;
    case PATHS_KEY_STAGE:
        fields->stage = "";
        break;
    case PATHS_RESULT:
        OPEN(result);
        fields->result->stage = fields->stage;
        break;
    case PATHS_SCHOOL:
        OPEN(school);
        fields->lea = "";
        fields->estab = "";
        break;
    case PATHS_SEN:
        fields->sen_start = (struct date){.year = 0};
        fields->sen_provision = "";
        fields->sen_ended = false;
        break;
    case PATHS_FSM:
        fields->fsm_ended = false;
        break;
    case PATHS_PHONE:
        fields->phone_kind = POINT_OTHER;
        fields->phone_raw = NULL;
        break;
    case PATHS_PUPIL_ADDRESS:
        open_address(fields, &fields->pupil->leaver.address);
        break;
    case PATHS_CONTACT_ADDRESS:
        open_address(fields, &fields->contact->address);
        break;
    }
}

/* SIMS lists the history newest first; the item without an end is the one that
 * holds, and of two such the one that began later. */
static void close_sen(struct fields *fields)
{
    if (fields->sen_ended || fields->sen_provision[0] == '\0')
        return;
    if (fields->sen_chosen &&
        date_compare(fields->sen_start, fields->sen_best) <= 0)
        return;
    fields->pupil->leaver.sen_provision = fields->sen_provision;
    fields->sen_best = fields->sen_start;
    fields->sen_chosen = true;
}

static void close_fsm(struct fields *fields)
{
    enum stated *fsm = &fields->pupil->leaver.fsm;

    if (!fields->fsm_ended)
        *fsm = STATED_YES;
    else if (*fsm == NOT_STATED)
        *fsm = STATED_NO;
}

void fields_add_point(
    struct fields *fields, enum point_kind kind, const char *raw)
{
    if (fields->contact != &fields->spare.contact)
        pupil_add_point(fields->pupil, fields->contact, kind, raw);
}

static void close_phone(struct fields *fields)
{
    if (fields->phone_raw == NULL)
        return;
    if (fields->contact != NULL)
        fields_add_point(fields, fields->phone_kind, fields->phone_raw);
    else if (fields->pupil->leaver.phone[0] == '\0')
        fields->pupil->leaver.phone = fields->phone_raw;
}

static void close_year(struct fields *fields)
{
    const struct leaver_year *year = fields->year;

    if (year->attended + year->authorised + year->unauthorised !=
        year->possible)
        findings_add(&fields->pupil->findings, FINDING_WARN, "attendance-sum",
            fields->pupil->at, "the sessions of %d do not add up", year->year);
}

static void close_school(struct fields *fields)
{
    char laestab[32];

    if (strlen(fields->lea) > 15 || strlen(fields->estab) > 15)
        return;
    snprintf(laestab, sizeof laestab, "%.15s%.15s", fields->lea, fields->estab);
    fields->school->laestab = pupil_text(fields->pupil, laestab);
}

void fields_close(struct fields *fields, enum paths_node node)
{
    /* The other nodes have nothing left to do. */
    switch ((int)node) {
    case PATHS_CONTACT:
        fields->contact = NULL;
        break;
    case PATHS_SEN:
        close_sen(fields);
        break;
    case PATHS_FSM:
        close_fsm(fields);
        break;
    case PATHS_PHONE:
        close_phone(fields);
        break;
    case PATHS_YEAR:
        close_year(fields);
        break;
    case PATHS_SCHOOL:
        close_school(fields);
        break;
    case PATHS_PUPIL_ADDRESS:
    case PATHS_CONTACT_ADDRESS:
        postal_join(fields->address_of, fields->address, fields->pupil);
        break;
    }
}

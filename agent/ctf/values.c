#include "ctf/values.h"

#include <string.h>

#include "ctf/checks.h"
#include "ctf/places.h"
#include "record/uln.h"

static void warn(struct fields *fields, const char *code, const char *detail)
{
    findings_add(&fields->pupil->findings, FINDING_WARN, code,
        fields->pupil->at, "%s", detail);
}

static void hold(
    struct fields *fields, const char *code, const char *name, const char *text)
{
    findings_add(&fields->pupil->findings, FINDING_HOLD, code,
        fields->pupil->at, "%s \"%.40s\" is not one we know", name, text);
}

static enum stated read_boolean(const char *text)
{
    if (strcmp(text, "true") == 0 || strcmp(text, "1") == 0)
        return STATED_YES;
    if (strcmp(text, "false") == 0 || strcmp(text, "0") == 0)
        return STATED_NO;
    return NOT_STATED;
}

static enum stated take_boolean(
    struct fields *fields, enum paths_node node, const char *text)
{
    const enum stated value = read_boolean(text);

    if (value == NOT_STATED && text[0] != '\0')
        findings_add(&fields->pupil->findings, FINDING_WARN, "bad-boolean",
            fields->pupil->at, "%s \"%.40s\" is not true or false",
            paths_name(node), text);
    return value;
}

/* Parental responsibility is law: never assumed, so the pupil waits. */
static void take_responsibility(struct fields *fields, const char *text)
{
    fields->contact->responsibility = read_boolean(text);
    if (fields->contact->responsibility == NOT_STATED)
        findings_add(&fields->pupil->findings, FINDING_HOLD, "bad-boolean",
            fields->pupil->at, "Responsibility \"%.40s\" is not true or false",
            text);
}

/* "N", which SIMS writes by itself, is no statement. */
static void take_court_order(struct fields *fields, const char *text)
{
    if (strcasecmp(text, "Y") != 0 && strcasecmp(text, "true") != 0 &&
        strcmp(text, "1") != 0)
        return;
    fields->contact->court_order = STATED_YES;
    warn(fields, "court-order", "a contact has one: show it before any call");
}

/* A whole number, 0 if it is none or has more than six digits. */
static int32_t number(const char *text)
{
    int32_t n = 0;

    for (size_t i = 0; text[i] != '\0'; i++) {
        if (text[i] < '0' || text[i] > '9' || i == 6)
            return 0;
        n = n * 10 + (text[i] - '0');
    }
    return n;
}

static int16_t year_number(const char *text)
{
    const int32_t n = number(text);

    return n <= 9999 ? (int16_t)n : 0;
}

static void take_number(
    struct fields *fields, enum paths_node node, const char *text)
{
    /* Only the nodes that values_take() sends here. */
    switch ((int)node) {
    case PATHS_ORDER:
        fields->contact->order = (uint32_t)number(text);
        break;
    case PATHS_NEED_RANK:
        fields->need->rank = (uint32_t)number(text);
        break;
    case PATHS_YEAR_YEAR:
        fields->year->year = year_number(text);
        break;
    case PATHS_POSSIBLE:
        fields->year->possible = number(text);
        break;
    case PATHS_AUTHORISED:
        fields->year->authorised = number(text);
        break;
    case PATHS_ATTENDED:
        fields->year->attended = number(text);
        break;
    case PATHS_UNAUTHORISED:
        fields->year->unauthorised = number(text);
        break;
    }
}

static enum point_kind phone_kind(const char *text)
{
    static const struct {
        char letter;
        enum point_kind kind;
    } kinds[] = {
        {'M', POINT_MOBILE},
        {'H', POINT_HOME},
        {'W', POINT_WORK},
        {'A', POINT_ALTERNATE},
        {'D', POINT_TEXTPHONE},
        {'F', POINT_FAX},
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (text[0] == kinds[i].letter && text[1] == '\0')
            return kinds[i].kind;
    return POINT_OTHER;
}

static void check_phone(struct fields *fields, const char *text)
{
    const size_t plus = text[0] == '+';
    const size_t len = strspn(text + plus, "0123456789 ()-");

    if (len < 6 || text[plus + len] != '\0')
        warn(fields, "phone-text", "PhoneNo is more or less than a number");
}

static void take_sen(struct fields *fields, const char *text)
{
    if (codes_known(CODES_SEN_PROVISION_OLD, text))
        findings_add(&fields->pupil->findings, FINDING_WARN, "old-code",
            fields->pupil->at, "SENprovision %s was replaced in 2014", text);
    else if (!codes_known(CODES_SEN_PROVISION, text))
        hold(fields, "unknown-code", "SENprovision", text);
}

static void take_fsm_end(struct fields *fields, const char *text)
{
    struct date end;

    pupil_take_date(fields->pupil, "FSMendDate", NULL, text);
    fields->fsm_ended =
        text[0] != '\0' && (date_parse(&end, text, NULL) != 0 ||
                               date_compare(end, fields->now) <= 0);
}

static void take_contact_sex(struct fields *fields, const char *text)
{
    if (!codes_known(CODES_SEX, text))
        findings_add(&fields->pupil->findings, FINDING_WARN, "unknown-code",
            fields->pupil->at, "Contact/Sex \"%.40s\" is not in the code list",
            text);
}

static void check_code(struct fields *fields, enum paths_node node,
    enum code_set set, const char *text)
{
    const enum finding_level level =
        set == CODES_SEN_TYPE ? FINDING_HOLD : FINDING_WARN;

    checks_code(fields->pupil, level, set, paths_name(node), text);
}

/* What has a code list. */
static void check(struct fields *fields, enum paths_node node, const char *text)
{
    /* The other nodes have none. */
    switch ((int)node) {
    case PATHS_ETHNICITY:
        check_code(fields, node, CODES_ETHNICITY, text);
        break;
    case PATHS_LANGUAGE_CODE:
        check_code(fields, node, CODES_LANGUAGE, text);
        break;
    case PATHS_SERVICE_CHILD:
        check_code(fields, node, CODES_SERVICE_CHILD, text);
        break;
    case PATHS_ENROL_STATUS:
        check_code(fields, node, CODES_ENROL_STATUS, text);
        break;
    case PATHS_DISABILITY:
        check_code(fields, node, CODES_DISABILITY, text);
        break;
    case PATHS_NEED_TYPE:
        check_code(fields, node, CODES_SEN_TYPE, text);
        break;
    case PATHS_PHONE_TYPE:
        check_code(fields, node, CODES_TELEPHONE_TYPE, text);
        break;
    case PATHS_RELATIONSHIP:
        check_code(fields, node, CODES_RELATIONSHIP, text);
        break;
    case PATHS_CONTACT_GENDER:
    case PATHS_CONTACT_SEX:
        take_contact_sex(fields, text);
        break;
    case PATHS_SEN_PROVISION:
        take_sen(fields, text);
        break;
    case PATHS_PHONE_NUMBER:
        check_phone(fields, text);
        break;
    case PATHS_ULN:
        if (text[0] != '\0' && !uln_is_valid(text))
            warn(fields, "bad-uln", "the ULN's check digit is wrong");
        break;
    }
}

/* What is neither a text nor a date in its own field. */
static void take(struct fields *fields, enum paths_node node, const char *text)
{
    struct leaver *leaver = &fields->pupil->leaver;

    switch ((int)node) {
    case PATHS_DOB:
        pupil_take_dob(fields->pupil, text);
        break;
    case PATHS_MEDICAL_FLAG:
        leaver->medical_flag = take_boolean(fields, node, text);
        break;
    case PATHS_IN_CARE:
        leaver->in_care = take_boolean(fields, node, text);
        break;
    case PATHS_AS_PUPIL:
        if (fields->contact != NULL)
            fields->contact->address_as_pupil =
                take_boolean(fields, node, text) == STATED_YES;
        break;
    case PATHS_RESPONSIBILITY:
        take_responsibility(fields, text);
        break;
    case PATHS_COURT_ORDER:
        take_court_order(fields, text);
        break;
    case PATHS_DISABILITY:
        pupil_add_disability(fields->pupil, text);
        break;
    case PATHS_PHONE_TYPE:
        fields->phone_kind = phone_kind(text);
        break;
    case PATHS_CONTACT_EMAIL:
        fields_add_point(fields, POINT_EMAIL, text);
        break;
    case PATHS_ZIP:
        if (fields->address_of->postcode[0] == '\0')
            fields->address_of->postcode = pupil_text(fields->pupil, text);
        break;
    case PATHS_SEN_START:
        pupil_take_date(fields->pupil, paths_name(node), NULL, text);
        if (date_parse(&fields->sen_start, text, NULL) != 0)
            fields->sen_start = (struct date){.year = 0};
        break;
    case PATHS_SEN_END:
        pupil_take_date(fields->pupil, paths_name(node), NULL, text);
        fields->sen_ended = text[0] != '\0';
        break;
    case PATHS_FSM_REVIEW:
    case PATHS_FSM_START:
        pupil_take_date(fields->pupil, paths_name(node), NULL, text);
        break;
    case PATHS_FSM_END:
        take_fsm_end(fields, text);
        break;
    default:
        take_number(fields, node, text);
    }
}

void values_take(struct fields *fields, enum paths_node node, const char *text)
{
    check(fields, node, text);
    if (!places_keep(fields, node, text))
        take(fields, node, text);
}

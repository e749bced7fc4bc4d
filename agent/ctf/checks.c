#include "ctf/checks.h"

#include <string.h>

#include "record/upn.h"

#define YOUNGEST 2
#define OLDEST 20

void checks_code(struct pupil *pupil, enum finding_level level,
    enum code_set set, const char *name, const char *text)
{
    if (text[0] != '\0' && !codes_known(set, text))
        findings_add(&pupil->findings, level, "unknown-code", pupil->at,
            "%s \"%.40s\" is not in the code list", name, text);
}

/* The file has had this UPN before: same child or another one. */
static void check_seen(
    struct pupil *pupil, struct seen *seen, const struct findings_sink *sink)
{
    uint64_t first;
    struct finding finding;
    const enum seen_result result =
        seen_add(seen, &first, &pupil->leaver, pupil->line);

    if (result == SEEN_NEW)
        return;
    if (result == SEEN_SAME_CHILD) {
        findings_add(&pupil->findings, FINDING_HOLD, "duplicate-upn",
            pupil->line, "the same child as at line %llu",
            (unsigned long long)first);
        return;
    }
    findings_add(&pupil->findings, FINDING_HOLD, "duplicate-upn", pupil->line,
        "another child than at line %llu: both are held",
        (unsigned long long)first);
    if (result == SEEN_OTHER_AGAIN || sink->on_retract == NULL)
        return;
    findings_set(&finding, FINDING_HOLD, "duplicate-upn", first,
        "another child than at line %llu: both are held",
        (unsigned long long)pupil->line);
    sink->on_retract(sink->arg, pupil->leaver.upn, first, &finding);
}

static void check_upn(struct pupil *pupil)
{
    char right;

    switch (upn_check(pupil->leaver.upn, &right)) {
    case UPN_PERMANENT:
        break;
    case UPN_TEMPORARY:
        findings_add(&pupil->findings, FINDING_WARN, "temporary-upn",
            pupil->line, "the UPN is a temporary one");
        break;
    case UPN_BAD_FORM:
        findings_add(&pupil->findings, FINDING_HOLD, "bad-upn", pupil->line,
            "a UPN is a letter and 12 digits, the last perhaps a letter");
        break;
    case UPN_BAD_LETTER:
        findings_add(&pupil->findings, FINDING_HOLD, "upn-check-letter",
            pupil->line,
            "the digits ask for the letter %c: one of them or the letter is "
            "wrong",
            right);
        break;
    }
}

static void check_upns(
    struct pupil *pupil, struct seen *seen, const struct findings_sink *sink)
{
    const char *former = pupil->leaver.former_upn;
    enum upn_status status;

    if (pupil->leaver.upn[0] == '\0') {
        findings_add(&pupil->findings, FINDING_HOLD, "no-upn", pupil->line,
            "the pupil has no UPN");
    } else {
        check_upn(pupil);
        check_seen(pupil, seen, sink);
    }
    if (former[0] == '\0')
        return;
    status = upn_check(former, NULL);
    if (status == UPN_BAD_FORM || status == UPN_BAD_LETTER)
        findings_add(&pupil->findings, FINDING_WARN, "bad-former-upn",
            pupil->line, "the former UPN is not well-formed");
}

static void check_missing(
    struct pupil *pupil, const char *value, const char *name)
{
    if (value[0] == '\0')
        findings_add(&pupil->findings, FINDING_HOLD, "missing", pupil->line,
            "%s is missing", name);
}

static void check_sex(struct pupil *pupil)
{
    const char *sex = pupil->leaver.sex;

    if (sex[0] == '\0')
        findings_add(&pupil->findings, FINDING_HOLD, "unknown-code",
            pupil->line, "Sex/Gender is missing");
    else if (!codes_known(CODES_SEX, sex))
        findings_add(&pupil->findings, FINDING_HOLD, "unknown-code",
            pupil->line, "Sex/Gender \"%.40s\" is not in the code list", sex);
}

/* A date before birth is stored nowhere; one after the file is, and shown. */
static void check_dates(struct pupil *pupil, struct date now)
{
    char text[DATE_TEXT_SIZE];

    for (size_t i = 0; i < pupil->date_count; i++) {
        const struct pupil_date *d = &pupil->dates[i];

        if (date_compare(d->date, pupil->leaver.dob) < 0) {
            findings_add(&pupil->findings, FINDING_WARN, "date-before-birth",
                pupil->line, "%s is before the date of birth: not kept",
                d->name);
            if (d->stored != NULL)
                *d->stored = (struct date){.year = 0};
        } else if (date_compare(d->date, now) > 0 && !d->may_be_future) {
            findings_add(&pupil->findings, FINDING_WARN, "future-date",
                pupil->line, "%s %s is after the date of the file", d->name,
                date_format(d->date, text));
        }
    }
}

static void check_dob(struct pupil *pupil, struct date now)
{
    const struct date dob = pupil->leaver.dob;
    const double years = (date_day_number(now) - date_day_number(dob)) / 365.25;

    if (pupil->dob_is_text) {
        findings_add(&pupil->findings, FINDING_HOLD, "bad-date", pupil->line,
            "DOB is no date like 2015-03-31; Excel writes 31/03/2015 unless "
            "the "
            "column is set to Text");
    } else if (!date_is_set(dob)) {
        check_missing(pupil, "", "DOB");
    } else if (date_compare(dob, now) > 0) {
        findings_add(&pupil->findings, FINDING_HOLD, "future-date", pupil->line,
            "DOB is after the date of the file");
    } else {
        if (years < YOUNGEST || years > OLDEST)
            findings_add(&pupil->findings, FINDING_WARN, "age", pupil->line,
                "the date of birth is not that of a pupil");
        check_dates(pupil, now);
    }
}

static void check_orders(struct pupil *pupil)
{
    const struct leaver *leaver = &pupil->leaver;

    for (size_t i = 0; i < leaver->contact_count; i++)
        for (size_t j = 0; j < i; j++)
            if (leaver->contacts[i].order == leaver->contacts[j].order) {
                findings_add(&pupil->findings, FINDING_WARN, "contact-order",
                    pupil->line, "two contacts have the same order");
                return;
            }
}

static void check_contacts(struct pupil *pupil)
{
    check_orders(pupil);
    for (size_t i = 0; i < pupil->leaver.contact_count; i++) {
        const struct leaver_contact *contact = &pupil->contacts[i];

        if (contact->relationship[0] == '\0')
            findings_add(&pupil->findings, FINDING_WARN, "no-relationship",
                pupil->line, "contact of order %u", contact->order);
        if (!pupil->has_phone[i])
            findings_add(&pupil->findings, FINDING_WARN, "no-phone",
                pupil->line, "contact of order %u", contact->order);
    }
}

/* Some systems write the parent's e-mail as the pupil's. */
static void check_email(struct pupil *pupil)
{
    const struct leaver *leaver = &pupil->leaver;

    for (size_t i = 0; i < leaver->contact_count; i++)
        for (size_t j = 0; j < leaver->contacts[i].point_count; j++)
            if (leaver->email[0] != '\0' &&
                strcasecmp(leaver->contacts[i].points[j].raw, leaver->email) ==
                    0) {
                findings_add(&pupil->findings, FINDING_WARN, "pupil-email",
                    pupil->line, "the pupil's e-mail is a contact's");
                return;
            }
}

void checks_pupil(struct pupil *pupil, struct date now, struct seen *seen,
    const struct findings_sink *sink)
{
    check_upns(pupil, seen, sink);
    check_missing(pupil, pupil->leaver.surname, "Surname");
    check_missing(pupil, pupil->leaver.forename, "Forename");
    check_sex(pupil);
    check_dob(pupil, now);
    check_contacts(pupil);
    check_email(pupil);
}

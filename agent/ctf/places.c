#include "ctf/places.h"

#include <stddef.h>

/* What an element's text goes into. */
enum base {
    NOWHERE,
    LEAVER,
    CONTACT,
    LANGUAGE,
    NEED,
    YEAR,
    RESULT,
    SCHOOL,
    ADDRESS,
    OPEN_ITEM, /* struct fields itself */
};

enum form { TEXT, DATE };

struct place {
    uint8_t base;
    uint8_t form;
    uint16_t offset;
};

#define IN(node, base, form, type, member)                                     \
    [PATHS_##node] = {base, form, offsetof(struct type, member)}
#define LEAVER_TEXT(node, member) IN(node, LEAVER, TEXT, leaver, member)
#define CONTACT_TEXT(node, member)                                             \
    IN(node, CONTACT, TEXT, leaver_contact, member)
#define RESULT_TEXT(node, member) IN(node, RESULT, TEXT, leaver_result, member)
#define SCHOOL_TEXT(node, member) IN(node, SCHOOL, TEXT, leaver_school, member)
#define PART(node, part)                                                       \
    [PATHS_##node] = {OPEN_ITEM, TEXT,                                         \
        offsetof(struct fields, address) + (part) * sizeof(const char *)}

static const struct place PLACES[PATHS_COUNT] = {
    LEAVER_TEXT(UPN, upn),
    LEAVER_TEXT(ULN, uln),
    LEAVER_TEXT(SURNAME, surname),
    LEAVER_TEXT(FORENAME, forename),
    LEAVER_TEXT(GENDER, sex),
    LEAVER_TEXT(SEX, sex),
    LEAVER_TEXT(FORMER_UPN, former_upn),
    LEAVER_TEXT(PREFERRED_SURNAME, preferred_surname),
    LEAVER_TEXT(PREFERRED_FORENAME, preferred_forename),
    LEAVER_TEXT(FORMER_SURNAME, former_surname),
    LEAVER_TEXT(MIDDLE_NAMES, middle_names),
    LEAVER_TEXT(NC_YEAR, nc_year),
    LEAVER_TEXT(ETHNICITY, ethnicity),
    LEAVER_TEXT(ETHNICITY_SOURCE, ethnicity_source),
    LEAVER_TEXT(SERVICE_CHILD, service_child),
    LEAVER_TEXT(ENROL_STATUS, enrol_status),
    LEAVER_TEXT(CARE_AUTHORITY, care_authority),
    LEAVER_TEXT(PUPIL_EMAIL, email),
    IN(LANGUAGE_TYPE, LANGUAGE, TEXT, leaver_language, type),
    IN(LANGUAGE_CODE, LANGUAGE, TEXT, leaver_language, code),
    IN(NEED_TYPE, NEED, TEXT, leaver_need, type),
    IN(NEED_START, NEED, DATE, leaver_need, start),
    IN(NEED_END, NEED, DATE, leaver_need, end),
    CONTACT_TEXT(TITLE, title),
    CONTACT_TEXT(CONTACT_SURNAME, surname),
    CONTACT_TEXT(CONTACT_FORENAME, forename),
    CONTACT_TEXT(CONTACT_GENDER, sex),
    CONTACT_TEXT(CONTACT_SEX, sex),
    CONTACT_TEXT(CONTACT_MIDDLE, middle_names),
    CONTACT_TEXT(RELATIONSHIP, relationship),
    PART(SAON, POSTAL_SAON),
    PART(PAON, POSTAL_PAON),
    PART(STREET, POSTAL_STREET),
    PART(LOCALITY, POSTAL_LOCALITY),
    PART(TOWN, POSTAL_TOWN),
    PART(ADMINISTRATIVE_AREA, POSTAL_AREA),
    PART(POST_TOWN, POSTAL_POST_TOWN),
    PART(COUNTY, POSTAL_COUNTY),
    PART(COUNTRY, POSTAL_COUNTRY),
    /* Places without house numbers, which postal_join() would move. */
    PART(LINE_1, POSTAL_SAON),
    PART(LINE_2, POSTAL_LOCALITY),
    PART(LINE_3, POSTAL_TOWN),
    PART(LINE_4, POSTAL_AREA),
    PART(LINE_5, POSTAL_POST_TOWN),
    IN(POSTCODE, ADDRESS, TEXT, leaver_address, postcode),
    IN(UPRN, ADDRESS, TEXT, leaver_address, uprn),
    IN(YEAR_SCHOOL, YEAR, TEXT, leaver_year, school),
    IN(STAGE, OPEN_ITEM, TEXT, fields, stage),
    RESULT_TEXT(LOCALE, locale),
    RESULT_TEXT(RESULT_YEAR, year),
    RESULT_TEXT(SUBJECT, subject),
    RESULT_TEXT(METHOD, method),
    RESULT_TEXT(COMPONENT, component),
    RESULT_TEXT(RESULT_STATUS, status),
    RESULT_TEXT(RESULT_QUALIFIER, qualifier),
    RESULT_TEXT(RESULT_RESULT, result),
    IN(RESULT_DATE, RESULT, DATE, leaver_result, date),
    IN(SCHOOL_LEA, OPEN_ITEM, TEXT, fields, lea),
    IN(SCHOOL_ESTAB, OPEN_ITEM, TEXT, fields, estab),
    SCHOOL_TEXT(SCHOOL_URN, urn),
    SCHOOL_TEXT(SCHOOL_NAME, name),
    SCHOOL_TEXT(LEAVING_REASON, reason),
    IN(ENTRY_DATE, SCHOOL, DATE, leaver_school, entry),
    IN(LEAVING_DATE, SCHOOL, DATE, leaver_school, leaving),
    IN(SEN_PROVISION, OPEN_ITEM, TEXT, fields, sen_provision),
    IN(PHONE_NUMBER, OPEN_ITEM, TEXT, fields, phone_raw),
};

static void *base_of(struct fields *fields, enum base base)
{
    switch (base) {
    case LEAVER:
        return &fields->pupil->leaver;
    case CONTACT:
        return fields->contact;
    case LANGUAGE:
        return fields->language;
    case NEED:
        return fields->need;
    case YEAR:
        return fields->year;
    case RESULT:
        return fields->result;
    case SCHOOL:
        return fields->school;
    case ADDRESS:
        return fields->address_of;
    case OPEN_ITEM:
        return fields;
    case NOWHERE:
        break;
    }
    return NULL;
}

bool places_keep(struct fields *fields, enum paths_node node, const char *text)
{
    const struct place *place = &PLACES[node];
    char *base = base_of(fields, place->base);

    if (base == NULL)
        return false;
    if (place->form == DATE)
        pupil_take_date(fields->pupil, paths_name(node),
            (struct date *)(void *)(base + place->offset), text);
    else
        *(const char **)(void *)(base + place->offset) =
            pupil_text(fields->pupil, text);
    return true;
}

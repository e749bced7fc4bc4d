/*
 * paths - the whitelist: which elements of a CTF are read, and where.
 *
 * A node is an element in its place; children of a node are found by name.  An
 * element that is no child of its parent here is skipped with all it holds.
 */
#ifndef CTF_PATHS_H
#define CTF_PATHS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* X(node, parent, element, most code points; 0: holds elements, not text).
 * Children of one parent stand together, in the order in which SIMS writes
 * them. */
#define PATHS_DEFAULT_LIMIT 4000
#define PATHS_TEXT PATHS_DEFAULT_LIMIT

#define PATHS(X)                                                               \
    X(ROOT, ROOT, "", 0)                                                       \
    X(CTFILE, ROOT, "CTfile", 0)                                               \
    X(HEADER, CTFILE, "Header", 0)                                             \
    X(DATA, CTFILE, "CTFpupilData", 0)                                         \
    X(DOCUMENT_NAME, HEADER, "DocumentName", PATHS_TEXT)                       \
    X(VERSION, HEADER, "CTFversion", PATHS_TEXT)                               \
    X(VERSION_2, HEADER, "CTFVersion", PATHS_TEXT)                             \
    X(DATE_TIME, HEADER, "DateTime", PATHS_TEXT)                               \
    X(QUALIFIER, HEADER, "DocumentQualifier", PATHS_TEXT)                      \
    X(SOURCE, HEADER, "SourceSchool", 0)                                       \
    X(DEST, HEADER, "DestSchool", 0)                                           \
    X(SOURCE_LEA, SOURCE, "LEA", PATHS_TEXT)                                   \
    X(SOURCE_ESTAB, SOURCE, "Estab", PATHS_TEXT)                               \
    X(DEST_LEA, DEST, "LEA", PATHS_TEXT)                                       \
    X(DEST_ESTAB, DEST, "Estab", PATHS_TEXT)                                   \
    X(PUPIL, DATA, "Pupil", 0)                                                 \
    X(UPN, PUPIL, "UPN", 13)                                                   \
    X(ULN, PUPIL, "UniqueLearnerNumber", PATHS_TEXT)                           \
    X(SURNAME, PUPIL, "Surname", 100)                                          \
    X(FORENAME, PUPIL, "Forename", 100)                                        \
    X(DOB, PUPIL, "DOB", 10)                                                   \
    X(GENDER, PUPIL, "Gender", PATHS_TEXT)                                     \
    X(SEX, PUPIL, "Sex", PATHS_TEXT)                                           \
    X(BASIC, PUPIL, "BasicDetails", 0)                                         \
    X(FSM_HISTORY, PUPIL, "FSMhistory", 0)                                     \
    X(LOOKED_AFTER, PUPIL, "LookedAfter", 0)                                   \
    X(SEN_HISTORY, PUPIL, "SENhistory", 0)                                     \
    X(PUPIL_ADDRESS, PUPIL, "Address", 0)                                      \
    X(PUPIL_PHONES, PUPIL, "Phones", 0)                                        \
    X(PUPIL_EMAIL, PUPIL, "Email", 254)                                        \
    X(CONTACTS, PUPIL, "Contacts", 0)                                          \
    X(ATTENDANCE, PUPIL, "Attendance", 0)                                      \
    X(ASSESSMENTS, PUPIL, "StageAssessments", 0)                               \
    X(SCHOOL_HISTORY, PUPIL, "SchoolHistory", 0)                               \
    X(FORMER_UPN, BASIC, "FormerUPN", PATHS_TEXT)                              \
    X(PREFERRED_SURNAME, BASIC, "PreferredSurname", PATHS_TEXT)                \
    X(PREFERRED_FORENAME, BASIC, "PreferredForename", PATHS_TEXT)              \
    X(FORMER_SURNAME, BASIC, "FormerSurname", PATHS_TEXT)                      \
    X(MIDDLE_NAMES, BASIC, "MiddleNames", 200)                                 \
    X(NC_YEAR, BASIC, "NCyearActual", PATHS_TEXT)                              \
    X(ETHNICITY, BASIC, "Ethnicity", PATHS_TEXT)                               \
    X(ETHNICITY_SOURCE, BASIC, "EthnicitySource", PATHS_TEXT)                  \
    X(LANGUAGES, BASIC, "Languages", 0)                                        \
    X(SERVICE_CHILD, BASIC, "ServiceChild", PATHS_TEXT)                        \
    X(MEDICAL_FLAG, BASIC, "MedicalFlag", PATHS_TEXT)                          \
    X(DISABILITIES, BASIC, "Disabilities", 0)                                  \
    X(ENROL_STATUS, BASIC, "EnrolStatus", PATHS_TEXT)                          \
    X(LANGUAGE, LANGUAGES, "Type", 0)                                          \
    X(LANGUAGE_TYPE, LANGUAGE, "LanguageType", PATHS_TEXT)                     \
    X(LANGUAGE_CODE, LANGUAGE, "Language", PATHS_TEXT)                         \
    X(DISABILITY, DISABILITIES, "Disability", PATHS_TEXT)                      \
    X(FSM_REVIEW, FSM_HISTORY, "FSMreviewDate", PATHS_TEXT)                    \
    X(FSM, FSM_HISTORY, "FSMinstance", 0)                                      \
    X(FSM_START, FSM, "FSMstartDate", PATHS_TEXT)                              \
    X(FSM_END, FSM, "FSMendDate", PATHS_TEXT)                                  \
    X(IN_CARE, LOOKED_AFTER, "InCare", PATHS_TEXT)                             \
    X(CARE_AUTHORITY, LOOKED_AFTER, "CareAuthority", PATHS_TEXT)               \
    X(SEN, SEN_HISTORY, "SEN", 0)                                              \
    X(NEEDS, SEN_HISTORY, "SENneeds", 0)                                       \
    X(SEN_START, SEN, "StartDate", PATHS_TEXT)                                 \
    X(SEN_PROVISION, SEN, "SENprovision", PATHS_TEXT)                          \
    X(SEN_END, SEN, "EndDate", PATHS_TEXT)                                     \
    X(NEED, NEEDS, "SENneed", 0)                                               \
    X(NEED_START, NEED, "NeedStartDate", PATHS_TEXT)                           \
    X(NEED_END, NEED, "NeedEndDate", PATHS_TEXT)                               \
    X(NEED_RANK, NEED, "SENtypeRank", PATHS_TEXT)                              \
    X(NEED_TYPE, NEED, "SENtype", PATHS_TEXT)                                  \
    X(CONTACT, CONTACTS, "Contact", 0)                                         \
    X(ORDER, CONTACT, "Order", PATHS_TEXT)                                     \
    X(TITLE, CONTACT, "Title", PATHS_TEXT)                                     \
    X(CONTACT_SURNAME, CONTACT, "Surname", 100)                                \
    X(CONTACT_FORENAME, CONTACT, "Forename", 100)                              \
    X(CONTACT_GENDER, CONTACT, "Gender", PATHS_TEXT)                           \
    X(CONTACT_SEX, CONTACT, "Sex", PATHS_TEXT)                                 \
    X(CONTACT_MIDDLE, CONTACT, "MiddleNames", 200)                             \
    X(RELATIONSHIP, CONTACT, "Relationship", PATHS_TEXT)                       \
    X(RESPONSIBILITY, CONTACT, "Responsibility", PATHS_TEXT)                   \
    X(CONTACT_ADDRESS, CONTACT, "Address", 0)                                  \
    X(CONTACT_PHONES, CONTACT, "Phones", 0)                                    \
    X(CONTACT_EMAIL, CONTACT, "Email", 254)                                    \
    X(CONTACT_SUPPLIER, CONTACT, "SuppInfo", 0)                                \
    X(COURT_ORDER, CONTACT_SUPPLIER, "CourtOrder", PATHS_TEXT)                 \
    X(PHONE, PHONES, "Phone", 0)                                               \
    X(PHONE_TYPE, PHONE, "TelephoneType", PATHS_TEXT)                          \
    X(PHONE_NUMBER, PHONE, "PhoneNo", 70)                                      \
    X(AS_PUPIL, ADDRESS, "AddressAsPupil", PATHS_TEXT)                         \
    X(BS7666, ADDRESS, "BS7666Address", 0)                                     \
    X(ADDRESS_LINES, ADDRESS, "AddressLines", 0)                               \
    X(COUNTY, ADDRESS, "County", PATHS_TEXT)                                   \
    X(POSTCODE, ADDRESS, "PostCode", 12)                                       \
    X(ZIP, ADDRESS, "ZIP", PATHS_TEXT)                                         \
    X(COUNTRY, ADDRESS, "Country", PATHS_TEXT)                                 \
    X(SAON, BS7666, "SAON", PATHS_TEXT)                                        \
    X(PAON, BS7666, "PAON", PATHS_TEXT)                                        \
    X(STREET, BS7666, "Street", PATHS_TEXT)                                    \
    X(LOCALITY, BS7666, "Locality", PATHS_TEXT)                                \
    X(TOWN, BS7666, "Town", PATHS_TEXT)                                        \
    X(ADMINISTRATIVE_AREA, BS7666, "AdministrativeArea", PATHS_TEXT)           \
    X(POST_TOWN, BS7666, "PostTown", PATHS_TEXT)                               \
    X(UPRN, BS7666, "UniquePropertyReferenceNumber", PATHS_TEXT)               \
    X(LINE_1, ADDRESS_LINES, "AddressLine1", PATHS_TEXT)                       \
    X(LINE_2, ADDRESS_LINES, "AddressLine2", PATHS_TEXT)                       \
    X(LINE_3, ADDRESS_LINES, "AddressLine3", PATHS_TEXT)                       \
    X(LINE_4, ADDRESS_LINES, "AddressLine4", PATHS_TEXT)                       \
    X(LINE_5, ADDRESS_LINES, "AddressLine5", PATHS_TEXT)                       \
    X(YEAR, ATTENDANCE, "YearData", 0)                                         \
    X(YEAR_YEAR, YEAR, "Year", PATHS_TEXT)                                     \
    X(YEAR_SCHOOL, YEAR, "SchoolName", PATHS_TEXT)                             \
    X(POSSIBLE, YEAR, "SessionsPossible", PATHS_TEXT)                          \
    X(AUTHORISED, YEAR, "SessionsAuthorised", PATHS_TEXT)                      \
    X(ATTENDED, YEAR, "SessionsAttended", PATHS_TEXT)                          \
    X(UNAUTHORISED, YEAR, "SessionsUnauthorised", PATHS_TEXT)                  \
    X(KEY_STAGE, ASSESSMENTS, "KeyStage", 0)                                   \
    X(STAGE, KEY_STAGE, "Stage", PATHS_TEXT)                                   \
    X(RESULT, KEY_STAGE, "StageAssessment", 0)                                 \
    X(LOCALE, RESULT, "Locale", PATHS_TEXT)                                    \
    X(RESULT_YEAR, RESULT, "Year", PATHS_TEXT)                                 \
    X(SUBJECT, RESULT, "Subject", PATHS_TEXT)                                  \
    X(METHOD, RESULT, "Method", PATHS_TEXT)                                    \
    X(COMPONENT, RESULT, "Component", PATHS_TEXT)                              \
    X(RESULT_STATUS, RESULT, "ResultStatus", PATHS_TEXT)                       \
    X(RESULT_QUALIFIER, RESULT, "ResultQualifier", PATHS_TEXT)                 \
    X(RESULT_RESULT, RESULT, "Result", PATHS_TEXT)                             \
    X(RESULT_DATE, RESULT, "ResultDate", PATHS_TEXT)                           \
    X(SCHOOL, SCHOOL_HISTORY, "School", 0)                                     \
    X(SCHOOL_LEA, SCHOOL, "LEA", PATHS_TEXT)                                   \
    X(SCHOOL_ESTAB, SCHOOL, "Estab", PATHS_TEXT)                               \
    X(SCHOOL_URN, SCHOOL, "URN", PATHS_TEXT)                                   \
    X(SCHOOL_NAME, SCHOOL, "SchoolName", PATHS_TEXT)                           \
    X(ENTRY_DATE, SCHOOL, "EntryDate", PATHS_TEXT)                             \
    X(LEAVING_DATE, SCHOOL, "LeavingDate", PATHS_TEXT)                         \
    X(LEAVING_REASON, SCHOOL, "LeavingReason", PATHS_TEXT)

enum paths_node {
#define X(node, parent, element, limit) PATHS_##node,
    PATHS(X)
#undef X
};

/* A pupil and a contact have the same addresses and numbers: their children are
 * kept once, under these. */
#define PATHS_ADDRESS PATHS_PUPIL_ADDRESS
#define PATHS_PHONES PATHS_PUPIL_PHONES

#define PATHS_UNKNOWN (-1)
#define PATHS_COUNT (PATHS_LEAVING_REASON + 1)

/* Where the children of each node stand. */
struct paths {
    uint8_t first[PATHS_COUNT];
    uint8_t count[PATHS_COUNT];
};

void paths_init(struct paths *paths);

/**
 * The child of parent called element, or PATHS_UNKNOWN.  *hint is where the
 * search begins, and then the place behind what was found: start with 0 and
 * keep one for each open element, so that elements in their usual order are
 * found at once.
 */
int paths_child(const struct paths *paths, enum paths_node parent,
    const char *element, uint8_t *hint);

/** The element's name (fixed text). */
const char *paths_name(enum paths_node node);

/** Its most code points; 0: it holds elements, no text. */
unsigned paths_limit(enum paths_node node);

#endif

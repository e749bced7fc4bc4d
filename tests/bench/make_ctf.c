/*
 * make_ctf - writes a large Common Transfer File of invented children to
 * standard output: the same bytes for the same arguments, about 7 KB a pupil.
 *
 *   make_ctf --pupils 20000 --source 8732001 --dest 8734500 --seed 1 > FILE
 *
 * Telephone numbers are from Ofcom's drama ranges only.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PICK(list) (list)[below(sizeof(list) / sizeof *(list))]

static const char *const SURNAMES[] = {"Abbotsworth", "Birdsall", "Catchpole",
    "Drewery", "Elsworthy", "Fothergill", "Gathercole", "O'Dowd", "Qureshi",
    "Okonkwo", "Nguy\xe1\xbb\x85n",
    "D\xc4\x85"
    "browska"};
static const char *const FORENAMES[] = {"Amelie", "Bertie", "Caleb", "Daisy",
    "Edith", "Fergus", "Georgia", "Hector", "Isla", "Zo\xc3\xab", "Ayaan"};
static const char *const STREETS[] = {
    "Alder Road", "Elder Row", "Forge Lane", "Kiln Close", "Weir Bank"};
static const char *const NEEDS[] = {"SLCN", "SPLD", "SEMH", "MLD", "ASD"};
static const char *const LANGUAGES[] = {"ENG", "ENG", "URD", "POL", "SOM"};
static const char *const RESULTS[] = {"EXS", "WTS", "GDS", "HNM"};

struct maker {
    uint64_t state; /* splitmix64 */
    const char *source, *dest;
};

static struct maker maker;

static uint64_t below(uint64_t n)
{
    uint64_t z = maker.state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (z ^ z >> 31) % n;
}

static void element(const char *name, const char *text)
{
    printf("<%s>%s</%s>\n", name, text, name);
}

static void number(const char *name, uint64_t value)
{
    printf("<%s>%" PRIu64 "</%s>\n", name, value, name);
}

static void open_tag(const char *name)
{
    printf("<%s>\n", name);
}

static void close_tag(const char *name)
{
    printf("</%s>\n", name);
}

/* LA, a primary of it, 2019 and a serial; then the letter it asks for. */
static void upn(uint64_t i)
{
    static const char letters[] = "ABCDEFGHJKLMNPQRTUVWXYZ";
    char body[32];
    unsigned sum = 0;

    snprintf(body, sizeof body, "%.3s%04u19%03u", maker.source,
        (unsigned)(2000 + i / 1000 % 2000), (unsigned)(i % 1000));
    for (unsigned k = 0; k < 12; k++)
        sum += (k + 2) * (unsigned)(body[k] - '0');
    printf("<UPN>%c%s</UPN>\n", letters[sum % 23], body);
}

static void school(const char *laestab)
{
    printf("<LEA>%.3s</LEA>\n<Estab>%s</Estab>\n<URN>999001</URN>\n", laestab,
        laestab + 3);
    element("SchoolName", "Fenside Primary School");
}

static void header(void)
{
    puts("<?xml version=\"1.0\" encoding=\"utf-8\"?>");
    open_tag("CTfile");
    open_tag("Header");
    element("DocumentName", "Common Transfer File");
    element("CTFversion", "25.0");
    element("DateTime", "2026-07-10T15:20:00");
    element("DocumentQualifier", "full");
    element("SupplierID", "INVENTED");
    open_tag("SourceSchool");
    school(maker.source);
    number("AcademicYear", 2025);
    close_tag("SourceSchool");
    open_tag("DestSchool");
    printf("<LEA>%.3s</LEA>\n<Estab>%s</Estab>\n", maker.dest, maker.dest + 3);
    close_tag("DestSchool");
    close_tag("Header");
    open_tag("CTFpupilData");
}

static void basic_details(const char *surname, const char *forename)
{
    open_tag("BasicDetails");
    element("PreferredSurname", surname);
    element("PreferredForename", forename);
    element("MiddleNames", PICK(FORENAMES));
    element("NCyearActual", "6");
    element("Ethnicity", "WBRI");
    element("EthnicitySource", "P");
    open_tag("Languages");
    open_tag("Type");
    element("LanguageType", "F");
    element("Language", PICK(LANGUAGES));
    close_tag("Type");
    close_tag("Languages");
    element("ServiceChild", "N");
    element("MedicalFlag", below(10) == 0 ? "true" : "false");
    element("EnrolStatus", "C");
    close_tag("BasicDetails");
}

static void sen_history(void)
{
    open_tag("SENhistory");
    open_tag("SEN");
    element("StartDate", "2022-09-05");
    element("SENprovision", below(5) == 0 ? "E" : "K");
    close_tag("SEN");
    open_tag("SENneeds");
    open_tag("SENneed");
    element("SENtypeRank", "1");
    element("SENtype", PICK(NEEDS));
    close_tag("SENneed");
    close_tag("SENneeds");
    close_tag("SENhistory");
}

static void address(void)
{
    open_tag("Address");
    open_tag("BS7666Address");
    number("PAON", 1 + below(180));
    element("Street", PICK(STREETS));
    element("Town", "Fenside");
    close_tag("BS7666Address");
    element("PostCode", "CB99 1AB");
    close_tag("Address");
}

static void phone(const char *type, const char *start)
{
    open_tag("Phone");
    element("TelephoneType", type);
    printf("<PhoneNo>%s%03u</PhoneNo>\n", start, (unsigned)below(1000));
    close_tag("Phone");
}

static void contact(unsigned order, const char *surname)
{
    open_tag("Contact");
    number("Order", order);
    element("Title", order == 1 ? "Mrs" : "Mr");
    element("Surname", surname);
    element("Forename", PICK(FORENAMES));
    element("Relationship", order == 1 ? "PAM" : order == 2 ? "PAF" : "REL");
    element("Responsibility", order < 3 ? "true" : "false");
    open_tag("Address");
    element("AddressAsPupil", "true");
    close_tag("Address");
    open_tag("Phones");
    phone("M", "07700 900");
    phone("H", "01632 960");
    close_tag("Phones");
    printf("<Email>%u.%s@example.org</Email>\n", (unsigned)below(1000000),
        order == 1 ? "a" : "b");
    close_tag("Contact");
}

static void contacts(const char *surname)
{
    const unsigned count = 2 + (unsigned)below(2);

    open_tag("Contacts");
    for (unsigned i = 1; i <= count; i++)
        contact(i, surname);
    close_tag("Contacts");
}

static void attendance(void)
{
    open_tag("Attendance");
    for (unsigned year = 2022; year <= 2025; year++) {
        const unsigned missed = (unsigned)below(30);

        open_tag("YearData");
        number("Year", year);
        school(maker.source);
        number("SessionsPossible", 380);
        number("SessionsAuthorised", missed);
        number("SessionsAttended", 380 - missed);
        number("SessionsUnauthorised", 0);
        close_tag("YearData");
    }
    close_tag("Attendance");
}

static void result(unsigned year, const char *subject, const char *component)
{
    open_tag("StageAssessment");
    element("Locale", "ENG");
    number("Year", year);
    element("Subject", subject);
    element("Method", "TA");
    element("Component", component);
    element("ResultStatus", "R");
    element("ResultQualifier", "NC");
    element("Result", PICK(RESULTS));
    printf("<ResultDate>%u-06-24</ResultDate>\n", year);
    close_tag("StageAssessment");
}

static void key_stage(const char *name, unsigned year)
{
    open_tag("KeyStage");
    element("Stage", name);
    result(year, "ENG", "REA");
    result(year, "ENG", "WRI");
    result(year, "ENG", "GPS");
    result(year, "MAT", "MAT");
    result(year, "SCI", "SCI");
    result(year, "PHO", "PHO");
    close_tag("KeyStage");
}

static void school_history(void)
{
    open_tag("SchoolHistory");
    open_tag("School");
    school(maker.source);
    element("EntryDate", "2019-09-05");
    element("LeavingDate", "2026-07-21");
    element("LeavingReason", "PM");
    close_tag("School");
    close_tag("SchoolHistory");
}

static void pupil(uint64_t i)
{
    const char *surname = PICK(SURNAMES);
    const char *forename = PICK(FORENAMES);

    open_tag("Pupil");
    upn(i);
    element("Surname", surname);
    element("Forename", forename);
    printf("<DOB>2015-%02u-%02u</DOB>\n", (unsigned)(1 + below(8)),
        (unsigned)(1 + below(28)));
    element("Sex", below(2) == 0 ? "F" : "M");
    basic_details(surname, forename);
    if (below(5) == 0)
        sen_history();
    address();
    contacts(surname);
    attendance();
    open_tag("StageAssessments");
    key_stage("KS1", 2022);
    key_stage("KS2", 2026);
    close_tag("StageAssessments");
    school_history();
    close_tag("Pupil");
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"pupils", required_argument, NULL, 'p'},
        {"first", required_argument, NULL, 'f'},
        {"source", required_argument, NULL, 's'},
        {"dest", required_argument, NULL, 'd'},
        {"seed", required_argument, NULL, 'r'},
        {NULL, 0, NULL, 0},
    };
    uint64_t pupils = 1000;
    uint64_t first = 0;
    int option;

    maker = (struct maker){.state = 1, .source = "8732001", .dest = "8734500"};
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'p')
            pupils = strtoull(optarg, NULL, 10);
        else if (option == 'f')
            first = strtoull(optarg, NULL, 10);
        else if (option == 'r')
            maker.state = strtoull(optarg, NULL, 10);
        else if (option == 's' && strlen(optarg) == 7)
            maker.source = optarg;
        else if (option == 'd' && strlen(optarg) == 7)
            maker.dest = optarg;
        else {
            fputs("usage: make_ctf [--pupils N] [--first N] "
                  "[--source LAESTAB] [--dest LAESTAB] [--seed N]\n",
                stderr);
            return 2;
        }
    }
    header();
    for (uint64_t i = first; i < first + pupils; i++)
        pupil(i);
    close_tag("CTFpupilData");
    close_tag("CTfile");
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}

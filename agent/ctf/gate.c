#include "ctf/gate.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OLDEST_VERSION 18
#define NEWEST_VERSION 25

/* Sender and receiver as a file name has them. */
struct name {
    char source[LAESTAB_SIZE];
    char dest[LAESTAB_SIZE];
    bool is_copy; /* it has a browser's " (1)" */
};

static bool are_digits(const char *text, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return true;
}

/* LLLEEEE, or LLL of an authority and "LLLL". */
static bool is_party(const char *text)
{
    return are_digits(text, 3) &&
           (are_digits(text + 3, 4) || strncmp(text + 3, "LLLL", 4) == 0);
}

static bool is_nowhere(const char *text)
{
    return strncmp(text, "XXXXXXX", LAESTAB_SIZE - 1) == 0 ||
           strncmp(text, "MMMMMMM", LAESTAB_SIZE - 1) == 0;
}

/* " (12)" at text: how long it is, or 0. */
static size_t copy_mark(const char *text)
{
    size_t digits;

    if (strncmp(text, " (", 2) != 0)
        return 0;
    digits = strspn(text + 2, "0123456789");
    return digits > 0 && text[2 + digits] == ')' ? digits + 3 : 0;
}

/* Read LLLEEEE_CTF_LLLEEEE_NNN.xml in any case.  False: another form. */
static bool read_name(struct name *out, const char *name)
{
    static const size_t DEST = 12, NUMBER = 20, END = 23;
    char upper[64];
    size_t mark;

    if (strlen(name) >= sizeof upper)
        return false;
    for (size_t i = 0; i <= strlen(name); i++)
        upper[i] = (char)toupper((unsigned char)name[i]);
    if (strlen(upper) < END || !is_party(upper) ||
        memcmp(upper + 7, "_CTF_", 5) != 0 || upper[NUMBER - 1] != '_' ||
        !(is_party(upper + DEST) || is_nowhere(upper + DEST)) ||
        !are_digits(upper + NUMBER, 3))
        return false;
    mark = copy_mark(upper + END);
    if (strcmp(upper + END + mark, ".XML") != 0)
        return false;
    snprintf(out->source, sizeof out->source, "%.7s", upper);
    snprintf(out->dest, sizeof out->dest, "%.7s", upper + DEST);
    out->is_copy = mark > 0;
    return true;
}

static char *slot(struct gate *gate, enum paths_node node)
{
    /* Only elements of the header have one. */
    switch ((int)node) {
    case PATHS_DOCUMENT_NAME:
        return gate->document;
    case PATHS_VERSION:
    case PATHS_VERSION_2:
        return gate->version;
    case PATHS_DATE_TIME:
        return gate->date_time;
    case PATHS_QUALIFIER:
        return gate->qualifier;
    case PATHS_SOURCE_LEA:
        return gate->source_lea;
    case PATHS_SOURCE_ESTAB:
        return gate->source_estab;
    case PATHS_DEST_LEA:
        return gate->dest_lea;
    case PATHS_DEST_ESTAB:
        return gate->dest_estab;
    }
    return NULL;
}

void gate_take(struct gate *gate, enum paths_node node, const char *text)
{
    char *out = slot(gate, node);

    if (out != NULL && text[0] != '\0')
        snprintf(out, GATE_TEXT_SIZE, "%.*s", GATE_TEXT_SIZE - 1, text);
}

void gate_check_name(const char *name, struct findings *findings)
{
    struct name read;

    if (!read_name(&read, name))
        findings_add(findings, FINDING_WARN, "name", 0,
            "the file is not called SOURCE_CTF_DEST_NNN.xml; the header says "
            "from whom and to whom it is");
    else if (read.is_copy)
        findings_add(findings, FINDING_WARN, "name", 0,
            "the file's name says that it is a second download");
}

static bool refuse(struct finding *refusal, const char *code, const char *fmt,
    ...) PRINTF_LIKE(3, 4);

static bool refuse(
    struct finding *refusal, const char *code, const char *fmt, ...)
{
    char detail[sizeof refusal->detail];
    va_list args;

    va_start(args, fmt);
    vsnprintf(detail, sizeof detail, fmt, args);
    va_end(args);
    findings_set(refusal, FINDING_REFUSE, code, 0, "%s", detail);
    return false;
}

static bool is_complete(const struct gate *gate, struct finding *refusal)
{
    const struct {
        const char *value, *element;
    } needed[] = {
        {gate->document, "DocumentName"},
        {gate->version, "CTFversion"},
        {gate->date_time, "DateTime"},
        {gate->source_lea, "SourceSchool/LEA"},
        {gate->source_estab, "SourceSchool/Estab"},
        {gate->dest_lea, "DestSchool/LEA"},
        {gate->dest_estab, "DestSchool/Estab"},
    };

    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (needed[i].value[0] == '\0')
            return refuse(refusal, "header", "no %s", needed[i].element);
    return true;
}

static bool is_ours(const char *source, const char *dest,
    const struct laestab *me, struct finding *refusal)
{
    if (strcmp(source, me->text) == 0)
        return true;
    if (strcmp(source, "XXXXXXX") == 0)
        return refuse(refusal, "not-ours",
            "the file was made by the DfE's portal, not by this school");
    if (strcmp(dest, me->text) == 0)
        return refuse(refusal, "not-ours",
            "the file is from school %.16s to this one: its records come here "
            "by themselves; load the file into your own system",
            source);
    return refuse(refusal, "not-ours",
        "the file is from school %.16s; a school imports its own", source);
}

/* A school, an authority, or nobody knows: only a school can be sent to. */
static bool read_destination(struct laestab *out, const char *dest,
    struct findings *findings, struct finding *refusal)
{
    if (laestab_parse(out, dest, NULL) == 0)
        return true;
    *out = (struct laestab){.text = ""};
    if (strlen(dest) != LAESTAB_SIZE - 1 ||
        !(is_nowhere(dest) || is_party(dest)))
        return refuse(refusal, "header",
            "DestSchool is neither a school nor XXXXXXX or MMMMMMM");
    findings_add(findings, FINDING_WARN, "no-destination", 0,
        "the file names no school to send to (%s); set one for each pupil",
        dest);
    return true;
}

static int two_digits(const char *text)
{
    return (text[0] - '0') * 10 + text[1] - '0';
}

/* CCYY-MM-DDThh:mm:ss; what may follow (a zone, fractions) says nothing. */
static bool read_time(wall *out, const char *text, struct finding *refusal)
{
    struct date date;
    char day[DATE_TEXT_SIZE];
    int hour, minute, second;
    int32_t number;

    snprintf(day, sizeof day, "%.10s", text);
    if (strlen(text) < 19 || date_parse(&date, day, NULL) != 0 ||
        text[10] != 'T' || !are_digits(text + 11, 2) || text[13] != ':' ||
        !are_digits(text + 14, 2) || text[16] != ':' ||
        !are_digits(text + 17, 2))
        return refuse(refusal, "header", "DateTime is not like %s",
            "2026-07-10T15:20:00");
    hour = two_digits(text + 11);
    minute = two_digits(text + 14);
    second = two_digits(text + 17);
    if (hour > 23 || minute > 59 || second > 60)
        return refuse(refusal, "header", "DateTime is no time of day");
    number = date_day_number(date);
    out->ms =
        (((int64_t)number * 24 + hour) * 60 + minute) * 60000 + second * 1000;
    return true;
}

static void check_version(const char *version, struct findings *findings)
{
    char *end;
    const long number = strtol(version, &end, 10);

    if (end == version || number < OLDEST_VERSION || number > NEWEST_VERSION)
        findings_add(findings, FINDING_WARN, "version", 0,
            "CTF version %.8s is not one of %d to %d: some of it may not be "
            "understood",
            version, OLDEST_VERSION, NEWEST_VERSION);
}

static bool name_agrees(const char *name, const char *source, const char *dest,
    struct finding *refusal)
{
    struct name read;

    if (!read_name(&read, name) ||
        (strcmp(read.source, source) == 0 && strcmp(read.dest, dest) == 0))
        return true;
    return refuse(refusal, "name-header",
        "the name says %s to %s, the header %.16s to %.16s", read.source,
        read.dest, source, dest);
}

bool gate_pass(const struct gate *gate, const struct reader_options *options,
    struct reader_header *out, struct findings *findings,
    struct finding *refusal)
{
    char source[2 * GATE_TEXT_SIZE], dest[2 * GATE_TEXT_SIZE];

    snprintf(
        source, sizeof source, "%s%s", gate->source_lea, gate->source_estab);
    snprintf(dest, sizeof dest, "%s%s", gate->dest_lea, gate->dest_estab);
    if (!is_complete(gate, refusal) ||
        !name_agrees(options->name, source, dest, refusal) ||
        !is_ours(source, dest, &options->me, refusal) ||
        !read_destination(&out->destination, dest, findings, refusal))
        return false;
    if (strcmp(gate->document, "Common Transfer File") != 0)
        return refuse(refusal, "header", "DocumentName %.40s", gate->document);
    if (!read_time(&out->written, gate->date_time, refusal))
        return false;

    out->partial = strcmp(gate->qualifier, "full") != 0;
    if (out->partial)
        findings_add(findings, FINDING_WARN, "partial", 0,
            "the file says that it is not full: nothing is deleted for it");
    check_version(gate->version, findings);
    out->source = options->me;
    snprintf(out->version, sizeof out->version, "%.7s", gate->version);
    return true;
}

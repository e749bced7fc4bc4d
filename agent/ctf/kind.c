#include "ctf/kind.h"

#include <ctype.h>
#include <string.h>

struct kind {
    const char *start;
    size_t start_len;
    const char *inside; /* found in the head besides; "": anything */
    const char *what;
};

#define OFFICE                                                                 \
    "it is a workbook, not CSV: open it, save it as \"CSV UTF-8\" and import " \
    "that"
#define ARCHIVE "it is an archive: unpack it, then import the file inside"

static const struct kind kinds[] = {
    {"\x1f\x8b", 2, "", ARCHIVE},
    {"PK\x03\x04", 4, "[Content_Types].xml", OFFICE},
    {"PK\x03\x04", 4, "xl/", OFFICE},
    {"PK\x03\x04", 4, "opendocument.spreadsheet", OFFICE},
    {"PK\x03\x04", 4, "", ARCHIVE},
    {"7z\xbc\xaf", 4, "", ARCHIVE},
    {"Rar!", 4, "", ARCHIVE},
    {"\xd0\xcf\x11\xe0", 4, "",
        "it is an Excel or Word file, old or with a password: open it, save it "
        "as \"CSV UTF-8\" and import that"},
    {"%PDF", 4, "",
        "it is a PDF, which is for people: export a CTF or a CSV file"},
    {"<!doctype html", 14, "",
        "it is a web page: the download failed; sign in there and download it "
        "again"},
    {"<html", 5, "",
        "it is a web page: the download failed; sign in there and download it "
        "again"},
    {"\0\0\0\0\0\0\0\0", 8, "",
        "it holds zeros only: a copy that failed, or a full disk; copy it "
        "again"},
};

static bool holds(struct bytes head, const char *text)
{
    return text[0] == '\0' ||
           memmem(head.data, head.len, text, strlen(text)) != NULL;
}

/* A mark of UTF-8 and spaces before the first byte that says something. */
static struct bytes begin(struct bytes head)
{
    if (head.len >= 3 && memcmp(head.data, "\xef\xbb\xbf", 3) == 0)
        head = (struct bytes){head.data + 3, head.len - 3};
    while (head.len > 0 && memchr(" \t\r\n", head.data[0], 4) != NULL)
        head = (struct bytes){head.data + 1, head.len - 1};
    return head;
}

/* Tags of a page may be in capitals. */
static bool begins(struct bytes head, const struct kind *kind)
{
    for (size_t i = 0; i < kind->start_len; i++)
        if (i >= head.len ||
            tolower(head.data[i]) != tolower((unsigned char)kind->start[i]))
            return false;
    return true;
}

bool kind_refuse(struct finding *refusal, struct bytes head)
{
    head = begin(head);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (begins(head, &kinds[i]) && holds(head, kinds[i].inside)) {
            findings_set(
                refusal, FINDING_REFUSE, "wrong-kind", 1, "%s", kinds[i].what);
            return true;
        }
    return false;
}

bool kind_is_csv(struct bytes head)
{
    const uint8_t *end;
    char line[KIND_HEAD + 1];

    head = begin(head);
    end = memchr(head.data, '\n', head.len);
    if (end != NULL)
        head.len = (size_t)(end - head.data);
    if (head.len >= sizeof line)
        head.len = sizeof line - 1;
    memcpy(line, head.data, head.len);
    line[head.len] = '\0';
    return line[0] != '<' && strpbrk(line, ",;\t") != NULL &&
           strcasestr(line, "upn") != NULL;
}

bool kind_is_xml(struct bytes head)
{
    head = begin(head);
    return head.len > 0 && head.data[0] == '<';
}

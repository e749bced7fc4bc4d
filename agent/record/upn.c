#include "record/upn.h"

#include <stddef.h>
#include <string.h>

/* The check letters in order of value; I, O and S are not used. */
static const char LETTERS[] = "ABCDEFGHJKLMNPQRTUVWXYZ";

/* What a character counts for, or -1. */
static int value(char c)
{
    const char *letter;

    if (c >= '0' && c <= '9')
        return c - '0';
    letter = c == '\0' ? NULL : strchr(LETTERS, c);
    return letter == NULL ? -1 : (int)(letter - LETTERS);
}

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int has_form(const char *upn)
{
    if (strlen(upn) != UPN_SIZE - 1 || is_digit(upn[0]) || value(upn[0]) < 0)
        return 0;
    for (size_t i = 1; i < UPN_SIZE - 2; i++)
        if (!is_digit(upn[i]))
            return 0;
    return value(upn[UPN_SIZE - 2]) >= 0;
}

enum upn_status upn_check(const char *upn, char *right_letter)
{
    int sum = 0;
    char right;

    if (!has_form(upn))
        return UPN_BAD_FORM;
    for (int i = 1; i < UPN_SIZE - 1; i++)
        sum += (i + 1) * value(upn[i]);
    right = LETTERS[sum % (int)(sizeof LETTERS - 1)];
    if (right_letter != NULL)
        *right_letter = right;
    if (right != upn[0])
        return UPN_BAD_LETTER;
    return is_digit(upn[UPN_SIZE - 2]) ? UPN_PERMANENT : UPN_TEMPORARY;
}

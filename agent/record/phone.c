#include "record/phone.h"

#include <stdio.h>
#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Bytes at text that may stand between two digits of one number; a no-break
 * space is two bytes. */
static size_t separator(const char *text)
{
    if (text[0] != '\0' && strchr(" ()-./", text[0]) != NULL)
        return 1;
    return memcmp(text, "\xc2\xa0", strnlen(text, 2)) == 0 && text[0] ? 2 : 0;
}

static void add_digit(struct phone_run *run, char digit)
{
    if (run->count < PHONE_KEY_SIZE - 1)
        run->digits[run->count] = digit;
    run->count++;
}

bool phone_next_run(struct phone_run *out, const char **text)
{
    const char *at = *text;

    *out = (struct phone_run){.plus = false};
    for (; *at != '\0' && !is_digit(*at); at++)
        if (*at == '+')
            out->plus = true;
        else if (separator(at) == 0)
            out->plus = false;
    while (*at != '\0') {
        const size_t skip = separator(at);

        if (!is_digit(*at) && skip == 0)
            break;
        if (is_digit(*at))
            add_digit(out, *at);
        at += skip == 0 ? 1 : skip;
    }
    *text = at;
    return out->count > 0;
}

const char *phone_significant(const struct phone_run *run)
{
    const char *digits = run->digits;

    if (strncmp(digits, "0044", 4) == 0)
        digits += 4;
    else if (strncmp(digits, "44", 2) == 0 && run->count >= 11)
        digits += 2;
    while (*digits == '0' && digits[1] != '\0')
        digits++;
    return digits;
}

/* A UK number behind its leading 0: how many digits it may have. */
static bool is_national(const char *digits)
{
    const size_t len = strlen(digits);

    switch (digits[0]) {
    case '1':
    case '8':
        return len == 9 || len == 10;
    case '2':
    case '3':
    case '5':
    case '7':
        return len == 10;
    default:
        return false;
    }
}

/* Both dial and country may be asked for with or without "(0)": only +44 says
 * which, so nothing is guessed for other countries. */
static bool international(char out[PHONE_DIAL_SIZE], const char *digits)
{
    const size_t len = strlen(digits);

    if (strncmp(digits, "44", 2) == 0) {
        const char *national = digits + 2 + (digits[2] == '0');

        if (!is_national(national))
            return false;
        snprintf(out, PHONE_DIAL_SIZE, "+44%.10s", national);
        return true;
    }
    if (digits[0] < '1' || len < 8 || len > 15)
        return false;
    snprintf(out, PHONE_DIAL_SIZE, "+%.15s", digits);
    return true;
}

/* Writes the dialling form of one run if it is well-formed. */
static bool well_formed(char out[PHONE_DIAL_SIZE], const struct phone_run *run)
{
    const char *digits = run->digits;

    if (run->count >= PHONE_KEY_SIZE)
        return false;
    if (run->plus)
        return international(out, digits);
    if (digits[0] != '0')
        return false;
    if (digits[1] == '0')
        return international(out, digits + 2);
    if (!is_national(digits + 1))
        return false;
    snprintf(out, PHONE_DIAL_SIZE, "+44%.10s", digits + 1);
    return true;
}

const char *phone_dial(char out[PHONE_DIAL_SIZE], const char *raw)
{
    struct phone_run run;
    char dial[PHONE_DIAL_SIZE];
    int found = 0;

    out[0] = '\0';
    while (phone_next_run(&run, &raw)) {
        if (!well_formed(dial, &run))
            continue;
        if (found++ == 0)
            memcpy(out, dial, sizeof dial);
        else
            out[0] = '\0';
    }
    return out;
}

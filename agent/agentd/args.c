#include "agentd/args.h"

#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/text.h"
#include "record/upn.h"

int args_text(const char **out, const json_t *args, const char *key, size_t max,
    struct err *err)
{
    const json_t *value = json_object_get(args, key);

    *out = "";
    if (value == NULL || json_is_null(value))
        return 0;
    if (!json_is_string(value))
        return err_set(err, ERR_USAGE, "%s must be text", key);
    if (json_string_length(value) > max)
        return err_set(err, ERR_USAGE, "%s is over %zu bytes", key, max);
    *out = json_string_value(value);
    if (!text_is_clean(
            (struct bytes){(const uint8_t *)*out, json_string_length(value)}))
        return err_set(err, ERR_USAGE, "%s holds control characters", key);
    return 0;
}

int args_need(const char **out, const json_t *args, const char *key, size_t max,
    struct err *err)
{
    int rc = args_text(out, args, key, max, err);

    if (rc == 0 && (*out)[0] == '\0')
        rc = err_set(err, ERR_USAGE, "%s is missing", key);
    return rc;
}

int args_number(int64_t *out, const json_t *args, const char *key,
    int64_t least, int64_t most, struct err *err)
{
    const json_t *value = json_object_get(args, key);

    if (!json_is_integer(value))
        return err_set(err, ERR_USAGE, "%s must be a whole number", key);
    *out = json_integer_value(value);
    if (*out < least || *out > most)
        return err_set(err, ERR_USAGE, "%s is out of range", key);
    return 0;
}

bool args_flag(const json_t *args, const char *key)
{
    return json_is_true(json_object_get(args, key));
}

int args_school(
    struct laestab *out, const json_t *args, const char *key, struct err *err)
{
    const char *text;
    int rc = args_text(&text, args, key, 16, err);

    *out = (struct laestab){""};
    if (rc < 0 || text[0] == '\0')
        return rc;
    rc = laestab_parse(out, text, err);
    return rc < 0 ? err_set(err, ERR_USAGE,
                        "%s: a LAESTAB is seven digits, like 8732001", key)
                  : 0;
}

int args_upn(
    const char **out, const json_t *args, const char *key, struct err *err)
{
    int rc = args_need(out, args, key, 32, err);
    enum upn_status status;

    if (rc < 0)
        return rc;
    status = upn_check(*out, NULL);
    if (status == UPN_BAD_FORM || status == UPN_BAD_LETTER)
        return err_set(err, ERR_USAGE,
            "that is not a UPN: a letter, 12 digits "
            "and the right check letter");
    return 0;
}

json_t *args_time(int64_t wall_ms)
{
    char text[CLOCK_TEXT_SIZE];

    if (wall_ms == 0)
        return json_null();
    return json_string(clock_format((wall){wall_ms}, text));
}

json_t *args_string(const char *text)
{
    json_t *value = json_string(text);

    return value != NULL ? value : json_string(""); /* never: text is UTF-8 */
}

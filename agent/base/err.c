#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int err_set(struct err *err, enum err_code code, const char *fmt, ...)
{
    va_list args;

    if (err == NULL)
        return code;
    err->code = code;
    va_start(args, fmt);
    vsnprintf(err->text, sizeof err->text, fmt, args);
    va_end(args);
    return code;
}

int err_errno(struct err *err, const char *what)
{
    return err_set(err, ERR_IO, "%s: %s", what, strerror(errno));
}

int err_wrap(struct err *err, int code, const char *context)
{
    struct err inner;

    if (err == NULL)
        return code;
    inner = *err;
    snprintf(err->text, sizeof err->text, "%s: %.200s", context, inner.text);
    return code;
}

/*
 * err - what went wrong: a code for the program, a sentence for the reader.
 *
 * A function that can fail returns 0 or one of these codes (all negative) and
 * takes a `struct err *` last.  It writes the error on failure only.  The
 * caller owns it, usually on its stack; NULL means "the code is enough".
 * Errors are returned upwards and logged once, by whoever handles them.
 * No text ever holds personal data: name the field and the line, not its value.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/attr.h"

enum err_code {
    ERR_IO = -1,          /* the system refused; text holds strerror */
    ERR_MALFORMED = -2,   /* bytes from outside break the format */
    ERR_TOO_BIG = -3,     /* over a limit stated in a header */
    ERR_NOT_FOUND = -4,   /* asked for something that is not there */
    ERR_DENIED = -5,      /* the peer or the person may not do this */
    ERR_BUSY = -6,        /* try again later; nothing was changed */
    ERR_EXISTS = -7,      /* it is there already and was left as it is */
    ERR_STATE = -8,       /* not possible as things stand now */
    ERR_FULL = -9,        /* disk, quota or queue is full */
    ERR_USAGE = -10,      /* the request itself makes no sense */
    ERR_CRYPTO = -11,     /* OpenSSL refused; not the peer's fault */
    ERR_DECRYPT = -12,    /* cannot be opened: altered, or not for this key */
    ERR_SIGNATURE = -13,  /* the signature is not that of the stated author */
    ERR_CERTIFICATE = -14 /* usage, validity or issuer of a certificate */
};

struct err {
    enum err_code code;
    char text[256]; /* one line, no full stop, no newline; cut if longer */
};

/** Record a failure.  Returns code, so that callers can `return err_set(...)`.
 */
int err_set(struct err *err, enum err_code code, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

/** Record ERR_IO: "what: strerror(errno)".  Returns ERR_IO. */
int err_errno(struct err *err, const char *what);

/** Put "context: " before the text of a failed call.  Returns code. */
int err_wrap(struct err *err, int code, const char *context);

#endif

/*
 * mem - allocation that does not fail: out of memory ends the process.
 *
 * All state worth keeping is on disk, so a restart is the safe answer.  Sizes
 * that come from outside must be checked against a limit before they get here.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stdarg.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/bytes.h"

/** size zeroed bytes; free() them. */
void *mem_alloc(size_t size);

/** p grown or shrunk to count items of size; new bytes are not zeroed. */
void *mem_resize(void *p, size_t count, size_t size);

/** A copy of src; free() it.  One NUL follows it that is not counted. */
uint8_t *mem_copy(struct bytes src);

/** A copy of text; free() it. */
char *mem_text(const char *text);

/** A new string as printf would write it; free() it. */
char *mem_format(const char *fmt, ...) PRINTF_LIKE(1, 2);
char *mem_vformat(const char *fmt, va_list args) PRINTF_LIKE(1, 0);

/** Keep freed memory for the next message instead of giving it back: a daemon
 * handles messages of some 100 KiB, each several times in memory, and fetching
 * their pages from the kernel anew costs more than filling them.  Call it
 * once, at the start of main(). */
void mem_tune(void);

/** For SCOPED on a pointer to anything made by malloc; it is NULL then. */
void mem_freep(void *pp);

#endif

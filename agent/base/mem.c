#include "base/mem.h"

#include <malloc.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define MAP_FROM (32 * 1024 * 1024) /* bytes; the most that glibc takes */
#define TRIM_FROM (256 * 1024 * 1024)

static void *need(void *p)
{
    if (p == NULL) {
        fputs("out of memory\n", stderr);
        abort();
    }
    return p;
}

void *mem_alloc(size_t size)
{
    return need(calloc(1, size > 0 ? size : 1));
}

void *mem_resize(void *p, size_t count, size_t size)
{
    return need(reallocarray(p, count > 0 ? count : 1, size));
}

uint8_t *mem_copy(struct bytes src)
{
    uint8_t *copy = need(malloc(src.len + 1));

    if (src.len > 0)
        memcpy(copy, src.data, src.len);
    copy[src.len] = 0;
    return copy;
}

char *mem_text(const char *text)
{
    return need(strdup(text));
}

char *mem_vformat(const char *fmt, va_list args)
{
    char *text = NULL;

    return need(vasprintf(&text, fmt, args) < 0 ? NULL : text);
}

char *mem_format(const char *fmt, ...)
{
    va_list args;
    char *text;

    va_start(args, fmt);
    text = mem_vformat(fmt, args);
    va_end(args);
    return text;
}

void mem_tune(void)
{
    mallopt(M_MMAP_THRESHOLD, MAP_FROM);
    mallopt(M_TRIM_THRESHOLD, TRIM_FROM);
}

void mem_freep(void *pp)
{
    void *p;

    memcpy(&p, pp, sizeof p);
    free(p);
    p = NULL;
    memcpy(pp, &p, sizeof p);
}

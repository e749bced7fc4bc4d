#include "record/laestab.h"

#include <string.h>

#include "base/err.h"

int laestab_parse(struct laestab *out, const char *text, struct err *err)
{
    if (strlen(text) != LAESTAB_SIZE - 1 ||
        strspn(text, "0123456789") != LAESTAB_SIZE - 1)
        return err_set(
            err, ERR_MALFORMED, "a LAESTAB is seven digits, like 8732001");
    memcpy(out->text, text, LAESTAB_SIZE);
    return 0;
}

bool laestab_equal(const struct laestab *a, const struct laestab *b)
{
    return strcmp(a->text, b->text) == 0;
}

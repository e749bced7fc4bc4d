#include "cli/span.h"

#include <stdlib.h>
#include <string.h>

#include "cli/call.h"

#define MOST 100000

int span_option(int64_t *out, struct call *call, const char *name)
{
    const char *text = call_option(call, name);
    char *end;
    long long number;

    if (text == NULL)
        return CALL_DONE;
    number = strtoll(text, &end, 10);
    if (end == text || number < 1 || number > MOST || strlen(end) != 1 ||
        strchr("mhd", *end) == NULL)
        return call_usage(call,
            "--%s takes a length of time such as 90m, 48h or 3d, not %.40s",
            name, text);
    *out = number * (*end == 'm'      ? SPAN_MINUTE_MS
                        : *end == 'h' ? SPAN_HOUR_MS
                                      : SPAN_DAY_MS);
    return CALL_DONE;
}

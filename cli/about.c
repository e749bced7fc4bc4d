#include "cli/about.h"

#include "cli/call.h"

static void render_version(struct call *call, const json_t *result)
{
    output_line(call->output, OUTPUT_PLAIN, "moveup %s",
        json_string_value(json_object_get(result, "version")));
}

int about_version(struct call *call)
{
    return call_show(
        call, json_pack("{s:s}", "version", MOVEUP_VERSION), render_version);
}

#include "cli/overview.h"

#include <stdio.h>
#include <string.h>

#include "cli/call.h"
#include "cli/office.h"
#include "cli/said.h"
#include "trust/authority.h"

int overview_open(struct overview *out, struct call *call)
{
    const int code = office_open(&out->authority, call, false);

    return code == CALL_DONE ? survey_take(&out->survey, call, out->authority)
                             : code;
}

json_t *overview_missing(const struct survey *survey)
{
    json_t *list = json_array();

    for (size_t i = 0; i < survey->hub_count; i++)
        if (!survey->hubs[i].answered)
            json_array_append_new(list,
                json_pack("{s:s,s:s}", "hub", survey->hubs[i].entry->endpoint,
                    "name", survey->hubs[i].entry->name));
    for (size_t i = 0; i < survey->school_count; i++) {
        const struct survey_school *school = &survey->schools[i];

        if (school->entry->status == MEMBER_ACTIVE &&
            school->state != SURVEY_GOOD)
            json_array_append_new(list,
                json_pack("{s:s,s:s}", "laestab", school->entry->laestab.text,
                    "name", school->entry->name));
    }
    return list;
}

void overview_say_missing(struct call *call, const json_t *result)
{
    const json_t *missing = json_object_get(result, "missing");
    char text[1200];
    size_t used = 0;

    if (json_array_size(missing) == 0)
        return;
    text[0] = '\0';
    for (size_t i = 0; i < json_array_size(missing) && used < sizeof text; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s",
            i == 0 ? "" : ", ", said_text(json_array_get(missing, i), "name"));
    output_wrap(call->output, "without    ", text);
    output_next(call->output, "see why: moveup cluster health --dir DIR");
}

json_t *overview_age(wall then, wall now)
{
    return then.ms == 0 ? json_null() : json_integer((now.ms - then.ms) / 1000);
}

void overview_close(struct overview *overview)
{
    survey_free(&overview->survey);
    authority_close(overview->authority);
}

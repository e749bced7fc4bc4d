#include "agentd/warnings.h"

#include <stdio.h>

#include "base/text.h"
#include "record/codes.h"

static void warn(json_t *warnings, const char *text)
{
    char whole[400]; /* of characters: a word of a record may have been cut */

    text_clean(whole, sizeof whole, text);
    json_array_append_new(warnings, json_string(whole));
}

static void warn_of_restrictions(json_t *list, const struct casework_file *file)
{
    bool withheld = false;
    bool unnamed = false;

    for (size_t i = 0; i < file->pupil_count; i++)
        unnamed |= file->pupils[i]->visible.pupil_not_to_be_named;
    for (size_t i = 0; i < file->reach.count; i++)
        withheld |= file->reach.people[i].number_withheld;
    if (file->reach.withheld > 0)
        warn(list, "Another adult is restricted. Speak only to the people "
                   "shown here.");
    if (withheld)
        warn(list, "A number is not shown because a restricted adult might "
                   "answer it.");
    if (unnamed)
        warn(list, "Do not name the child until you know who is speaking.");
}

/* No name: the number and how they are related says enough to whoever rings. */
static void warn_of_death(json_t *list, const struct casework_file *file)
{
    const struct reach *reach = &file->reach;

    for (size_t i = 0; i < reach->died; i++) {
        const struct reach_person *person = &reach->people[reach->count + i];
        char text[160];

        snprintf(text, sizeof text,
            "Contact %u (%.60s) has died. Do not ask for them; nothing is sent "
            "to them.",
            person->n,
            codes_describe(
                CODES_RELATIONSHIP, person->seen->contact->relationship));
        warn(list, text);
    }
}

static void warn_of_state(json_t *list, const struct casework_file *file)
{
    /* what forbids a call forbids it after the first day too */
    const enum state_code code = file->state.work;

    if (file->in_quarantine)
        warn(list, "Do not ring: another record of this child waits in "
                   "quarantine for somebody to look at it.");
    else if (code == STATE_HELD)
        warn(list, "Do not ring: the safeguarding lead decides first.");
    else if (code == STATE_ACTION_NEEDED)
        warn(list, "Do not ring: somebody must act first.");
    else if (code == STATE_DECLINED)
        warn(list, "Do not ring: this family prefers writing.");
    else if (code == STATE_NO_CONTACT_POINT)
        warn(list, "No number or e-mail that reaches them: ask the primary "
                   "school, write, or meet them at its gate.");
    for (size_t i = 0; i < file->pupil_count; i++)
        if (file->pupils[i]->leaver.in_care == STATED_YES) {
            warn(list, "Looked after: speak to the carer and to the social "
                       "worker, and tell the designated teacher.");
            break;
        }
}

static void warn_of_others(json_t *list, const json_t *others)
{
    const size_t count = json_array_size(others);
    char text[200];

    if (count == 1)
        snprintf(text, sizeof text,
            "Case %s has the same number: perhaps one household. Ask, before "
            "you take them for one family.",
            json_string_value(json_array_get(others, 0)));
    else
        snprintf(text, sizeof text,
            "%zu other families have the same number, as in a hostel. Say "
            "whom you are ringing for only to the person you ask for.",
            count);
    if (count > 0)
        warn(list, text);
}

static void warn_of_missing_record(
    json_t *list, const struct casework_file *file)
{
    for (size_t i = 0; i < file->pupil_count; i++)
        if (file->reach_pupils[i].expected) {
            warn(list, "No record yet: nobody has told us whom not to contact. "
                       "Ring the primary school first.");
            return;
        }
}

json_t *warnings_of(const struct casework_file *file, const json_t *others)
{
    json_t *list = json_array();

    warn_of_restrictions(list, file);
    warn_of_death(list, file);
    warn_of_missing_record(list, file);
    warn_of_state(list, file);
    warn_of_others(list, others);
    return list;
}

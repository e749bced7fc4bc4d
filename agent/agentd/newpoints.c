#include "agentd/newpoints.h"

#include <string.h>

#include "agentd/agent.h"
#include "agentd/casework.h"
#include "agentd/hearsay.h"
#include "record/visible.h"

static bool was_known(const struct visible *known, const char *value)
{
    for (size_t i = 0; i < known->count; i++)
        for (size_t j = 0; j < known->contacts[i].point_count; j++)
            if (strcmp(known->contacts[i].points[j]->dial, value) == 0)
                return true;
    return false;
}

/* An author may send longer ones than a case has room for; nobody rings
 * those. */
static bool is_noted(const struct leaver_point *point)
{
    return point->dial[0] != '\0' && strlen(point->dial) <= EVENT_MAX_NAME;
}

static int note_one(struct agent *agent, const struct inbox_record *row,
    const struct visible_contact *contact, const struct leaver_point *point,
    struct err *err)
{
    struct event event = {
        .kind = EVENT_POINT, .family = row->family, .login = ""};

    event.u.point = (struct event_point){
        .record = row->id,
        .contact = contact->contact->number,
        .kind = point->kind,
        .value = point->dial,
        .status = POINT_UNVERIFIED,
        .source = SOURCE_RECORD, /* it goes with the revision that has it */
        .note = "new from the primary school",
    };
    bool fits;
    const int rc = hearsay_fits(&fits, agent, row->family, err);

    if (rc < 0 || !fits)
        return rc;
    return casework_add(agent, &event, err);
}

int newpoints_note(struct agent *agent, const struct inbox_record *row,
    const struct leaver *known, const struct leaver *fresh, struct err *err)
{
    struct visible before;
    struct visible now;
    int rc = 0;

    visible_contacts(&before, known);
    visible_contacts(&now, fresh);
    for (size_t i = 0; i < now.count; i++)
        for (size_t j = 0; rc == 0 && j < now.contacts[i].point_count; j++) {
            const struct leaver_point *point = now.contacts[i].points[j];

            if (is_noted(point) && !was_known(&before, point->dial))
                rc = note_one(agent, row, &now.contacts[i], point, err);
        }
    return rc;
}

/*
 * lookup - whose number or name is this: for when a parent rings.
 *
 * A restricted adult is found by nobody.  The safeguarding lead and the lead
 * are told what to do when that number rings; everybody is told what to do with
 * a number that is not known, and that is the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/card.h"
#include "agentd/leaver_json.h"
#include "base/err.h"
#include "record/name.h"

struct search {
    const struct request *request;
    char value[320]; /* number or e-mail; "" : by name */
    const char *typed;
    char name[300]; /* folded; "" : by number */
    json_t *found;
    json_t *instructions;
};

static void add(struct search *s, const struct casework_file *file,
    const struct reach_person *person)
{
    char id[24];

    snprintf(id, sizeof id, "%lld", (long long)file->family);
    json_array_append_new(s->found,
        json_pack("{s:s,s:s,s:o,s:o,s:o}", "case", id, "state",
            state_name(file->state.code), "pupils",
            card_pupils(s->request, file), "contact",
            person == NULL ? json_null() : json_integer(person->n), "name",
            person == NULL ? json_null()
                           : leaver_json_name(person->seen->contact)));
}

static void by_number(struct search *s, const struct casework_file *file)
{
    for (size_t i = 0; i < file->reach.count; i++) {
        const struct reach_person *person = &file->reach.people[i];

        for (size_t j = 0; j < person->point_count; j++)
            if (strcmp(person->points[j].value, s->value) == 0) {
                add(s, file, person);
                break;
            }
    }
}

/* Whoever may know that a restriction is in force is told so, never of whom. */
static void by_restricted(struct search *s, const struct casework_file *file)
{
    char id[24];

    for (size_t i = 0; i < file->pupil_count; i++) {
        if (!visible_betrays(&file->pupils[i]->leaver, s->typed))
            continue;
        snprintf(id, sizeof id, "%lld", (long long)file->family);
        json_array_append_new(s->instructions,
            json_pack("{s:s,s:s}", "case", id, "text",
                "A restricted adult of this family has this number. Confirm "
                "nothing, give nothing, and note the time of the call."));
        return;
    }
}

static bool name_holds(const char *name, const char *part)
{
    char folded[300];
    const char *at;

    name_fold(folded, sizeof folded, name);
    for (at = strstr(folded, part); at != NULL; at = strstr(at + 1, part))
        if (at == folded || at[-1] == ' ')
            return true;
    return false;
}

static void by_name(struct search *s, const struct casework_file *file)
{
    char name[300];

    for (size_t i = 0; i < file->pupil_count; i++) {
        const struct leaver *leaver = &file->pupils[i]->leaver;

        /* "Annie Nguyen" and "Nguyen, Annie" */
        snprintf(name, sizeof name, "%s %s %s", leaver_known_forename(leaver),
            leaver_known_surname(leaver), leaver_known_forename(leaver));
        if (name_holds(name, s->name)) {
            add(s, file, NULL);
            return;
        }
    }
    for (size_t i = 0; i < file->reach.count; i++) {
        const struct leaver_contact *c = file->reach.people[i].seen->contact;

        snprintf(name, sizeof name, "%s %s %s", c->forename, c->surname,
            c->forename);
        if (name_holds(name, s->name)) {
            add(s, file, &file->reach.people[i]);
            return;
        }
    }
}

static int read_search(struct search *s, struct err *err)
{
    const json_t *args = s->request->args;
    const char *name;
    int rc = args_text(&s->typed, args, "phone", 320, err);

    if (rc == 0)
        rc = args_text(&name, args, "name", 160, err);
    if (rc < 0)
        return rc;
    if ((s->typed[0] == '\0') == (name[0] == '\0'))
        return err_set(
            err, ERR_USAGE, "give a number or a name: --phone N, --name TEXT");
    desk_value(s->value, s->typed);
    name_fold(s->name, sizeof s->name, name);
    if (s->typed[0] != '\0' && s->value[0] == '\0')
        return err_set(err, ERR_USAGE,
            "not a telephone number with its code, nor an e-mail");
    if (name[0] != '\0' && strlen(s->name) < 2)
        return err_set(err, ERR_USAGE, "give at least two letters of a name");
    return 0;
}

int lookup_find(json_t **result, struct request *request, struct err *err)
{
    const struct casework *c = request->agent->casework;
    struct search s = {.request = request};
    bool restricted;
    int rc;

    s.found = json_array();
    s.instructions = json_array();
    *result = json_pack(
        "{s:o,s:o}", "found", s.found, "instructions", s.instructions);
    rc = read_search(&s, err);
    if (rc == 0)
        rc = casework_refresh(request->agent, err);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < c->count; i++) {
        if (s.name[0] != '\0') {
            by_name(&s, c->files[i]);
            continue;
        }
        by_number(&s, c->files[i]);
        by_restricted(&s, c->files[i]);
    }
    restricted = json_array_size(s.instructions) > 0;
    if ((request->actor.roles & (ROLE_DSL | ROLE_LEAD)) == 0)
        json_array_clear(s.instructions);
    return requests_audit(request, "find", NULL, 0,
        restricted ? "number of a restricted adult" : "", err);
}

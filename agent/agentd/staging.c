#include "agentd/staging.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/blob.h"
#include "agentd/incarnation.h"
#include "agentd/roll.h"
#include "base/err.h"
#include "record/merge.h"
#include "record/name.h"

#define MAX_SHOWN 5000 /* entries of refused and of warnings in one answer */

static json_t *finding_json(const struct staging *import,
    const struct finding *finding, const struct leaver *leaver)
{
    json_t *one = json_pack("{s:s,s:I,s:s,s:o}", "file", import->name, "line",
        (json_int_t)finding->line, "reason", finding->code, "detail",
        args_string(finding->detail));

    if (leaver != NULL) {
        json_object_set_new(one, "upn", args_string(leaver->upn));
        json_object_set_new(one, "surname", args_string(leaver->surname));
        json_object_set_new(one, "forename", args_string(leaver->forename));
    }
    if (finding->level != FINDING_WARN)
        json_object_set_new(one, "outcome",
            json_string(finding->level == FINDING_REFUSE ? "refused" : "held"));
    return one;
}

void staging_tell(struct staging *import, const struct finding *finding,
    const struct leaver *leaver)
{
    json_t *list =
        finding->level == FINDING_WARN ? import->warnings : import->refused;

    if (json_array_size(list) < MAX_SHOWN)
        json_array_append_new(list, finding_json(import, finding, leaver));
}

/* Notes are kept a destination; those of a table, which has many, under "". */
struct laestab staging_notes(
    const struct staging *import, const struct leaver *leaver)
{
    return import->csv ? (struct laestab){""} : leaver->destination;
}

/* A note for `leavers check`, sealed. */
static int note_held(struct staging *import, const struct finding *finding,
    const struct leaver *leaver, struct err *err)
{
    SCOPED(buf_free) struct buf sealed = BUF_EMPTY;
    struct held_row row = {
        .destination = staging_notes(import, leaver), .at = clock_wall()};
    json_t *one = finding_json(import, finding, leaver);
    char *text = json_dumps(one, JSON_COMPACT);
    int rc = leavers_held_next_id(import->agent->db, &row.id, err);

    if (rc == 0)
        rc = blob_seal(
            &sealed, import->agent, BLOB_HELD, row.id, bytes_of(text), err);
    row.sealed = buf_bytes(&sealed);
    if (rc == 0)
        rc = leavers_held_add(import->agent->db, &row, err);
    json_decref(one);
    explicit_bzero(text, strlen(text));
    free(text);
    return rc;
}

int staging_hold(struct staging *import, const struct finding *finding,
    const struct leaver *leaver, struct err *err)
{
    import->held++;
    return note_held(import, finding, leaver, err);
}

struct finding staging_because(
    const char *code, uint64_t line, const char *detail)
{
    struct finding finding = {FINDING_HOLD, code, line, 0, ""};

    snprintf(finding.detail, sizeof finding.detail, "%s", detail);
    return finding;
}

static bool same_child(const struct leaver *a, const struct leaver *b)
{
    return date_compare(a->dob, b->dob) == 0 ||
           strcasecmp(a->surname, b->surname) == 0 ||
           strcasecmp(a->forename, b->forename) == 0;
}

/* Another destination than the school that has the record, or that a person
 * chose.  A file that names none says nothing against a person's choice. */
static bool goes_elsewhere(const struct leavers_row *row,
    const struct leaver *known, const struct leaver *fresh)
{
    return !laestab_equal(&known->destination, &fresh->destination) &&
           (row->sent_revision > 0 ||
               (row->typed && fresh->destination.text[0] != '\0'));
}

static bool is_listed(
    const struct leaver *fresh, const struct leaver_contact *person)
{
    for (size_t i = 0; i < fresh->contact_count; i++) {
        const struct leaver_contact *c = &fresh->contacts[i];

        if ((person->source_id[0] != '\0' &&
                strcmp(c->source_id, person->source_id) == 0) ||
            (name_same(c->surname, person->surname) &&
                name_same(c->forename, person->forename)))
            return true;
    }
    return false;
}

/* The school's own system goes on listing who must not be contacted, perhaps
 * first.  That changes nothing, but whoever keeps that system should know. */
static void warn_of_restricted(struct staging *import,
    const struct leaver *known, const struct leaver *fresh, uint64_t line)
{
    for (size_t i = 0; i < known->restriction_count; i++) {
        const struct restriction *r = &known->restrictions[i];
        const struct leaver_contact *person = leaver_contact(known, r->contact);
        struct finding finding;

        if (!restriction_hides(r) || person == NULL ||
            !is_listed(fresh, person))
            continue;
        finding = staging_because("restricted-contact", line,
            "The file lists a contact who is restricted; the restriction stays "
            "in force and nobody is shown them");
        finding.level = FINDING_WARN;
        staging_tell(import, &finding, fresh);
        return;
    }
}

/* Lay a newer file over what is known. */
static int update(struct staging *import, struct leavers_row *row,
    const struct leaver *fresh, uint64_t line, struct arena *arena,
    struct err *err)
{
    struct merge_report report;
    struct leaver known;
    struct leaver merged;
    struct finding why;
    int rc = blob_open(
        &known, import->agent, BLOB_LEAVER, row->id, row->sealed, arena, err);

    if (rc < 0)
        return rc;
    if (!same_child(&known, fresh)) {
        why = staging_because("upn-conflict", line,
            "This UPN belongs to a child with another name and date of birth; "
            "check which is right");
        staging_tell(import, &why, fresh);
        return staging_hold(import, &why, fresh, err);
    }
    if (goes_elsewhere(row, &known, fresh)) {
        why = row->sent_revision > 0
                  ? staging_because("sent-elsewhere", line,
                        "This leaver was sent to another school, and a file "
                        "does not change that; if the child goes elsewhere: "
                        "moveup dest set UPN --to LAESTAB")
                  : staging_because("destination-set", line,
                        "A member of staff chose another school, and a file "
                        "does not change that; if it is right after all: "
                        "moveup dest set UPN --to LAESTAB");
        staging_tell(import, &why, fresh);
        return staging_hold(import, &why, fresh, err);
    }
    warn_of_restricted(import, &known, fresh, line);
    merge_leavers(&merged, &known, fresh, arena, &report);
    if (report.count == 0) {
        import->unchanged++;
        return 0;
    }
    import->changed++;
    row->revision = incarnation_next_revision(import->agent, row->revision);
    return roll_store(import->agent, row, &merged, err);
}

/* The row of this UPN, or of the (temporary) UPN it had before. */
static int find_row(struct staging *import, struct leavers_row *row,
    const struct leaver *fresh, struct arena *arena, struct err *err)
{
    struct tag tag;
    int rc;

    agent_upn_tag(&tag, import->agent, fresh->upn);
    rc = leavers_find(row, import->agent->db, &tag, arena, err);
    if (rc != ERR_NOT_FOUND || fresh->former_upn[0] == '\0')
        return rc;
    agent_upn_tag(&tag, import->agent, fresh->former_upn);
    rc = leavers_find(row, import->agent->db, &tag, arena, err);
    if (rc == 0 && row->sent_revision > 0)
        row->sent_as = tag;
    return rc;
}

int staging_take(struct staging *import, const struct leaver *leaver,
    uint64_t line, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct leaver fresh = *leaver;
    struct leavers_row row;
    int rc = find_row(import, &row, &fresh, &arena, err);

    if (rc == 0)
        return update(import, &row, &fresh, line, &arena, err);
    if (rc != ERR_NOT_FOUND)
        return rc;
    row = (struct leavers_row){.revision = 1};
    merge_number(&fresh);
    import->accepted++;
    return roll_store(import->agent, &row, &fresh, err);
}

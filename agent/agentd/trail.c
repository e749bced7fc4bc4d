/* trail - who looked at what and changed what: the audit, for those who answer
 * for it. */
#include <stdio.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/args.h"
#include "agentd/requests.h"
#include "base/arena.h"
#include "base/err.h"
#include "record/date.h"
#include "store/inbox.h"

#define MOST_ROWS 5000

struct search {
    const struct request *request;
    json_t *rows;
    const char *login; /* "": anybody's */
    bool of_pupil;
    struct tag tag;
    int64_t family; /* of that pupil; 0: none here */
    bool more;
};

static bool is_chosen(const struct search *s, const struct audit_row *row)
{
    if (s->login[0] != '\0' && strcmp(s->login, row->login) != 0)
        return false;
    if (!s->of_pupil)
        return true;
    if (row->has_pupil)
        return memcmp(row->pupil.bytes, s->tag.bytes, sizeof s->tag.bytes) == 0;
    return s->family != 0 && row->family == s->family;
}

static int add_row(void *arg, const struct audit_row *row)
{
    struct search *s = arg;
    char id[24] = "";

    if (!is_chosen(s, row))
        return 0;
    if (json_array_size(s->rows) == MOST_ROWS) {
        json_array_remove(s->rows, 0); /* the newest are what is asked for */
        s->more = true;
    }
    if (row->family != 0)
        snprintf(id, sizeof id, "%lld", (long long)row->family);
    json_array_append_new(
        s->rows, json_pack("{s:o,s:s,s:s,s:s,s:s}", "at", args_time(row->at.ms),
                     "login", row->login, "action", row->action, "case", id,
                     "detail", row->detail));
    return 0;
}

static int read_pupil(struct search *s, struct err *err)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct inbox_record record;
    const char *given;
    const char *upn;
    int rc = args_text(&given, s->request->args, "pupil", 13, err);

    if (rc < 0 || given[0] == '\0')
        return rc;
    rc = args_upn(&upn, s->request->args, "pupil", err);
    if (rc < 0)
        return rc;
    s->of_pupil = true;
    agent_upn_tag(&s->tag, s->request->agent, upn);
    rc =
        inbox_find_record(&record, s->request->agent->db, &s->tag, &arena, err);
    if (rc == 0)
        s->family = record.family;
    return rc == ERR_NOT_FOUND ? 0 : rc; /* a primary has none */
}

static int read_since(
    wall *since, const struct request *request, struct err *err)
{
    const char *text;
    struct date day;
    int rc = args_text(&text, request->args, "since", 24, err);

    *since = (wall){0};
    if (rc < 0 || text[0] == '\0')
        return rc;
    if (date_parse(&day, text, NULL) == 0) {
        *since = (wall){(int64_t)date_day_number(day) * 24 * 3600 * 1000};
        since->ms -= date_ahead_ms(*since);
        return 0;
    }
    if (clock_parse(since, text, NULL) < 0)
        return err_set(err, ERR_USAGE, "since must be a day, like 2027-06-15");
    return 0;
}

int trail_audit(json_t **result, struct request *request, struct err *err)
{
    struct search s = {.request = request, .rows = json_array()};
    wall since;
    int rc;

    *result = json_pack("{s:o}", "audit", s.rows);
    rc = args_text(&s.login, request->args, "staff", 32, err);
    if (rc == 0)
        rc = read_pupil(&s, err);
    if (rc == 0)
        rc = read_since(&since, request, err);
    if (rc == 0)
        rc = people_audit_each(request->agent->db, since, add_row, &s, err);
    json_object_set_new(*result, "cut", json_boolean(s.more));
    return rc < 0 ? rc
                  : requests_audit(request, "audit", s.of_pupil ? &s.tag : NULL,
                        s.family, "", err);
}

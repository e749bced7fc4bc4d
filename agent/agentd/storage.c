#include "agentd/storage.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agentd/agent.h"
#include "agentd/outgoing.h"
#include "base/mem.h"
#include "store/db.h"

/* What is remembered of a hub: "NAME HIGH", its storage's name and the highest
 * cursor that it ever gave. */
#define MEMORY_SIZE (ID_TEXT_SIZE + 24)

#define UNKNOWN UINT64_MAX /* what our database has of it */

static bool has_lost(const char *known, const struct hubtalk *welcome)
{
    char name[ID_TEXT_SIZE];
    const char *high = strchr(known, ' ');

    if (known[0] == '\0')
        return false; /* the first time */
    id_format(&welcome->hub, name);
    if (strncmp(known, name, strlen(name)) != 0)
        return true;
    return high != NULL && strtoull(high, NULL, 10) > welcome->high;
}

int storage_remember(struct hublink *hub, struct err *err)
{
    SCOPED(mem_freep) char *key = NULL;
    char name[ID_TEXT_SIZE];
    char fresh[MEMORY_SIZE];
    int rc;

    if (hub->high == hub->high_known)
        return 0;
    key = mem_format("hub %s", hub->endpoint);
    id_format(&hub->storage, name);
    snprintf(fresh, sizeof fresh, "%s %" PRIu64, name, hub->high);
    rc = db_set(hub->post->agent->db, key, fresh, err);
    if (rc == 0)
        hub->high_known = hub->high;
    return rc;
}

void storage_unsure(struct post *post)
{
    for (size_t i = 0; i < post->hub_count; i++)
        post->hubs[i]->high_known = UNKNOWN;
}

static int note(struct hublink *hub, const struct hubtalk *welcome,
    const char *known, struct err *err)
{
    struct agent *agent = hub->post->agent;
    int rc;

    hub->storage = welcome->hub;
    hub->high = welcome->high;
    hub->high_known = UNKNOWN;
    rc = storage_remember(hub, err);
    if (rc < 0 || !has_lost(known, welcome))
        return rc;
    log_line(&agent->log, LOG_WARN,
        "the hub lost some of its mail; sending again", "hub=%s",
        hub->endpoint);
    return outgoing_all_again(agent, err);
}

int storage_note(
    struct hublink *hub, const struct hubtalk *welcome, struct err *err)
{
    struct db *db = hub->post->agent->db;
    SCOPED(mem_freep) char *key = mem_format("hub %s", hub->endpoint);
    char known[MEMORY_SIZE] = "";
    int rc = db_get(db, key, known, sizeof known, err);

    if (rc == 0)
        rc = db_begin(db, err);
    if (rc == 0)
        rc = note(hub, welcome, known, err);
    if (rc >= 0)
        rc = db_commit(db, err);
    if (rc < 0) {
        db_rollback(db);
        storage_unsure(hub->post);
    }
    return rc < 0 ? rc : 0;
}

#include "agentd/agent.h"

#include <string.h>

void agent_upn_tag(struct tag *out, struct agent *agent, const char *upn)
{
    struct vault_tag tag;

    vault_tag(&tag, agent->vault, "upn", bytes_of(upn));
    memcpy(out->bytes, tag.bytes, sizeof out->bytes);
}

const char *agent_school_name(
    const struct agent *agent, const struct laestab *laestab)
{
    const struct directory_school *school =
        members_school(agent->identity->members, laestab);

    return school == NULL ? "not in the directory" : school->name;
}

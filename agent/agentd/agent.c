#include "agentd/agent.h"

#include <string.h>

void agent_upn_tag(struct tag *out, struct agent *agent, const char *upn)
{
    struct vault_tag tag;

    vault_tag(&tag, agent->vault, "upn", bytes_of(upn));
    memcpy(out->bytes, tag.bytes, sizeof out->bytes);
}

size_t agent_witness(const char *name)
{
    uint32_t hash = 2166136261U;

    for (; *name != '\0'; name++)
        hash = (hash ^ (uint8_t)*name) * 16777619U;
    return hash % AGENT_WITNESSES;
}

const char *agent_school_name(
    const struct agent *agent, const struct laestab *laestab)
{
    const struct directory_school *school =
        members_school(agent->identity->members, laestab);

    return school == NULL ? "not in the directory" : school->name;
}

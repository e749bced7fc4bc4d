#include "cli/cluster.h"

#include "cli/call.h"

static int not_here(struct call *call)
{
    return call_refuse(call, "this build has no set-up commands", "");
}

int cluster_init(struct call *call)
{
    return not_here(call);
}

int cluster_enrol(struct call *call)
{
    return not_here(call);
}

int cluster_revoke(struct call *call)
{
    return not_here(call);
}

int cluster_list(struct call *call)
{
    return not_here(call);
}

int cluster_publish(struct call *call)
{
    return not_here(call);
}

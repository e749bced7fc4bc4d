#include "cli/setup.h"

#include "cli/call.h"

static int not_here(struct call *call)
{
    return call_refuse(call, "this build has no set-up commands", "");
}

int setup_enrol(struct call *call)
{
    return not_here(call);
}

int setup_join(struct call *call)
{
    return not_here(call);
}

/* moveup - the command line: one request to the agent, one answer. */
#include <stdio.h>

#include "cli/run.h"

int main(int argc, char **argv)
{
    return run_main(argc, argv, stdout, stderr);
}

#include "trust/expiring.h"

#include <stddef.h>

int64_t expiring_due(int64_t days_left)
{
    static const int64_t steps[] = {1, 7, 14, 30, 60};

    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (days_left <= steps[i])
            return steps[i];
    return 0;
}

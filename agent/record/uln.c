#include "record/uln.h"

#include <string.h>

#define ULN_LEN 10

bool uln_is_valid(const char *uln)
{
    int sum = 0;

    if (strlen(uln) != ULN_LEN || uln[0] == '0' ||
        strspn(uln, "0123456789") != ULN_LEN)
        return false;
    for (int i = 0; i < ULN_LEN - 1; i++)
        sum += (ULN_LEN - i) * (uln[i] - '0');
    return sum % 11 != 0 && 10 - sum % 11 == uln[ULN_LEN - 1] - '0';
}

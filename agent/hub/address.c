#include "hub/address.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool is_number(const char *host, size_t len)
{
    return host[0] == '[' || strspn(host, "0123456789.") == len;
}

void address_listen(char *out, size_t size, const char *dialled)
{
    static const char scheme[] = "tcp://", home[] = "localhost";
    const char *host = dialled + strlen(scheme);
    const char *port = strrchr(dialled, ':');
    const size_t len = (size_t)(port - host);

    if (is_number(host, len))
        (void)snprintf(out, size, "%s", dialled);
    else if (len == strlen(home) && strncmp(host, home, len) == 0)
        (void)snprintf(out, size, "%s127.0.0.1%s", scheme, port);
    else
        (void)snprintf(out, size, "%s0.0.0.0%s", scheme, port);
}

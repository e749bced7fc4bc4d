#include "net/sockopt.h"

#include <stdint.h>
#include <string.h>

#include <zmq.h>

/* CURVE wraps each frame in 33 bytes, and ZMQ_MAXMSGSIZE counts them. */
#define CURVE_OVERHEAD 64

bool sockopt_numbers(
    void *socket, const struct sockopt_number *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (zmq_setsockopt(socket, numbers[i].option, &numbers[i].value,
                sizeof numbers[i].value) != 0)
            return false;
    return true;
}

bool sockopt_keys(void *socket, const struct sockopt_key *keys, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (zmq_setsockopt(socket, keys[i].option, keys[i].key,
                strlen(keys[i].key) + 1) != 0)
            return false;
    return true;
}

bool sockopt_max_message(void *socket, size_t max)
{
    const int64_t wrapped = (int64_t)(max + CURVE_OVERHEAD);

    return zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &wrapped, sizeof wrapped) ==
           0;
}

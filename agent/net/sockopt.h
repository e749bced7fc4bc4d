/* sockopt - options of ZeroMQ sockets, set from tables (for this room only). */
#ifndef NET_SOCKOPT_H
#define NET_SOCKOPT_H

#include <stdbool.h>
#include <stddef.h>

struct sockopt_number {
    int option, value;
};

struct sockopt_key {
    int option;
    const char *key; /* Z85 */
};

/** False: errno says why. */
bool sockopt_numbers(
    void *socket, const struct sockopt_number *numbers, size_t count);

/** False: one of them is no key. */
bool sockopt_keys(void *socket, const struct sockopt_key *keys, size_t count);

/** ZMQ_MAXMSGSIZE for frames of max bytes before CURVE wraps them.  A longer
 * one cuts the connection. */
bool sockopt_max_message(void *socket, size_t max);

#endif

/*
 * address - where a hub listens if its settings do not say: at the address that
 * it was enrolled with, as far as this machine can know it.
 */
#ifndef HUB_ADDRESS_H
#define HUB_ADDRESS_H

#include <stddef.h>

/** The endpoint to bind for `dialled`, what schools dial (tcp://HOST:PORT).  A
 * number stays as it is.  A name says where the world finds the machine, not
 * which of its own addresses that is (a router may stand between): all of
 * them.  localhost stays on the machine.  `out` has room for `dialled` and 9
 * bytes more. */
void address_listen(char *out, size_t size, const char *dialled);

#endif

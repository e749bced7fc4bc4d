#include "net/binding.h"

#include <errno.h>

#include <zmq.h>

#include "base/err.h"
#include "base/mem.h"

static const char *reason(int error)
{
    switch (error) {
    case EADDRINUSE:
        return "another program listens there; is this one running already?";
    case EADDRNOTAVAIL:
    case ENODEV:
        return "that is no address of this machine; if schools reach it "
               "through another, say where to listen in the settings: [hub] "
               "listen = tcp://0.0.0.0:PORT";
    default:
        return zmq_strerror(error);
    }
}

int binding_make(
    char **bound, void *socket, const char *endpoint, struct err *err)
{
    char last[256];
    size_t size = sizeof last;

    if (zmq_bind(socket, endpoint) != 0 ||
        zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, last, &size) != 0)
        return err_set(err, ERR_IO, "cannot listen on %s: %s", endpoint,
            reason(zmq_errno()));
    *bound = mem_text(last);
    return 0;
}

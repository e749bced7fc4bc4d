#include "net/curve.h"

#include <zmq.h>

#include "base/err.h"

int curve_new_pair(char public_key[CURVE_TEXT_SIZE],
    char secret_key[CURVE_TEXT_SIZE], struct err *err)
{
    if (zmq_curve_keypair(public_key, secret_key) != 0)
        return err_set(err, ERR_CRYPTO, "this libzmq has no CURVE: %s",
            zmq_strerror(zmq_errno()));
    return 0;
}

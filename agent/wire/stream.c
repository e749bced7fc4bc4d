#include "wire/stream.h"

const char *stream_lane_name(enum lane lane)
{
    static const char *const names[] = {"none", "urgent", "normal", "receipt"};

    return lane >= LANE_URGENT && lane <= LANE_RECEIPT ? names[lane] : names[0];
}

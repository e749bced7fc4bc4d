/*
 * Any bytes as a CSV file: the daemon lives; a refusal has a reason; what is
 * taken keeps the promises of leaver.h; and the pieces in which the bytes came
 * make no difference.  The first byte is the size of the pieces.
 */
#include "taken.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct import whole = {.look = taken_look}, part = {.pupils = 0};
    struct bytes file;

    if (len < 2)
        return 0;
    file = (struct bytes){data + 1, len - 1};
    import_csv(&whole, "8732001", file, file.len);
    import_csv(&part, "8732001", file, (size_t)data[0] + 1);
    taken_compare(&whole, &part);
    return 0;
}

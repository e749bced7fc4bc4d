/*
 * Any bytes as a CTF: the daemon lives; a refusal has a reason; what is taken
 * keeps the promises of leaver.h; and the pieces in which the bytes came make
 * no difference.  The first byte is the size of the pieces.
 */
#include "taken.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const char name[] = "8732001_CTF_8734500_001.xml";
    struct import whole = {.look = taken_look}, part = {.pupils = 0};
    struct bytes file;

    if (len < 2)
        return 0;
    file = (struct bytes){data + 1, len - 1};
    import_ctf(&whole, name, "8732001", file, file.len);
    import_ctf(&part, name, "8732001", file, (size_t)data[0] + 1);
    taken_compare(&whole, &part);
    return 0;
}

#include "ctf/postal.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define LINES (sizeof((struct leaver_address *)0)->lines / sizeof(char *))

static const char *join(
    const char *a, const char *between, const char *b, struct pupil *pupil)
{
    SCOPED(mem_freep) char *both = mem_format("%s%s%s", a, between, b);

    return pupil_text(pupil, both);
}

static bool is_number(const char *paon)
{
    return paon[0] >= '0' && paon[0] <= '9';
}

void postal_join(struct leaver_address *out,
    const char *const parts[POSTAL_PARTS], struct pupil *pupil)
{
    const char *line[POSTAL_PARTS];
    size_t count = 0;

    memcpy(line, parts, sizeof line);
    if (is_number(line[POSTAL_PAON]) && line[POSTAL_STREET][0] != '\0') {
        line[POSTAL_STREET] =
            join(line[POSTAL_PAON], " ", line[POSTAL_STREET], pupil);
        line[POSTAL_PAON] = "";
    }
    if (strcasecmp(line[POSTAL_COUNTRY], "United Kingdom") == 0)
        line[POSTAL_COUNTRY] = "";
    for (size_t i = 0; i < POSTAL_PARTS; i++) {
        if (line[i][0] == '\0')
            continue;
        if (count < LINES)
            out->lines[count++] = line[i];
        else
            out->lines[LINES - 1] =
                join(out->lines[LINES - 1], ", ", line[i], pupil);
    }
}

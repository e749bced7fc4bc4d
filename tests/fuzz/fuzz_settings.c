/* Any bytes are either settings that print and read again to the same, or are
 * refused with a reason that is one clean line, and then nothing changed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "conf/settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_refusal(const struct err *err)
{
    if (strncmp(err->text, "x", 1) != 0 || !text_is_clean(bytes_of(err->text)))
        abort();
}

static void check_agent(struct bytes text)
{
    struct settings_agent settings, before, again;
    struct err err = {.text = ""};
    char printed[4096];
    FILE *out;

    settings_agent_default(&settings);
    before = settings;
    if (settings_agent_parse(&settings, text, "x", &err) < 0) {
        check_refusal(&err);
        if (memcmp(&settings, &before, sizeof settings) != 0)
            abort();
        return;
    }
    out = fmemopen(printed, sizeof printed, "w");
    settings_agent_print(out, &settings);
    fclose(out);
    if (settings_agent_parse(&again, bytes_of(printed), "x", &err) < 0 ||
        memcmp(&settings, &again, sizeof settings) != 0)
        abort();
}

static void check_hub(struct bytes text)
{
    struct settings_hub settings, before, again;
    struct err err = {.text = ""};
    char printed[4096];
    FILE *out;

    settings_hub_default(&settings);
    before = settings;
    if (settings_hub_parse(&settings, text, "x", &err) < 0) {
        check_refusal(&err);
        if (memcmp(&settings, &before, sizeof settings) != 0)
            abort();
        return;
    }
    out = fmemopen(printed, sizeof printed, "w");
    settings_hub_print(out, &settings);
    fclose(out);
    if (settings_hub_parse(&again, bytes_of(printed), "x", &err) < 0 ||
        memcmp(&settings, &again, sizeof settings) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    check_agent((struct bytes){data, len});
    check_hub((struct bytes){data, len});
    return 0;
}

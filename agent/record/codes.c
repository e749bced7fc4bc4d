#include "record/codes.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "record/codes_data.h"

#define LIST(name) [CODES_##name] = {name, sizeof name / sizeof *name}

static const struct {
    const struct code *codes;
    size_t count;
} SETS[] = {
    LIST(DISABILITY),
    LIST(ENROL_STATUS),
    LIST(ETHNICITY),
    LIST(LANGUAGE),
    LIST(RELATIONSHIP),
    LIST(RESULT_STATUS),
    LIST(SEN_PROVISION),
    LIST(SEN_PROVISION_OLD),
    LIST(SEN_TYPE),
    LIST(SERVICE_CHILD),
    LIST(SEX),
    LIST(TELEPHONE_TYPE),
};

static int compare(const void *key, const void *item)
{
    return strcmp(key, ((const struct code *)item)->code);
}

static const struct code *find(enum code_set set, const char *code)
{
    return bsearch(
        code, SETS[set].codes, SETS[set].count, sizeof(struct code), compare);
}

bool codes_known(enum code_set set, const char *code)
{
    return find(set, code) != NULL;
}

const char *codes_describe(enum code_set set, const char *code)
{
    const struct code *found = find(set, code);

    if (code[0] == '\0')
        return "not stated";
    return found == NULL || found->text[0] == '\0' ? code : found->text;
}

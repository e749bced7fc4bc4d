#include "ctf/paths.h"

#include <string.h>

static const struct {
    const char *element;
    uint16_t limit;
    uint8_t parent;
} NODES[] = {
#define X(node, parent, element, limit) {element, limit, PATHS_##parent},
    PATHS(X)
#undef X
};

void paths_init(struct paths *paths)
{
    *paths = (struct paths){.count = {0}};
    for (uint8_t i = PATHS_ROOT + 1; i < PATHS_COUNT; i++) {
        const uint8_t parent = NODES[i].parent;

        if (paths->count[parent]++ == 0)
            paths->first[parent] = i;
    }
}

/* Contacts' addresses and numbers look like the pupil's. */
static enum paths_node template_of(enum paths_node node)
{
    if (node == PATHS_CONTACT_ADDRESS)
        return PATHS_ADDRESS;
    return node == PATHS_CONTACT_PHONES ? PATHS_PHONES : node;
}

int paths_child(const struct paths *paths, enum paths_node parent,
    const char *element, uint8_t *hint)
{
    const enum paths_node node = template_of(parent);
    const uint8_t count = paths->count[node];
    uint8_t at = *hint;

    for (uint8_t tried = 0; tried < count; tried++, at++) {
        if (at >= count)
            at = 0;
        if (strcmp(NODES[paths->first[node] + at].element, element) == 0) {
            *hint = (uint8_t)(at + 1);
            return paths->first[node] + at;
        }
    }
    return PATHS_UNKNOWN;
}

const char *paths_name(enum paths_node node)
{
    return NODES[node].element;
}

unsigned paths_limit(enum paths_node node)
{
    return NODES[node].limit;
}

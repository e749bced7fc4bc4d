/* past - a school's database copied away and put back, as after a restore. */
#ifndef TEST_PAST_H
#define TEST_PAST_H

#include "agentd/incarnation.h"
#include "cluster.h"

static inline void past_copy(const char *from, const char *to)
{
    SCOPED(buf_free) struct buf data = BUF_EMPTY;

    assert_int_equal(file_read(&data, from, 64 << 20, NULL), 0);
    assert_int_equal(file_write(to, buf_bytes(&data), FILE_PRIVATE, NULL), 0);
}

/* Copy a closed school's database away, or back; with its marker if asked. */
static inline void past_keep(
    struct cluster *c, size_t i, bool back, bool marker)
{
    static const char *const names[] = {"agent.db", "marker"};
    SCOPED(mem_freep)
    char *state = cluster_path(c, CLUSTER_NUMBERS[i]);

    cluster_close_school(c, i);
    for (size_t n = 0; n < (marker ? 2 : 1); n++) {
        SCOPED(mem_freep) char *live = file_path(state, names[n]);
        SCOPED(mem_freep) char *kept = mem_format("%s.kept", live);

        past_copy(back ? kept : live, back ? live : kept);
    }
    cluster_open_school(c, i);
    assert_int_equal(incarnation_open(&c->schools[i], NULL), 0);
}

#endif

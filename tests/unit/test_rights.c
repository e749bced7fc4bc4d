/* What to type for somebody who may not use the agent's socket yet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/rights.h"

static void assert_step(const char *path, const char *wanted)
{
    char step[RIGHTS_STEP_SIZE];

    assert_string_equal(rights_to_socket(step, "jlund", path), wanted);
}

static void test_names_the_group_that_may_open_the_socket(void **state)
{
    char path[] = "/tmp/test-rights.XXXXXX", wanted[RIGHTS_STEP_SIZE];
    const int fd = mkstemp(path);
    /* root can give it to a group; others have theirs */
    const gid_t group = getegid() == 0 ? 1 : getegid();
    const struct group *named = getgrgid(group);

    (void)state;
    assert_true(fd >= 0);
    if (named != NULL) {
        assert_int_equal(fchown(fd, (uid_t)-1, group), 0);
        assert_int_equal(fchmod(fd, 0660), 0);
        snprintf(wanted, sizeof wanted,
            "sudo adduser jlund %s, and then jlund logs in again",
            named->gr_name);
        assert_step(path, wanted);
    }
    assert_int_equal(fchmod(fd, 0600), 0);
    snprintf(wanted, sizeof wanted,
        "jlund must be in the group that owns the agent's socket: ls -l %s",
        path);
    assert_step(path, wanted);
    close(fd);
    unlink(path);
}

static void test_lets_nobody_into_the_group_of_root(void **state)
{
    (void)state;
    assert_step("/dev/null", "jlund must be in the group that owns the agent's "
                             "socket: ls -l /dev/null");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_the_group_that_may_open_the_socket),
        cmocka_unit_test(test_lets_nobody_into_the_group_of_root),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

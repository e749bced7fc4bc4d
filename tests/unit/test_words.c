#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "trust/words.h"

static void test_words_for_phases_go_both_ways(void **state)
{
    static const char *const words[] = {
        "primary", "middle", "secondary", "all-through", "special"};

    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        enum phase phase;

        assert_true(words_parse_phase(&phase, words[i]));
        assert_int_equal(phase, PHASE_PRIMARY + i);
        assert_string_equal(words_phase(phase), words[i]);
    }
    assert_false(words_parse_phase(&(enum phase){0}, "nursery"));
    assert_string_equal(words_status(MEMBER_CLOSED), "closed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_for_phases_go_both_ways),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

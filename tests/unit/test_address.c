/* Where a hub listens that was enrolled under an address. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hub/address.h"

struct example {
    const char *dialled, *listens;
};

static void assert_listens(const struct example *examples, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char out[64];

        address_listen(out, sizeof out, examples[i].dialled);
        assert_string_equal(out, examples[i].listens);
    }
}

static void test_listens_at_the_number_that_schools_dial(void **state)
{
    static const struct example examples[] = {
        {"tcp://10.0.0.5:7700", "tcp://10.0.0.5:7700"},
        {"tcp://127.0.0.1:1", "tcp://127.0.0.1:1"},
        {"tcp://[2001:db8::7]:7700", "tcp://[2001:db8::7]:7700"},
    };

    (void)state;
    assert_listens(examples, sizeof examples / sizeof examples[0]);
}

static void test_listens_everywhere_when_schools_dial_a_name(void **state)
{
    static const struct example examples[] = {
        {"tcp://hub.example.org:7700", "tcp://0.0.0.0:7700"},
        {"tcp://hub:65535", "tcp://0.0.0.0:65535"},
        {"tcp://10.example.org:7700", "tcp://0.0.0.0:7700"},
        {"tcp://localhost.example.org:7700", "tcp://0.0.0.0:7700"},
    };

    (void)state;
    assert_listens(examples, sizeof examples / sizeof examples[0]);
}

static void test_localhost_stays_on_the_machine(void **state)
{
    static const struct example examples[] = {
        {"tcp://localhost:7700", "tcp://127.0.0.1:7700"},
    };

    (void)state;
    assert_listens(examples, sizeof examples / sizeof examples[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_listens_at_the_number_that_schools_dial),
        cmocka_unit_test(test_listens_everywhere_when_schools_dial_a_name),
        cmocka_unit_test(test_localhost_stays_on_the_machine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The table of commands holds together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <string.h>

#include "cli/command.h"
#include "cli/options.h"

static const struct options_spec *find(
    const struct options_spec *const *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i]->name, name) == 0)
            return list[i];
    return NULL;
}

/* What is typed is taken apart by the options of all commands. */
static void test_every_option_of_every_command_can_be_typed(void **state)
{
    const struct options_spec *all[COMMAND_MAX_OPTIONS];
    const size_t count = command_all_options(all);
    const struct command *each;

    (void)state;
    assert_true(count < COMMAND_MAX_OPTIONS); /* else some may be left out */
    for (size_t i = 0; (each = command_at(i)) != NULL; i++) {
        const struct options_spec *own[COMMAND_MAX_OPTIONS];
        const size_t owned = command_options(own, each);

        for (size_t j = 0; j < owned; j++) {
            const struct options_spec *spec = find(all, count, own[j]->name);

            if (spec == NULL ||
                (spec->value == NULL) != (own[j]->value == NULL))
                fail_msg("%s --%s", each->name, own[j]->name);
        }
    }
}

static void test_every_command_is_found_by_its_name(void **state)
{
    const struct command *each;

    (void)state;
    for (size_t i = 0; (each = command_at(i)) != NULL; i++) {
        char name[128];
        const char *words[4];
        size_t count = 0, used = 0;

        snprintf(name, sizeof name, "%s", each->name);
        for (char *rest = NULL, *word = strtok_r(name, " ", &rest);
             word != NULL && count < 4; word = strtok_r(NULL, " ", &rest))
            words[count++] = word;
        assert_ptr_equal(command_find(&used, words, count), each);
        assert_int_equal(used, count);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_option_of_every_command_can_be_typed),
        cmocka_unit_test(test_every_command_is_found_by_its_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "store_room.h"

#include "store/people.h"

#define AGENT_TEST(test)                                                       \
    cmocka_unit_test_setup_teardown(test, room_open_agent, room_close)

static const struct staff AMINA = {
    .login = "amina",
    .name = "Amina Yusuf",
    .roles = ROLE_CALLER | ROLE_DSL,
    .languages = "en,so",
    .active = true,
};

static void put(struct room *room, const struct staff *staff)
{
    MUST(db_begin(room->db, err));
    MUST(people_put(room->db, staff, err));
    MUST(db_commit(room->db, err));
}

static void test_roles_are_read_and_written_as_words(void **state)
{
    static const char *const bad[] = {
        "", ",", "caller,", "teacher", "caller,,lead", "Caller", "call"};
    unsigned roles = 99;
    char text[120];
    struct err why;

    (void)state;
    MUST(people_roles_parse(&roles, "caller,head-of-year", err));
    assert_int_equal(roles, ROLE_CALLER | ROLE_HEAD_OF_YEAR);
    MUST(people_roles_parse(
        &roles, "admin,office,caller,tutor,head-of-year,lead,senco,dsl", err));
    assert_int_equal(roles, 0xff);
    assert_string_equal(people_roles_format(roles, text, sizeof text),
        "dsl,senco,lead,head-of-year,tutor,caller,office,admin");
    assert_string_equal(people_roles_format(0, text, sizeof text), "");
    assert_string_equal(people_roles_format(0xff, text, 6), "dsl,s");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(people_roles_parse(&roles, bad[i], &why), ERR_USAGE);
        assert_string_equal(why.text,
            "not a list of roles; the roles are "
            "dsl,senco,lead,head-of-year,tutor,caller,office,admin");
        assert_int_equal(roles, 0xff);
    }
}

static void test_shows_the_role_that_answers_for_most(void **state)
{
    (void)state;
    assert_string_equal(people_main_role(ROLE_CALLER | ROLE_DSL), "DSL");
    assert_string_equal(people_main_role(ROLE_LEAD | ROLE_SENCO), "SENCO");
    assert_string_equal(people_main_role(ROLE_ADMIN | ROLE_CALLER), "CALLER");
    assert_string_equal(people_main_role(0), "");
}

static void test_staff_are_replaced_by_login(void **state)
{
    struct room *room = *state;
    struct staff changed = AMINA;
    struct staff got;

    put(room, &AMINA);
    MUST(people_find(&got, room->db, "amina", err));
    assert_string_equal(got.login, "amina");
    assert_string_equal(got.name, "Amina Yusuf");
    assert_int_equal(got.roles, ROLE_CALLER | ROLE_DSL);
    assert_string_equal(got.languages, "en,so");
    assert_true(got.active);
    changed.active = false;
    changed.roles = ROLE_LEAD;
    put(room, &changed);
    MUST(people_find(&got, room->db, "amina", err));
    assert_false(got.active);
    assert_int_equal(got.roles, ROLE_LEAD);
    assert_int_equal(people_find(&got, room->db, "Amina", NULL), ERR_NOT_FOUND);
}

static int see_staff(void *arg, const struct staff *staff)
{
    char *seen = arg;

    add_seen(seen, "%s ", staff->login);
    return strcmp(staff->login, "bob") == 0 ? 3 : 0;
}

static void test_lists_staff_until_told_to_stop(void **state)
{
    struct room *room = *state;
    const struct staff bob = {.login = "bob"};
    const struct staff zoe = {.login = "zoe"};
    char seen[SEEN_SIZE] = "";

    put(room, &zoe);
    put(room, &bob);
    put(room, &AMINA);
    assert_int_equal(people_each(room->db, see_staff, seen, NULL), 3);
    assert_string_equal(seen, "amina bob ");
}

static int see_audit(void *arg, const struct audit_row *row)
{
    char *seen = arg;

    add_seen(seen, "%d %s %s %d %d %s;", (int)row->at.ms, row->login,
        row->action, row->has_pupil ? row->pupil.bytes[0] : -1,
        (int)row->family, row->detail);
    return 0;
}

static void test_the_audit_is_read_in_the_order_it_was_written(void **state)
{
    struct room *room = *state;
    const struct tag pupil = {{7}};
    char seen[SEEN_SIZE] = "";

    MUST(db_begin(room->db, err));
    MUST(people_audit(room->db, (wall){30}, "amina", "card.show", &pupil, 4,
        "revision 2", err));
    MUST(people_audit(room->db, (wall){10}, "bob", "old", NULL, 0, "", err));
    MUST(people_audit(
        room->db, (wall){20}, "bob", "export", NULL, 0, "all", err));
    MUST(db_commit(room->db, err));
    MUST(people_audit_each(room->db, (wall){20}, see_audit, seen, err));
    assert_string_equal(
        seen, "30 amina card.show 7 4 revision 2;20 bob export -1 0 all;");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_roles_are_read_and_written_as_words),
        cmocka_unit_test(test_shows_the_role_that_answers_for_most),
        AGENT_TEST(test_staff_are_replaced_by_login),
        AGENT_TEST(test_lists_staff_until_told_to_stop),
        AGENT_TEST(test_the_audit_is_read_in_the_order_it_was_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

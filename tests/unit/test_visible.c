#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "family.h"
#include "record/visible.h"

/* A mother and a father with a number and an e-mail each. */
static int set_up(void **state)
{
    static struct family family;
    struct leaver_contact *contact;

    family_init(&family);
    contact = family_add(&family, "Ada", "Okoro");
    family_point(&family, contact, "07700 900118");
    family_point(&family, contact, "ada@example.org");
    contact = family_add(&family, "Chidi", "Okoro");
    family_point(&family, contact, "07700 900119");
    family_point(&family, contact, "chidi@example.org");
    *state = &family;
    return 0;
}

static int tear_down(void **state)
{
    family_free(*state);
    return 0;
}

static struct visible see(const struct family *family)
{
    struct visible visible;

    visible_contacts(&visible, &family->leaver);
    return visible;
}

static void assert_only(const struct family *family, const char *forename)
{
    const struct visible visible = see(family);

    assert_int_equal(visible.count, 1);
    assert_string_equal(visible.contacts[0].contact->forename, forename);
}

static void test_shows_everybody_when_nothing_is_restricted(void **state)
{
    const struct visible visible = see(*state);

    assert_int_equal(visible.count, 2);
    assert_int_equal(visible.withheld, 0);
    assert_int_equal(visible.contacts[0].point_count, 2);
    assert_false(visible.contacts[0].point_withheld);
    assert_false(visible.address_withheld);
    assert_false(visible.pupil_not_to_be_named);
}

static void test_leaves_out_a_restricted_contact_whole(void **state)
{
    static const enum restriction_kind kinds[] = {
        RESTRICTION_DO_NOT_CONTACT, RESTRICTION_NO_INFORMATION};

    for (size_t i = 0; i < 2; i++) {
        struct family *family = *state;

        family->leaver.restriction_count = 0;
        family_restrict(family, kinds[i], 2);
        assert_only(family, "Ada");
        assert_int_equal(see(family).withheld, 1);
    }
}

static void test_shows_the_contact_again_when_the_restriction_ended(
    void **state)
{
    struct family *family = *state;

    family_restrict(family, RESTRICTION_DO_NOT_CONTACT, 2)->ended.ms = 1;
    assert_int_equal(see(family).count, 2);
}

static void test_a_second_restriction_holds_when_the_first_ended(void **state)
{
    struct family *family = *state;

    family_restrict(family, RESTRICTION_DO_NOT_CONTACT, 2)->ended.ms = 1;
    family_restrict(family, RESTRICTION_NO_INFORMATION, 2);
    assert_only(family, "Ada");
}

static void test_knows_the_restricted_adult_under_another_entry(void **state)
{
    static const struct {
        const char *forename, *surname, *id;
    } doubles[] = {
        {"Chidi", "Okoro", ""},
        {" CHIDI", "okoro ", ""},
        {"Ch\xc3\xad"
         "di",
            "O'Koro", ""},
        {"Charles", "Adams", "P-2"},
        {"Okoro", "Chidi", ""},
        {"Chidi Emeka", "Okoro", ""},
        {"Chidi A B C D E", "Okoro", ""},
        {"Mr Chidi Okoro", "", ""},
    };

    for (size_t i = 0; i < sizeof doubles / sizeof *doubles; i++) {
        struct family *family = *state;
        struct leaver_contact *other;

        family->contacts[1].source_id = "P-2";
        family->leaver.contact_count = 2;
        family->leaver.restriction_count = 0;
        other = family_add(family, doubles[i].forename, doubles[i].surname);
        other->source_id = doubles[i].id;
        family_restrict(family, RESTRICTION_DO_NOT_CONTACT, 2);
        assert_only(family, "Ada");
        assert_int_equal(see(family).withheld, 2);
    }
}

static void test_follows_one_entry_to_the_next(void **state)
{
    struct family *family = *state;

    family->contacts[1].source_id = "P-2";
    family_add(family, "Emeka", "Nwosu")->source_id = "P-9";
    family_add(family, "Emeka", "Nwosu")->source_id = "P-2";
    family_restrict(family, RESTRICTION_DO_NOT_CONTACT, 2);
    assert_only(family, "Ada");
    assert_int_equal(see(family).withheld, 3);
}

static void test_an_empty_id_or_name_makes_nobody_the_same(void **state)
{
    struct family *family = *state;

    family->contacts[1].forename = "";
    family->contacts[1].surname = "";
    family_add(family, "", "")->order = 3;
    family_restrict(family, RESTRICTION_DO_NOT_CONTACT, 2);
    assert_int_equal(see(family).count, 2);
}

/* Some files have only a surname, or a name in one field. */
static void test_one_name_is_the_same_only_as_the_same_one_name(void **state)
{
    struct family *family = *state;

    family->contacts[1].forename = "";
    family->contacts[1].surname = "Nwosu";
    family_add(family, "", "nwosu");
    family_add(family, "Ngozi", "Nwosu");
    family_restrict(family, RESTRICTION_DO_NOT_CONTACT, 2);
    assert_int_equal(see(family).withheld, 2);
    assert_int_equal(see(family).count, 2);
}

static void test_withholds_a_number_shared_with_the_restricted_adult(
    void **state)
{
    static const char *const shared[] = {"07700 900119", "07700900119",
        "+44 (0)7700 900119", "0044 7700 900119", "07700-900-119 (home)",
        "900119", "07700 900119 or 07700 900120", "CHIDI@example.org",
        "Chidi <chidi@example.org>"};

    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++) {
        struct family *family = *state;
        struct visible visible;

        family->contacts[0].point_count = 1;
        family->leaver.restriction_count = 0;
        family_point(family, &family->contacts[0], shared[i]);
        family_restrict(family, RESTRICTION_DO_NOT_CONTACT, 2);
        visible = see(family);
        assert_int_equal(visible.contacts[0].point_count, 1);
        assert_string_equal(visible.contacts[0].points[0]->raw, "07700 900118");
        assert_true(visible.contacts[0].point_withheld);
    }
}

static void test_withholds_a_number_that_stands_among_the_restricted_ones(
    void **state)
{
    struct family *family = *state;
    struct visible visible;

    family_point(family, &family->contacts[1], "01632 960001 or 07700 900118");
    family_restrict(family, RESTRICTION_DO_NOT_CONTACT, 2);
    visible = see(family);
    assert_int_equal(visible.contacts[0].point_count, 1);
    assert_string_equal(visible.contacts[0].points[0]->raw, "ada@example.org");
}

static void test_when_nobody_can_tell_who_is_meant_all_are_withheld(
    void **state)
{
    static const uint32_t numbers[] = {0, 7};

    for (size_t i = 0; i < 2; i++) {
        struct family *family = *state;

        family->leaver.restriction_count = 0;
        family_restrict(family, RESTRICTION_DO_NOT_CONTACT, numbers[i]);
        assert_int_equal(see(family).count, 0);
        assert_int_equal(see(family).withheld, 2);
    }
}

static void test_gives_the_instructions_in_force(void **state)
{
    struct family *family = *state;
    struct visible visible;

    family_restrict(family, RESTRICTION_NO_VOICEMAIL, 1);
    family_restrict(family, RESTRICTION_NO_TEXT, 0);
    family_restrict(family, RESTRICTION_NO_VOICEMAIL, 2)->ended.ms = 1;
    family_restrict(family, RESTRICTION_DO_NOT_DISCLOSE_ADDRESS, 1);
    family_restrict(family, RESTRICTION_PUPIL_NOT_TO_BE_NAMED, 0);
    visible = see(family);
    assert_int_equal(visible.count, 2);
    assert_true(visible.contacts[0].no_voicemail);
    assert_false(visible.contacts[1].no_voicemail);
    assert_true(visible.contacts[0].no_text && visible.contacts[1].no_text);
    assert_true(visible.address_withheld);
    assert_true(visible.pupil_not_to_be_named);
}

static void test_withholds_other_texts_that_name_the_restricted_adult(
    void **state)
{
    struct family *family = *state;
    struct visible visible;

    family_restrict(family, RESTRICTION_DO_NOT_CONTACT, 2);
    visible = see(family);
    assert_false(visible.address_withheld || visible.strengths_withheld ||
                 visible.pupil_phone_withheld || visible.pupil_email_withheld);

    family->contacts[0].address.lines[0] = "c/o Mr C. Chidi Okoro";
    family->leaver.strengths = "Drums; lives with Chidi, Mr Okoro";
    family->leaver.phone = "07700900119";
    family->leaver.email = "chidi@example.org";
    visible = see(family);
    assert_true(visible.address_withheld);
    assert_true(visible.strengths_withheld);
    assert_true(visible.pupil_phone_withheld);
    assert_true(visible.pupil_email_withheld);
}

static void test_gives_contacts_in_call_order(void **state)
{
    struct family *family = *state;
    struct visible visible;

    family->contacts[0].order = 0;
    visible = see(family);
    assert_string_equal(visible.contacts[0].contact->forename, "Chidi");
    assert_string_equal(visible.contacts[1].contact->forename, "Ada");
}

static void test_tells_which_text_betrays(void **state)
{
    static const struct {
        const char *text;
        bool betrays;
    } cases[] = {
        {"Mrs Ada Okoro, 07700 900118, ada@example.org", false},
        {"Tariq Okoro", false},
        {"Chidi", false},
        {"Okoro", false},
        {"Chidiebere Okoro", false},
        {"", false},
        {"{\"forename\":\"Chidi\",\"surname\":\"Okoro\"}", true},
        {"surname: OKORO\nforename: chidi", true},
        {"OKORO, Mr Chidi", true},
        {"ring 0 7 7 0 0 9 0 0 1 1 9 now", true},
        {"tel:+447700900119", true},
        {"mailto:Chidi@Example.org", true},
        {"07700 900 11", false},
        {"Chidi one two three four five Okoro", false},
    };
    struct family *family = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_false(visible_betrays(&family->leaver, cases[i].text));
    family_restrict(family, RESTRICTION_DO_NOT_CONTACT, 2);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(
            visible_betrays(&family->leaver, cases[i].text), cases[i].betrays);
}

static void test_tells_which_text_says_where_the_adult_lives(void **state)
{
    static const struct {
        const char *text;
        bool betrays;
    } cases[] = {
        {"lives at 12 high street now", true},
        {"12, High Street, Eastmoor", true},
        {"112 High Street", false},
        {"works in High Street", false},
        {"12 other people", false},
    };
    struct family *family = *state;
    struct leaver_contact *father = &family->contacts[1];

    father->address.lines[0] = "12";
    father->address.lines[1] = "High Street";
    family_restrict(family, RESTRICTION_DO_NOT_CONTACT, 2);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(
            visible_betrays(&family->leaver, cases[i].text), cases[i].betrays);
    father->address_as_pupil = true; /* then it is the child's own */
    assert_false(visible_betrays(&family->leaver, cases[0].text));
    father->address_as_pupil = false;
    family->contacts[0].address.lines[0] = "12 High Street";
    assert_true(see(family).address_withheld);
}

static void test_what_is_ones_own_betrays_nobody_else(void **state)
{
    struct family *family = *state;
    const struct leaver_contact *father = &family->contacts[1];
    const struct leaver_contact *mother = &family->contacts[0];

    family_restrict(family, RESTRICTION_DO_NOT_CONTACT, 2);
    assert_false(
        visible_betrays_another(&family->leaver, father, "07700 900119"));
    assert_true(
        visible_betrays_another(&family->leaver, mother, "07700 900119"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_shows_everybody_when_nothing_is_restricted),
        TEST(test_leaves_out_a_restricted_contact_whole),
        TEST(test_shows_the_contact_again_when_the_restriction_ended),
        TEST(test_a_second_restriction_holds_when_the_first_ended),
        TEST(test_knows_the_restricted_adult_under_another_entry),
        TEST(test_follows_one_entry_to_the_next),
        TEST(test_an_empty_id_or_name_makes_nobody_the_same),
        TEST(test_one_name_is_the_same_only_as_the_same_one_name),
        TEST(test_withholds_a_number_shared_with_the_restricted_adult),
        TEST(test_withholds_a_number_that_stands_among_the_restricted_ones),
        TEST(test_when_nobody_can_tell_who_is_meant_all_are_withheld),
        TEST(test_gives_the_instructions_in_force),
        TEST(test_withholds_other_texts_that_name_the_restricted_adult),
        TEST(test_gives_contacts_in_call_order),
        TEST(test_tells_which_text_betrays),
        TEST(test_tells_which_text_says_where_the_adult_lives),
        TEST(test_what_is_ones_own_betrays_nobody_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "family.h"
#include "record/merge.h"

struct merged {
    struct family known, fresh;
    struct arena arena;
    struct leaver out;
    struct merge_report report;
};

/* Both hold the mother; the known one also the father. */
static int set_up(void **state)
{
    static struct merged m;
    struct leaver_contact *contact;

    m.arena = ARENA_EMPTY;
    family_init(&m.known);
    family_init(&m.fresh);
    contact = family_add(&m.known, "Ada", "Okoro");
    contact->source_id = "P-1";
    family_point(&m.known, contact, "07700 900118");
    family_point(&m.known, contact, "020 7946 0118");
    contact = family_add(&m.known, "Chidi", "Okoro");
    family_point(&m.known, contact, "07700 900119");
    contact = family_add(&m.fresh, "Ada", "Okoro");
    contact->source_id = "P-1";
    contact->number = 0;
    family_point(&m.fresh, contact, "07700 900118");
    family_point(&m.fresh, contact, "020 7946 0118");
    *state = &m;
    return 0;
}

static int tear_down(void **state)
{
    struct merged *m = *state;

    family_free(&m->known);
    family_free(&m->fresh);
    arena_free(&m->arena);
    return 0;
}

static void add_father(struct merged *m)
{
    family_point(
        &m->fresh, family_add(&m->fresh, "Chidi", "Okoro"), "07700 900119");
}

static void merge(struct merged *m)
{
    merge_leavers(
        &m->out, &m->known.leaver, &m->fresh.leaver, &m->arena, &m->report);
}

static bool reports(const struct merged *m, const char *change)
{
    for (size_t i = 0; i < m->report.count; i++)
        if (strcmp(m->report.changes[i], change) == 0)
            return true;
    return false;
}

static void test_the_same_file_again_changes_nothing(void **state)
{
    struct merged *m = *state;

    add_father(m);
    merge(m);
    assert_int_equal(m->report.count, 0);
    assert_int_equal(m->out.contact_count, 2);
}

static void test_numbers_a_first_file_in_call_order(void **state)
{
    struct merged *m = *state;
    struct leaver *leaver = &m->known.leaver;

    leaver->contacts[0].order = 2;
    leaver->contacts[1].order = 1;
    merge_number(leaver);
    assert_string_equal(leaver->contacts[0].forename, "Chidi");
    assert_int_equal(leaver->contacts[0].number, 1);
    assert_string_equal(leaver->contacts[1].forename, "Ada");
    assert_int_equal(leaver->contacts[1].number, 2);
    assert_int_equal(leaver->contacts[1].points[1].number, 2);
}

static void test_equal_orders_stay_as_in_the_file_and_none_come_last(
    void **state)
{
    struct merged *m = *state;
    struct leaver *leaver = &m->known.leaver;

    family_add(&m->known, "Grace", "Okoro");
    leaver->contacts[0].order = 0;
    leaver->contacts[1].order = 1;
    leaver->contacts[2].order = 1;
    merge_number(leaver);
    assert_string_equal(leaver->contacts[0].forename, "Chidi");
    assert_string_equal(leaver->contacts[1].forename, "Grace");
    assert_string_equal(leaver->contacts[2].forename, "Ada");
}

static void test_what_is_stated_replaces_and_silence_changes_nothing(
    void **state)
{
    struct merged *m = *state;

    add_father(m);
    m->known.leaver.preferred_forename = "Tari";
    m->known.leaver.sen_provision = "K";
    m->known.leaver.fsm = STATED_YES;
    m->known.leaver.address.postcode = "CB99 1AB";
    m->known.leaver.destination = (struct laestab){"8734500"};
    m->fresh.leaver.sen_provision = "E";
    m->fresh.leaver.medical_flag = STATED_NO;
    m->fresh.leaver.dob = (struct date){2015, 1, 17};
    merge(m);
    assert_string_equal(m->out.preferred_forename, "Tari");
    assert_string_equal(m->out.sen_provision, "E");
    assert_int_equal(m->out.fsm, STATED_YES);
    assert_int_equal(m->out.medical_flag, STATED_NO);
    assert_string_equal(m->out.address.postcode, "CB99 1AB");
    assert_string_equal(m->out.destination.text, "8734500");
    assert_int_equal(m->report.count, 3);
    assert_true(reports(m, "SEN provision"));
    assert_true(reports(m, "medical flag"));
    assert_true(reports(m, "date of birth"));
}

static void test_an_address_is_replaced_whole(void **state)
{
    struct merged *m = *state;

    m->known.leaver.address.lines[0] = "12 Elder Row";
    m->known.leaver.address.uprn = "10099000014";
    m->fresh.leaver.address.lines[0] = "3 Kiln Close";
    merge(m);
    assert_string_equal(m->out.address.lines[0], "3 Kiln Close");
    assert_string_equal(m->out.address.uprn, "");
    assert_true(reports(m, "address"));
}

static void test_lists_are_replaced_unless_the_new_one_is_empty(void **state)
{
    struct leaver_need known = {.rank = 1, .type = "SLCN"};
    struct leaver_need fresh[] = {known, {.rank = 2, .type = "ASD"}};
    struct leaver_language language = {.type = "H", .code = "IGB"};
    struct merged *m = *state;

    m->known.leaver.needs = &known;
    m->known.leaver.need_count = 1;
    m->known.leaver.languages = &language;
    m->known.leaver.language_count = 1;
    m->fresh.leaver.needs = fresh;
    m->fresh.leaver.need_count = 2;
    add_father(m);
    merge(m);
    assert_int_equal(m->out.need_count, 2);
    assert_int_equal(m->out.language_count, 1);
    assert_int_equal(m->report.count, 1);
    assert_true(reports(m, "needs"));
}

static void test_a_contact_that_is_left_out_stays_and_is_marked(void **state)
{
    struct merged *m = *state;

    merge(m);
    assert_int_equal(m->out.contact_count, 2);
    assert_false(leaver_contact(&m->out, 1)->left_out);
    assert_true(leaver_contact(&m->out, 2)->left_out);
    assert_true(reports(m, "contact 2 left out"));

    /* ...and comes back under its number */
    m->known.leaver.contacts[1].left_out = true;
    add_father(m);
    merge(m);
    assert_false(leaver_contact(&m->out, 2)->left_out);
    assert_int_equal(m->report.count, 1);
    assert_true(reports(m, "contact 2 listed again"));
}

static void test_a_file_without_contacts_leaves_them_alone(void **state)
{
    struct merged *m = *state;

    m->fresh.leaver.contact_count = 0;
    merge(m);
    assert_int_equal(m->out.contact_count, 2);
    assert_int_equal(m->report.count, 0);
}

static void test_knows_a_contact_by_id_or_by_folded_name(void **state)
{
    struct merged *m = *state;
    struct leaver_contact *father;

    m->fresh.leaver.contacts[0].surname = "Eze"; /* married, same id */
    father = family_add(&m->fresh, " chidi", "OKORO");
    father->source_id = "P-77";
    merge(m);
    assert_int_equal(m->out.contact_count, 2);
    assert_string_equal(leaver_contact(&m->out, 1)->surname, "Eze");
    assert_string_equal(leaver_contact(&m->out, 2)->source_id, "P-77");
    assert_true(reports(m, "contact 1 name"));
    assert_true(reports(m, "contact 2 identifier"));
}

static void test_a_new_contact_gets_a_number_nobody_ever_had(void **state)
{
    struct merged *m = *state;

    family_restrict(&m->known, RESTRICTION_DO_NOT_CONTACT, 9);
    add_father(m);
    family_add(&m->fresh, "Grace", "Okoro")->order = 1;
    merge(m);
    assert_int_equal(m->out.contact_count, 3);
    assert_string_equal(leaver_contact(&m->out, 10)->forename, "Grace");
    assert_true(reports(m, "contact 10 added"));
    assert_int_equal(m->out.restriction_count, 1);
    /* in call order */
    assert_int_equal(m->out.contacts[0].number, 1);
    assert_int_equal(m->out.contacts[1].number, 10);
}

static void test_points_keep_their_numbers_by_what_was_written(void **state)
{
    struct merged *m = *state;
    struct leaver_contact *mother = &m->fresh.leaver.contacts[0];
    const struct leaver_contact *out;

    mother->point_count = 0;
    family_point(&m->fresh, mother, "07700 900142");
    family_point(&m->fresh, mother, "020 7946 0118");
    add_father(m);
    merge(m);
    out = leaver_contact(&m->out, 1);
    assert_int_equal(out->point_count, 2);
    assert_int_equal(out->points[0].number, 3);
    assert_int_equal(out->points[1].number, 2);
    assert_int_equal(m->report.count, 1);
    assert_true(reports(m, "contact 1 phones"));
}

static void test_the_same_number_twice_gets_two_point_numbers(void **state)
{
    struct merged *m = *state;
    struct leaver_contact *mother = &m->fresh.leaver.contacts[0];

    mother->point_count = 0;
    family_point(&m->fresh, mother, "07700 900118");
    family_point(&m->fresh, mother, "07700 900118");
    merge(m);
    assert_int_equal(leaver_contact(&m->out, 1)->points[0].number, 1);
    assert_int_equal(leaver_contact(&m->out, 1)->points[1].number, 3);
}

static void fill(struct family *family, size_t count, const char *const *names)
{
    while (family->leaver.contact_count < count)
        family_add(family, names[family->leaver.contact_count], "Okoro");
}

static void test_over_the_limit_the_restricted_contact_is_kept(void **state)
{
    static const char *const known[] = {"", "", "A", "B", "C", "D", "E", "F",
        "G", "H", "I", "J", "K", "L", "M", "N"};
    static const char *const fresh[] = {"", "a1", "a2", "a3", "a4", "a5", "a6",
        "a7", "a8", "a9", "b1", "b2", "b3", "b4", "b5", "b6"};
    struct merged *m = *state;

    fill(&m->known, LEAVER_MAX_CONTACTS, known);
    fill(&m->fresh, LEAVER_MAX_CONTACTS, fresh);
    family_restrict(&m->known, RESTRICTION_DO_NOT_CONTACT, 5);
    merge(m);
    assert_int_equal(m->out.contact_count, LEAVER_MAX_CONTACTS);
    assert_non_null(leaver_contact(&m->out, 5));
    assert_true(leaver_contact(&m->out, 5)->left_out);
    assert_non_null(leaver_contact(&m->out, 1));
    assert_null(leaver_contact(&m->out, 6));
}

static void test_names_what_people_call_the_child(void **state)
{
    struct merged *m = *state;

    assert_string_equal(leaver_known_forename(&m->known.leaver), "Tariq");
    assert_string_equal(leaver_known_surname(&m->known.leaver), "Okoro");
    m->known.leaver.preferred_forename = "Tari";
    m->known.leaver.preferred_surname = "Eze";
    assert_string_equal(leaver_known_forename(&m->known.leaver), "Tari");
    assert_string_equal(leaver_known_surname(&m->known.leaver), "Eze");
    assert_null(leaver_contact(&m->known.leaver, 3));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static void test_restrictions_are_added_and_ended_ones_stay_ended(void **state)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct restriction ours[] = {{.id = {{1}}, .note = "", .evidence = ""},
        {.id = {{5}}, .note = "", .ended = {7}, .evidence = "lifted"}};
    struct restriction theirs[] = {
        {.id = {{1}}, .note = "", .ended = {6}, .evidence = "lifted too"},
        {.id = {{2}}, .contact = 9, .note = "", .evidence = ""},
        {.id = {{3}}, .note = "", .ended = {5}, .evidence = "lifted"},
        {.id = {{5}}, .note = "", .evidence = ""},
    };
    struct leaver to;
    struct leaver from;

    (void)state;
    leaver_init(&to);
    leaver_init(&from);
    to.restrictions = ours;
    to.restriction_count = 2;
    from.restrictions = theirs;
    from.restriction_count = 4;
    assert_true(merge_lacks(&to, &theirs[0]));
    assert_false(merge_lacks(&to, &theirs[3]));
    assert_int_equal(merge_restrictions(&to, &from, &arena), 3);
    assert_int_equal(to.restriction_count, 4);
    assert_int_equal(to.restrictions[0].ended.ms, 6);
    assert_string_equal(to.restrictions[0].evidence, "lifted too");
    assert_int_equal(to.restrictions[1].ended.ms, 7);
    assert_int_equal(to.restrictions[2].id.bytes[0], 2);
    assert_int_equal(to.restrictions[2].contact, 0); /* nobody knows who */
    assert_int_equal(to.restrictions[3].ended.ms, 5);
    assert_int_equal(merge_restrictions(&to, &from, &arena), 0);
    merge_shorten(&to, 2);
    assert_string_equal(to.restrictions[0].evidence, "lifted too");
    assert_string_equal(to.restrictions[3].evidence, "");
}

/* The numbers of the two records are not the same. */
static void test_a_restriction_goes_to_the_person_it_was_made_for(void **state)
{
    struct merged *m = *state;
    const size_t had = m->fresh.leaver.contact_count;

    family_restrict(&m->known, RESTRICTION_DO_NOT_CONTACT, 2);
    m->known.leaver.contacts[1].source_id = "S1";
    m->fresh.leaver.contacts[0].source_id = "S1";
    m->fresh.leaver.contacts[0].number = 2;
    m->fresh.leaver.contacts[1].number = 1;
    m->fresh.leaver.contacts[1].source_id = "S2";
    assert_int_equal(
        merge_restrictions(&m->fresh.leaver, &m->known.leaver, &m->arena), 1);
    assert_int_equal(m->fresh.leaver.restrictions[0].contact, 2);
    assert_int_equal(m->fresh.leaver.contact_count, had);
}

static void test_a_hidden_person_who_is_not_listed_comes_along(void **state)
{
    struct merged *m = *state;
    const struct leaver_contact *kept;

    family_add(&m->known, "Zed", "Unlisted");
    m->known.leaver.contacts[m->known.leaver.contact_count - 1].number = 1;
    family_restrict(&m->known, RESTRICTION_DO_NOT_CONTACT, 1);
    m->known.leaver.contacts[0].number = 7; /* number 1 is Zed's alone */
    merge_number(&m->fresh.leaver);
    assert_int_equal(
        merge_restrictions(&m->fresh.leaver, &m->known.leaver, &m->arena), 1);
    kept = leaver_contact(
        &m->fresh.leaver, m->fresh.leaver.restrictions[0].contact);
    assert_non_null(kept);
    assert_string_equal(kept->forename, "Zed");
    assert_true(kept->left_out);
    assert_int_not_equal(kept->number, 1); /* somebody else has that here */
}

static void test_one_in_force_takes_the_place_of_an_ended_one(void **state)
{
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct restriction ours[LEAVER_MAX_RESTRICTIONS];
    struct restriction fresh[] = {
        {.id = {{200}}, .note = "", .ended = {1}, .evidence = ""},
        {.id = {{201}}, .note = "", .evidence = ""},
        {.id = {{202}}, .note = "", .evidence = ""},
    };
    struct leaver to;
    struct leaver from;

    (void)state;
    leaver_init(&to);
    leaver_init(&from);
    for (uint8_t i = 0; i < LEAVER_MAX_RESTRICTIONS; i++)
        ours[i] =
            (struct restriction){.id = {{i + 1}}, .note = "", .evidence = ""};
    ours[5].ended = (wall){4};
    to.restrictions = ours;
    to.restriction_count = LEAVER_MAX_RESTRICTIONS;
    from.restrictions = fresh;
    from.restriction_count = 3;
    assert_int_equal(merge_restrictions(&to, &from, &arena), 1);
    assert_int_equal(to.restriction_count, LEAVER_MAX_RESTRICTIONS);
    assert_int_equal(to.restrictions[5].id.bytes[0], 201);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_the_same_file_again_changes_nothing),
        TEST(test_numbers_a_first_file_in_call_order),
        TEST(test_equal_orders_stay_as_in_the_file_and_none_come_last),
        TEST(test_what_is_stated_replaces_and_silence_changes_nothing),
        TEST(test_an_address_is_replaced_whole),
        TEST(test_lists_are_replaced_unless_the_new_one_is_empty),
        TEST(test_a_contact_that_is_left_out_stays_and_is_marked),
        TEST(test_a_file_without_contacts_leaves_them_alone),
        TEST(test_knows_a_contact_by_id_or_by_folded_name),
        TEST(test_a_new_contact_gets_a_number_nobody_ever_had),
        TEST(test_points_keep_their_numbers_by_what_was_written),
        TEST(test_the_same_number_twice_gets_two_point_numbers),
        TEST(test_over_the_limit_the_restricted_contact_is_kept),
        TEST(test_names_what_people_call_the_child),
        cmocka_unit_test(test_restrictions_are_added_and_ended_ones_stay_ended),
        TEST(test_a_restriction_goes_to_the_person_it_was_made_for),
        TEST(test_a_hidden_person_who_is_not_listed_comes_along),
        cmocka_unit_test(test_one_in_force_takes_the_place_of_an_ended_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

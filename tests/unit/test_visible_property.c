#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/*
 * Whatever the record: nothing that visible_contacts() gives out betrays a
 * restricted adult.  Random leavers from a seed; names, numbers and e-mails are
 * drawn from small lists so that the same ones meet all the time.
 */
#include <stdlib.h>

#include "base/buf.h"
#include "family.h"
#include "record/visible.h"

#define ROUNDS 20000

#define PICK(random, list)                                                     \
    (list)[next(random) % (sizeof(list) / sizeof *(list))]

static uint32_t next(uint64_t *random)
{
    *random =
        *random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*random >> 33);
}

static const char *const FORENAMES[] = {"Ada", "ADA ", "Chidi",
    "ch\xc3\xad"
    "di",
    "Mary Ann", "Maryann", "Jo", "", "Mr Chidi", "Ada Jo"};
static const char *const SURNAMES[] = {"Okoro", " okoro", "O'Koro", "Smith",
    "Smith-Jones", "Lee", "", "Okoro Lee"};
static const char *const IDS[] = {"", "", "", "P-1", "P-2"};
static const char *const POINTS[] = {"07700 900118", "+447700900118",
    "0044 (0)7700 900118", "900118", "07700 900119", "07700900119 (Ada Okoro)",
    "01632 960001 or 07700 900118", "ada@example.org", "ADA@Example.org ",
    "Chidi <chidi@example.org>", "(text only)", "123", "0118 496 0001",
    "1180118496000107700"};

static const enum restriction_kind KINDS[] = {RESTRICTION_DO_NOT_CONTACT,
    RESTRICTION_NO_INFORMATION, RESTRICTION_NO_TEXT,
    RESTRICTION_DO_NOT_DISCLOSE_ADDRESS};

static void add_contact(struct family *family, uint64_t *random)
{
    struct leaver_contact *contact =
        family_add(family, PICK(random, FORENAMES), PICK(random, SURNAMES));

    contact->source_id = PICK(random, IDS);
    contact->middle_names = next(random) % 4 == 0 ? "Jo" : "";
    contact->title = next(random) % 2 == 0 ? "Mr" : "";
    contact->order = next(random) % 4;
    for (uint32_t i = next(random) % 4; i > 0; i--)
        family_point(family, contact, PICK(random, POINTS));
}

static void make(struct family *family, uint64_t *random)
{
    family_init(family);
    for (uint32_t i = next(random) % 6; i > 0; i--)
        add_contact(family, random);
    for (uint32_t i = next(random) % 3; i > 0; i--)
        family_restrict(family, PICK(random, KINDS), next(random) % 7)
            ->ended.ms = next(random) % 3 == 0;
    family->leaver.phone = PICK(random, POINTS);
    family->leaver.email = PICK(random, POINTS);
    family->leaver.strengths =
        next(random) % 3 == 0 ? "Likes drums; ask Chidi Okoro" : "Drums";
    if (family->leaver.contact_count > 0 && next(random) % 4 == 0)
        family->contacts[0].address.lines[0] = "c/o Mrs Ada Okoro";
}

static void check(const struct leaver *leaver, const char *text)
{
    assert_false(visible_betrays(leaver, text));
}

/* A name as a card and as a list print it. */
static void check_name(
    const struct leaver *leaver, const struct leaver_contact *contact)
{
    struct buf text = BUF_EMPTY;

    buf_format(&text, "%s %s %s %s", contact->title, contact->forename,
        contact->middle_names, contact->surname);
    buf_add(&text, (struct bytes){(const uint8_t *)"", 1});
    check(leaver, (const char *)text.data);
    buf_clear(&text);
    buf_format(&text, "{\"surname\":\"%s\",\"forename\":\"%s\"}",
        contact->surname, contact->forename);
    buf_add(&text, (struct bytes){(const uint8_t *)"", 1});
    check(leaver, (const char *)text.data);
    buf_free(&text);
}

static void check_contact(const struct leaver *leaver,
    const struct visible_contact *shown, bool address_withheld)
{
    check_name(leaver, shown->contact);
    for (size_t i = 0; i < shown->point_count; i++) {
        check(leaver, shown->points[i]->raw);
        check(leaver, shown->points[i]->dial);
    }
    if (!address_withheld)
        check(leaver, shown->contact->address.lines[0]);
    for (size_t i = 0; i < leaver->restriction_count; i++) {
        const struct restriction *r = &leaver->restrictions[i];

        if (restriction_hides(r))
            assert_int_not_equal(r->contact, shown->contact->number);
    }
}

static void test_nothing_that_is_shown_betrays(void **state)
{
    size_t shown = 0, withheld = 0, points_withheld = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
        uint64_t random = seed;
        struct family family;
        struct visible v;

        make(&family, &random);
        visible_contacts(&v, &family.leaver);
        assert_int_equal(v.count + v.withheld, family.leaver.contact_count);
        for (size_t i = 0; i < v.count; i++) {
            check_contact(&family.leaver, &v.contacts[i], v.address_withheld);
            points_withheld += v.contacts[i].point_withheld;
        }
        if (!v.pupil_phone_withheld)
            check(&family.leaver, family.leaver.phone);
        if (!v.pupil_email_withheld)
            check(&family.leaver, family.leaver.email);
        if (!v.strengths_withheld)
            check(&family.leaver, family.leaver.strengths);
        shown += v.count;
        withheld += v.withheld;
        family_free(&family);
    }
    /* the lists do what they are for: all three happen often */
    assert_true(shown > ROUNDS / 2);
    assert_true(withheld > ROUNDS / 4);
    assert_true(points_withheld > ROUNDS / 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_that_is_shown_betrays),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

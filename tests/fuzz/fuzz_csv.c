/*
 * Any bytes as a CSV file: the daemon lives; a refusal has a reason; what is
 * taken keeps the promises of leaver.h; and the pieces in which the bytes came
 * make no difference.  The first byte is the size of the pieces.
 */
#include <stdlib.h>

#include "../unit/import_room.h"
#include "base/text.h"

static void must(bool held)
{
    if (!held)
        abort();
}

static void must_be_clean(const char *text)
{
    const struct bytes bytes = bytes_of(text);

    must(bytes.len <= LEAVER_MAX_TEXT && text_is_utf8(bytes) &&
         text_is_clean(bytes));
}

static void look_contact(const struct leaver_contact *contact)
{
    must_be_clean(contact->surname);
    must_be_clean(contact->forename);
    must_be_clean(contact->relationship);
    must(contact->point_count <= LEAVER_MAX_POINTS);
    for (size_t i = 0; i < contact->point_count; i++) {
        must_be_clean(contact->points[i].raw);
        must_be_clean(contact->points[i].dial);
    }
}

static void look(void *arg, const struct leaver *leaver)
{
    (void)arg;
    must_be_clean(leaver->upn);
    must_be_clean(leaver->surname);
    must_be_clean(leaver->forename);
    must_be_clean(leaver->sen_provision);
    must_be_clean(leaver->strengths);
    must_be_clean(leaver->say_name);
    for (size_t i = 0; i < 7; i++)
        must_be_clean(leaver->address.lines[i]);
    must(leaver->contact_count <= LEAVER_MAX_CONTACTS);
    for (size_t i = 0; i < leaver->contact_count; i++) {
        must(leaver->contacts[i].number == i + 1);
        look_contact(&leaver->contacts[i]);
    }
    must(leaver->result_count <= LEAVER_MAX_RESULTS);
    must(leaver->need_count <= LEAVER_MAX_NEEDS);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct import whole = {.look = look}, part = {.pupils = 0};
    struct bytes file;

    if (len < 2)
        return 0;
    file = (struct bytes){data + 1, len - 1};
    import_csv(&whole, "8732001", file, file.len);
    import_csv(&part, "8732001", file, (size_t)data[0] + 1);
    must(strcmp(import_story(&whole), import_story(&part)) == 0);
    must(strcmp(import_details(&whole), import_details(&part)) == 0);
    must((whole.rc != 0) == (whole.refusal.level == FINDING_REFUSE));
    must(whole.rc == 0 || whole.refusal.detail[0] != '\0');
    import_free(&whole);
    import_free(&part);
    return 0;
}

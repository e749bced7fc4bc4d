#include "record/leaver.h"

static void init_address(struct leaver_address *address)
{
    for (size_t i = 0; i < sizeof address->lines / sizeof *address->lines; i++)
        address->lines[i] = "";
    address->postcode = "";
    address->uprn = "";
}

void leaver_init(struct leaver *leaver)
{
    *leaver = (struct leaver){
        .upn = "",
        .former_upn = "",
        .uln = "",
        .surname = "",
        .forename = "",
        .preferred_surname = "",
        .preferred_forename = "",
        .middle_names = "",
        .former_surname = "",
        .sex = "",
        .nc_year = "",
        .ethnicity = "",
        .ethnicity_source = "",
        .service_child = "",
        .enrol_status = "",
        .care_authority = "",
        .sen_provision = "",
        .email = "",
        .phone = "",
        .strengths = "",
        .say_name = "",
    };
    init_address(&leaver->address);
}

void leaver_contact_init(struct leaver_contact *contact)
{
    *contact = (struct leaver_contact){
        .source_id = "",
        .title = "",
        .surname = "",
        .forename = "",
        .middle_names = "",
        .sex = "",
        .relationship = "",
        .language = "",
    };
    init_address(&contact->address);
}

const char *leaver_known_forename(const struct leaver *leaver)
{
    return leaver->preferred_forename[0] != '\0' ? leaver->preferred_forename
                                                 : leaver->forename;
}

const char *leaver_known_surname(const struct leaver *leaver)
{
    return leaver->preferred_surname[0] != '\0' ? leaver->preferred_surname
                                                : leaver->surname;
}

const struct leaver_contact *leaver_contact(
    const struct leaver *leaver, uint32_t number)
{
    for (size_t i = 0; i < leaver->contact_count; i++)
        if (leaver->contacts[i].number == number)
            return &leaver->contacts[i];
    return NULL;
}

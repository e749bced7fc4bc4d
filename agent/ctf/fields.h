/*
 * fields - what each element inside Pupil means: lists and what is
 * put together from several elements; values.h has the single values.
 */
#ifndef CTF_FIELDS_H
#define CTF_FIELDS_H

#include "ctf/paths.h"
#include "ctf/postal.h"
#include "ctf/pupil.h"

/* What is open at the moment; all of it is forgotten at the next Pupil. */
struct fields {
    struct pupil *pupil;
    struct date now; /* the day the file was written */

    /* The open item of a list.  Points to spare when the list is full: what is
     * read then goes nowhere. */
    struct leaver_contact *contact; /* NULL: outside Contact */
    struct leaver_language *language;
    struct leaver_need *need;
    struct leaver_year *year;
    struct leaver_result *result;
    struct leaver_school *school;
    const char *stage; /* of the open KeyStage */
    struct {
        struct leaver_contact contact;
        struct leaver_language language;
        struct leaver_need need;
        struct leaver_year year;
        struct leaver_result result;
        struct leaver_school school;
    } spare;

    enum point_kind phone_kind;
    const char *phone_raw; /* NULL: no PhoneNo yet */
    const char *lea, *estab;
    const char *address[POSTAL_PARTS]; /* most local first */
    struct leaver_address *address_of;

    struct date sen_start, sen_best; /* of the open SEN, of the chosen one */
    const char *sen_provision;
    bool sen_ended, sen_chosen;
    bool fsm_ended;
};

/** A new pupil at line.  fields->pupil and ->now are kept. */
void fields_begin_pupil(struct fields *fields, uint64_t line);

/** An element that holds elements begins or ends. */
void fields_open(struct fields *fields, enum paths_node node);
void fields_close(struct fields *fields, enum paths_node node);

/** A number or e-mail of the open contact. */
void fields_add_point(
    struct fields *fields, enum point_kind kind, const char *raw);

#endif

#include "cli/catalogue_session.h"

#include "cli/do_actions.h"
#include "cli/do_load.h"
#include "cli/do_session.h"
#include "cli/do_strategy.h"
#include "cli/do_support.h"

#define SHOWS (COMMAND_AGENT | COMMAND_JSON)
#define LISTS (COMMAND_AGENT | COMMAND_JSON | COMMAND_CSV)
#define SECTION "Secondary school"
#define NO_MORE                                                                \
    {                                                                          \
        .name = NULL                                                           \
    }

static const struct options_spec add_options[] = {
    {"type", 0, "TYPE", "new-intake-evening, meet-the-tutor, send-coffee, ...",
        true},
    {"start", 0, "TIME", "\"2027-06-24 18:00\"", true},
    {"finish", 0, "TIME", "19:30; an hour later unless told", false},
    {"place", 0, "TEXT", "where: as families know it", false},
    {"online", 0, "LINK", "they can take part from home", false},
    {"title", 0, "TEXT", "what to call it; else its type", false},
    {"capacity", 0, "N", "how many people altogether; else no limit", false},
    {"creche", 0, "N", "how many younger children are looked after", false},
    {"interpreters", 0, "CODE,...", "languages that are interpreted: so,ur",
        false},
    {"step-free", 0, NULL, "there are no steps", false},
    {"learning", 0, NULL, "it is about how to help a child learn", false},
    {"person", 0, "NAME", "whom families ask", false},
    {"phone", 0, "N", "and the number to ring", false},
    {"publish", 0, NULL, "open for invitations at once", false},
    NO_MORE,
};
static const struct options_spec edit_options[] = {
    {"type", 0, "TYPE", "another type", false},
    {"start", 0, "TIME", "\"2027-06-24 18:00\"; it lasts as long as before",
        false},
    {"finish", 0, "TIME", "19:30", false},
    {"place", 0, "TEXT", "where: as families know it", false},
    {"online", 0, "LINK", "they can take part from home", false},
    {"title", 0, "TEXT", "what to call it", false},
    {"capacity", 0, "N", "how many people; not fewer than have a place", false},
    {"creche", 0, "N", "how many younger children are looked after", false},
    {"interpreters", 0, "CODE,...", "languages that are interpreted: so,ur",
        false},
    {"step-free", 0, NULL, "there are no steps", false},
    {"learning", 0, NULL, "it is about how to help a child learn", false},
    {"person", 0, "NAME", "whom families ask", false},
    {"phone", 0, "N", "and the number to ring", false},
    NO_MORE,
};
static const struct options_spec list_options[] = {
    {"all", 0, NULL, "also those that were cancelled", false},
    NO_MORE,
};
static const struct options_spec cancel_options[] = {
    {"reason", 0, "TEXT", "why; kept at this school only", false},
    NO_MORE,
};
static const struct options_spec ics_options[] = {
    {"output", 'o', "FILE", "write it to this file", false},
    NO_MORE,
};
static const struct options_spec mark_options[] = {
    {"csv", 0, NULL, "read a filled-in door list from FILE, or standard input",
        false},
    {"absent", 0, NULL, "these families did not come", false},
    {"rest-absent", 0, NULL, "nor did anybody else who is not marked", false},
    NO_MORE,
};
static const struct options_spec invite_options[] = {
    {"session", 0, "N", "its number, as `session list` prints it", true},
    {"contact", 0, "N", "whom, as `card` prints it; else the first", false},
    {"rsvp", 0, "ANSWER", "yes, no, tentative, waiting, cancelled", false},
    {"guests", 0, "N", "how many come along, children too", false},
    {"creche", 0, "N", "how many of them go to the crèche", false},
    {"needs", 0, "TEXT", "what would help them", false},
    {"reason", 0, "TEXT", "why not", false},
    {"channel", 0, "CHANNEL", "letter (unless told), text, email, voice",
        false},
    {"format", 0, "FORMAT",
        "standard, large-print, easy-read, audio, braille, translated, "
        "read-to-me",
        false},
    {"print", 0, NULL, "print the letter or text to send", false},
    NO_MORE,
};

static const struct options_spec actions_options[] = {
    {"all", 0, NULL, "also what is done or dropped", false},
    {"owner", 0, "WHO", "only what this role or login owes", false},
    NO_MORE,
};
static const struct options_spec actions_add_options[] = {
    {"owner", 0, "WHO", "a login, or tutor, senco, dsl, lead, office, primary",
        true},
    {"kind", 0, "KIND", "promise (unless told), question, request, ...", false},
    {"due", 0, "DATE", "2027-06-18; in five days unless told", false},
    {"theme", 0, "TEXT", "what it is about: transport, uniform", false},
    NO_MORE,
};
static const struct options_spec done_options[] = {
    {"note", 0, "TEXT", "what came of it", false},
    NO_MORE,
};
static const struct options_spec drop_options[] = {
    {"reason", 0, "TEXT", "why it will not be done", true},
    NO_MORE,
};
static const struct options_spec tutor_options[] = {
    {"name", 0, "NAME", "as the family hears it: \"Ms Lund\"", true},
    {"staff", 0, "LOGIN", "if the tutor is on the staff list", false},
    {"told", 0, NULL, "the family was told", false},
    NO_MORE,
};
static const struct options_spec load_options[] = {
    {"dry-run", 0, NULL, "say what would happen and change nothing", false},
    NO_MORE,
};
static const struct options_spec strategy_options[] = {
    {"for", 0, "GROUP", "language:SOM, interpreter, sen, ehcp, from:8732001...",
        true},
    {"first", 0, "WHAT", "text-first, evening-call, weekend-call, via-primary",
        true},
    {"note", 0, "TEXT", "why, in a few words", false},
    NO_MORE,
};
static const struct options_spec offers_options[] = {
    {"missing", 0, NULL, "only those whose record has not come", false},
    NO_MORE,
};
static const struct options_spec refer_options[] = {
    {"service", 0, "SERVICE", "senco, school-nurse, early-help, ...", true},
    {"consent", 0, "ANSWER", "of the family: given, refused, not-needed", true},
    {"note", 0, "TEXT", "kept at this school only", false},
    NO_MORE,
};
static const struct options_spec state_options[] = {
    {"note", 0, "TEXT", "kept at this school only", false},
    NO_MORE,
};
static const struct options_spec support_list_options[] = {
    {"open", 0, NULL, "only checks without a result, referrals not started",
        false},
    NO_MORE,
};
static const struct options_spec support_options[] = {
    {"needs", 0, "CODE,...", "semh, medical, travel, friendship, ...", false},
    {"assessment", 0, NULL, "an assessment is in place", false},
    {"professional", 0, "NAME", "who leads on it", false},
    {"note", 0, "TEXT", "kept at this school only", false},
    NO_MORE,
};

static const struct command commands[] = {
    {SECTION, "session add", "", 0, 0, SHOWS, add_options, do_session_add,
        "plan an information session",
        "Types: new-intake-evening, meet-the-tutor, send-coffee, eal-welcome, "
        "learning-at-home, transport-uniform, one-to-one, online, "
        "induction-day.  Guests are counted once a family."},
    {SECTION, "session edit", "NO", 1, 1, SHOWS, edit_options, do_session_edit,
        "change a session, and see who has to be told",
        "What is not given stays.  Nobody who has a place loses it."},
    {SECTION, "session list", "", 0, 0, LISTS, list_options, do_session_list,
        "the sessions and how full they are", ""},
    {SECTION, "session publish", "NO", 1, 1, SHOWS, NULL, do_session_publish,
        "open a session for invitations", ""},
    {SECTION, "session cancel", "NO", 1, 1, SHOWS, cancel_options,
        do_session_cancel, "call a session off, and see who has to be told",
        ""},
    {SECTION, "session fit", "", 0, 0, LISTS, NULL, do_session_fit,
        "families without one session that they can make, and why",
        "By the times, languages and needs that they stated.  Of two adults "
        "who may not meet, each needs a session."},
    {SECTION, "session doorlist", "NO", 1, 1, LISTS, NULL, do_session_doorlist,
        "who is expected, for the door", ""},
    {SECTION, "session mark", "NO [CASE...]", 1, COMMAND_MANY, SHOWS,
        mark_options, do_session_mark,
        "say who came, and follow up who did not",
        "With --csv: NO [FILE], a door list whose column attended is filled "
        "in."},
    {SECTION, "session letters", "NO", 1, 1, LISTS, NULL, do_session_letters,
        "the letters or texts to all who are invited",
        "--csv is for a mail merge."},
    {SECTION, "session ics", "NO", 1, 1, SHOWS, ics_options, do_session_ics,
        "a calendar file of the session (iCalendar)", ""},
    {SECTION, "invite", "CASE", 1, 1, SHOWS, invite_options, do_session_invite,
        "ask a contact to a session, and note the answer",
        "When it is full they wait, and move up when somebody cancels.  Two "
        "adults who may not meet are never invited to one session."},
    {SECTION, "actions add", "CASE TEXT", 2, 2, SHOWS, actions_add_options,
        do_actions_add, "write down what was promised or asked", ""},
    {SECTION, "actions done", "NO", 1, 1, SHOWS, done_options, do_actions_done,
        "it is done", ""},
    {SECTION, "actions drop", "NO", 1, 1, SHOWS, drop_options, do_actions_drop,
        "it will not be done, and why", ""},
    /* After those whose names begin with it: the first that fits is taken. */
    {SECTION, "actions", "", 0, 0, LISTS, actions_options, do_actions_list,
        "promises, questions and follow-ups: who owes what, by when",
        "What concerns safeguarding only the safeguarding lead sees."},
    {SECTION, "strategy set", "NAME", 1, 1, SHOWS, strategy_options,
        do_strategy_set, "what comes first for the families of a group",
        "Instead of the usual order.  Groups: language:SOM (any code), "
        "interpreter, sen, ehcp, in-care, fsm, service, from:8732001.  A name "
        "set again is replaced."},
    {SECTION, "strategy end", "NAME", 1, 1, SHOWS, NULL, do_strategy_end,
        "back to the usual order", ""},
    {SECTION, "strategy list", "", 0, 0, LISTS, NULL, do_strategy_list,
        "the strategies, and how far they have got", ""},
    {SECTION, "offers load", "FILE", 1, 1, SHOWS, load_options, do_load_offers,
        "whom to expect, from the list of admissions (CSV)",
        "Columns, in any order: upn, surname, forename, from (the primary's "
        "LAESTAB), and of the parent who applied, if you like, contact_title, "
        "contact_surname, contact_forename, contact_relationship and "
        "contact_phone.  Who is expected and has no record waits on the list "
        "as awaiting-record; what happens before it comes stays with the "
        "child."},
    {SECTION, "offers list", "", 0, 0, LISTS, offers_options, do_load_expected,
        "whom we expect, and whose record has not come", ""},
    {SECTION, "offers drop", "UPN", 1, 1, SHOWS, NULL, do_load_drop,
        "the place was not taken: expect this child no more", ""},
    {SECTION, "tutor set", "UPN|CASE", 1, 1, SHOWS, tutor_options,
        do_support_tutor, "who will be a child's tutor",
        "The primary school is told the name."},
    {SECTION, "tutor load", "FILE", 1, 1, SHOWS, load_options, do_load_tutors,
        "the tutors of many children, from a sheet (CSV)",
        "Columns, in any order: upn, tutor (the name as families hear it), and "
        "if you like staff (a login) and told (yes: the family was told).  "
        "Other columns are passed over.  Lines that are wrong are printed with "
        "the reason, the others are taken; exit 1 if there were any."},
    {SECTION, "support check", "UPN|CASE RESULT", 2, 2, SHOWS, support_options,
        do_support_check, "what a child needs, asked of the family",
        "Results: none-needed, in-place, new (with --needs), declined, "
        "not-asked."},
    {SECTION, "support refer", "UPN|CASE", 1, 1, SHOWS, refer_options,
        do_support_refer, "ask a service to help a child",
        "Services: tutor, senco, family-support, learning-mentor, early-help, "
        "school-nurse, education-welfare, virtual-school, youth-service, "
        "sendiass, adult-learning, food-uniform.  If the family does not "
        "agree nobody is asked; that it was offered is kept.  Nothing of it is "
        "told to the primary school."},
    {SECTION, "support state", "NO STATE", 2, 2, SHOWS, state_options,
        do_support_state, "how far a referral has come",
        "States: accepted, started, not-taken-up, closed."},
    {SECTION, "support", "", 0, 0, LISTS, support_list_options, do_support_list,
        "support checks and referrals: what was found, what waits", ""},
};

const struct command *catalogue_session_commands(size_t *count)
{
    *count = sizeof commands / sizeof commands[0];
    return commands;
}

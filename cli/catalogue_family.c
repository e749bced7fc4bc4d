#include "cli/catalogue_family.h"

#include "cli/do_ask.h"
#include "cli/do_calls.h"
#include "cli/do_callsheet.h"
#include "cli/do_changes.h"
#include "cli/do_coverage.h"
#include "cli/do_decide.h"
#include "cli/do_entry.h"
#include "cli/do_log.h"

#define SHOWS (COMMAND_AGENT | COMMAND_JSON)
#define LISTS (COMMAND_AGENT | COMMAND_JSON | COMMAND_CSV)
#define SECTION "Secondary school"
#define NO_MORE                                                                \
    {                                                                          \
        .name = NULL                                                           \
    }
#define CONTACT_OPTION                                                         \
    {                                                                          \
        "contact", 0, "N", "who: the number that `card` shows", false          \
    }

static const struct options_spec changes_options[] = {
    {"since", 0, "WHEN", "yesterday, today, or a day: 2027-06-15", false},
    NO_MORE,
};
static const struct options_spec died_options[] = {
    {"contact", 0, "N", "whom, as the card numbers them", true},
    {"mistake", 0, NULL, "nobody has died: take it back", false},
    NO_MORE,
};
static const struct options_spec entry_options[] = {
    {"date", 0, "DATE", "when it was; else today", false},
    {"note", 0, "TEXT", "in a few words, for this school only", false},
    {"csv", 0, NULL, "read a sheet from FILE: upn, result, date", false},
    {"dry-run", 0, NULL, "with --csv: say what would be taken, take nothing",
        false},
    NO_MORE,
};
static const struct options_spec ask_options[] = {
    {"wrong-number", 0, "POINT", "this number does not reach the contact",
        false},
    {"contact", 0, "N", "whose number, as the card shows it; else the first",
        false},
    {"help-reach", 0, NULL, "we do not reach this family", false},
    {"question", 0, "TEXT", "ask this", false},
    {"not-ours", 0, NULL, "we do not expect this child", false},
    {"child", 0, "UPN", "with --not-ours: which one, if there are several",
        false},
    NO_MORE,
};
static const struct options_spec list_options[] = {
    {"all", 0, NULL, "also those who cannot be called now", false},
    {"state", 0, "STATE", "only families in this state", false},
    {"from", 0, "LAESTAB", "only those from this school", false},
    {"why", 0, NULL, "why each family stands where it stands", false},
    NO_MORE,
};
static const struct options_spec next_options[] = {
    {"with-interpreter", 0, NULL, "an interpreter is with you", false},
    {"another", 0, NULL, "give this one back and take another", false},
    {"give-back", 0, NULL, "give this one back and take none", false},
    NO_MORE,
};
static const struct options_spec log_options[] = {
    CONTACT_OPTION,
    {"point", 0, "N", "which of that person's numbers", false},
    {"phone", 0, "N", "or the number that was dialled or that rang", false},
    {"said", 0, "TEXT", "what the parent said or asked", false},
    {"call-back", 0, "WHEN", "17:30, \"tomorrow 10:00\", \"thu 17:40\"", false},
    {"note", 0, "TEXT", "for whoever rings next", false},
    {"inbound", 0, NULL, "they came to us", false},
    {"by", 0, "WAY",
        "voice, text, email, letter, at-primary, at-secondary, home-visit, "
        "video, via-primary",
        false},
    {"language", 0, "CODE", "that was spoken, or that is needed", false},
    {"with-interpreter", 0, NULL, "an interpreter took part", false},
    {"concern", 0, NULL, "something for the safeguarding lead", false},
    {"at", 0, "WHEN", "when it was, if it is entered later", false},
    {"for", 0, "WHO",
        "who must reply: tutor, senco, lead, office, a login, "
        "primary",
        false},
    {"due", 0, "DATE", "by when; in five days unless told", false},
    {"kind", 0, "KIND", "question (unless told), request, complaint, ...",
        false},
    {"theme", 0, "TEXT", "what it is about: transport, uniform", false},
    {"ask", 0, "TEXT", "with --for primary: these words are sent to it", false},
    {"told-tutor", 0, NULL, "they were told who the tutor will be", false},
    {"support", 0, "RESULT", "of the support check: none-needed, in-place, ...",
        false},
    {"needs", 0, "CODE,...", "with --support new: semh, travel, ...", false},
    NO_MORE,
};
static const struct options_spec callsheet_options[] = {
    {"n", 0, "N", "how many families", true},
    {"caller", 0, "LOGIN", "who rings them; else whoever asks", false},
    NO_MORE,
};
static const struct options_spec callbacks_options[] = {
    {"today", 0, NULL, "only those due today or late", false},
    NO_MORE,
};
static const struct options_spec find_options[] = {
    {"phone", 0, "N", "a telephone number or e-mail", false},
    {"name", 0, "TEXT", "the beginning of a name of a child or parent", false},
    NO_MORE,
};
static const struct options_spec wishes_options[] = {
    {"contact", 0, "N", "who: the number that `card` shows", true},
    {"good", 0, "BANDS", "good times: MORN, AFT, EVE, SAT", false},
    {"bad", 0, "BANDS", "times not to ring", false},
    {"by", 0, "WAY", "voice, text, email, letter", false},
    {"language", 0, "CODE", "to speak: so, pl, BSL", false},
    {"interpreter", 0, "KIND", "no, spoken, bsl", false},
    {"caller", 0, "LOGIN", "whom they want to speak to", false},
    {"no-unknown-number", 0, NULL, "they answer no unknown numbers", false},
    NO_MORE,
};
static const struct options_spec number_options[] = {
    {"contact", 0, "N", "who: the number that `card` shows", true},
    {"new", 0, "N", "the number or e-mail that they gave", false},
    {"right", 0, "POINT", "or: this one of theirs is right", false},
    NO_MORE,
};
static const struct options_spec barrier_options[] = {
    {"source", 0, "HOW", "stated (by them), observed, assumed", false},
    {"status", 0, "STATUS", "open, adjusted, resolved, not-a-barrier", false},
    {"adjust", 0, "WHAT", "what we do about it: evening-call, interpreter, ...",
        false},
    {"worked", 0, NULL, "and it helped", false},
    {"note", 0, "TEXT", "in a few words", false},
    NO_MORE,
};
static const struct options_spec reason_options[] = {
    {"reason", 0, "TEXT", "why, for whoever reads it later", true},
    NO_MORE,
};
static const struct options_spec plan_options[] = {
    {"by", 0, "WAY", "home-visit, at-primary, via-primary, letter, ...", false},
    {"when", 0, "WHEN", "\"thu 17:40\", \"2027-06-15 17:30\"", false},
    {"place", 0, "TEXT", "where", false},
    {"who", 0, "TEXT", "who goes: a login, or a service they trust", false},
    {"note", 0, "TEXT", "in a few words", false},
    {"more", 0, "N", "or so many more calls", false},
    {"reason", 0, "TEXT", "why more calls", false},
    NO_MORE,
};

static const struct command commands[] = {
    {SECTION, "list", "", 0, 0, LISTS, list_options, do_calls_list,
        "the families to call, in order, and who cannot be called now",
        "States: ready, retry-due, cooling, call-back, allocated, escalated, "
        "contacted, complete, awaiting-record, no-contact-point, "
        "action-needed, held, declined, started, not-arrived; not-contacted is "
        "everybody nobody has "
        "spoken to."},
    {SECTION, "next", "", 0, 0, SHOWS, next_options, do_calls_next,
        "the next family: yours for 30 minutes, with its card",
        "Nobody else is given the family meanwhile.  Asked again it shows the "
        "same one until you log what came of it."},
    {SECTION, "card", "CASE", 1, 1, SHOWS, NULL, do_calls_card,
        "one family: whom to ask for, numbers, warnings, what to say first",
        "A restricted adult appears in no output; the card says only that "
        "somebody is restricted."},
    {SECTION, "log", "[CASE] OUTCOME", 1, 2, SHOWS, log_options, do_log_run,
        "what came of a call, a text, a visit",
        "Outcomes: spoke, spoke-short, call-back, other-person, language, "
        "not-now, no-more, hung-up, no-answer, busy, vm-left, vm-none, "
        "wrong-number, not-in-service, cannot-connect, sent, bounced, "
        "replied, met, not-in, inbound-missed, skipped, concern.  Without "
        "CASE: the family you have from `next`.  On a terminal it asks what "
        "is missing; in a script it never waits.  A message or voicemail is a "
        "try and never counts as spoken to.  --for makes what they said an "
        "action of somebody here; the primary is sent only what --ask says."},
    {SECTION, "callsheet print", "", 0, 0, LISTS, callsheet_options,
        do_callsheet_print, "families on paper, for an evening without screens",
        "They are the caller's for 20 hours.  --csv is the sheet to fill in: "
        "at, outcome, said, call_back, language, note."},
    {SECTION, "callsheet enter", "FILE", 1, 1, COMMAND_AGENT, NULL,
        do_callsheet_enter, "what came of the calls on a sheet (CSV)",
        "A row without an outcome is passed over.  `at` is when it was, like "
        "2027-06-15 18:10, in the last seven days."},
    {SECTION, "callbacks", "", 0, 0, LISTS, callbacks_options, do_log_callbacks,
        "who waits to be called back, and when", ""},
    {SECTION, "find", "", 0, 0, SHOWS, find_options, do_calls_find,
        "which family has this number or name",
        "For when a parent rings.  Give nothing to a caller whose number is "
        "not known: ring back on the number that is."},
    {SECTION, "wishes", "CASE", 1, 1, SHOWS, wishes_options, do_decide_wishes,
        "how a parent wants to be reached",
        "What was stated before stays unless it is given anew."},
    {SECTION, "number", "CASE", 1, 1, SHOWS, number_options, do_decide_number,
        "what a parent told us of a number: a new one, or that one is right",
        "What the parent says comes before what the primary school has."},
    {SECTION, "barrier", "CASE BARRIER", 2, 2, SHOWS, barrier_options,
        do_decide_barrier, "what stands in a family's way, and what we do",
        "Barriers: time, language, childcare, literacy, school-system, "
        "prior-negative-experience, transport, no-credit-or-data, "
        "health-or-disability, caring, temporary-housing, trust-or-fear, "
        "safety, other.  What we do: interpreter, bilingual-caller, "
        "translated, easy-read, read-aloud, text-first, evening-call, "
        "weekend-call, call-at-work, via-primary, meet-at-primary, "
        "neutral-place, home-visit, supporter-present, named-person, creche, "
        "transport-help, online, repeat-session, one-to-one."},
    {SECTION, "escalated", "", 0, 0, SHOWS, NULL, do_decide_escalated,
        "families not reached by telephone: what was tried, what was not",
        "For the lead to decide: moveup plan CASE."},
    {SECTION, "plan", "CASE", 1, 1, SHOWS, plan_options, do_decide_plan,
        "the lead's choice for a family not reached",
        "Give --by, or --more N with a --reason."},
    {SECTION, "review", "CASE DECISION", 2, 2, SHOWS, reason_options,
        do_decide_review, "decide about a concern, complaint or refusal",
        "Decisions: go-on (it is dealt with), hold (nobody rings), act "
        "(somebody must do something first), writing (they prefer writing).  "
        "What concerns safeguarding only the safeguarding lead decides."},
    {SECTION, "changes", "", 0, 0, LISTS, changes_options, do_changes_list,
        "what came in: records, numbers, answers of the primary schools",
        "Since yesterday unless --since says otherwise; oldest first.  What "
        "our own staff did is in `audit`."},
    {SECTION, "died", "CASE", 1, 1, SHOWS, died_options, do_calls_died,
        "a contact has died: nobody rings, writes to or invites them again",
        "The other contacts stay.  The primary school is asked to correct its "
        "record, and the tutor is told.  A lead or the safeguarding lead takes "
        "back a mistake."},
    {SECTION, "ask", "CASE", 1, 1, SHOWS, ask_options, do_ask_primary,
        "ask the primary school about a family",
        "Goes to the inbox of the school that sent the record, with a day by "
        "which it is due.  A number that log says is wrong, not in service or "
        "bouncing is asked about by itself.  Nothing that a parent said goes "
        "with it but what you type after --question.  --not-ours is the "
        "lead's: nobody rings the family until the primary has moved the "
        "record, taken it back, or answered that the child does come."},
    {SECTION, "entry mark", "UPN|CASE RESULT", 1, 2, SHOWS, entry_options,
        do_entry_mark, "who has started, and who has not come",
        "Results: started, not-arrived, started-elsewhere, home-educated, "
        "moved-away, unknown (nobody knows where the child is).  From the "
        "child's first day on; mark again to correct it.  The primary school "
        "sees started, not-arrived or closed, and never the note.  With --csv: "
        "FILE, a sheet with the columns upn, result and, if you like, date; "
        "`entry missing --csv` prints one.  A line without a result is passed "
        "over; those that are wrong are printed with the reason, the others "
        "are taken, and the exit is 1."},
    {SECTION, "entry missing", "", 0, 0, LISTS, NULL, do_entry_missing,
        "who is not known to have started, and what to do next about each",
        "Those who have not arrived first, and of these whom nobody has spoken "
        "to.  The steps: ring, ask the primary school, visit at home, tell the "
        "safeguarding lead and the local authority, which is due on the tenth "
        "school day whatever was tried."},
    {SECTION, "coverage", "", 0, 0, SHOWS, NULL, do_coverage_show,
        "how many families were contacted, and whether all will be",
        "Counted from what was logged, for the pupils who are expected to "
        "start.  The pace is that of the last five working days."},
    {SECTION, "dates set", "KEY DATE", 2, 2, SHOWS, NULL, do_coverage_dates_set,
        "the school's key dates",
        "Keys: entry (the first day of the new pupils; a pupil's own date in "
        "the record comes first), induction (they come to see the "
        "school), term-end, primary-closes.  DATE is year-month-day.  The "
        "primary schools are told all but primary-closes.  Keys closed and "
        "open: days, or FIRST..LAST, on which the school is not there (half "
        "terms, holidays) or is after all.  Weekends and England's bank "
        "holidays are known; nobody is rung on these."},
    {SECTION, "dates list", "", 0, 0, SHOWS, NULL, do_coverage_dates_list,
        "the school's key dates as they stand", ""},
    {SECTION, "read", "UPN...", 1, COMMAND_MANY, SHOWS, NULL, do_calls_read,
        "say that I have read these records",
        "The primary school sees who read the record (by role) and when."},
};

const struct command *catalogue_family_commands(size_t *count)
{
    *count = sizeof commands / sizeof commands[0];
    return commands;
}

#include "outreach/invitation.h"

#include <string.h>

#include "outreach/meeting.h"
#include "record/codes.h"

static const char *const FORMATS[] = {"standard", "large-print", "easy-read",
    "audio", "braille", "translated", "read-to-me"};

/* "This is about your child's new school." in the languages that we are sure
 * of; by the code of the Common Basic Data Set. */
static const struct {
    const char *code, *text;
} HEADINGS[] = {
    {"POL", "To pismo dotyczy nowej szkoły Państwa dziecka."},
    {"RMN", "Această scrisoare este despre noua școală a copilului dvs."},
    {"POR", "Esta carta é sobre a nova escola do seu filho ou filha."},
    {"SPA", "Esta carta trata de la nueva escuela de su hijo o hija."},
    {"FRN", "Cette lettre concerne la nouvelle école de votre enfant."},
    {"GER", "In diesem Brief geht es um die neue Schule Ihres Kindes."},
    {"ITA", "Questa lettera riguarda la nuova scuola di vostro figlio/a."},
    {"TUR", "Bu mektup çocuğunuzun yeni okulu hakkındadır."},
    {"UKR", "Цей лист про нову школу вашої дитини."},
    {"ARA", "هذه الرسالة عن مدرسة طفلكم الجديدة."},
    {"URD", "یہ خط آپ کے بچے کے نئے اسکول کے بارے میں ہے۔"},
    {"SOM", "Warqaddani waxay ku saabsan tahay dugsiga cusub ee ilmahaaga."},
};

static const char *const DAYS[] = {
    "", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
static const char *const MONTHS[] = {"", "Jan", "Feb", "Mar", "Apr", "May",
    "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

bool invitation_format_known(const char *format)
{
    for (size_t i = 0; i < sizeof FORMATS / sizeof FORMATS[0]; i++)
        if (strcmp(FORMATS[i], format) == 0)
            return true;
    return false;
}

void invitation_when(struct buf *out, const struct event_session *session)
{
    const struct bands_local from = bands_local(session->start);
    const struct bands_local to = bands_local(session->end);

    buf_format(out, "%s %u %s %d, %02d:%02d to %02d:%02d", DAYS[from.weekday],
        from.day.day, MONTHS[from.day.month], from.day.year, from.minute / 60,
        from.minute % 60, to.minute / 60, to.minute % 60);
}

static bool is_english(const char *language)
{
    return language[0] == '\0' || strcmp(language, "ENG") == 0;
}

static const char *heading(const char *language)
{
    for (size_t i = 0; i < sizeof HEADINGS / sizeof HEADINGS[0]; i++)
        if (strcmp(HEADINGS[i].code, language) == 0)
            return HEADINGS[i].text;
    return "";
}

static const char *title(const struct event_session *session)
{
    return session->title[0] != '\0' ? session->title
                                     : meeting_type_text(session->type);
}

static void what_when_where(struct buf *out, const struct event_session *s)
{
    buf_format(out, "What:   %s\nWhen:   ", title(s));
    invitation_when(out, s);
    if (s->place[0] != '\0')
        buf_format(
            out, "\nWhere:  %s%s", s->place, s->step_free ? " (no steps)" : "");
    if (s->online_link[0] != '\0')
        buf_format(out, "\nOnline: %s", s->online_link);
    buf_format(out, "\n\n");
}

static void help(struct buf *out, const struct invitation *about)
{
    const struct event_session *s = about->session;

    if (about->interpreter)
        buf_format(out, "An interpreter for %s will be there.\n",
            codes_describe(CODES_LANGUAGE, about->language));
    if (s->creche > 0)
        buf_format(out, "We can look after younger children. Tell us how "
                        "many.\n");
    buf_format(out, "You may bring somebody with you. Tell us what would help "
                    "you to come.\n");
}

static void answer_to(struct buf *out, const struct event_session *s)
{
    if (s->phone[0] == '\0' && s->person[0] == '\0') {
        buf_format(out, "Please tell us whether you can come.\n");
        return;
    }
    buf_format(out, "Please tell us whether you can come: %s%s%s.\n", s->person,
        s->person[0] != '\0' && s->phone[0] != '\0' ? ", " : "", s->phone);
}

void invitation_letter(struct buf *out, const struct invitation *about)
{
    const bool named = about->children[0] != '\0';

    if (!is_english(about->language))
        buf_format(out, "[%s] %s\n\n",
            codes_describe(CODES_LANGUAGE, about->language),
            heading(about->language));
    buf_format(out, "Dear %s,\n\n", about->name);
    if (strcmp(about->format, "easy-read") == 0)
        buf_format(out,
            "%s will come to our school in September.\n"
            "We would like to meet you.\n\n",
            named ? about->children : "Your child");
    else
        buf_format(out,
            "We look forward to welcoming %s to %s in September, and would "
            "like to meet you before then. Please come to:\n\n",
            named ? about->children : "your child", about->school);
    what_when_where(out, about->session);
    help(out, about);
    answer_to(out, about->session);
    buf_format(out, "\n%s\n", about->school);
}

void invitation_text(struct buf *out, const struct invitation *about)
{
    const struct event_session *s = about->session;

    if (!is_english(about->language) && heading(about->language)[0] != '\0')
        buf_format(out, "%s ", heading(about->language));
    buf_format(out, "%s: you are invited to %s, ", about->school, title(s));
    invitation_when(out, s);
    if (s->place[0] != '\0')
        buf_format(out, ", %s", s->place);
    buf_format(out, ". Can you come? ");
    if (s->phone[0] != '\0')
        buf_format(out, "Ring %s or answer", s->phone);
    else
        buf_format(out, "Please answer");
    buf_format(out, " yes or no.");
}

void invitation_advice(struct buf *out, const struct invitation *about)
{
    static const struct {
        const char *format, *text;
    } HOW[] = {
        {"large-print", "Print it in letters of 18 points or more. "},
        {"easy-read", "Add a picture of the place and a map. "},
        {"audio", "Record it, and send the recording. "},
        {"braille", "Have it written in Braille. "},
        {"read-to-me", "Read it to them by telephone; do not only post it. "},
    };

    if (!is_english(about->language))
        buf_format(out,
            "Have it translated into %s, or read it to them with "
            "an interpreter. ",
            codes_describe(CODES_LANGUAGE, about->language));
    for (size_t i = 0; i < sizeof HOW / sizeof HOW[0]; i++)
        if (strcmp(HOW[i].format, about->format) == 0)
            buf_format(out, "%s", HOW[i].text);
}

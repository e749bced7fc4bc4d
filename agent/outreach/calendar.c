#include "outreach/calendar.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "outreach/meeting.h"

#define MAX_OCTETS ((size_t)75)

/* The rules since 1996. */
static const char ZONE[] = "BEGIN:VTIMEZONE\r\n"
                           "TZID:Europe/London\r\n"
                           "BEGIN:STANDARD\r\n"
                           "DTSTART:19961027T020000\r\n"
                           "TZOFFSETFROM:+0100\r\n"
                           "TZOFFSETTO:+0000\r\n"
                           "TZNAME:GMT\r\n"
                           "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n"
                           "END:STANDARD\r\n"
                           "BEGIN:DAYLIGHT\r\n"
                           "DTSTART:19960331T010000\r\n"
                           "TZOFFSETFROM:+0000\r\n"
                           "TZOFFSETTO:+0100\r\n"
                           "TZNAME:BST\r\n"
                           "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n"
                           "END:DAYLIGHT\r\n"
                           "END:VTIMEZONE\r\n";

static void add(struct buf *out, const char *text, size_t len)
{
    buf_add(out, (struct bytes){(const uint8_t *)text, len});
}

/* Break at 75 octets, never within a character: a line that goes on begins
 * with a space, which counts. */
static void fold(struct buf *out, const char *line)
{
    size_t room = MAX_OCTETS;

    while (strlen(line) > room) {
        size_t cut = room;

        while (cut > 1 && ((unsigned char)line[cut] & 0xc0) == 0x80)
            cut--;
        add(out, line, cut);
        add(out, "\r\n ", 3);
        line += cut;
        room = MAX_OCTETS - 1;
    }
    add(out, line, strlen(line));
    add(out, "\r\n", 2);
}

/* TEXT of RFC 5545 3.3.11. */
static void escape(struct buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\n') {
            add(out, "\\n", 2);
            continue;
        }
        if (*text == '\\' || *text == ';' || *text == ',')
            add(out, "\\", 1);
        if (*text != '\r')
            add(out, text, 1);
    }
}

static void text_line(struct buf *out, const char *name, const char *text)
{
    SCOPED(buf_free) struct buf line = BUF_EMPTY;

    if (text[0] == '\0')
        return;
    buf_format(&line, "%s:", name);
    escape(&line, text);
    add(&line, "", 1);
    fold(out, (const char *)line.data);
}

static void plain_line(struct buf *out, const char *fmt, ...) PRINTF_LIKE(2, 3);
static void plain_line(struct buf *out, const char *fmt, ...)
{
    char line[512];
    va_list args;

    va_start(args, fmt);
    vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    fold(out, line);
}

static void moment_line(struct buf *out, const char *name, wall when)
{
    const struct bands_local local = bands_local(when);

    plain_line(out, "%s;TZID=Europe/London:%04d%02u%02uT%02d%02d00", name,
        local.day.year, local.day.month, local.day.day, local.minute / 60,
        local.minute % 60);
}

/* UTC, as DTSTAMP must be. */
static void stamp_line(struct buf *out, wall now)
{
    const struct date day = date_from_day_number((int32_t)(now.ms / 86400000));
    const int second = (int)(now.ms % 86400000 / 1000);

    plain_line(out, "DTSTAMP:%04d%02u%02uT%02d%02d%02dZ", day.year, day.month,
        day.day, second / 3600, second / 60 % 60, second % 60);
}

static void describe(struct buf *out, const struct event_session *session)
{
    SCOPED(buf_free) struct buf text = BUF_EMPTY;

    buf_format(&text, "%s", meeting_type_text(session->type));
    if (session->step_free)
        buf_format(&text, "\nThe place is step-free.");
    if (session->creche > 0)
        buf_format(&text, "\nThere is a crèche; please ask for a place.");
    if (session->person[0] != '\0' || session->phone[0] != '\0')
        buf_format(&text, "\nQuestions: %s%s%s", session->person,
            session->person[0] != '\0' && session->phone[0] != '\0' ? ", " : "",
            session->phone);
    add(&text, "", 1);
    text_line(out, "DESCRIPTION", (const char *)text.data);
}

void calendar_write(struct buf *out, const struct event_session *session,
    const struct calendar_about *about)
{
    SCOPED(buf_free) struct buf title = BUF_EMPTY;
    const bool off = session->status == SESSION_CANCELLED;

    buf_format(&title, "%s%s%s",
        session->title[0] != '\0' ? session->title
                                  : meeting_type_text(session->type),
        about->school[0] != '\0' ? " - " : "", about->school);
    add(&title, "", 1);
    plain_line(out, "BEGIN:VCALENDAR");
    plain_line(out, "VERSION:2.0");
    plain_line(out, "PRODID:-//Moveup//Sessions//EN");
    plain_line(out, "CALSCALE:GREGORIAN");
    plain_line(out, "METHOD:%s", off ? "CANCEL" : "PUBLISH");
    add(out, ZONE, sizeof ZONE - 1);
    plain_line(out, "BEGIN:VEVENT");
    plain_line(
        out, "UID:session-%u@%s.moveup.invalid", session->session, about->host);
    plain_line(out, "SEQUENCE:%u", about->changes);
    stamp_line(out, about->now);
    moment_line(out, "DTSTART", session->start);
    moment_line(out, "DTEND", session->end);
    text_line(out, "SUMMARY", (const char *)title.data);
    text_line(out, "LOCATION", session->place);
    describe(out, session);
    if (session->online_link[0] != '\0')
        plain_line(out, "URL:%s", session->online_link);
    plain_line(out, "STATUS:%s", off ? "CANCELLED" : "CONFIRMED");
    plain_line(out, "END:VEVENT");
    plain_line(out, "END:VCALENDAR");
}

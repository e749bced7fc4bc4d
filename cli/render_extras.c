#include "cli/render_extras.h"

#include <stdio.h>
#include <string.h>

#include "cli/output.h"
#include "cli/plain.h"
#include "cli/render_card.h"
#include "cli/said.h"

#define LINE_SIZE 600

static void siblings(struct output *output, const json_t *family)
{
    const json_t *pupils = json_object_get(family, "pupils");
    char names[SAID_NAME_SIZE];
    char line[LINE_SIZE];

    if (json_array_size(pupils) > 1)
        snprintf(line, sizeof line,
            "%s start together: one call, a support check and a tutor for each",
            said_joined(family, "pupils", "forename", names));
    else
        snprintf(line, sizeof line, "none also starting that we know of");
    render_card_line(output, "SIBLINGS", line);
}

static void tutors(struct output *output, const json_t *family)
{
    const json_t *pupils = json_object_get(family, "pupils");

    for (size_t i = 0; i < json_array_size(pupils); i++) {
        const json_t *pupil = json_array_get(pupils, i);
        const json_t *tutor = json_object_get(pupil, "tutor");
        char line[LINE_SIZE];

        if (!json_is_object(tutor))
            continue;
        snprintf(line, sizeof line, "%s (%s); family %s, primary school %s",
            said_text(tutor, "name"), said_text(pupil, "forename"),
            said_is_true(tutor, "told_parent") ? "told" : "not told yet",
            said_is_true(tutor, "told_primary") ? "told" : "not told yet");
        render_card_line(output, "TUTOR", line);
    }
}

static void invitations(struct output *output, const json_t *family)
{
    const json_t *list = json_object_get(family, "invitations");

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        const json_t *attended = json_object_get(one, "attended");
        const long long guests = (long long)said_number(one, "guests");
        char rsvp[PLAIN_SIZE];
        char with[PLAIN_SIZE] = "";
        char line[LINE_SIZE];

        if (guests > 0)
            snprintf(with, sizeof with, ", with %lld guest%s", guests,
                guests == 1 ? "" : "s");
        snprintf(line, sizeof line, "%s to %lld %s, %s: %s%s%s",
            said_text(one, "name"), (long long)said_number(one, "session"),
            said_text(one, "title"), said_text(one, "when"),
            strcmp(said_text(one, "rsvp"), "none") == 0
                ? "no answer yet"
                : plain_code(said_text(one, "rsvp"), rsvp),
            with,
            json_is_true(attended)    ? ", came"
            : json_is_false(attended) ? ", did not come"
                                      : "");
        render_card_line(output, i == 0 ? "INVITED" : "", line);
    }
}

static void sessions(struct output *output, const json_t *family)
{
    const json_t *list = json_object_get(family, "sessions_fit");
    char line[LINE_SIZE] = "";
    size_t used = 0;

    for (size_t i = 0; i < json_array_size(list) && used < sizeof line; i++) {
        const json_t *one = json_array_get(list, i);

        used +=
            (size_t)snprintf(line + used, sizeof line - used, "%s%lld %s, %s",
                i == 0 ? "" : "; or ", (long long)said_number(one, "session"),
                said_text(one, "title"), said_text(one, "when"));
    }
    render_card_line(output, "COULD COME", line);
}

static void actions(struct output *output, const json_t *family)
{
    const json_t *list = json_object_get(family, "actions");

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        char due[SAID_DATE_SIZE];
        char line[LINE_SIZE];

        snprintf(line, sizeof line, "%s, by %s%s: %s", said_text(one, "owner"),
            said_date(one, "due", due),
            strcmp(said_text(one, "state"), "late") == 0 ? " (late)" : "",
            said_text(one, "text"));
        render_card_line(output, i == 0 ? "WE OWE" : "", line);
    }
}

static void asked(struct output *output, const json_t *family)
{
    const json_t *list = json_object_get(family, "asked");

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        char kind[PLAIN_SIZE];
        char due[SAID_DATE_SIZE];
        char line[LINE_SIZE];

        snprintf(line, sizeof line, "the primary school: %s, answer due %s",
            plain_code(said_text(one, "kind"), kind),
            said_date(one, "due", due));
        render_card_line(output, i == 0 ? "ASKED" : "", line);
    }
}

static void referrals(struct output *output, const json_t *family)
{
    const json_t *list = json_object_get(family, "support_open");

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        char since[SAID_DATE_SIZE];
        char state[PLAIN_SIZE];
        char line[LINE_SIZE];

        snprintf(line, sizeof line, "%s to %s: %s since %s",
            said_text(json_object_get(one, "pupil"), "forename"),
            said_text(one, "service_text"),
            plain_code(said_text(one, "state"), state),
            said_date(one, "since", since));
        render_card_line(output, i == 0 ? "REFERRED" : "", line);
    }
}

void render_extras_lines(struct output *output, const json_t *family)
{
    tutors(output, family);
    invitations(output, family);
    sessions(output, family);
    actions(output, family);
    asked(output, family);
    referrals(output, family);
    siblings(output, family);
}

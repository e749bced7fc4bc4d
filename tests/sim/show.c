#include "show.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/err.h"
#include "promise.h"
#include "town.h"
#include "wire/hubtalk.h"

static const char *const KINDS[] = {[HUBTALK_HELLO] = "HELLO",
    [HUBTALK_WELCOME] = "WELCOME",
    [HUBTALK_PUT] = "PUT",
    [HUBTALK_PUT_DONE] = "PUT_DONE",
    [HUBTALK_FETCH] = "FETCH",
    [HUBTALK_MAIL] = "MAIL",
    [HUBTALK_ACK] = "ACK",
    [HUBTALK_DIRECTORY] = "DIRECTORY",
    [HUBTALK_DIRECTORY_IS] = "DIRECTORY_IS",
    [HUBTALK_PUBLISH] = "PUBLISH",
    [HUBTALK_PUBLISH_DONE] = "PUBLISH_DONE",
    [HUBTALK_REPORT] = "REPORT",
    [HUBTALK_REFUSED] = "REFUSED",
    [HUBTALK_NOTICE] = "NOTICE",
    [HUBTALK_NOTED] = "NOTED"};

static void describe(
    char *out, size_t size, const struct world *world, struct hubtalk *talk)
{
    const struct header *header = &talk->header;
    const char *author;

    out[0] = '\0';
    if (talk->reason != REASON_NONE) {
        snprintf(out, size, " %s", reason_code(talk->reason));
        return;
    }
    if (talk->kind != HUBTALK_PUT && talk->kind != HUBTALK_MAIL)
        return;
    author = talk->kind == HUBTALK_PUT
                 ? world->schools[town_school(&header->recipient)].name
                 : world->schools[town_school(&header->author)].name;
    if (header->lane == LANE_RECEIPT)
        snprintf(out, size, " receipt %s %s",
            talk->kind == HUBTALK_PUT ? "for" : "of", author);
    else
        snprintf(out, size, " %llu-%llu %s %s %s",
            (unsigned long long)header->first, (unsigned long long)header->last,
            stream_lane_name(header->lane),
            talk->kind == HUBTALK_PUT ? "for" : "of", author);
}

void show_message(struct world *world, size_t school, size_t hub, bool to_hub,
    struct bytes wire)
{
    const char *from = world->schools[school].name;
    const char *to = world->hubs[hub].name;
    struct hubtalk talk = {.reason = REASON_NONE};
    char more[80];
    struct err err;

    if (hubtalk_decode(&talk, wire, &err) < 0) {
        world_say(world, "%s -> %s (unreadable)", to_hub ? from : to,
            to_hub ? to : from);
        return;
    }
    promise_said(world, school, hub, &talk);
    if (talk.kind == HUBTALK_DIRECTORY || talk.kind == HUBTALK_DIRECTORY_IS)
        return;
    describe(more, sizeof more, world, &talk);
    world_say(world, "%s -> %s %s%s%s", to_hub ? from : to, to_hub ? to : from,
        KINDS[talk.kind],
        talk.kind == HUBTALK_MAIL && talk.cursor == 0 ? " early" : "", more);
}

void show_log_begin(struct world *world)
{
    if (world->out != NULL)
        world->log = memfd_create("log", MFD_CLOEXEC);
}

void show_log_end(struct world *world)
{
    if (world->log >= 0)
        close(world->log);
    world->log = -1;
}

/* "TIME level  sentence": the trace has its own time. */
static void show_line(
    struct world *world, const struct node *node, const char *line)
{
    const char *rest = strchr(line, ' ');

    world_say(world, "%s: %s", node->name, rest == NULL ? line : rest + 1);
}

void show_log(struct world *world, const struct node *node)
{
    char text[4096];
    ssize_t n;

    if (world->log < 0 || lseek(world->log, 0, SEEK_CUR) == 0)
        return;
    n = pread(world->log, text, sizeof text - 1, 0);
    text[n < 0 ? 0 : n] = '\0';
    for (char *line = text, *end; (end = strchr(line, '\n')) != NULL;
         line = end + 1) {
        *end = '\0';
        show_line(world, node, line);
    }
    lseek(world->log, 0, SEEK_SET);
    if (ftruncate(world->log, 0) != 0)
        world->log = -1;
}

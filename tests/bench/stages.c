#include "stages.h"

#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "agentd/agent.h"
#include "agentd/mail.h"
#include "agentd/sender.h"
#include "base/err.h"
#include "base/mem.h"
#include "live.h"
#include "net/link.h"
#include "store/db.h"
#include "store/inbox.h"
#include "wire/hubtalk.h"

#define PIECE 65536
#define WINDOW ((size_t)4096 * 1024) /* as [send] window_kib */

/* A sealed batch, ready to put or to take. */
struct letter {
    struct id envelope;
    struct header header;
    struct buf sealed;
};

struct letters {
    struct letter *list;
    size_t count;
};

static void letters_free(struct letters *letters)
{
    for (size_t i = 0; i < letters->count; i++)
        buf_free(&letters->list[i].sealed);
    free(letters->list);
}

/* The whole sample as one stream, as the primary's sender would. */
static void write_letters(struct letters *out, struct agent *author,
    const struct laestab *to, const struct sample *sample, size_t most)
{
    struct batch_item items[BATCH_MAX_ITEMS];
    struct batch batch = {.items = items,
        .created = clock_wall(),
        .header = {STREAM_VERSION, author->identity->laestab, *to, LANE_NORMAL,
            {{0}}, 0, 0, STREAM_TTL_DAYS}};
    struct err err;

    *out = (struct letters){mem_alloc(sample->count * sizeof *out->list), 0};
    id_new(&batch.header.epoch);
    for (size_t at = 0; at < sample->count; at += batch.count) {
        struct letter *letter = &out->list[out->count++];
        SCOPED(sender_letter_free)
        struct sender_letter sealed = {.content = {{0}}};

        batch.count = sample_fit(sample, at, most);
        sample_items(items, sample, at, batch.count);
        batch.header.first = at + 1;
        batch.header.last = at + batch.count;
        rig_must(sender_seal(&sealed, author, &batch, &err), "seal", &err);
        batch.previous = sealed.content;
        *letter = (struct letter){sealed.envelope, batch.header, sealed.sealed};
        sealed.sealed = BUF_EMPTY;
    }
}

/* --- put ------------------------------------------------------------------ */

struct putting {
    const struct letters *letters;
    struct loop *loop;
    struct link *link;
    size_t sent, done;
    size_t flying;
    pid_t hub;
    struct cost cost;
};

static void say(
    struct putting *p, const struct hubtalk *talk, struct bytes body)
{
    SCOPED(buf_free) struct buf wire = BUF_EMPTY;
    struct err err;

    hubtalk_encode(&wire, talk);
    rig_must(link_send(p->link, buf_bytes(&wire), body, &err), "put", &err);
}

static void put_more(struct putting *p)
{
    while (p->sent < p->letters->count && p->flying < WINDOW) {
        const struct letter *letter = &p->letters->list[p->sent++];
        const struct hubtalk talk = {.kind = HUBTALK_PUT,
            .id = letter->envelope,
            .header = letter->header};

        say(p, &talk, buf_bytes(&letter->sealed));
        p->flying += letter->sealed.len;
    }
}

static void on_state(void *arg, enum link_state state, const char *sentence)
{
    const struct hubtalk hello = {
        .kind = HUBTALK_HELLO, .session = {{1}}, .protocol = STREAM_VERSION};

    (void)sentence;
    if (state == LINK_UP)
        say(arg, &hello, (struct bytes){NULL, 0});
}

static void on_message(void *arg, struct bytes wire, struct bytes body)
{
    struct putting *p = arg;
    struct hubtalk talk;
    struct err err;

    (void)body;
    rig_must(hubtalk_decode(&talk, wire, &err), "the hub's answer", &err);
    if (talk.kind == HUBTALK_WELCOME) {
        p->cost = (struct cost){-rig_clock(), -rig_cpu(p->hub)};
        put_more(p);
        return;
    }
    if (talk.kind != HUBTALK_PUT_DONE || talk.reason != REASON_NONE) {
        fprintf(stderr, "bench: the hub answers %d, %d\n", (int)talk.kind,
            (int)talk.reason);
        exit(1);
    }
    p->flying -= p->letters->list[p->done++].sealed.len;
    put_more(p);
    if (p->done < p->letters->count)
        return;
    p->cost.seconds += rig_clock();
    p->cost.cpu += rig_cpu(p->hub);
    loop_stop(p->loop);
}

struct cost stages_put(const struct live *live, struct agent *author,
    const struct identity *recipient, const struct sample *sample, size_t most)
{
    SCOPED(letters_free) struct letters letters = {NULL, 0};
    const struct directory_content *directory =
        members_content(author->identity->members);
    struct putting p = {.letters = &letters, .hub = live->pid[LIVE_HUB]};
    const struct link_callbacks callbacks = {
        .on_state = on_state, .on_message = on_message, .arg = &p};
    const struct link_options options = {directory->hubs[0].endpoint,
        directory->hubs[0].curve_key, author->identity->curve_public,
        author->identity->curve_secret, HUBTALK_MAX_BODY};
    struct err err;

    write_letters(&letters, author, &recipient->laestab, sample, most);
    rig_must(loop_new(&p.loop, &err), "loop", &err);
    rig_must(
        link_open(&p.link, p.loop, &options, &callbacks, &err), "link", &err);
    rig_must(loop_run(p.loop, &err), "loop", &err);
    link_close(p.link);
    loop_free(p.loop);
    return p.cost;
}

/* --- apply ---------------------------------------------------------------- */

static void take(struct agent *agent, const struct letter *letter)
{
    const struct mail_letter mail = {.envelope = letter->envelope,
        .header = letter->header,
        .sealed = buf_bytes(&letter->sealed)};
    struct mail_debts debts = {.count = 0};
    struct err err;

    rig_must(db_begin(agent->db, &err), "begin", &err);
    rig_must(mail_take(agent, &mail, &debts, &err), "take", &err);
    rig_must(mail_settle(agent, &debts, &err), "settle", &err);
    rig_must(db_commit(agent->db, &err), "commit", &err);
}

/* What is put aside was not applied. */
static void check_applied(struct agent *agent)
{
    uint64_t aside = 0;
    struct err err;

    rig_must(inbox_quarantine_count(&aside, agent->db, &err), "count", &err);
    rig_need(aside == 0, "records were put aside");
}

struct cost stages_apply(const char *state, struct agent *author,
    const struct sample *sample, size_t most)
{
    SCOPED(letters_free) struct letters letters = {NULL, 0};
    struct agent agent;
    struct cost cost;

    rig_open_agent(&agent, state);
    write_letters(&letters, author, &agent.identity->laestab, sample, most);
    cost = (struct cost){-rig_clock(), -rig_cpu(0)};
    for (size_t i = 0; i < letters.count; i++)
        take(&agent, &letters.list[i]);
    cost.seconds += rig_clock();
    cost.cpu += rig_cpu(0);
    check_applied(&agent);
    rig_close_agent(&agent);
    return cost;
}

/* --- expat ---------------------------------------------------------------- */

struct cost stages_expat(const char *path, const char *folder)
{
    static char piece[PIECE];
    const int journal = rig_journal(folder, "floor-import");
    FILE *file = fopen(path, "rb");
    XML_Parser parser = XML_ParserCreate("UTF-8");
    struct cost cost = {-rig_clock(), -rig_cpu(0)};
    size_t len;

    rig_need(file != NULL, path);
    do {
        len = fread(piece, 1, sizeof piece, file);
        rig_need(XML_Parse(parser, piece, (int)len, len == 0) == XML_STATUS_OK,
            "not XML");
    } while (len > 0);
    rig_commit(journal, bytes_of("done"));
    cost.seconds += rig_clock();
    cost.cpu += rig_cpu(0);
    XML_ParserFree(parser);
    fclose(file);
    close(journal);
    return cost;
}

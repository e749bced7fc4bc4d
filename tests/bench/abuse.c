/*
 * abuse BIN - a real moveup-hub and members that behave badly, over real
 * connections: a stranger, garbage, questions without end, connections that say
 * nothing, too many that do, a mailbox that is filled, somebody else's mail.
 * Each is limited and named in the hub's log by its school, and after each a
 * letter goes between two schools that have nothing to do with it.
 */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "crowd.h"
#include "net/link.h"
#include "net/loop.h"
#include "rig.h"
#include "wire/hubtalk.h"

/* The schools, by what they do. */
enum { AUTHOR, READER, BABBLER, ASKER, CROWDER, FILLER, AWAY, THIEF, SCHOOLS };

#define PATIENCE_S 20
#define MOST 8        /* [hub] member_connections */
#define TOO_MANY 40   /* connections */
#define SILENT 200    /* the same, that say nothing */
#define SENSELESS 300 /* messages */
#define LETTER_BYTES 1024
#define BIG_LETTER_BYTES ((size_t)64 * 1024)
#define FULL_AFTER 17 /* big letters are over 1 MiB */

struct abuse {
    struct crowd crowd;
    struct loop *loop;
    struct loop_timer *timer;
    uint64_t letters; /* numbers them */
};

struct member {
    struct abuse *abuse;
    struct link *link;
    int school;
    bool up, lost, refused;
    unsigned heard[HUBTALK_KINDS];
    unsigned done;       /* PUT_DONE without a reason */
    enum reason reason;  /* of the newest refusal */
    struct laestab from; /* of the newest MAIL */
    uint64_t cursor;
};

static void say(struct member *m, const struct hubtalk *talk, size_t body)
{
    static const uint8_t bytes[BIG_LETTER_BYTES];
    SCOPED(buf_free) struct buf wire = BUF_EMPTY;

    hubtalk_encode(&wire, talk);
    rig_must(
        link_send(m->link, buf_bytes(&wire), (struct bytes){bytes, body}, NULL),
        "send", NULL);
}

static void on_state(void *arg, enum link_state state, const char *sentence)
{
    struct member *m = arg;

    (void)sentence;
    m->lost |= m->up;
    m->up = state == LINK_UP;
    m->refused |= state == LINK_REFUSED;
}

static void on_message(void *arg, struct bytes wire, struct bytes body)
{
    struct member *m = arg;
    struct hubtalk talk;

    (void)body;
    rig_must(hubtalk_decode(&talk, wire, NULL), "the hub's answer", NULL);
    m->heard[talk.kind]++;
    m->done += talk.kind == HUBTALK_PUT_DONE && talk.reason == REASON_NONE;
    if (talk.reason != REASON_NONE)
        m->reason = talk.reason;
    if (talk.kind != HUBTALK_MAIL)
        return;
    m->from = talk.header.author;
    m->cursor = talk.cursor;
    say(m, &(struct hubtalk){.kind = HUBTALK_ACK, .cursor = talk.cursor}, 0);
}

static void on_time(void *arg)
{
    loop_stop(((struct abuse *)arg)->loop);
}

static void step(struct abuse *abuse)
{
    loop_timer_set(abuse->timer, (mono){clock_mono().ms + 5});
    rig_must(loop_run(abuse->loop, NULL), "loop", NULL);
}

/* Work until it is so. */
#define UNTIL(abuse, is_so)                                                    \
    do {                                                                       \
        const double end = rig_clock() + PATIENCE_S;                           \
        while (!(is_so)) {                                                     \
            rig_need(rig_clock() < end, #is_so);                               \
            step(abuse);                                                       \
        }                                                                      \
    } while (0)

static void open_link(struct member *m, struct abuse *abuse, int school,
    const char *public_key, const char *secret_key)
{
    const struct link_options options = {abuse->crowd.endpoint,
        abuse->crowd.hub_key, public_key, secret_key, HUBTALK_MAX_BODY};
    const struct link_callbacks callbacks = {on_state, on_message, NULL, m};

    *m = (struct member){.abuse = abuse, .school = school};
    rig_must(link_open(&m->link, abuse->loop, &options, &callbacks, NULL),
        "link", NULL);
}

static void come(struct member *m, struct abuse *abuse, int school)
{
    open_link(m, abuse, school, abuse->crowd.keys[school][0],
        abuse->crowd.keys[school][1]);
    UNTIL(abuse, m->up);
}

/* Comes as an agent does: HELLO, and whatever waits. */
static void greet(struct member *m, struct abuse *abuse, int school)
{
    come(m, abuse, school);
    say(m,
        &(struct hubtalk){.kind = HUBTALK_HELLO,
            .session = {{(uint8_t)(school + 1)}},
            .protocol = STREAM_VERSION,
            .software = "abuse",
            .time = clock_wall()},
        0);
    UNTIL(abuse, m->heard[HUBTALK_WELCOME] > 0);
    say(m, &(struct hubtalk){.kind = HUBTALK_FETCH, .credit = 1 << 20}, 0);
}

static void put(struct member *m, int author, int recipient, size_t bytes)
{
    const uint64_t number = ++m->abuse->letters;
    struct hubtalk talk = {.kind = HUBTALK_PUT,
        .header = {.version = STREAM_VERSION,
            .author = crowd_laestab(author),
            .recipient = crowd_laestab(recipient),
            .lane = LANE_NORMAL,
            .epoch = {{1}},
            .first = number,
            .last = number,
            .ttl_days = STREAM_TTL_DAYS}};

    memcpy(talk.id.bytes, &number, sizeof number);
    talk.id.bytes[15] = 1;
    say(m, &talk, bytes);
}

/* --- what must hold meanwhile --- */

static bool is_logged(const struct abuse *abuse, const char *what, int school)
{
    SCOPED(mem_freep)
    char *path = rig_path(abuse->crowd.place, CROWD_LOG);
    char name[32] = "";
    char line[600];
    bool found = false;
    FILE *file = fopen(path, "r");

    rig_need(file != NULL, path);
    if (school >= 0)
        snprintf(name, sizeof name, "school=%s", crowd_laestab(school).text);
    while (!found && fgets(line, sizeof line, file) != NULL)
        found = strstr(line, what) != NULL && strstr(line, name) != NULL;
    fclose(file);
    return found;
}

/* The author's next letter comes to the reader. */
static void others_are_served(struct member *author, struct member *reader)
{
    const unsigned before = reader->heard[HUBTALK_MAIL];
    const unsigned done = author->done;

    put(author, AUTHOR, READER, LETTER_BYTES);
    UNTIL(author->abuse,
        reader->heard[HUBTALK_MAIL] > before && author->done > done);
    rig_need(author->up && reader->up, "they stay connected");
}

/* --- what is tried --- */

static int knock(const struct abuse *abuse)
{
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const char *port = strrchr(abuse->crowd.endpoint, ':') + 1;
    const int fd = socket(AF_INET, SOCK_STREAM, 0);

    at.sin_port = htons((uint16_t)strtoul(port, NULL, 10));
    rig_need(fd >= 0 && connect(fd, (struct sockaddr *)&at, sizeof at) == 0,
        "connect");
    return fd;
}

/* An open port, which says that it speaks ZMTP with CURVE, and no more. */
static void stranger(struct abuse *abuse)
{
    char keys[2][CURVE_TEXT_SIZE];
    struct member nobody;
    char said[4096];
    size_t len = 0;
    ssize_t got;
    const int fd = knock(abuse);

    rig_need(write(fd, "GET / HTTP/1.0\r\n\r\n", 18) == 18, "write");
    (void)shutdown(fd, SHUT_WR);
    while (len < sizeof said &&
           (got = read(fd, said + len, sizeof said - len)) > 0)
        len += (size_t)got;
    close(fd);
    rig_need(len <= 64, "a stranger hears no more than ZMTP's greeting");
    rig_must(curve_new_pair(keys[0], keys[1], NULL), "keys", NULL);
    open_link(&nobody, abuse, -1, keys[0], keys[1]);
    UNTIL(abuse, nobody.refused);
    rig_need(!nobody.up, "a stranger is not let in");
    UNTIL(abuse, is_logged(abuse, "its key is not in the directory", -1));
    link_close(nobody.link);
}

static void garbage(struct abuse *abuse)
{
    struct member m;

    come(&m, abuse, BABBLER);
    for (int i = 0; i < SENSELESS; i++)
        rig_must(link_send(m.link, bytes_of("\xff rubbish"),
                     bytes_of("and more"), NULL),
            "send", NULL);
    UNTIL(abuse, is_logged(abuse, "too many senseless messages", BABBLER));
    for (int i = 0; i < 50; i++)
        step(abuse);
    rig_need(m.heard[HUBTALK_REFUSED] < 2 * SENSELESS / 3,
        "after the limit nothing is answered");
    link_close(m.link);
}

static void questions(struct abuse *abuse)
{
    const struct hubtalk ask = {.kind = HUBTALK_DIRECTORY};
    struct member m;

    come(&m, abuse, ASKER);
    for (int i = 0; i < 3 * SENSELESS; i++) {
        say(&m, &ask, 0);
        if (i % SENSELESS == 0)
            step(abuse);
    }
    UNTIL(abuse, is_logged(abuse, "too many senseless messages", ASKER));
    UNTIL(abuse, m.reason == REASON_BAD_REQUEST);
    link_close(m.link);
}

static void silence(
    struct abuse *abuse, struct member *author, struct member *reader)
{
    int fds[SILENT];

    for (int i = 0; i < SILENT; i++)
        fds[i] = knock(abuse);
    others_are_served(author, reader);
    for (int i = 0; i < SILENT; i++)
        close(fds[i]);
}

static unsigned count_lost(const struct member *members)
{
    unsigned lost = 0;

    for (int i = 0; i < TOO_MANY; i++)
        lost += members[i].lost;
    return lost;
}

static void connections(struct abuse *abuse)
{
    const struct hubtalk ask = {
        .kind = HUBTALK_DIRECTORY, .version = UINT32_MAX};
    struct member m[TOO_MANY];

    for (int i = 0; i < TOO_MANY; i++) {
        come(&m[i], abuse, CROWDER);
        say(&m[i], &ask, 0);
        UNTIL(abuse, m[i].heard[HUBTALK_DIRECTORY_IS] > 0);
    }
    UNTIL(abuse, is_logged(abuse, "too many connections", CROWDER));
    UNTIL(abuse, count_lost(m) == TOO_MANY - MOST);
    rig_need(m[TOO_MANY - 1].up, "the newest is served");
    for (int i = 0; i < TOO_MANY; i++)
        link_close(m[i].link);
}

/* It may fill what it is allowed, and no more: others can still write there. */
static void mailbox(struct abuse *abuse, struct member *author)
{
    const unsigned done = author->done;
    struct member m;

    come(&m, abuse, FILLER);
    for (int i = 0; i < FULL_AFTER; i++)
        put(&m, FILLER, AWAY, BIG_LETTER_BYTES);
    UNTIL(abuse, m.heard[HUBTALK_PUT_DONE] == FULL_AFTER);
    rig_need(m.reason == REASON_QUOTA, "it is told that it has too much there");
    rig_need(m.done < FULL_AFTER, "not all is kept");
    UNTIL(abuse, is_logged(abuse, "refused a letter", -1));
    put(author, AUTHOR, AWAY, LETTER_BYTES);
    UNTIL(abuse, author->done > done);
    link_close(m.link);
}

/* It asks for all, acknowledges what is another's, and writes in its name. */
static void theft(struct abuse *abuse)
{
    struct member thief, owner;

    greet(&thief, abuse, THIEF);
    for (uint64_t cursor = 1; cursor < 100; cursor++)
        say(&thief, &(struct hubtalk){.kind = HUBTALK_ACK, .cursor = cursor},
            0);
    put(&thief, AUTHOR, READER, LETTER_BYTES);
    UNTIL(abuse, thief.heard[HUBTALK_PUT_DONE] == 1);
    rig_need(thief.reason == REASON_NOT_AUTHOR && thief.done == 0,
        "nobody writes in another's name");
    rig_need(thief.heard[HUBTALK_MAIL] == 0, "there is no mail of others");
    greet(&owner, abuse, AWAY);
    UNTIL(abuse, owner.heard[HUBTALK_MAIL] >= FULL_AFTER / 2 &&
                     strcmp(owner.from.text, crowd_laestab(AUTHOR).text) == 0);
    link_close(thief.link);
    link_close(owner.link);
}

static void ok(const char *what)
{
    printf("ok    %s\n", what);
    fflush(stdout);
}

static void try_all(struct abuse *abuse)
{
    struct member author, reader;

    greet(&reader, abuse, READER);
    greet(&author, abuse, AUTHOR);
    others_are_served(&author, &reader);
    stranger(abuse);
    others_are_served(&author, &reader);
    ok("a stranger learns that a port is open");
    garbage(abuse);
    others_are_served(&author, &reader);
    ok("who sends garbage is not heard for a while, and named");
    questions(abuse);
    others_are_served(&author, &reader);
    ok("who asks without end is not heard for a while, and named");
    silence(abuse, &author, &reader);
    ok("connections that say nothing stop nobody");
    connections(abuse);
    others_are_served(&author, &reader);
    ok("who opens many connections keeps some, and is named");
    mailbox(abuse, &author);
    others_are_served(&author, &reader);
    ok("who fills a mailbox leaves room there for others");
    theft(abuse);
    others_are_served(&author, &reader);
    ok("another's mail is not to be had, and its name not to be used");
    link_close(author.link);
    link_close(reader.link);
}

int main(int argc, char **argv)
{
    static struct abuse abuse = {
        .crowd = {.schools = SCHOOLS, .sender_mib = 1}};

    if (argc != 2) {
        fputs("usage: abuse BIN\n", stderr);
        return 2;
    }
    abuse.crowd.bin = argv[1];
    crowd_set_up(&abuse.crowd);
    crowd_start_hub(&abuse.crowd);
    rig_must(loop_new(&abuse.loop, NULL), "loop", NULL);
    abuse.timer = loop_timer_new(abuse.loop, on_time, &abuse);
    try_all(&abuse);
    loop_free(abuse.loop);
    crowd_end_hub(&abuse.crowd, SIGTERM);
    crowd_remove(&abuse.crowd);
    return 0;
}

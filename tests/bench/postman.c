#include "postman.h"

#include <string.h>

#include "net/link.h"
#include "net/loop.h"
#include "rig.h"
#include "wire/hubtalk.h"

#define LETTER_BYTES 1024
#define LETTER_EVERY_MS 100
#define PATIENCE_S 10

/* The two schools are the crowd's last. */
struct postman {
    const struct crowd *crowd;
    bool bare; /* what serves sends all back */
    void (*came)(void *arg, double ms);
    void *arg;
    struct link *author, *recipient;
    bool author_up, recipient_up;
    struct loop_timer *timer;
    uint64_t number; /* of the letter that is under way */
    double sent;     /* when; 0: none is */
};

static void say(struct link *link, const struct hubtalk *talk, size_t body)
{
    static const uint8_t letter[LETTER_BYTES];
    SCOPED(buf_free) struct buf wire = BUF_EMPTY;

    hubtalk_encode(&wire, talk);
    /* What cannot be sent now is said again when the link is up. */
    if (link_send(link, buf_bytes(&wire), (struct bytes){letter, body}, NULL) <
        0)
        return;
}

static int first_of(const struct postman *postman)
{
    return postman->crowd->schools - 2;
}

static struct hubtalk letter_of(const struct postman *postman)
{
    struct hubtalk talk = {.kind = HUBTALK_PUT,
        .header = {.version = STREAM_VERSION,
            .author = crowd_laestab(first_of(postman)),
            .recipient = crowd_laestab(first_of(postman) + 1),
            .lane = LANE_NORMAL,
            .epoch = {{1}},
            .first = postman->number,
            .last = postman->number,
            .ttl_days = STREAM_TTL_DAYS}};

    memcpy(talk.id.bytes, &postman->number, sizeof postman->number);
    talk.id.bytes[15] = 1;
    return talk;
}

/* One at a time; one that does not come back within 10 s is given up, as lost
 * with its connection. */
static void on_letter_due(void *arg)
{
    struct postman *postman = arg;
    const bool ready = postman->author_up && postman->recipient_up;
    struct hubtalk letter;

    loop_timer_set(postman->timer, (mono){clock_mono().ms + LETTER_EVERY_MS});
    if (!ready ||
        (postman->sent > 0 && rig_clock() - postman->sent < PATIENCE_S))
        return;
    postman->number++;
    postman->sent = rig_clock();
    letter = letter_of(postman);
    say(postman->author, &letter, LETTER_BYTES);
}

static void has_come(struct postman *postman)
{
    if (postman->sent > 0)
        postman->came(postman->arg, (rig_clock() - postman->sent) * 1e3);
    postman->sent = 0;
}

static void greet(struct link *link, uint8_t session)
{
    say(link,
        &(struct hubtalk){.kind = HUBTALK_HELLO,
            .session = {{session}},
            .protocol = STREAM_VERSION,
            .software = "bench",
            .time = clock_wall()},
        0);
}

static void on_author_state(
    void *arg, enum link_state state, const char *sentence)
{
    struct postman *postman = arg;

    (void)sentence;
    if (state != LINK_UP) {
        postman->author_up = false;
        postman->sent = 0;
    } else if (postman->bare) {
        postman->author_up = true;
    } else {
        greet(postman->author, 1);
    }
}

static void on_author(void *arg, struct bytes wire, struct bytes body)
{
    struct postman *postman = arg;
    struct hubtalk talk;

    (void)body;
    if (postman->bare)
        has_come(postman);
    else if (hubtalk_decode(&talk, wire, NULL) == 0 &&
             talk.kind == HUBTALK_WELCOME)
        postman->author_up = true;
}

static void on_recipient_state(
    void *arg, enum link_state state, const char *sentence)
{
    struct postman *postman = arg;

    (void)sentence;
    postman->recipient_up = state == LINK_UP;
    if (state == LINK_UP && !postman->bare)
        greet(postman->recipient, 2);
}

static void on_recipient(void *arg, struct bytes wire, struct bytes body)
{
    struct postman *postman = arg;
    struct hubtalk talk;

    (void)body;
    if (postman->bare || hubtalk_decode(&talk, wire, NULL) != 0)
        return;
    if (talk.kind == HUBTALK_WELCOME)
        say(postman->recipient,
            &(struct hubtalk){.kind = HUBTALK_FETCH, .credit = 1 << 20}, 0);
    if (talk.kind != HUBTALK_MAIL)
        return;
    say(postman->recipient,
        &(struct hubtalk){.kind = HUBTALK_ACK, .cursor = talk.cursor}, 0);
    if (talk.header.first == postman->number)
        has_come(postman);
}

static void open_link(struct link **out, const struct postman *postman,
    int school, struct loop *loop, const struct link_callbacks *callbacks)
{
    const struct crowd *crowd = postman->crowd;
    const struct link_options options = {crowd->endpoint, crowd->hub_key,
        crowd->keys[school][0], crowd->keys[school][1], HUBTALK_MAX_BODY};

    rig_must(link_open(out, loop, &options, callbacks, NULL), "link", NULL);
}

void postman_run(const struct crowd *crowd, bool bare,
    void (*came)(void *arg, double ms), void *arg)
{
    struct postman postman = {.crowd = crowd,
        .bare = bare,
        .came = came,
        .arg = arg,
        .number = (uint64_t)(rig_clock() * 1e3)}; /* not of one before */
    struct loop *loop;

    rig_must(loop_new(&loop, NULL), "loop", NULL);
    postman.timer = loop_timer_new(loop, on_letter_due, &postman);
    open_link(&postman.author, &postman, first_of(&postman), loop,
        &(struct link_callbacks){on_author_state, on_author, NULL, &postman});
    open_link(&postman.recipient, &postman, first_of(&postman) + 1, loop,
        &(struct link_callbacks){
            on_recipient_state, on_recipient, NULL, &postman});
    on_letter_due(&postman);
    rig_must(loop_run(loop, NULL), "loop", NULL);
}

/* hub_town - an engine with its database, a real authority, and schools that
 * talk to it without sockets; what it answers is written down, a line each. */
#ifndef TESTS_HUB_TOWN_H
#define TESTS_HUB_TOWN_H

#include "town_trust.h"

#include "base/log.h"
#include "conf/settings.h"
#include "hub/engine.h"
#include "trust/attesting.h"
#include "wire/hubtalk.h"

struct town {
    struct town_trust *trust;
    struct room *room;
    struct settings_hub settings;
    struct log log;
    struct engine *engine;
    struct engine_now now;
    struct listener_peer peers[TOWN_PEOPLE][2]; /* two connections each */
    uint64_t free_disk;
    int busy; /* so many more letters are taken, then the queue is full; -1 */
    bool gone;
    struct buf trace;
    wall time; /* of the newest message, and its highest cursor */
    uint64_t high;
    struct hubtalk last;    /* the newest message that was sent */
    struct bytes last_body; /* of it */
    struct buf bodies;      /* keeps it */
    uint8_t *kept[256];     /* messages live until the drain ends */
    size_t kept_count;
};

/* The engine's callbacks. */

static inline const char *town_name_of(
    const struct town *town, const struct listener_peer *peer)
{
    static const char *const seconds[TOWN_PEOPLE] = {
        "Ann'", "Bea'", "Cat'", "admin'", "stranger'"};

    for (int who = 0; who < TOWN_PEOPLE; who++)
        for (int i = 0; i < 2; i++)
            if (listener_same_peer(peer, &town->peers[who][i]))
                return i == 0 ? TOWN_NAMES[who] : seconds[who];
    return "?";
}

static inline void town_write(
    struct town *town, const struct hubtalk *talk, struct bytes body)
{
    const unsigned long long version = talk->version, cursor = talk->cursor;

    switch (talk->kind) {
    case HUBTALK_WELCOME:
        buf_format(&town->trace, "WELCOME %llu waiting",
            (unsigned long long)talk->waiting);
        if (talk->incarnation + talk->progress > 0)
            buf_format(&town->trace, " seen %llu.%llu",
                (unsigned long long)talk->incarnation,
                (unsigned long long)talk->progress);
        break;
    case HUBTALK_PUT_DONE:
        buf_format(&town->trace, "PUT_DONE %u", talk->id.bytes[0]);
        break;
    case HUBTALK_MAIL:
        buf_format(&town->trace, "MAIL %u cursor %llu \"%.*s\"",
            talk->id.bytes[0], cursor, body.len < 9 ? (int)body.len : 8,
            (const char *)body.data);
        break;
    case HUBTALK_DIRECTORY_IS:
        buf_format(&town->trace, "DIRECTORY_IS %llu%s", version,
            body.len > 0 ? " with body" : "");
        break;
    case HUBTALK_PUBLISH_DONE:
        buf_format(&town->trace, "PUBLISH_DONE %llu", version);
        break;
    case HUBTALK_REFUSED:
        buf_format(&town->trace, "REFUSED");
        break;
    case HUBTALK_NOTICE:
        buf_format(&town->trace, "NOTICE %u", talk->id.bytes[0]);
        break;
    case HUBTALK_RENEWAL_IS:
        buf_format(&town->trace, "RENEWAL_IS %s%s", talk->school.text,
            body.len > 0 ? " with body" : "");
        break;
    case HUBTALK_REPORTS_ARE:
        buf_format(&town->trace, "REPORTS_ARE");
        break;
    case HUBTALK_TRACE_IS:
        buf_format(&town->trace, "TRACE_IS");
        break;
    case HUBTALK_REPORTS:
    case HUBTALK_TRACE:
    case HUBTALK_HELLO:
    case HUBTALK_RENEW:
    case HUBTALK_RENEWALS:
    case HUBTALK_NOTED:
    case HUBTALK_PUT:
    case HUBTALK_FETCH:
    case HUBTALK_ACK:
    case HUBTALK_DIRECTORY:
    case HUBTALK_PUBLISH:
    case HUBTALK_REPORT:
        fail_msg("a hub does not say that");
    }
    if (talk->reason != REASON_NONE)
        buf_format(&town->trace, " %s", reason_code(talk->reason));
    buf_format(&town->trace, "\n");
}

static inline int town_send(void *arg, const struct listener_peer *peer,
    struct bytes talk, struct bytes body)
{
    struct town *town = arg;
    struct hubtalk said;

    MUST(hubtalk_decode(&said, talk, err));
    town->last = said;
    town->time = said.time;
    town->high = said.high;
    if (town->gone)
        return ERR_NOT_FOUND;
    if (town->busy == 0)
        return ERR_BUSY;
    if (town->busy > 0)
        town->busy--;
    buf_format(&town->trace, "%s <- ", town_name_of(town, peer));
    town_write(town, &said, body);
    buf_clear(&town->bodies);
    buf_add(&town->bodies, body);
    town->last_body = buf_bytes(&town->bodies);
    return 0;
}

static inline const struct members *town_members(void *arg)
{
    return ((struct town *)arg)->trust->hub->members;
}

static inline int town_publish(
    void *arg, struct bytes signed_directory, wall now, struct err *err)
{
    return identity_update_directory(
        ((struct town *)arg)->trust->hub, signed_directory, now, err);
}

static inline struct bytes town_bridge(void *arg, uint64_t *version)
{
    const struct members *bridge = ((struct town *)arg)->trust->hub->bridge;

    *version = bridge == NULL ? 0 : members_version(bridge);
    return bridge == NULL ? (struct bytes){NULL, 0} : members_signed(bridge);
}

static inline uint64_t town_free_disk(void *arg)
{
    return ((struct town *)arg)->free_disk;
}

static inline int town_attest(
    void *arg, struct buf *out, const struct attest *what, struct err *err)
{
    return attesting_sign(out, ((struct town *)arg)->trust->hub, what, err);
}

static inline void town_start_engine(struct town *town)
{
    const struct engine_options options = {town->room->db, &town->settings,
        &town->log,
        {town_send, town_members, town_publish, town_bridge, town_free_disk,
            town_attest, town}};

    MUST(engine_new(&town->engine, &options, err));
}

static inline void town_peers(struct town *town)
{
    for (int who = 0; who < TOWN_PEOPLE; who++)
        for (int i = 0; i < 2; i++) {
            struct listener_peer *peer = &town->peers[who][i];

            peer->routing_len = 5;
            peer->routing[1] = (uint8_t)who;
            peer->routing[2] = (uint8_t)i;
            memcpy(peer->curve_key, town->trust->keys[who][0],
                sizeof peer->curve_key);
        }
}

static inline void town_open(struct town *town, struct town_trust *trust)
{
    void *room;

    *town = (struct town){.trust = trust, .busy = -1, .free_disk = UINT64_MAX};
    assert_int_equal(room_open(&room, DB_HUB), 0);
    town->room = room;
    town->now = (struct engine_now){{1000000}, TOWN_NOW};
    town->settings = (struct settings_hub){.mail_days = 120,
        .mailbox_mib = 1024,
        .sender_mib = 256,
        .disk_reserve_mib = 256};
    town->log = (struct log){LOG_ERROR, -1, false};
    town_peers(town);
    town_start_engine(town);
}

static inline void town_close(struct town *town)
{
    void *room = town->room;

    engine_free(town->engine);
    room_close(&room);
    buf_free(&town->trace);
    buf_free(&town->bodies);
}

/* What schools do. */

static inline void town_raw(struct town *town, const struct listener_peer *peer,
    struct bytes talk, struct bytes body)
{
    struct bytes copies[2];
    const struct bytes given[2] = {talk, body};

    for (int i = 0; i < 2; i++) {
        assert_true(town->kept_count < 256);
        copies[i] = (struct bytes){mem_copy(given[i]), given[i].len};
        town->kept[town->kept_count++] = (uint8_t *)(uintptr_t)copies[i].data;
    }
    engine_on_message(town->engine, &town->now, peer, copies[0], copies[1]);
}

static inline void town_say(
    struct town *town, int who, const struct hubtalk *talk, struct bytes body)
{
    SCOPED(buf_free) struct buf wire = BUF_EMPTY;

    hubtalk_encode(&wire, talk);
    town_raw(town, &town->peers[who][0], buf_bytes(&wire), body);
}

static inline void town_drain(struct town *town)
{
    engine_on_drained(town->engine, &town->now);
    while (town->kept_count > 0)
        free(town->kept[--town->kept_count]);
}

/* Nothing said so far matters. */
static inline void town_forget(struct town *town)
{
    town_drain(town);
    buf_clear(&town->trace);
}

/* What the engine said since the last time, as text. */
static inline const char *town_said(struct town *town)
{
    buf_add(&town->trace, (struct bytes){(const uint8_t *)"", 1});
    town->trace.len--;
    return (const char *)town->trace.data;
}

#define EXPECT(town, text)                                                     \
    do {                                                                       \
        town_drain(town);                                                      \
        assert_string_equal(town_said(town), text);                            \
        buf_clear(&(town)->trace);                                             \
    } while (0)

/* From a school's second connection, by another run of its agent. */
static inline void town_say_second(
    struct town *town, int who, const struct hubtalk *talk, struct bytes body)
{
    SCOPED(buf_free) struct buf wire = BUF_EMPTY;

    hubtalk_encode(&wire, talk);
    town_raw(town, &town->peers[who][1], buf_bytes(&wire), body);
}

static inline struct hubtalk town_greeting(uint8_t session)
{
    return (struct hubtalk){.kind = HUBTALK_HELLO,
        .session = {{session}},
        .protocol = STREAM_VERSION,
        .time = TOWN_NOW,
        .software = "test"};
}

static inline void town_hello(struct town *town, int who)
{
    const struct hubtalk hello = town_greeting((uint8_t)(who + 1));

    town_say(town, who, &hello, (struct bytes){0});
}

static inline void town_fetch(
    struct town *town, int who, uint64_t after, uint64_t credit)
{
    town_say(town, who,
        &(struct hubtalk){
            .kind = HUBTALK_FETCH, .cursor = after, .credit = credit},
        (struct bytes){0});
}

static inline void town_ack(struct town *town, int who, uint64_t cursor)
{
    town_say(town, who,
        &(struct hubtalk){.kind = HUBTALK_ACK, .cursor = cursor},
        (struct bytes){0});
}

static inline struct hubtalk town_letter(
    int author, int recipient, enum lane lane, uint8_t id)
{
    const uint64_t number = lane == LANE_RECEIPT ? 0 : id;

    return (struct hubtalk){.kind = HUBTALK_PUT,
        .id = {{id, 1}},
        .header = {.version = STREAM_VERSION,
            .author = town_school(author),
            .recipient = town_school(recipient),
            .lane = lane,
            .epoch = {{9}},
            .first = number,
            .last = number,
            .ttl_days = STREAM_TTL_DAYS}};
}

static inline void town_put(
    struct town *town, int author, int recipient, enum lane lane, uint8_t id)
{
    const struct hubtalk talk = town_letter(author, recipient, lane, id);

    town_say(town, author, &talk, bytes_of("sealed"));
}

static inline void town_connect(struct town *town, int who, uint64_t credit)
{
    town_hello(town, who);
    town_fetch(town, who, 0, credit);
    town_forget(town);
}

/* For cmocka: a trust for the group, a town for each test. */
static inline int town_set_up(void **state)
{
    struct town_trust *trust = *state; /* of the group */
    struct town *town = mem_alloc(sizeof *town);

    town_open(town, trust);
    *state = town;
    return 0;
}

static inline int town_tear_down(void **state)
{
    struct town *town = *state;

    *state = town->trust;
    town_close(town);
    free(town);
    return 0;
}

static inline int town_group_set_up(void **state)
{
    *state = town_found();
    return 0;
}

static inline int town_group_tear_down(void **state)
{
    town_end(*state);
    return 0;
}

#define TOWN_TEST(name)                                                        \
    cmocka_unit_test_setup_teardown(name, town_set_up, town_tear_down)

#endif

/* A member whose program is its own: it chooses its routing id, and sends more
 * than the limit. */
#include "listener_scene.h"

#include <zmq.h>

#define NAME "8732001" /* a routing id that somebody might trust */

struct rogue {
    struct scene scene; /* first: its tear-down is ours */
    void *context, *socket;
};

static int begin(void **state)
{
    struct rogue *r = calloc(1, sizeof *r);
    void *scene;

    assert_non_null(r);
    assert_int_equal(set_up(&scene), 0);
    memcpy(&r->scene, scene, sizeof r->scene);
    free(scene);
    loop_timer_free(r->scene.timer);
    r->scene.timer = loop_timer_new(r->scene.loop, give_up, &r->scene);
    assert_int_equal(open_listener(&r->scene, NULL), 0);
    r->scene.everybody = true;
    r->context = zmq_ctx_new();
    *state = r;
    return 0;
}

static int end(void **state)
{
    struct rogue *r = *state;

    zmq_close(r->socket);
    zmq_ctx_term(r->context);
    return tear_down(state);
}

static void set(void *socket, int option, const void *value, size_t len)
{
    assert_int_equal(zmq_setsockopt(socket, option, value, len), 0);
}

/* With the key of a member, and a routing id of its own unless name is NULL. */
static void come_in(struct rogue *r, const char *name)
{
    const struct scene *s = &r->scene;
    const int none = 0;

    r->socket = zmq_socket(r->context, ZMQ_DEALER);
    assert_non_null(r->socket);
    set(r->socket, ZMQ_LINGER, &none, sizeof none);
    set(r->socket, ZMQ_CURVE_SERVERKEY, s->hub.public_key, CURVE_TEXT_SIZE);
    set(r->socket, ZMQ_CURVE_PUBLICKEY, s->revoked.public_key, CURVE_TEXT_SIZE);
    set(r->socket, ZMQ_CURVE_SECRETKEY, s->revoked.secret_key, CURVE_TEXT_SIZE);
    if (name != NULL)
        set(r->socket, ZMQ_ROUTING_ID, name, strlen(name));
    assert_int_equal(zmq_connect(r->socket, listener_endpoint(s->listener)), 0);
}

/* A member who has nothing to do with it. */
static void expect_others_are_served(struct scene *s)
{
    if (s->link == NULL) {
        connect_as(s, &s->known);
        expect(s, LINK_UP);
    }
    assert_int_equal(link_state(s->link), LINK_UP);
    assert_int_equal(
        link_send(s->link, bytes_of("talk"), (struct bytes){NULL, 0}, NULL), 0);
    expect_messages(s, s->messages + 1);
    assert_string_equal(s->peer.curve_key, s->known.public_key);
}

static void test_a_chosen_routing_id_is_not_heard(void **state)
{
    struct rogue *r = *state;
    struct scene *s = &r->scene;

    expect_others_are_served(s);
    come_in(r, NAME);
    for (int i = 0; i < 3; i++)
        assert_int_equal(zmq_send(r->socket, "talk", 4, 0), 4);
    for (int i = 0; i < 50 && listener_counts(s->listener).odd < 3; i++)
        (void)run_for(s, 100);
    assert_int_equal(listener_counts(s->listener).odd, 3);
    assert_int_equal(s->messages, 1);
    assert_non_null(strstr(s->said, "odd frames or no sender"));
    expect_others_are_served(s);
}

/* Each message is the key's that brought it, whatever it says. */
static void test_a_peer_is_its_key(void **state)
{
    struct rogue *r = *state;
    struct scene *s = &r->scene;

    expect_others_are_served(s);
    come_in(r, NULL);
    assert_int_equal(zmq_send(r->socket, "talk", 4, 0), 4);
    expect_messages(s, s->messages + 1);
    assert_string_equal(s->peer.curve_key, s->revoked.public_key);
    expect_others_are_served(s);
}

static void test_a_message_over_the_limit_cuts_who_sends_it(void **state)
{
    static const uint8_t big[2 * MAX_MESSAGE];
    struct rogue *r = *state;
    struct scene *s = &r->scene;

    expect_others_are_served(s);
    come_in(r, NULL);
    assert_int_equal(zmq_send(r->socket, "talk", 4, ZMQ_SNDMORE), 4);
    assert_int_equal(zmq_send(r->socket, big, sizeof big, 0), sizeof big);
    (void)run_for(s, 300);
    assert_int_equal(s->messages, 1);
    expect_others_are_served(s);
    assert_int_equal(zmq_send(r->socket, "talk", 4, 0), 4); /* it came back */
    expect_messages(s, s->messages + 1);
    assert_string_equal(s->peer.curve_key, s->revoked.public_key);
}

#define ROGUE(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROGUE(test_a_chosen_routing_id_is_not_heard),
        ROGUE(test_a_peer_is_its_key),
        ROGUE(test_a_message_over_the_limit_cuts_who_sends_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

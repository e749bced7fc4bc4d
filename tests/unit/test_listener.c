/* What a listener makes of those who knock. */
#include "listener_scene.h"

static void test_will_not_open_when_a_stranger_is_let_in(void **state)
{
    struct scene *s = *state;
    struct err err;

    s->everybody = true;
    assert_int_equal(open_listener(s, &err), ERR_CRYPTO);
    assert_string_equal(
        err.text, "self-test: a connection with an unknown key was let in");
    assert_null(s->listener);
}

static void test_says_why_it_cannot_listen(void **state)
{
    static const struct {
        const char *endpoint, *says;
    } examples[] = {
        {"tcp://192.0.2.77:7700", "say where to listen in the settings: [hub]"},
        {"tcp://hub.example.org:7700", "that is no address of this machine"},
        {NULL, "another program listens there"}, /* where s->listener is */
    };
    struct scene *s = *state;

    assert_int_equal(open_listener(s, NULL), 0);
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        const struct listener_options options = {
            examples[i].endpoint == NULL ? listener_endpoint(s->listener)
                                         : examples[i].endpoint,
            s->hub.public_key, s->hub.secret_key, 1024, 0, 0};
        const struct listener_callbacks callbacks = {
            may_connect, on_message, on_drained, on_event, NULL, s};
        struct listener *other = NULL;
        struct err err;

        assert_int_equal(
            listener_open(&other, s->loop, &options, &callbacks, &err), ERR_IO);
        assert_non_null(strstr(err.text, examples[i].says));
        assert_null(other);
    }
}

static void test_its_own_test_is_no_event(void **state)
{
    struct scene *s = *state;

    assert_int_equal(open_listener(s, NULL), 0);
    (void)run_for(s, 50);
    assert_int_equal(s->events, 0);
}

static void test_refuses_an_unknown_key_and_says_so_once(void **state)
{
    struct scene *s = *state;

    assert_int_equal(open_listener(s, NULL), 0);
    connect_as(s, &s->revoked);
    expect(s, LINK_REFUSED);
    link_close(s->link);
    connect_as(s, &s->revoked);
    expect(s, LINK_REFUSED);
    assert_int_equal(s->events, 1);
    assert_string_equal(
        s->said, "refused a connection: its key is not in the directory");
}

static void test_names_the_key_of_each_message(void **state)
{
    struct scene *s = *state;

    assert_int_equal(open_listener(s, NULL), 0);
    connect_as(s, &s->known);
    expect(s, LINK_UP);
    for (int i = 0; i < 3; i++)
        assert_int_equal(
            link_send(s->link, bytes_of("talk"), bytes_of("body"), NULL), 0);
    expect_messages(s, 3);
    assert_string_equal(s->peer.curve_key, s->known.public_key);
    assert_true(listener_same_peer(&s->peer, &s->peer));
}

static void test_hands_over_batches_of_64_at_most(void **state)
{
    struct scene *s = *state;

    assert_int_equal(open_listener(s, NULL), 0);
    connect_as(s, &s->known);
    expect(s, LINK_UP);
    for (int i = 0; i < CROWD; i++)
        assert_int_equal(
            link_send(s->link, bytes_of("talk"), (struct bytes){0}, NULL), 0);
    expect_messages(s, CROWD);
    assert_in_range(s->biggest, 1, 64);
    assert_true(s->batches >= CROWD / 64);
}

static void test_tells_a_peer_that_is_gone(void **state)
{
    struct scene *s = *state;
    int rc = 0;

    assert_int_equal(open_listener(s, NULL), 0);
    connect_as(s, &s->known);
    expect(s, LINK_UP);
    assert_int_equal(
        link_send(s->link, bytes_of("talk"), (struct bytes){0}, NULL), 0);
    expect_messages(s, 1);
    link_close(s->link);
    s->link = NULL;
    for (int i = 0; i < 100 && rc == 0; i++) {
        (void)run_for(s, 20);
        rc = listener_send(
            s->listener, &s->peer, bytes_of("talk"), (struct bytes){0}, NULL);
    }
    assert_int_equal(rc, ERR_NOT_FOUND);
}

static bool is_cut(struct scene *s, int fd)
{
    for (int i = 0; i < 100; i++) {
        struct pollfd readable = {fd, POLLIN, 0};
        char bytes[256];

        (void)run_for(s, 20);
        while (poll(&readable, 1, 0) == 1) {
            if (read(fd, bytes, sizeof bytes) <= 0)
                return true;
        }
    }
    return false;
}

/* Greeting of ZMTP 3.1 with the NULL mechanism, then its READY command. */
static void test_cuts_a_client_without_curve(void **state)
{
    static const uint8_t hello[64] = {
        0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 1, 'N', 'U', 'L', 'L'};
    static const uint8_t ready[] = {4, 6, 5, 'R', 'E', 'A', 'D', 'Y'};
    struct scene *s = *state;
    int fd;

    assert_int_equal(open_listener(s, NULL), 0);
    fd = connect_raw(s);
    assert_int_equal(write(fd, hello, sizeof hello), sizeof hello);
    assert_int_equal(write(fd, ready, sizeof ready), sizeof ready);
    assert_true(is_cut(s, fd));
    assert_int_equal(s->messages, 0);
    close(fd);
}

static void test_garbage_kills_nothing(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
    } garbage[] = {{"GET / HTTP/1.1\r\n\r\n", 18}, {"", 0}, {"\xff", 1},
        {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f\xff", 11},
        {"\xff\0\0\0\0\0\0\0\1\x7f\3\1CURVE garbage garbage", 32}};
    struct scene *s = *state;

    assert_int_equal(open_listener(s, NULL), 0);
    for (int round = 0; round < 5; round++)
        for (size_t i = 0; i < sizeof garbage / sizeof garbage[0]; i++) {
            const int fd = connect_raw(s);

            assert_int_equal(
                write(fd, garbage[i].bytes, garbage[i].len), garbage[i].len);
            close(fd);
        }
    (void)run_for(s, 100);
    connect_as(s, &s->known);
    expect(s, LINK_UP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_will_not_open_when_a_stranger_is_let_in),
        TEST(test_says_why_it_cannot_listen),
        TEST(test_its_own_test_is_no_event),
        TEST(test_refuses_an_unknown_key_and_says_so_once),
        TEST(test_names_the_key_of_each_message),
        TEST(test_hands_over_batches_of_64_at_most),
        TEST(test_tells_a_peer_that_is_gone),
        TEST(test_cuts_a_client_without_curve),
        TEST(test_garbage_kills_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

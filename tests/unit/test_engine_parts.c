/* A directory that is too large to go in one: to schools, and from an
 * administrator. */
#include "hub_town.h"

#define MORE_SCHOOLS 70

static void send_part(
    struct town *town, uint64_t offset, uint64_t total, size_t len)
{
    const struct bytes whole =
        members_signed(authority_members(town->trust->authority));

    town_say(town, ADMIN,
        &(struct hubtalk){
            .kind = HUBTALK_PUBLISH, .offset = offset, .total = total},
        (struct bytes){whole.data + offset, len});
}

static void enrol_more(const struct town_trust *trust, int first, int count)
{
    struct buf *requests = mem_alloc((size_t)count * sizeof *requests);
    struct buf *welcomes = mem_alloc((size_t)count * sizeof *welcomes);
    struct bytes *files = mem_alloc((size_t)count * sizeof *files);

    for (int i = 0; i < count; i++) {
        SCOPED(mem_freep) char *name = mem_format("more-%d", first + i);
        SCOPED(mem_freep) char *state = town_folder(trust, name);
        char keys[2][CURVE_TEXT_SIZE];
        struct identity_wish wish = {.kind = ENROLMENT_SCHOOL,
            .urn = "100001",
            .phase = PHASE_PRIMARY,
            .name = name,
            .curve_public = keys[0],
            .curve_secret = keys[1]};

        snprintf(wish.laestab.text, LAESTAB_SIZE, "%d", 8740000 + first + i);
        MUST(curve_new_pair(keys[0], keys[1], err));
        MUST(identity_enrol(&requests[i], state, &wish, TOWN_NOW, err));
        files[i] = buf_bytes(&requests[i]);
    }
    MUST(authority_enrol(welcomes, trust->authority,
        &(struct authority_intake){files, (size_t)count, false}, TOWN_NOW,
        err));
    for (int i = 0; i < count; i++) {
        buf_free(&requests[i]);
        buf_free(&welcomes[i]);
    }
    free(requests);
    free(welcomes);
    free(files);
}

static void test_an_administrator_publishes_in_parts(void **state)
{
    struct town *town = *state;
    size_t total;

    enrol_more(town->trust, 0, MORE_SCHOOLS);
    total = members_signed(authority_members(town->trust->authority)).len;
    assert_true(total > HUBTALK_PART);
    send_part(town, 0, total, 1000);
    EXPECT(town, "admin <- PUBLISH_DONE 2\n");
    send_part(town, 2000, total, 1000); /* a hole */
    EXPECT(town, "admin <- PUBLISH_DONE 2 bad-request\n");
    send_part(town, 1000, 1500, 1000); /* more than was said */
    EXPECT(town, "admin <- PUBLISH_DONE 2 bad-request\n");
    send_part(town, 0, MEMBERS_MAX_SIGNED + 1, 1000);
    EXPECT(town, "admin <- PUBLISH_DONE 2 too-large\n");
    send_part(town, 0, total, 1000); /* anew */
    send_part(town, 1000, total, total - 1000);
    EXPECT(town, "admin <- PUBLISH_DONE 2\nadmin <- PUBLISH_DONE 3\n");
}

/* What the hub said last, added to what came before. */
static struct hubtalk fetch_part(
    struct town *town, struct buf *whole, uint64_t of, uint64_t *total)
{
    const struct hubtalk ask = {.kind = HUBTALK_DIRECTORY,
        .version = 2,
        .of = of,
        .offset = whole->len};

    town_forget(town);
    town_say(town, ANN, &ask, (struct bytes){0});
    EXPECT(town, "Ann <- DIRECTORY_IS 3 with body\n");
    buf_add(whole, town->last_body);
    *total = town->last.total;
    return town->last;
}

static void test_a_school_fetches_it_in_parts(void **state)
{
    struct town *town = *state;
    SCOPED(buf_free) struct buf whole = BUF_EMPTY;
    const struct bytes signed_directory =
        members_signed(town->trust->hub->members);
    struct hubtalk hello = town_greeting(ANN + 1);
    uint64_t total = 0;
    struct hubtalk got;

    /* an older agent gets it in one */
    town_hello(town, ANN);
    got = fetch_part(town, &whole, 0, &total);
    assert_int_equal(whole.len, signed_directory.len);
    assert_int_equal(got.total, 0);
    buf_clear(&whole);
    hello.parts = true;
    town_say(town, ANN, &hello, (struct bytes){0});
    got = fetch_part(town, &whole, 0, &total);
    assert_int_equal(total, signed_directory.len);
    assert_int_equal(whole.len, HUBTALK_PART);
    got = fetch_part(town, &whole, 3, &total);
    assert_int_equal(got.offset, HUBTALK_PART);
    assert_int_equal(whole.len, total);
    assert_memory_equal(whole.data, signed_directory.data, whole.len);
    /* of another version by now: from its begin */
    whole.len = HUBTALK_PART;
    got = fetch_part(town, &whole, 2, &total);
    assert_int_equal(got.offset, 0);
    /* past its end: from its begin */
    whole.len = total;
    got = fetch_part(town, &whole, 3, &total);
    assert_int_equal(got.offset, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TOWN_TEST(test_an_administrator_publishes_in_parts),
        TOWN_TEST(test_a_school_fetches_it_in_parts),
    };

    return cmocka_run_group_tests(
        tests, town_group_set_up, town_group_tear_down);
}

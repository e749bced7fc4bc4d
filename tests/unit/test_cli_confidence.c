/* Over random histories the primary learns from the secondary what domain 2.9
 * allows and nothing else: a coarse step, requests, which role read.  Every
 * letter on its way is opened and read, and all that the primary can print is
 * looked at: no note, nothing said in confidence, no caller, no try. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/seal.h"
#include "history.h"
#include "store/people.h"

#ifdef __SANITIZE_ADDRESS__ /* some four times slower */
#define HISTORIES 100
#else
#define HISTORIES 200
#endif
#define STEPS 14

struct watch {
    struct household h;
    unsigned letters;
    unsigned kinds[ITEM_DIARY + 1];
    unsigned diaries; /* in this world */
    size_t opened;    /* parts, in all steps */
    unsigned steps[COARSE_LAST + 1];
    struct { /* the last step that was told of each pupil */
        enum coarse state;
        struct date day;
        bool named;   /* with the tutor */
        size_t parts; /* that roles have opened */
    } told[2];
};

/* --- letters ---------------------------------------------------------------
 */

static void assert_quiet(const char *what, const char *text, size_t len)
{
    static const char *const secrets[] = {HUSH, "Quibble", "jlcaller", "ktlead",
        "dddsl", "ofoffice", "snsenco", "hhyear", "no-answer"};

    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++)
        if (memmem(text, len, secrets[i], strlen(secrets[i])) != NULL)
            fail_msg("%s tells the primary: %s", what, secrets[i]);
}

static size_t place_of(const struct household *h, const char *upn)
{
    for (size_t i = 0; i < h->pupil_count; i++)
        if (strcmp(h->upns[i], upn) == 0)
            return i;
    fail_msg("a pupil of nobody");
    return 0;
}

static void check_role(const char *role)
{
    unsigned roles;
    SCOPED(mem_freep) char *lower = mem_text(role);

    for (char *c = lower; *c != '\0'; c++)
        *c = *c == '_' ? '-' : (char)(*c | 0x20);
    if (people_roles_parse(&roles, lower, NULL) < 0)
        fail_msg("%s is no role", role);
}

/* Roles and parts; the safeguarding lead's looks are not told. */
static size_t check_used(const struct batch_item *item)
{
    size_t parts = 0;

    for (size_t i = 0; i < item->u.family.used_count; i++) {
        const struct used *used = &item->u.family.used[i];

        check_role(used->role);
        assert_string_not_equal(used->role, "DSL");
        assert_string_not_equal(used->role, "ADMIN");
        assert_true((used->sections & USED_CONTACTS) != 0);
        for (unsigned bit = 1; bit <= USED_LAST; bit <<= 1)
            parts += (used->sections & bit) != 0;
    }
    return parts;
}

static void check_step(struct watch *w, const struct batch_item *item)
{
    const size_t pupil = place_of(&w->h, item->u.family.upn);
    const enum coarse state = item->u.family.state;
    const struct date day = item->u.family.day;
    const bool named = item->u.family.tutor[0] != '\0';

    const size_t parts = check_used(item);

    if (named)
        assert_string_equal(item->u.family.tutor, HISTORY_TUTOR);
    assert_in_range(state, COARSE_NONE, COARSE_LAST);
    if (state != COARSE_CONTACTED && date_is_set(day))
        fail_msg("the day of a try is told");
    /* said again only if it is another step: tries cannot be counted */
    if (w->told[pupil].state == state && w->told[pupil].named == named &&
        w->told[pupil].parts == parts &&
        date_compare(w->told[pupil].day, day) == 0)
        fail_msg("the same step was told twice");
    w->told[pupil].state = state;
    w->told[pupil].day = day;
    w->told[pupil].named = named;
    w->told[pupil].parts = parts;
    w->opened += parts;
    w->steps[state]++;
}

static void check_request(const struct batch_item *item)
{
    const char *text = item->u.request.text;

    assert_in_range(
        item->u.request.kind, REQUEST_WRONG_NUMBER, REQUEST_QUESTION);
    if (item->u.request.kind != REQUEST_QUESTION)
        assert_string_equal(text, "");
    /* else what was typed, or what is said of itself when a number comes while
     * the parent's own stands (domain 3.4): always the same words */
    else if (strncmp(text, "Thank you for the number. ", 26) != 0 &&
             strncmp(text, "We were told that this contact has died.", 40) !=
                 0 &&
             strncmp(text, "We told you of this contact by mistake:", 39) != 0)
        assert_string_equal(text, HISTORY_QUESTION);
}

/* What the school plans, as everybody may read it: the two sessions of
 * history_prepare(), and nothing that depends on who is invited. */
static void check_diary(struct watch *w, const struct batch_item *item)
{
    const struct diary *diary = &item->u.diary;
    char entry[DATE_TEXT_SIZE];

    if (w->diaries++ > 0)
        fail_msg("the same diary was told twice");
    assert_string_equal(date_format(diary->entry, entry), HISTORY_ENTRY);
    assert_int_equal(diary->count, 2);
    assert_string_equal(diary->sessions[0].place, "Main hall");
    assert_string_equal(diary->sessions[1].place, "Library");
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(diary->sessions[i].number, i + 1);
        assert_string_equal(diary->sessions[i].title, "");
        assert_string_equal(diary->sessions[i].interpreters, "");
        assert_false(diary->sessions[i].cancelled);
    }
}

static void check_item(struct watch *w, const struct batch_item *item)
{
    w->kinds[item->kind]++;
    switch (item->kind) {
    case ITEM_HEARTBEAT:
    case ITEM_RECEIPT:
    case ITEM_REFUSAL:
    case ITEM_DESTROYED:
        break;
    case ITEM_READ:
        check_role(item->u.read.role);
        break;
    case ITEM_REQUEST:
        check_request(item);
        break;
    case ITEM_FAMILY:
        check_step(w, item);
        break;
    case ITEM_DIARY:
        check_diary(w, item);
        break;
    case ITEM_HELD: /* only after a restore of the primary: not here */
    case ITEM_LEAVER:
    case ITEM_TOMBSTONE:
    case ITEM_ANSWER:
    default:
        fail_msg("a secondary sends an item of kind %d", (int)item->kind);
    }
}

/* As the primary opens it. */
static void open_letter(struct watch *w, const struct cluster_letter *letter)
{
    const struct identity *me = w->h.primary->identity;
    SCOPED(buf_free) struct buf inner = BUF_EMPTY;
    SCOPED(buf_free) struct buf content = BUF_EMPTY;
    SCOPED(arena_free) struct arena arena = ARENA_EMPTY;
    struct batch batch;

    assert_int_equal(seal_decrypt(&inner, buf_bytes(&letter->sealed),
                         me->encrypt_key, me->encrypt_cert, NULL),
        0);
    assert_int_equal(
        seal_verify(&content, NULL, buf_bytes(&inner),
            members_sign_cert(me->members, &letter->header.author, 0), NULL),
        0);
    assert_quiet("a letter", (const char *)content.data, content.len);
    assert_int_equal(
        batch_decode(&batch, buf_bytes(&content), &arena, NULL), 0);
    for (size_t i = 0; i < batch.count; i++)
        check_item(w, &batch.items[i]);
    w->letters++;
}

static void open_letters(struct watch *w)
{
    const struct round *r = w->h.world->round;

    for (size_t i = 0; i < r->kept_count; i++)
        if (laestab_equal(
                &r->kept[i].header.author, &w->h.secondary->identity->laestab))
            open_letter(w, &r->kept[i]);
}

/* --- what the primary prints -----------------------------------------------
 */

static void look_at_primary(struct watch *w)
{
    static const char *const screens[] = {"leavers list", "leavers list --json",
        "leavers list --csv", "leavers show {upn}", "leavers show {upn} --json",
        "inbox", "inbox --json", "receipts {upn}", "receipts {upn} --json",
        "queue --json", "peers --json", "status --json", "audit --json",
        "sessions", "outcomes", "sessions {upn} --json"};
    struct household *h = &w->h;

    for (size_t i = 0; i < sizeof screens / sizeof screens[0]; i++) {
        SCOPED(mem_freep) char *line = NULL;
        const char *at = strstr(screens[i], "{upn}");

        line = at == NULL ? mem_text(screens[i])
                          : mem_format("%.*s%s%s", (int)(at - screens[i]),
                                screens[i], h->upns[0], at + 5);
        household_type(h, h->primary, NULL, line);
        assert_quiet(line, w->h.world->out, w->h.world->out_len);
        assert_quiet(line, w->h.world->err, w->h.world->err_len);
    }
}

/* --- tests -----------------------------------------------------------------
 */

static void live(void *arg, unsigned seed)
{
    struct watch *w = arg;
    struct household *h = &w->h;

    memset(w->told, 0, sizeof w->told);
    if (seed % HISTORY_A_WORLD == 1)
        w->diaries = 0;
    history_begin(h, seed);
    open_letters(w);
    for (unsigned step = 0; step < STEPS; step++) {
        history_step(h, 500 + seed * STEPS + step);
        open_letters(w);
    }
    look_at_primary(w);
    history_end(h);
    open_letters(w);
}

static void test_the_primary_learns_what_it_may_and_no_more(void **state)
{
    struct watch w = {.letters = 0};

    (void)state;
    history_each(&w.h, HISTORIES, live, &w);
    print_message("%u letters; %u reads, %u requests, %u steps\n", w.letters,
        w.kinds[ITEM_READ], w.kinds[ITEM_REQUEST], w.kinds[ITEM_FAMILY]);
    print_message("%u started, %u not arrived, %u closed\n",
        w.steps[COARSE_STARTED], w.steps[COARSE_NOT_ARRIVED],
        w.steps[COARSE_CLOSED]);
    assert_int_equal(w.kinds[ITEM_DIARY], HISTORIES / HISTORY_A_WORLD);
    assert_true(w.opened > 20);
    assert_true(w.kinds[ITEM_READ] > 10);
    assert_true(w.kinds[ITEM_REQUEST] > 20);
    assert_true(w.steps[COARSE_CONTACT_STARTED] > 10);
    assert_true(w.steps[COARSE_CONTACTED] > 10);
    assert_true(w.steps[COARSE_HELP_REQUEST] > 10);
    assert_true(w.steps[COARSE_STARTED] > 3);
    assert_true(w.steps[COARSE_NOT_ARRIVED] > 3);
    assert_true(w.steps[COARSE_CLOSED] > 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_primary_learns_what_it_may_and_no_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "store/stock.h"

#include "store/tally.h"

static const char COUNT[] = "SELECT " STOCK_LETTER " FROM letters"
                            " INDEXED BY letters_held WHERE size > 0";
static const char OLDEST_RECEIVED[] =
    "SELECT min(put_at) FROM letters WHERE recipient = ?1 AND size > 0";
static const char OLDEST_SENT[] =
    "SELECT min(put_at) FROM letters WHERE author = ?1 AND size > 0";

struct stock_letter stock_read(struct statement *st)
{
    struct stock_letter letter;

    letter.author = statement_get_school(st);
    letter.recipient = statement_get_school(st);
    letter.size = statement_get_number(st);
    letter.put_at = statement_get_int(st);
    letter.cursor = statement_get_int(st);
    return letter;
}

void stock_add(struct db *db, const struct stock_letter *letter)
{
    tally_add(tally_all(db->tally), letter->size, letter->put_at);
    tally_add(&tally_of(db->tally, &letter->recipient)->received, letter->size,
        letter->put_at);
    tally_add(&tally_of(db->tally, &letter->author)->sent, letter->size,
        letter->put_at);
}

void stock_remove(struct db *db, const struct stock_letter *letter)
{
    tally_remove(tally_all(db->tally), letter->size, letter->put_at);
    tally_remove(&tally_of(db->tally, &letter->recipient)->received,
        letter->size, letter->put_at);
    tally_remove(&tally_of(db->tally, &letter->author)->sent, letter->size,
        letter->put_at);
}

static int recount(struct db *db, struct err *err)
{
    SCOPED(statement_end) struct statement st = statement_start(db, COUNT);
    int rc;

    tally_free(db->tally);
    db->tally = tally_new();
    db->tally_stale = true;
    while ((rc = statement_step(&st, err)) == 1) {
        const struct stock_letter letter = stock_read(&st);

        stock_add(db, &letter);
    }
    db->tally_stale = rc < 0;
    return rc;
}

int stock_ready(struct db *db, struct err *err)
{
    if (db->tally != NULL && !db->tally_stale)
        return 0;
    return recount(db, err);
}

static int find_oldest(struct db *db, struct tally_count *count,
    const char *text, const struct laestab *school)
{
    SCOPED(statement_end) struct statement st = statement_start(db, text);
    int rc;

    statement_put_school(&st, school);
    rc = statement_step(&st, NULL);
    if (rc == 1) {
        count->oldest = statement_get_int(&st);
        count->oldest_stale = false;
    }
    return rc;
}

/* If the table cannot be read, the oldest that was known stands, and whoever
 * reads a letter next is told why. */
static const struct tally_count *refresh_received(
    struct db *db, struct tally_entry *entry)
{
    if (entry->received.oldest_stale)
        (void)!find_oldest(
            db, &entry->received, OLDEST_RECEIVED, &entry->school);
    return &entry->received;
}

static const struct tally_count *refresh_sent(
    struct db *db, struct tally_entry *entry)
{
    if (entry->sent.oldest_stale)
        (void)!find_oldest(db, &entry->sent, OLDEST_SENT, &entry->school);
    return &entry->sent;
}

static const struct tally_count *refresh_all(struct db *db)
{
    struct tally_count *all = tally_all(db->tally);
    struct tally_entry *entry;

    if (!all->oldest_stale)
        return all;
    all->oldest = INT64_MAX;
    for (size_t i = 0; (entry = tally_entry(db->tally, i)) != NULL; i++) {
        const struct tally_count *one = refresh_received(db, entry);

        if (one->letters > 0 && one->oldest < all->oldest)
            all->oldest = one->oldest;
    }
    all->oldest_stale = false;
    return all;
}

void stock_use(struct mailbox_use *out, struct db *db,
    const struct laestab *recipient, const struct laestab *author)
{
    const struct tally_count *count;

    if (stock_ready(db, NULL) < 0) {
        *out = (struct mailbox_use){.letters = 0};
        return;
    }
    if (recipient != NULL)
        count = refresh_received(db, tally_of(db->tally, recipient));
    else if (author != NULL)
        count = refresh_sent(db, tally_of(db->tally, author));
    else
        count = refresh_all(db);
    *out = (struct mailbox_use){
        count->letters, count->bytes, (wall){count->oldest}};
}

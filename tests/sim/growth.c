#include "growth.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "agentd/agent.h"
#include "chance.h"
#include "check.h"
#include "hub_node.h"
#include "node.h"
#include "office.h"
#include "plan.h"
#include "promise.h"
#include "store/handle.h"
#include "store/outbox.h"
#include "town.h"
#include "vfs.h"
#include "work.h"

#define DAY ((int64_t)24 * 3600 * 1000)
#define YEAR_DAYS 365
#define CLASS 12

/* The machines that are looked at. */
#define AUTHOR 0
#define RECIPIENT 2
#define OTHER 3

/* What a child may take of a database for good: its record, its case, the
 * audit, and for the primary the newest batch with its receipts. */
#define CHILD_BYTES (4 * 1024)
#define SPARE_BYTES                                                            \
    (96 * 1024) /* beside the empty tables: pages that are part                \
                 * full, and what a year leaves free */
#define WAL_BYTES (18 * 1024 * 1024) /* 16 MiB and a transaction */
#define HUB_BYTES (2 * 1024 * 1024)
#define MARKER_BYTES 42

/* A number that is printed, and what it must not pass. */
struct bound {
    const char *what;
    int64_t value;
    int64_t most; /* -1: it is state, and only printed */
};

struct measuring {
    struct world *world;
    struct db *db;
    struct node *node;
    unsigned year;
    unsigned broken;
    int64_t empty; /* what the tables take when there is nothing in them */
    int64_t peak_wal[WORLD_SCHOOLS + 1];
};

static int64_t number(struct measuring *m, const char *sql)
{
    sqlite3_stmt *st = NULL;
    int64_t value = -1;

    vfs_use(&m->node->disk);
    if (sqlite3_prepare_v2(m->db->sql, sql, -1, &st, NULL) == SQLITE_OK &&
        sqlite3_step(st) == SQLITE_ROW)
        value = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    vfs_use(NULL);
    return value;
}

static int64_t size_of(const struct node *node, const char *suffix)
{
    for (const struct disk_file *f = node->disk.files; f != NULL; f = f->next) {
        const size_t len = strlen(f->name);
        const size_t tail = strlen(suffix);

        if (len >= tail && strcmp(f->name + len - tail, suffix) == 0)
            return (int64_t)f->now.len;
    }
    return 0;
}

static void look_at_wals(struct measuring *m)
{
    struct node *nodes[] = {&m->world->schools[AUTHOR],
        &m->world->schools[RECIPIENT], &m->world->schools[OTHER],
        &m->world->hubs[0]};

    for (size_t i = 0; i < sizeof nodes / sizeof nodes[0]; i++) {
        const int64_t now = size_of(nodes[i], "-wal");

        if (now > m->peak_wal[i])
            m->peak_wal[i] = now;
    }
}

static void judge(struct measuring *m, const struct bound *bounds, size_t count)
{
    printf("year %u  %-9s", m->year, m->node->name);
    for (size_t i = 0; i < count; i++) {
        const struct bound *b = &bounds[i];
        const bool over = b->most >= 0 && (b->value > b->most || b->value < 0);

        printf("  %s %" PRId64, b->what, b->value);
        if (b->most >= 0)
            printf("/%" PRId64 "%s", b->most, over ? " TOO MUCH" : "");
        m->broken += over;
    }
    printf("\n");
}

static int64_t used_bytes(struct measuring *m)
{
    return (number(m, "SELECT page_count FROM pragma_page_count") -
               number(m, "SELECT freelist_count FROM pragma_freelist_count")) *
           number(m, "SELECT page_size FROM pragma_page_size");
}

static void judge_school(struct measuring *m, size_t school, int64_t wal)
{
    struct node *node = &m->world->schools[school];
    const int64_t years = m->year;

    m->node = node;
    m->db = node->agent->db;
    const int64_t children = number(m,
        "SELECT (SELECT count(*) FROM leavers) + (SELECT count(*) FROM "
        "records) + (SELECT count(*) FROM tombstones)");
    const int64_t streams =
        number(m, "SELECT count(*) FROM streams_out WHERE current = 1");
    /* What the current state rests on, at most: each newest sending. */
    const int64_t rests =
        number(m, "SELECT (SELECT count(*) FROM leavers WHERE seq > 0)"
                  " + (SELECT count(*) FROM recalls)");
    const struct bound bounds[] = {
        {"KiB", used_bytes(m) / 1024,
            (m->empty + SPARE_BYTES + children * CHILD_BYTES) / 1024},
        {"WAL KiB", wal / 1024, WAL_BYTES / 1024},
        {"marker", size_of(node, "marker"), MARKER_BYTES},
        {"letters", number(m, "SELECT count(*) FROM letters_out"), 0},
        {"unreceipted",
            number(m, "SELECT count(*) FROM batches WHERE answered = 0"), 0},
        {"batches", number(m, "SELECT count(*) FROM batches"),
            rests + 2 * streams},
        {"evidence", number(m, "SELECT count(*) FROM evidence"),
            2 * rests + streams},
        {"streams out", number(m, "SELECT count(*) FROM streams_out"),
            streams + rests},
        {"in", number(m, "SELECT count(*) FROM streams_in"), 4 * (years + 1)},
        {"endings", number(m, "SELECT count(*) FROM endings"), rests},
        {"settings", number(m, "SELECT count(*) FROM settings"), 24},
        {"put aside", number(m, "SELECT count(*) FROM quarantine"),
            CLASS * years},
        {"children", children, -1},
        {"happenings", number(m, "SELECT count(*) FROM happenings"), -1},
        {"audit", number(m, "SELECT count(*) FROM audit"), -1},
    };

    judge(m, bounds, sizeof bounds / sizeof bounds[0]);
}

static void judge_hub(struct measuring *m, int64_t wal)
{
    m->node = &m->world->hubs[0];
    m->db = hub_node_db(m->node);
    const struct bound bounds[] = {
        {"KiB",
            number(m, "SELECT page_count FROM pragma_page_count") *
                number(m, "SELECT page_size FROM pragma_page_size") / 1024,
            HUB_BYTES / 1024},
        {"WAL KiB", wal / 1024, WAL_BYTES * 2 / 1024},
        {"letters", number(m, "SELECT count(*) FROM letters WHERE size > 0"),
            0},
        /* Names of half a year, in which little was sent. */
        {"names", number(m, "SELECT count(*) FROM letters"), 400},
        {"notices", number(m, "SELECT count(*) FROM notices"), 0},
        {"reports", number(m, "SELECT count(*) FROM reports"), WORLD_SCHOOLS},
        {"sightings", number(m, "SELECT count(*) FROM sightings"),
            WORLD_SCHOOLS},
    };

    judge(m, bounds, sizeof bounds / sizeof bounds[0]);
}

/* --- a year ----------------------------------------------------------------
 */

static struct pupil *of_class(struct world *world)
{
    struct oracle *oracle = world->oracle;

    return &oracle->pupils[oracle->count - 1 - rng_below(&world->rng, CLASS)];
}

static void begin_class(struct world *world)
{
    for (int i = 0; i < CLASS; i++)
        work_add(world, AUTHOR, RECIPIENT);
    work_send(world, AUTHOR);
}

static void work_of_summer(struct world *world, unsigned day)
{
    work_change(world, of_class(world));
    work_send(world, AUTHOR);
    work_read(world, of_class(world));
    work_call(world, of_class(world));
    if (day % 10 == 1)
        work_restrict(world, of_class(world), 2);
    if (day % 10 == 2)
        work_drop(world, of_class(world), 3);
    if (day == 15)
        work_recall(world, of_class(world));
    if (day == 25)
        work_redirect(world, of_class(world), OTHER);
}

/* All its mail; who it is was kept elsewhere. */
static void wipe(struct world *world)
{
    static const struct disk_copy nothing = {NULL};
    struct node *hub = &world->hubs[0];

    node_crash(hub, false);
    disk_bring_back(&hub->disk, &nothing, "hub.db");
    hub->restores++;
    promise_forget(hub);
    node_boot(hub);
}

static void approve(struct world *world)
{
    for (size_t i = 0; i < WORLD_SCHOOLS; i++)
        if (world->schools[i].used)
            work_approve(world, i);
    work_send(world, AUTHOR);
}

/* Each year somebody else is restored; in the third the secondary is off until
 * its mail has ended. */
static void events_of(struct world *world, unsigned year, unsigned day)
{
    struct node *restored = &world->schools[year % 2 == 0 ? AUTHOR : RECIPIENT];
    struct node *away = &world->schools[RECIPIENT];

    if (day == 45)
        node_back_up(restored);
    if (day == 46)
        work_change(world, of_class(world));
    if (day == 48)
        node_restore(restored, NODE_DATABASE, 60000);
    if (day == 52)
        approve(world);
    if (day == 60)
        wipe(world);
    if (day == 61 && year == 2)
        node_stop(away);
    if (day == 62)
        work_restrict(world, of_class(world), 1);
    if (day == 200 && year == 2)
        node_boot(away);
    if (day == 150 || day == 330) {
        if (!away->up)
            node_boot(away);
        office_certify(world);
        office_publish(world);
    }
}

static void play_year(struct measuring *m, unsigned year)
{
    struct world *world = m->world;

    begin_class(world);
    for (unsigned day = 0; day < YEAR_DAYS && !world->failed; day++) {
        if (day > 0 && day < 45)
            work_of_summer(world, day);
        events_of(world, year, day);
        plan_wait(world, DAY);
        look_at_wals(m);
    }
    if (!world->failed)
        plan_rest(world);
    for (size_t i = 0; i < WORLD_SCHOOLS; i++)
        world->schools[i].healing = false;
}

static void judge_year(struct measuring *m)
{
    judge_school(m, AUTHOR, m->peak_wal[0]);
    judge_school(m, RECIPIENT, m->peak_wal[1]);
    judge_school(m, OTHER, m->peak_wal[2]);
    judge_hub(m, m->peak_wal[3]);
}

unsigned growth_run(struct world *world, struct town *town, unsigned years)
{
    struct measuring m = {.world = world};

    chance_seed(1);
    world_begin(world, 1);
    plan_begin(world, town);
    node_install(&world->hubs[0]);
    node_install(&world->schools[AUTHOR]);
    node_install(&world->schools[RECIPIENT]);
    node_install(&world->schools[OTHER]);
    m.node = &world->schools[OTHER];
    m.db = m.node->agent->db;
    m.empty = used_bytes(&m);
    printf("empty tables: %" PRId64 " KiB\n", m.empty / 1024);
    for (unsigned year = 0; year < years && !world->failed; year++) {
        m.year = year + 1;
        play_year(&m, year);
        if (!world->failed)
            judge_year(&m);
    }
    if (world->failed) {
        printf("%s\n", world->why);
        world_tell(world, stdout);
        m.broken++;
    }
    plan_end(world);
    printf("%u years, %u bounds broken\n", years, m.broken);
    return m.broken;
}

#include "storage.h"

#include "chance.h"
#include "node.h"
#include "plan.h"
#include "work.h"

#define TRANSFER_MS 60000
/* A fault of the disk costs minutes, and nobody waits for resend_hours: that is
 * for what somebody promised to keep and lost. */
#define MEND_MS (6 * 3600 * 1000)

struct kind {
    const char *name;
    enum disk_trouble trouble;
    unsigned power;
};

static const struct kind KINDS[] = {
    {"fails once", DISK_FAILS, 0},
    {"is full from then on", DISK_FULL, 0},
    {"is the last before the process dies", DISK_DIES, 0},
    {"is the last before the power goes", DISK_DIES, 1000},
};

static void transfer(struct world *world)
{
    struct oracle *oracle = world->oracle;

    for (int i = 0; i < 3; i++)
        work_add(world, 0, 2);
    work_send(world, 0);
    plan_wait(world, TRANSFER_MS / 2);
    work_restrict(world, &oracle->pupils[0], 2);
    work_read(world, &oracle->pupils[1]);
    plan_wait(world, TRANSFER_MS / 2);
}

/* False: the n-th write never came, so there is no more to try. */
static bool run_one(struct world *world, struct town *town,
    const struct kind *kind, size_t machine, uint64_t n, unsigned *failed)
{
    struct node *nodes[] = {
        &world->schools[0], &world->hubs[0], &world->schools[2]};
    struct node *node = nodes[machine];
    int64_t rested;
    bool struck;

    chance_seed(n);
    world_begin(world, n);
    plan_begin(world, town);
    world->power = kind->power;
    for (size_t i = 0; i < 3; i++)
        node_install(nodes[i]);
    disk_expect(&node->disk, kind->trouble, n);
    transfer(world);
    struck = node->disk.trouble == DISK_FINE || node->disk.in == 0;
    rested = world->now;
    plan_rest(world);
    if (!world->failed && world->now - rested > MEND_MS)
        world_fail(world, "mended only after %d h",
            (int)((world->now - rested) / 3600000));
    if (world->failed) {
        ++*failed;
        printf("write %llu of %s %s: %s\n", (unsigned long long)n, node->name,
            kind->name, world->why);
        world_tell(world, stdout);
    }
    plan_end(world);
    return struck;
}

unsigned storage_run(struct world *world, struct town *town)
{
    unsigned failed = 0, runs = 0;

    for (size_t kind = 0; kind < sizeof KINDS / sizeof KINDS[0]; kind++)
        for (size_t machine = 0; machine < 3; machine++) {
            uint64_t n = 1;

            while (run_one(world, town, &KINDS[kind], machine, n, &failed))
                n++;
            runs += (unsigned)n - 1;
        }
    printf("%u transfers with a fault, %u failed\n", runs, failed);
    return failed;
}

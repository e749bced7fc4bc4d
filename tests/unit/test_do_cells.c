/* What the cluster sees of groups over random terms: percentages of figures
 * that were shown before or are 5 children and more away from all that were,
 * and nothing from which another number could be had. */
#include "survey_town.h"

#include "cli/do_cells.h"
#include "outreach/cells.h"

#define SCHOOLS 3
#define WEEKS 14
#define SEEDS 40

/* The truth at one school, and what it let out. */
struct pupils {
    unsigned all, contacted;
    unsigned of[CELLS_GROUPS + 1], spoken[CELLS_GROUPS + 1];
    struct cells_history shown[CELLS_GROUPS + 1];
};

static void start(struct pupils *p, unsigned *dice)
{
    *p = (struct pupils){.all = 40 + (unsigned)rand_r(dice) % 250};
    for (unsigned g = 1; g <= CELLS_GROUPS; g++)
        p->of[g] = (unsigned)rand_r(dice) % (p->all / 2);
}

/* A week of calls; a child comes now and then. */
static void work(struct pupils *p, unsigned *dice)
{
    for (unsigned n = (unsigned)rand_r(dice) % 25; n > 0; n--) {
        if (p->contacted == p->all)
            break;
        p->contacted++;
        for (unsigned g = 1; g <= CELLS_GROUPS; g++) {
            const unsigned rest = p->all - p->of[g];
            const unsigned rest_spoken = p->contacted - 1 - p->spoken[g];
            const bool must = rest_spoken == rest;

            if (must || (p->spoken[g] < p->of[g] && rand_r(dice) % 3 == 0))
                p->spoken[g]++;
        }
    }
    if (rand_r(dice) % 3 == 0)
        p->all++;
}

static struct report report_of(struct pupils *p, int who, int week)
{
    struct report report = survey_town_good(who);
    struct report_cohort *cohort = &report.cohort;

    report.at.ms += week; /* newer */
    report.has_cohort = true;
    cohort->pupils = cohort->week_pupils = p->all;
    cohort->contacted = cohort->week_contacted = p->contacted;
    cohort->week = (struct date){2027, 6, 14};
    for (unsigned g = 1; g <= CELLS_GROUPS; g++) {
        const struct cells_row now = {
            p->all, p->contacted, p->of[g], p->spoken[g]};
        const struct cells_row *row = cells_look(&p->shown[g], &now);

        if (row != NULL)
            cohort->cells[cohort->cell_count++] = (struct report_cell){
                g, row->group_pupils, row->group_contacted};
    }
    return report;
}

/* A group says a percentage or nothing; a school its exact totals. */
static void assert_only_these_keys(const json_t *object, const char *keys)
{
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)object, key,
        value) if (strstr(keys, key) == NULL) fail_msg("%s is told too", key);
}

static void assert_percent(
    const json_t *groups, unsigned group, const struct cells_row *row)
{
    const json_t *said = json_object_get(groups, cells_name(group));

    assert_non_null(said);
    if (row == NULL) {
        assert_true(json_is_null(said));
        return;
    }
    assert_int_equal(json_integer_value(said),
        (row->group_contacted * 100 + row->group_pupils / 2) /
            row->group_pupils);
}

static void check_school(const json_t *school, const struct pupils *p)
{
    const json_t *groups = json_object_get(school, "groups");

    assert_only_these_keys(
        school, "laestab name week pupils contacted percent groups");
    assert_only_these_keys(groups, "fsm eal sen");
    assert_int_equal(
        json_integer_value(json_object_get(school, "contacted")), p->contacted);
    for (unsigned g = 1; g <= CELLS_GROUPS; g++) {
        const struct cells_history *shown = &p->shown[g];

        assert_percent(groups, g,
            shown->count == 0 ? NULL : &shown->rows[shown->count - 1]);
    }
}

/* The whole cluster is the schools that show something, and no more. */
static void check_cluster(const json_t *cluster, const struct pupils *schools)
{
    const json_t *groups = json_object_get(cluster, "groups");

    assert_only_these_keys(cluster, "schools pupils contacted percent groups");
    for (unsigned g = 1; g <= CELLS_GROUPS; g++) {
        struct cells_row sum = {0, 0, 0, 0};

        for (int i = 0; i < SCHOOLS; i++) {
            const struct cells_history *shown = &schools[i].shown[g];

            if (shown->count == 0)
                continue;
            sum.group_pupils += shown->rows[shown->count - 1].group_pupils;
            sum.group_contacted +=
                shown->rows[shown->count - 1].group_contacted;
        }
        assert_percent(groups, g, sum.group_pupils == 0 ? NULL : &sum);
    }
}

static void check_week(
    struct survey_town *town, struct pupils schools[SCHOOLS], int week)
{
    json_t *coverage;

    survey_free(&town->survey);
    survey_init(
        &town->survey, authority_members(town->trust->authority), TOWN_NOW);
    for (int i = 0; i < SCHOOLS; i++) {
        const struct report report = report_of(&schools[i], i, week);

        survey_town_report(town, i, &report);
    }
    coverage = do_cells_json(&town->survey);
    for (int i = 0; i < SCHOOLS; i++)
        check_school(
            json_array_get(json_object_get(coverage, "schools"), (size_t)i),
            &schools[i]);
    check_cluster(json_object_get(coverage, "cluster"), schools);
    json_decref(coverage);
}

/* Of any two weeks, of any group of any school: no number is small, and none
 * differs by a few. */
static void assert_apart(const struct cells_history *shown)
{
    for (size_t i = 0; i < shown->count; i++)
        for (size_t j = 0; j <= i; j++) {
            const struct cells_row *a = &shown->rows[i];
            const struct cells_row *b = &shown->rows[j];
            const int differences[] = {(int)a->group_contacted,
                (int)(a->group_pupils - a->group_contacted),
                (int)a->group_pupils - (int)b->group_pupils,
                (int)a->group_contacted - (int)b->group_contacted};

            for (size_t k = 0; k < 4; k++)
                assert_false(abs(differences[k]) > 0 &&
                             abs(differences[k]) < CELLS_LEAST);
        }
}

static void test_no_output_gives_a_small_number_away(void **state)
{
    struct survey_town *town = *state;
    size_t shown = 0;

    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        struct pupils schools[SCHOOLS];
        unsigned dice = seed;

        for (int i = 0; i < SCHOOLS; i++)
            start(&schools[i], &dice);
        for (int week = 0; week < WEEKS; week++) {
            check_week(town, schools, week);
            for (int i = 0; i < SCHOOLS; i++)
                work(&schools[i], &dice);
        }
        for (int i = 0; i < SCHOOLS; i++)
            for (unsigned g = 1; g <= CELLS_GROUPS; g++) {
                assert_apart(&schools[i].shown[g]);
                shown += schools[i].shown[g].count;
            }
    }
    assert_true(shown > SEEDS * SCHOOLS * CELLS_GROUPS * 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SURVEY_TEST(test_no_output_gives_a_small_number_away),
    };

    return cmocka_run_group_tests(tests, survey_town_found, survey_town_end);
}

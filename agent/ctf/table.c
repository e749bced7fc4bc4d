#include "ctf/table.h"

#include <csv.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "ctf/collect.h"
#include "ctf/columns.h"
#include "ctf/reader.h"

/* One text as libcsv gathers it: more is an open quotation mark. */
#define MAX_FIELD 65536
#define FIELD_STEP 4096

#define BOM "\xef\xbb\xbf"
#define BOM_SIZE 3

struct table {
    struct laestab me;
    struct findings_sink sink;
    struct date now;

    struct csv_parser parser;
    uint64_t fed;
    uint64_t line;     /* that is being fed */
    uint64_t row_line; /* where the row began */
    uint8_t start[BOM_SIZE];
    size_t start_len; /* bytes of the file kept back for a BOM; then BOM_SIZE */

    struct finding refusal; /* level 0: none */
    int stopped;            /* ERR_* of a refusal, or what the sink returned */

    bool knows_comma; /* which of , and ; the first line uses */
    bool has_header;
    int columns[COLUMNS_COUNT]; /* what each place of a row holds */
    bool present[COLUMNS_COUNT];
    size_t column_count;

    size_t place; /* of the next text in the row */
    bool blank;   /* the row has had no text yet */
    const char *values[COLUMNS_COUNT];
    unsigned pupils;
    struct pupil *pupil;
    struct seen seen;
    struct collect collect;
};

static void refuse(struct table *t, enum err_code rc, const char *code,
    const char *fmt, ...) PRINTF_LIKE(4, 5);

static void refuse(
    struct table *t, enum err_code rc, const char *code, const char *fmt, ...)
{
    char detail[160];
    va_list args;

    if (t->stopped != 0)
        return;
    va_start(args, fmt);
    vsnprintf(detail, sizeof detail, fmt, args);
    va_end(args);
    findings_set(&t->refusal, FINDING_REFUSE, code, t->row_line, "%s", detail);
    t->stopped = rc;
}

/* ---- the header ---- */

static void take_heading(struct table *t, struct bytes text)
{
    char name[COLUMNS_NAME_SIZE];
    int column;

    snprintf(name, sizeof name, "%.*s", (int)text.len, (const char *)text.data);
    column = text.len < sizeof name ? columns_find(name) : -1;
    if (column < 0 && memchr(text.data, '\t', text.len) != NULL) {
        refuse(t, ERR_MALFORMED, "unknown-column",
            "the columns are not separated by commas: save it as \"CSV UTF-8 "
            "(comma delimited)\"");
    } else if (text.len == 0) {
        refuse(t, ERR_MALFORMED, "unknown-column",
            "column %zu has no name: delete it, or name it",
            t->column_count + 1);
    } else if (column < 0) {
        refuse(t, ERR_MALFORMED, "unknown-column",
            "there is no column \"%s\"; the first line has the columns' names: "
            "moveup leavers template",
            name);
    } else if (t->present[column]) {
        refuse(t, ERR_MALFORMED, "duplicate-column",
            "the column %s is there twice", name);
    } else {
        t->present[column] = true;
        t->columns[t->column_count++] = column;
    }
}

static void end_header(struct table *t)
{
    const char *missing = columns_missing(t->present);

    if (missing != NULL)
        refuse(t, ERR_MALFORMED, "missing-column",
            "the column %s is missing; see: moveup leavers template", missing);
    t->has_header = true;
}

/* ---- the rows ---- */

static void begin_row(struct table *t)
{
    t->place = 0;
    t->blank = true;
    pupil_begin(t->pupil, t->row_line);
    for (size_t i = 0; i < COLUMNS_COUNT; i++)
        t->values[i] = "";
}

static void take_value(struct table *t, struct bytes text)
{
    char name[COLUMNS_NAME_SIZE];
    struct collected c;
    int column;

    t->blank = t->blank && text.len == 0;
    if (t->place >= t->column_count)
        return;
    column = t->columns[t->place];
    collect_start(&t->collect);
    collect_add(&t->collect, (const char *)text.data, text.len);
    c = collect_end(&t->collect, columns_limit(column));
    columns_name(name, column);
    if (c.too_long)
        findings_add(&t->pupil->findings, FINDING_HOLD, "too-long", t->row_line,
            "%s", name);
    if (c.direction)
        findings_add(&t->pupil->findings, FINDING_WARN, "bidi-control",
            t->row_line, "%s", name);
    if (c.control)
        findings_add(&t->pupil->findings, FINDING_WARN, "control-character",
            t->row_line, "%s", name);
    t->values[column] = pupil_text(t->pupil, c.text);
}

static void end_row(struct table *t)
{
    int rc;

    if (t->blank)
        return;
    if (++t->pupils > READER_MAX_PUPILS) {
        refuse(t, ERR_TOO_BIG, "too-many-pupils",
            "the file has more pupils than a school can have");
        return;
    }
    if (t->place != t->column_count)
        findings_add(&t->pupil->findings, FINDING_HOLD, "columns", t->row_line,
            "the row has %zu texts, the header %zu", t->place, t->column_count);
    columns_take(t->pupil, t->values, &t->me);
    rc = pupil_deliver(t->pupil, t->now, &t->seen, &t->sink);
    if (rc != 0)
        t->stopped = rc;
}

/* ---- libcsv ---- */

static void on_field(void *data, size_t len, void *arg)
{
    struct table *t = arg;
    const struct bytes text = {data, len};

    if (t->stopped != 0)
        return;
    if (!text_is_utf8(text)) {
        refuse(t, ERR_MALFORMED, "encoding",
            "the file is not UTF-8: save it as \"CSV UTF-8\"");
        return;
    }
    if (!t->has_header) {
        take_heading(t, text);
        return;
    }
    if (t->place == 0)
        begin_row(t);
    take_value(t, text);
    t->place++;
}

static void on_row(int terminator, void *arg)
{
    struct table *t = arg;

    (void)terminator;
    if (t->stopped != 0)
        return;
    if (t->has_header)
        end_row(t);
    else
        end_header(t);
    t->place = 0;
}

/* libcsv gathers a text for as long as its quotation mark is open. */
static void *resize_field(void *p, size_t size)
{
    return size > MAX_FIELD ? NULL : mem_resize(p, 1, size);
}

static void refuse_form(struct table *t)
{
    if (csv_error(&t->parser) == CSV_ENOMEM)
        refuse(t, ERR_TOO_BIG, "too-long",
            "a text of over 64 KiB: is a quotation mark not closed?");
    else
        refuse(t, ERR_MALFORMED, "not-well-formed",
            "a quotation mark stands where none can be");
}

/* ---- the whole ---- */

struct table *table_new(
    const struct laestab *me, const struct findings_sink *sink, wall now)
{
    struct table *t = mem_alloc(sizeof *t);

    t->me = *me;
    t->sink = *sink;
    t->now = date_today(now);
    t->line = 1;
    t->row_line = 1;
    t->pupil = pupil_new();
    if (csv_init(&t->parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        abort(); /* only for options it does not know */
    csv_set_realloc_func(&t->parser, resize_field);
    csv_set_blk_size(&t->parser, FIELD_STEP);
    return t;
}

void table_free(struct table *table)
{
    if (table == NULL)
        return;
    csv_free(&table->parser);
    pupil_free(table->pupil);
    seen_free(&table->seen);
    explicit_bzero(table, sizeof *table);
    free(table);
}

static int outcome(
    const struct table *t, struct finding *refusal, struct err *err)
{
    if (t->refusal.level == 0)
        return t->stopped;
    *refusal = t->refusal;
    return err_set(err, (enum err_code)t->stopped, "%s: %s", t->refusal.code,
        t->refusal.detail);
}

/* Spreadsheets of some countries write ";": whichever comes first. */
static void find_comma(struct table *t, struct bytes part)
{
    for (size_t i = 0; i < part.len && !t->knows_comma; i++)
        if (part.data[i] == ',' || part.data[i] == ';') {
            csv_set_delim(&t->parser, part.data[i]);
            t->knows_comma = true;
        }
}

/* Part of one line, perhaps with its end: so the line of a row is known. */
static void parse_line(struct table *t, struct bytes part)
{
    if (t->parser.pstate == 0) /* no row has begun */
        t->row_line = t->line;
    if (!t->has_header)
        find_comma(t, part);
    if (csv_parse(&t->parser, part.data, part.len, on_field, on_row, t) !=
            part.len &&
        t->stopped == 0)
        refuse_form(t);
    if (part.data[part.len - 1] == '\n')
        t->line++;
}

static void parse(struct table *t, struct bytes data)
{
    while (data.len > 0 && t->stopped == 0) {
        const uint8_t *end = memchr(data.data, '\n', data.len);
        const size_t len =
            end == NULL ? data.len : (size_t)(end - data.data) + 1;

        parse_line(t, (struct bytes){data.data, len});
        data.data += len;
        data.len -= len;
    }
}

/* Keep the first bytes back until it is clear whether they are a BOM. */
static struct bytes without_bom(struct table *t, struct bytes data)
{
    while (t->start_len < BOM_SIZE && data.len > 0) {
        t->start[t->start_len++] = *data.data++;
        data.len--;
        if (t->start_len == BOM_SIZE && memcmp(t->start, BOM, BOM_SIZE) != 0)
            parse(t, (struct bytes){t->start, BOM_SIZE});
    }
    return data;
}

int table_feed(struct table *table, struct bytes data, struct finding *refusal,
    struct err *err)
{
    if (data.len > READER_MAX_BYTES - table->fed)
        refuse(table, ERR_TOO_BIG, "too-big",
            "the file is larger than any school's");
    if (table->stopped == 0) {
        table->fed += data.len;
        parse(table, without_bom(table, data));
    }
    return outcome(table, refusal, err);
}

static void warn_no_pupils(struct table *t)
{
    struct finding finding;

    findings_set(
        &finding, FINDING_WARN, "no-pupils", 0, "the file has no pupils");
    t->sink.on_file(t->sink.arg, &finding);
}

int table_finish(struct table *table, struct finding *refusal, struct err *err)
{
    if (table->start_len < BOM_SIZE)
        parse(table, (struct bytes){table->start, table->start_len});
    if (table->stopped == 0 &&
        csv_fini(&table->parser, on_field, on_row, table) != 0)
        refuse(table, ERR_MALFORMED, "not-well-formed",
            "the file ends within quotation marks: it was cut short");
    if (table->stopped == 0 && !table->has_header)
        refuse(table, ERR_MALFORMED, "empty", "the file is empty");
    if (table->stopped == 0 && table->pupils == 0)
        warn_no_pupils(table);
    return outcome(table, refusal, err);
}

static void add_quoted(struct buf *out, const char *text)
{
    const bool quote = strpbrk(text, ",\"\n") != NULL;

    buf_format(out, quote ? "\"%s\"" : "%s", text);
}

void table_template(struct buf *out)
{
    char name[COLUMNS_NAME_SIZE];

    for (int i = 0; i < COLUMNS_COUNT; i++)
        buf_format(out, i == 0 ? "%s" : ",%s", columns_name(name, i));
    buf_add(out, bytes_of("\n"));
    for (int i = 0; i < COLUMNS_COUNT; i++) {
        if (i > 0)
            buf_add(out, bytes_of(","));
        add_quoted(out, columns_example(i));
    }
    buf_add(out, bytes_of("\n"));
}

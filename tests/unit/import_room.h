/* import_room - for tests of the readers: feeds a file in pieces and keeps what
 * came of it as one text, a line for each pupil and finding. */
#ifndef TESTS_IMPORT_ROOM_H
#define TESTS_IMPORT_ROOM_H

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "ctf/reader.h"
#include "ctf/table.h"

#define IMPORT_LIMIT ((size_t)8 * 1024 * 1024)

struct import {
    struct buf story; /* "pupil 24 V873200119001\nHOLD missing 24\n..." */
    struct buf details;
    int rc;
    struct finding refusal;
    struct reader_header header;
    unsigned pupils;
    unsigned stop_at; /* the sink fails at this pupil */
    /* Called with each pupil, for what a test wants to see of it. */
    void (*look)(void *arg, const struct leaver *leaver);
    void *arg;
};

static inline void import_note(
    struct import *import, const struct finding *finding)
{
    static const char *const levels[] = {"", "WARN", "HOLD", "REFUSE"};

    buf_format(&import->story, "%s %s %llu\n", levels[finding->level],
        finding->code, (unsigned long long)finding->line);
    buf_format(&import->details, "%s\n", finding->detail);
}

static inline int import_pupil(void *arg, const struct leaver *leaver,
    uint64_t line, const struct finding *findings, size_t count)
{
    struct import *import = arg;

    buf_format(&import->story, "pupil %llu %s\n", (unsigned long long)line,
        leaver->upn);
    for (size_t i = 0; i < count; i++)
        import_note(import, &findings[i]);
    if (import->look != NULL)
        import->look(import->arg, leaver);
    return ++import->pupils == import->stop_at ? ERR_FULL : 0;
}

static inline void import_file_note(void *arg, const struct finding *finding)
{
    import_note(arg, finding);
}

static inline void import_retract(
    void *arg, const char *upn, uint64_t line, const struct finding *finding)
{
    struct import *import = arg;

    (void)finding;
    buf_format(
        &import->story, "retract %llu %s\n", (unsigned long long)line, upn);
}

static inline struct findings_sink import_sink(struct import *import)
{
    return (struct findings_sink){.on_pupil = import_pupil,
        .on_file = import_file_note,
        .on_retract = import_retract,
        .arg = import};
}

/* The end of either story, as a C string. */
static inline void import_close(struct import *import)
{
    if (import->refusal.level == FINDING_REFUSE)
        import_note(import, &import->refusal);
    buf_add(&import->story, (struct bytes){(const uint8_t *)"", 1});
    buf_add(&import->details, (struct bytes){(const uint8_t *)"", 1});
}

static inline void import_ctf(struct import *import, const char *name,
    const char *me, struct bytes data, size_t piece)
{
    struct reader_options options = {.name = name};
    const struct findings_sink sink = import_sink(import);
    struct reader *reader;

    memcpy(options.me.text, me, sizeof options.me.text);
    reader = reader_new(&options, &sink);
    for (size_t at = 0; import->rc == 0 && at < data.len; at += piece)
        import->rc = reader_feed(reader,
            (struct bytes){data.data + at, data.len - at < piece ? data.len - at : piece},
            &import->refusal, NULL);
    if (import->rc == 0)
        import->rc = reader_finish(reader, &import->refusal, NULL);
    import->header = *reader_header(reader);
    reader_free(reader);
    import_close(import);
}

static inline void import_csv(
    struct import *import, const char *me, struct bytes data, size_t piece)
{
    const struct findings_sink sink = import_sink(import);
    const wall now = {INT64_C(1781222400000)}; /* 2026-06-12 */
    struct laestab school;
    struct table *table;

    memcpy(school.text, me, sizeof school.text);
    table = table_new(&school, &sink, now);
    for (size_t at = 0; import->rc == 0 && at < data.len; at += piece)
        import->rc = table_feed(table,
            (struct bytes){data.data + at, data.len - at < piece ? data.len - at : piece},
            &import->refusal, NULL);
    if (import->rc == 0)
        import->rc = table_finish(table, &import->refusal, NULL);
    table_free(table);
    import_close(import);
}

static inline const char *import_story(const struct import *import)
{
    return (const char *)import->story.data;
}

static inline const char *import_details(const struct import *import)
{
    return (const char *)import->details.data;
}

static inline void import_free(struct import *import)
{
    buf_free(&import->story);
    buf_free(&import->details);
}

#endif

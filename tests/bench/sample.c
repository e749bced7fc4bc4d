#include "sample.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "ctf/reader.h"
#include "rig.h"
#include "wire/record.h"

#define PIECE 65536
#define ROOM 4096
#define BATCH_BYTES ((size_t)600 * 1024) /* as agentd/sender.c */

void sample_write_ctf(const char *path, size_t first, size_t count)
{
    SCOPED(mem_freep) char *from = mem_format("%zu", first);
    SCOPED(mem_freep) char *many = mem_format("%zu", count);
    const char *const argv[] = {
        getenv("MAKE_CTF"), "--first", from, "--pupils", many, NULL};

    rig_run(argv, path);
}

static int on_pupil(void *arg, const struct leaver *leaver, uint64_t line,
    const struct finding *findings, size_t count)
{
    struct sample *sample = arg;
    SCOPED(buf_free) struct buf record = BUF_EMPTY;
    struct leaver sent = *leaver;
    struct err err;

    (void)line;
    (void)findings;
    (void)count;
    rig_need(sample->count < ROOM, "too many pupils");
    /* as the import takes it from the file's header */
    rig_must(laestab_parse(&sent.destination, "8734500", &err), "dest", &err);
    rig_must(record_encode(&record, &sent, &err), "record", &err);
    sample->upns[sample->count] = arena_text(&sample->arena, leaver->upn);
    sample->records[sample->count++] = (struct bytes){
        (const uint8_t *)arena_copy(&sample->arena, buf_bytes(&record)),
        record.len};
    sample->bytes += record.len;
    return 0;
}

static void on_file(void *arg, const struct finding *finding)
{
    (void)arg;
    (void)finding;
}

void sample_read(struct sample *out, const char *path)
{
    static uint8_t piece[PIECE];
    struct reader_options options = {.name = "8732001_CTF_8734500_001.xml"};
    const struct findings_sink sink = {
        .on_pupil = on_pupil, .on_file = on_file, .arg = out};
    FILE *file = fopen(path, "rb");
    struct finding refusal;
    struct err err;
    size_t len;

    rig_need(file != NULL, path);
    rig_must(laestab_parse(&options.me, "8732001", &err), "LAESTAB", &err);
    SCOPED(reader_freep) struct reader *reader = reader_new(&options, &sink);

    *out = (struct sample){.upns = mem_alloc(ROOM * sizeof *out->upns),
        .records = mem_alloc(ROOM * sizeof *out->records)};
    while ((len = fread(piece, 1, sizeof piece, file)) > 0)
        rig_must(
            reader_feed(reader, (struct bytes){piece, len}, &refusal, &err),
            path, &err);
    rig_must(reader_finish(reader, &refusal, &err), path, &err);
    fclose(file);
}

void sample_free(struct sample *sample)
{
    arena_free(&sample->arena);
    free(sample->upns);
    free(sample->records);
}

size_t sample_fit(const struct sample *sample, size_t at, size_t most)
{
    size_t bytes = 0;
    size_t n = 0;

    while (at + n < sample->count && n < most && bytes < BATCH_BYTES)
        bytes += sample->records[at + n++].len;
    return n;
}

void sample_items(struct batch_item *items, const struct sample *sample,
    size_t at, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        items[i] = (struct batch_item){.kind = ITEM_LEAVER};
        items[i].u.leaver.upn = sample->upns[at + i];
        items[i].u.leaver.revision = 1;
        items[i].u.leaver.record = sample->records[at + i];
    }
}

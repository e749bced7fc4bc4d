/*
 * bench_import - how fast a CTF is read, beside expat alone on the same file.
 *
 *   bench_import FILE [ME]
 *
 * "expat" has empty handlers for elements and text, as any reader needs them;
 * "bare" has none at all.  "reader" does what an import does with each pupil
 * short of sealing it: walks the whole record and copies its texts into one
 * buffer.  Each is run three times and the best counts; processor time.
 */
#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/buf.h"
#include "base/err.h"
#include "ctf/reader.h"

#define PIECE 65536
#define ROUNDS 3

struct work {
    struct buf record;
    uint64_t pupils, findings, bytes;
};

static double cpu_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static long peak_kib(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static FILE *open_file(const char *path)
{
    FILE *file = fopen(path, "rb");

    if (file == NULL) {
        perror(path);
        exit(1);
    }
    return file;
}

static void on_start(void *arg, const char *element, const char **attributes)
{
    (void)arg;
    (void)element;
    (void)attributes;
}

static void on_end(void *arg, const char *element)
{
    (void)arg;
    (void)element;
}

static void on_text(void *arg, const char *text, int len)
{
    (void)arg;
    (void)text;
    (void)len;
}

static double run_expat(const char *path, int with_handlers)
{
    static char piece[PIECE];
    FILE *file = open_file(path);
    XML_Parser parser = XML_ParserCreate("UTF-8");
    const double start = cpu_seconds();
    size_t len;

    if (with_handlers) {
        XML_SetElementHandler(parser, on_start, on_end);
        XML_SetCharacterDataHandler(parser, on_text);
    }
    do {
        len = fread(piece, 1, sizeof piece, file);
        if (XML_Parse(parser, piece, (int)len, len == 0) != XML_STATUS_OK) {
            fprintf(stderr, "%s: not XML\n", path);
            exit(1);
        }
    } while (len > 0);
    XML_ParserFree(parser);
    fclose(file);
    return cpu_seconds() - start;
}

static void add(struct work *work, const char *text)
{
    buf_add(&work->record, bytes_of(text));
}

static void add_contact(struct work *work, const struct leaver_contact *contact)
{
    add(work, contact->surname);
    add(work, contact->forename);
    add(work, contact->relationship);
    for (size_t i = 0; i < contact->point_count; i++) {
        add(work, contact->points[i].raw);
        add(work, contact->points[i].dial);
    }
}

static int on_pupil(void *arg, const struct leaver *leaver, uint64_t line,
    const struct finding *findings, size_t count)
{
    struct work *work = arg;

    (void)line;
    (void)findings;
    buf_clear(&work->record);
    add(work, leaver->upn);
    add(work, leaver->surname);
    add(work, leaver->forename);
    for (size_t i = 0; i < leaver->contact_count; i++)
        add_contact(work, &leaver->contacts[i]);
    for (size_t i = 0; i < leaver->result_count; i++) {
        add(work, leaver->results[i].subject);
        add(work, leaver->results[i].component);
        add(work, leaver->results[i].result);
    }
    work->pupils++;
    work->findings += count;
    work->bytes += work->record.len;
    return 0;
}

static void on_file(void *arg, const struct finding *finding)
{
    (void)arg;
    printf("  the file: %s, %s\n", finding->code, finding->detail);
}

static double run_reader(
    const char *path, const struct laestab *me, struct work *work)
{
    static uint8_t piece[PIECE];
    const char *slash = strrchr(path, '/');
    const struct reader_options options = {
        .name = slash == NULL ? path : slash + 1, .me = *me};
    const struct findings_sink sink = {
        .on_pupil = on_pupil, .on_file = on_file, .arg = work};
    FILE *file = open_file(path);
    SCOPED(reader_freep) struct reader *reader = reader_new(&options, &sink);
    const double start = cpu_seconds();
    struct finding refusal;
    struct err err;
    int rc = 0;
    size_t len;

    while (rc == 0 && (len = fread(piece, 1, sizeof piece, file)) > 0)
        rc = reader_feed(reader, (struct bytes){piece, len}, &refusal, &err);
    if (rc == 0)
        rc = reader_finish(reader, &refusal, &err);
    if (rc != 0) {
        fprintf(stderr, "%s: refused, %s\n", path, err.text);
        exit(1);
    }
    fclose(file);
    return cpu_seconds() - start;
}

static double least(double a, double b)
{
    return a == 0 || b < a ? b : a;
}

int main(int argc, char **argv)
{
    struct work work = {.record = BUF_EMPTY};
    struct laestab me;
    double bare = 0, expat = 0, reader = 0, megabytes;
    long before;
    FILE *file;

    if (argc < 2 || argc > 3) {
        fputs("usage: bench_import FILE [ME]\n", stderr);
        return 2;
    }
    if (laestab_parse(&me, argc == 3 ? argv[2] : "8732001", NULL) != 0)
        return 2;
    file = open_file(argv[1]);
    fseek(file, 0, SEEK_END);
    megabytes = (double)ftell(file) / 1e6;
    fclose(file);

    for (int i = 0; i < ROUNDS; i++) {
        bare = least(bare, run_expat(argv[1], 0));
        expat = least(expat, run_expat(argv[1], 1));
    }
    before = peak_kib();
    for (int i = 0; i < ROUNDS; i++) {
        work.pupils = work.findings = work.bytes = 0;
        reader = least(reader, run_reader(argv[1], &me, &work));
    }
    printf("import      %.1f MB, %llu pupils, %llu findings\n", megabytes,
        (unsigned long long)work.pupils, (unsigned long long)work.findings);
    printf("  bare expat    %7.1f MB/s\n", megabytes / bare);
    printf("  expat         %7.1f MB/s\n", megabytes / expat);
    printf("  reader        %7.1f MB/s  %.0f pupils/s\n", megabytes / reader,
        (double)work.pupils / reader);
    printf("  reader/bare   %7.2f    reader/expat %.2f\n", bare / reader,
        expat / reader);
    printf("  peak memory   %7ld KiB (%ld before)\n", peak_kib(), before);
    buf_free(&work.record);
    return 0;
}

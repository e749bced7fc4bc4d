#include "ctf/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ctf/walk.h"

/* expat is fed this much at a time, so that WALK_MAX_TOKEN is noticed in time.
 */
#define MAX_PIECE 65536

struct reader {
    struct walk walk;
    char name[256];
    uint64_t fed;
    uint8_t start[2]; /* kept back until UTF-16 is ruled out */
    size_t start_len;
};

static void refuse_form(struct walk *w)
{
    const enum XML_Error error = XML_GetErrorCode(w->parser);
    char detail[160];

    if (w->depth == 0 && w->pupils == 0 && w->known == 0 &&
        XML_GetCurrentByteIndex(w->parser) <= 0)
        snprintf(detail, sizeof detail, "the file is not XML");
    else if (error == XML_ERROR_UNCLOSED_TOKEN ||
             error == XML_ERROR_NO_ELEMENTS)
        snprintf(detail, sizeof detail,
            "the file ends too early: wait until it is written, or download it "
            "again; %u pupils had begun, none is kept",
            w->pupils);
    else
        snprintf(detail, sizeof detail,
            "the XML is broken (%s); %u pupils had begun, none is kept",
            XML_ErrorString(error), w->pupils);
    walk_refuse(w, ERR_MALFORMED, "not-well-formed", detail);
}

static void *take_memory(size_t size)
{
    return mem_alloc(size);
}

static void *resize_memory(void *p, size_t size)
{
    return mem_resize(p, 1, size);
}

static const XML_Memory_Handling_Suite MEMORY = {
    take_memory, resize_memory, free};

/* The encoding is given, so that what the file says changes nothing. */
struct reader *reader_new(
    const struct reader_options *options, const struct findings_sink *sink)
{
    struct reader *r = mem_alloc(sizeof *r);

    snprintf(r->name, sizeof r->name, "%s", options->name);
    r->walk.sink = *sink;
    r->walk.options = *options;
    r->walk.options.name = r->name;
    walk_init(&r->walk, XML_ParserCreate_MM("UTF-8", &MEMORY, NULL));
    gate_check_name(r->name, &r->walk.findings);
    return r;
}

void reader_free(struct reader *reader)
{
    if (reader == NULL)
        return;
    XML_ParserFree(reader->walk.parser);
    pupil_free(reader->walk.pupil);
    seen_free(&reader->walk.seen);
    explicit_bzero(reader, sizeof *reader);
    free(reader);
}

/* What came of a piece: refused, stopped by the sink, or 0. */
static int outcome(
    const struct walk *w, struct finding *refusal, struct err *err)
{
    if (w->refusal.level == 0)
        return w->stopped;
    *refusal = w->refusal;
    return err_set(err, (enum err_code)w->stopped, "%s: %s", w->refusal.code,
        w->refusal.detail);
}

static void parse(struct reader *r, const char *data, size_t len, bool final)
{
    struct walk *w = &r->walk;

    if (XML_Parse(w->parser, data, (int)len, final) != XML_STATUS_OK &&
        w->stopped == 0)
        refuse_form(w);
    r->fed += len;
    if (!final && w->stopped == 0 && r->fed > WALK_MAX_TOKEN &&
        (uint64_t)XML_GetCurrentByteIndex(w->parser) < r->fed - WALK_MAX_TOKEN)
        walk_refuse(
            w, ERR_TOO_BIG, "too-long", "a tag or comment of over 64 KiB");
}

/* UTF-16, which expat would follow whatever it is told, shows in the first two
 * bytes: a mark of FE and FF, or a NUL beside the "<". */
static void parse_start(struct reader *r)
{
    for (size_t i = 0; i < r->start_len; i++)
        if (r->start[i] >= 0xfe || r->start[i] == 0)
            walk_refuse(&r->walk, ERR_MALFORMED, "encoding",
                "the file is UTF-16, and every CTF is UTF-8");
    if (r->walk.stopped == 0)
        parse(r, (const char *)r->start, r->start_len, false);
}

static struct bytes take_start(struct reader *r, struct bytes data)
{
    while (r->start_len < sizeof r->start && data.len > 0) {
        r->start[r->start_len++] = *data.data++;
        data.len--;
        if (r->start_len == sizeof r->start)
            parse_start(r);
    }
    return data;
}

int reader_feed(struct reader *reader, struct bytes data,
    struct finding *refusal, struct err *err)
{
    struct walk *w = &reader->walk;

    walk_tell(w);
    if (data.len > READER_MAX_BYTES - reader->fed)
        walk_refuse(
            w, ERR_TOO_BIG, "too-big", "the file is larger than any CTF");
    data = take_start(reader, data);
    while (data.len > 0 && w->stopped == 0) {
        const size_t len = data.len < MAX_PIECE ? data.len : MAX_PIECE;

        parse(reader, (const char *)data.data, len, false);
        data.data += len;
        data.len -= len;
    }
    return outcome(w, refusal, err);
}

/* What only the end can show. */
static void judge_end(struct walk *w)
{
    if (!w->header_done) {
        walk_refuse(w, ERR_MALFORMED, "header", "no Header");
    } else if (w->pupils == 0) {
        findings_add(&w->findings, FINDING_WARN, "no-pupils", 0,
            "the file has no pupils");
        walk_tell(w);
    }
}

int reader_finish(
    struct reader *reader, struct finding *refusal, struct err *err)
{
    struct walk *w = &reader->walk;

    walk_tell(w);
    if (reader->start_len < sizeof reader->start)
        parse_start(reader);
    if (reader->start_len == 0)
        walk_refuse(w, ERR_MALFORMED, "empty", "the file is empty");
    if (w->stopped == 0)
        parse(reader, "", 0, true);
    if (w->stopped == 0)
        judge_end(w);
    return outcome(w, refusal, err);
}

const struct reader_header *reader_header(const struct reader *reader)
{
    return &reader->walk.header;
}

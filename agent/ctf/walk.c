#include "ctf/walk.h"

#include <string.h>

#include "ctf/values.h"

static void stop(struct walk *w, int code)
{
    w->stopped = code;
    XML_StopParser(w->parser, XML_FALSE);
}

void walk_refuse(
    struct walk *w, enum err_code rc, const char *code, const char *detail)
{
    if (w->stopped != 0)
        return;
    findings_set(&w->refusal, FINDING_REFUSE, code,
        XML_GetCurrentLineNumber(w->parser), "%s", detail);
    if (XML_GetCurrentByteIndex(w->parser) > 0)
        w->refusal.byte = (uint64_t)XML_GetCurrentByteIndex(w->parser);
    stop(w, rc);
}

/* ---- findings of the file ---- */

static uint64_t line(const struct walk *w)
{
    return XML_GetCurrentLineNumber(w->parser);
}

void walk_tell(struct walk *w)
{
    for (size_t i = 0; i < w->findings.count; i++)
        w->sink.on_file(w->sink.arg, &w->findings.list[i]);
    w->findings.count = 0;
}

/* About an element: of its pupil, where holding it helps, else of the file. */
static void note(struct walk *w, enum finding_level level, const char *code,
    const char *element)
{
    if (w->in_pupil) {
        findings_add(&w->pupil->findings, level, code, line(w), "%s", element);
        return;
    }
    findings_add(&w->findings, FINDING_WARN, code, line(w), "%s", element);
    walk_tell(w);
}

/* ---- elements ---- */

static void begin_pupil(struct walk *w)
{
    if (!w->header_done) {
        walk_refuse(
            w, ERR_MALFORMED, "header", "a Pupil comes before the Header");
        return;
    }
    if (++w->pupils > READER_MAX_PUPILS) {
        walk_refuse(w, ERR_TOO_BIG, "too-many-pupils",
            "the file has more pupils than a school can have");
        return;
    }
    w->in_pupil = true;
    fields_begin_pupil(&w->fields, line(w));
}

static void end_pupil(struct walk *w)
{
    int rc;

    w->in_pupil = false;
    rc = pupil_deliver(w->pupil, w->fields.now, &w->seen, &w->sink);
    if (rc != 0)
        stop(w, rc);
}

static void end_header(struct walk *w)
{
    if (w->header_done) {
        walk_refuse(
            w, ERR_MALFORMED, "header", "there is more than one Header");
        return;
    }
    if (!gate_pass(
            &w->gate, &w->options, &w->header, &w->findings, &w->refusal)) {
        w->refusal.line = line(w);
        stop(w, ERR_MALFORMED);
        return;
    }
    walk_tell(w);
    w->header_done = true;
    w->fields.now =
        date_from_day_number((int32_t)(w->header.written.ms / 86400000));
}

static bool has_root(struct walk *w, const char *element)
{
    if (w->depth != 1 || strcmp(element, "CTfile") == 0)
        return true;
    walk_refuse(w, ERR_MALFORMED, "wrong-root",
        strcmp(element, "ATfile") == 0 ? "this is an admissions file, no CTF"
                                       : "the file is XML but no CTF");
    return false;
}

static bool is_bounded(struct walk *w)
{
    if (XML_GetCurrentByteCount(w->parser) <= WALK_MAX_TOKEN)
        return true;
    walk_refuse(w, ERR_TOO_BIG, "too-long", "a tag or comment of over 64 KiB");
    return false;
}

/* expat remembers every name it meets, so a file may not invent names for
 * ever. */
static bool may_be_named(
    struct walk *w, const char *element, const char **attributes)
{
    bool known = element == NULL || names_add(&w->strangers, element);

    for (; *attributes != NULL; attributes += 2)
        known = known && names_add(&w->strangers, *attributes);
    if (!known)
        walk_refuse(w, ERR_TOO_BIG, "too-many-names",
            "the file has more kinds of elements than any CTF");
    return known;
}

static void open_node(struct walk *w, enum paths_node node)
{
    w->open[++w->known] = (uint8_t)node;
    w->hint[w->known] = 0;
    if (paths_limit(node) > 0)
        return;
    if (node == PATHS_PUPIL)
        begin_pupil(w);
    else if (w->in_pupil)
        fields_open(&w->fields, node);
}

static void XMLCALL on_start(
    void *arg, const char *element, const char **attributes)
{
    struct walk *w = arg;
    int node = PATHS_UNKNOWN;

    if (w->stopped != 0)
        return;
    collect_start(&w->collect);
    if (++w->depth > WALK_MAX_DEPTH) {
        walk_refuse(w, ERR_TOO_BIG, "too-deep", "elements stand too deep");
        return;
    }
    if (!is_bounded(w) || !has_root(w, element))
        return;
    if (w->known == w->depth - 1)
        node = paths_child(
            &w->paths, w->open[w->known], element, &w->hint[w->known]);
    if (node == PATHS_UNKNOWN || *attributes != NULL)
        if (!may_be_named(
                w, node == PATHS_UNKNOWN ? element : NULL, attributes))
            return;
    if (node != PATHS_UNKNOWN)
        open_node(w, (enum paths_node)node);
}

/* The text of an element, with findings for what had to be done to it. */
static const char *end_text(struct walk *w, unsigned limit, const char *name)
{
    const struct collected c = collect_end(&w->collect, limit);

    if (c.too_long)
        note(w, FINDING_HOLD, "too-long", name);
    if (c.direction)
        note(w, FINDING_WARN, "bidi-control", name);
    if (c.control)
        note(w, FINDING_WARN, "control-character", name);
    return c.text;
}

static bool is_date(const char *element)
{
    const size_t len = strlen(element);

    return len >= 4 && strcmp(element + len - 4, "Date") == 0;
}

/* Nothing of it is kept, but what is wrong with it may say that more is. */
static void end_stranger(struct walk *w, const char *element)
{
    const char *text = end_text(w, PATHS_DEFAULT_LIMIT, "an unknown element");

    if (w->in_pupil && is_date(element)) {
        w->pupil->at = line(w);
        pupil_take_date(w->pupil, "an unknown date", NULL, text);
    }
}

static void end_value(struct walk *w, enum paths_node node)
{
    const char *text = end_text(w, paths_limit(node), paths_name(node));

    if (w->in_pupil) {
        w->pupil->at = line(w);
        values_take(&w->fields, node, text);
    } else {
        gate_take(&w->gate, node, text);
    }
}

static void end_node(struct walk *w, enum paths_node node)
{
    if (paths_limit(node) > 0) {
        end_value(w, node);
        return;
    }
    if (collect_exceeds(&w->collect, PATHS_DEFAULT_LIMIT))
        note(w, FINDING_HOLD, "too-long", paths_name(node));
    if (node == PATHS_PUPIL)
        end_pupil(w);
    else if (node == PATHS_HEADER)
        end_header(w);
    else if (w->in_pupil) {
        w->pupil->at = line(w);
        fields_close(&w->fields, node);
    }
}

static void XMLCALL on_end(void *arg, const char *element)
{
    struct walk *w = arg;

    if (w->stopped != 0 || !is_bounded(w))
        return;
    if (w->known == w->depth) {
        end_node(w, w->open[w->known]);
        w->known--;
    } else {
        end_stranger(w, element);
    }
    w->depth--;
    collect_start(&w->collect);
}

static void XMLCALL on_text(void *arg, const char *text, int len)
{
    struct walk *w = arg;

    if (w->stopped != 0)
        return;
    if (w->known == w->depth && paths_limit(w->open[w->known]) == 0)
        collect_count(&w->collect, text, (size_t)len);
    else
        collect_add(&w->collect, text, (size_t)len);
}

/* ---- what a CTF never has ---- */

static void XMLCALL on_doctype(void *arg, const char *name, const char *system,
    const char *public, int has_internal_subset)
{
    (void)name;
    (void)system;
    (void)public;
    (void)has_internal_subset;
    walk_refuse(
        arg, ERR_MALFORMED, "doctype", "a DOCTYPE is never needed in a CTF");
}

static void XMLCALL on_declaration(
    void *arg, const char *version, const char *encoding, int standalone)
{
    (void)version;
    (void)standalone;
    if (encoding != NULL && strcasecmp(encoding, "utf-8") != 0 &&
        strcasecmp(encoding, "us-ascii") != 0)
        walk_refuse(arg, ERR_MALFORMED, "encoding",
            "the file says that it is not UTF-8, which every CTF is");
}

static void XMLCALL on_comment(void *arg, const char *text)
{
    (void)text;
    (void)is_bounded(arg);
}

static void XMLCALL on_instruction(
    void *arg, const char *target, const char *text)
{
    (void)target;
    (void)text;
    (void)is_bounded(arg);
}

void walk_init(struct walk *walk, XML_Parser parser)
{
    walk->parser = parser;
    walk->pupil = pupil_new();
    walk->fields.pupil = walk->pupil;
    paths_init(&walk->paths);
    XML_SetUserData(parser, walk);
    XML_SetElementHandler(parser, on_start, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    XML_SetStartDoctypeDeclHandler(parser, on_doctype);
    XML_SetXmlDeclHandler(parser, on_declaration);
    XML_SetCommentHandler(parser, on_comment);
    XML_SetProcessingInstructionHandler(parser, on_instruction);
}

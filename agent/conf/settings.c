#include "conf/settings.h"

#include <ini.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "conf/key.h"

#define MAX_KEYS 32

#define FIELD(type, field) offsetof(type, field), sizeof(((type *)0)->field)
#define AGENT(field) FIELD(struct settings_agent, field)
#define HUB(field) FIELD(struct settings_hub, field)
#define LOG_SENTENCE "The least important lines that are logged"
#define METRICS_SENTENCE                                                       \
    "Port of 127.0.0.1 where monitoring reads /metrics; 0: none"

static const struct key AGENT_KEYS[] = {
    {"log", "level", KEY_LEVEL, 0, 0, "info", LOG_SENTENCE, AGENT(log_level)},
    {"school", "entry_date", KEY_DATE, 0, 0, "",
        "The day on which Year 7 starts; nothing: 2 September to come",
        AGENT(entry_date)},
    {"attempt", "limit_voice", KEY_NUMBER, 1, 50, "5",
        "Calls to a family before the lead decides how to go on",
        AGENT(limit_voice)},
    {"attempt", "min_bands", KEY_NUMBER, 1, 4, "3",
        "Over at least so many parts of the day", AGENT(min_bands)},
    {"attempt", "min_days", KEY_NUMBER, 1, 60, "5",
        "And so many days from the first to the last", AGENT(min_days)},
    {"call", "hours", KEY_HOURS, 0, 0, "Mo-Fr 08:30-19:30, Sa 10:00-13:00",
        "When families are rung, by the clock in England", AGENT(call_hours)},
    {"cooldown", "hours", KEY_NUMBER, 0, 168, "4",
        "Hours between two calls that nobody answered", AGENT(cooldown_hours)},
    {"lease", "minutes", KEY_NUMBER, 5, 480, "30",
        "Minutes for which a family that was taken is one caller's",
        AGENT(lease_minutes)},
    {"send", "batch_records", KEY_NUMBER, 1, 500, "200",
        "Records that are sealed and signed together", AGENT(batch_records)},
    {"send", "window_kib", KEY_NUMBER, 1024, 65536, "4096",
        "KiB on their way to a hub before it has confirmed them",
        AGENT(window_kib)},
    {"send", "heartbeat_hours", KEY_NUMBER, 1, 168, "24",
        "Hours of silence after which a peer is told that nothing is missing",
        AGENT(heartbeat_hours)},
    {"send", "resend_hours", KEY_NUMBER, 1, 720, "24",
        "Hours after which what a hub took and nobody received goes again",
        AGENT(resend_hours)},
    {"receive", "credit_kib", KEY_NUMBER, 1024, 65536, "4096",
        "KiB that a hub may send before they are applied", AGENT(credit_kib)},
    {"metrics", "port", KEY_NUMBER, 0, 65535, "0", METRICS_SENTENCE,
        AGENT(metrics_port)},
    {"report", "minutes", KEY_NUMBER, 1, 1440, "15",
        "Minutes between two reports to the cluster's administrator",
        AGENT(report_minutes)},
    {"report", "seconds", KEY_NUMBER, 5, 3600, "60",
        "Seconds at least between two that changes give reason for",
        AGENT(report_seconds)},
};

static const struct key HUB_KEYS[] = {
    {"log", "level", KEY_LEVEL, 0, 0, "info", LOG_SENTENCE, HUB(log_level)},
    {"hub", "listen", KEY_ENDPOINT, 0, 0, "",
        "Where to listen; nothing: as enrolled (a name: at every address)",
        HUB(listen)},
    {"hub", "mail_days", KEY_NUMBER, 90, 400, "120",
        "Days that mail is kept for a school that does not fetch it",
        HUB(mail_days)},
    {"hub", "member_connections", KEY_NUMBER, 1, 1000, "8",
        "Connections that one member may have at a time",
        HUB(member_connections)},
    {"quota", "mailbox_mib", KEY_NUMBER, 1, 1048576, "1024",
        "MiB that may wait for one school", HUB(mailbox_mib)},
    {"quota", "sender_mib", KEY_NUMBER, 1, 1048576, "256",
        "MiB that may wait from one school: much less than mailbox_mib",
        HUB(sender_mib)},
    {"quota", "disk_reserve_mib", KEY_NUMBER, 16, 1048576, "256",
        "MiB of free disk below which no new mail is taken",
        HUB(disk_reserve_mib)},
    {"metrics", "port", KEY_NUMBER, 0, 65535, "0", METRICS_SENTENCE,
        HUB(metrics_port)},
};

static const struct key_table AGENT_TABLE = {AGENT_KEYS,
    sizeof AGENT_KEYS / sizeof AGENT_KEYS[0], sizeof(struct settings_agent)};
static const struct key_table HUB_TABLE = {HUB_KEYS,
    sizeof HUB_KEYS / sizeof HUB_KEYS[0], sizeof(struct settings_hub)};

/* One reading of a file.  The parser is given line after line, so that lines
 * it would cut are refused, and so that their number is known. */
struct reading {
    const struct key_table *table;
    void *settings;
    bool set[MAX_KEYS];
    struct bytes left;
    int line;       /* that was given to the parser last */
    int error_line; /* of the first error; 0: none */
    struct err error;
};

static void refuse(struct reading *reading)
{
    if (reading->error_line == 0)
        reading->error_line = reading->line;
}

/* Where to put the reason: only the first is kept. */
static struct err *reason_of(struct reading *reading)
{
    return reading->error_line == 0 ? &reading->error : NULL;
}

static bool has_section(const struct key_table *table, struct bytes name)
{
    for (size_t i = 0; i < table->count; i++)
        if (strlen(table->keys[i].section) == name.len &&
            memcmp(table->keys[i].section, name.data, name.len) == 0)
            return true;
    return false;
}

/* The parser tells of sections only when a key is in them. */
static void check_section(struct reading *reading, struct bytes line)
{
    const uint8_t *end;

    while (line.len > 0 && (line.data[0] == ' ' || line.data[0] == '\t')) {
        line.data++;
        line.len--;
    }
    if (line.len == 0 || line.data[0] != '[')
        return;
    end = memchr(line.data, ']', line.len);
    if (end == NULL)
        return; /* the parser refuses it */
    if (has_section(reading->table,
            (struct bytes){line.data + 1, (size_t)(end - line.data) - 1}))
        return;
    err_set(reason_of(reading), ERR_MALFORMED, "there is no such section");
    refuse(reading);
}

static char *next_line(char *out, int size, void *arg)
{
    struct reading *reading = arg;
    const uint8_t *from = reading->left.data;
    const uint8_t *end;
    size_t len;

    if (reading->left.len == 0 || reading->error_line != 0)
        return NULL;
    end = memchr(from, '\n', reading->left.len);
    len = end == NULL ? reading->left.len : (size_t)(end - from) + 1;
    reading->left.data += len;
    reading->left.len -= len;
    reading->line++;
    if (len > SETTINGS_MAX_LINE || len >= (size_t)size) {
        err_set(reason_of(reading), ERR_MALFORMED,
            "the line is longer than %d bytes", SETTINGS_MAX_LINE);
        refuse(reading);
        return NULL;
    }
    check_section(reading, (struct bytes){from, len});
    memcpy(out, from, len);
    out[len] = '\0';
    return out;
}

static void refuse_unknown(
    struct reading *reading, const char *section, const char *name)
{
    const struct key *nearest = key_nearest(reading->table, section, name);
    char clean[41];

    err_set(reason_of(reading), ERR_MALFORMED,
        "there is no key \"%s\" here; the nearest is %s in [%s]",
        text_clean(clean, sizeof clean, name), nearest->name, nearest->section);
    refuse(reading);
}

static int on_key(
    void *arg, const char *section, const char *name, const char *value)
{
    struct reading *reading = arg;
    const struct key *key = key_find(reading->table, section, name);

    if (reading->error_line != 0)
        return 0;
    if (key == NULL) {
        refuse_unknown(reading, section, name);
        return 0;
    }
    if (reading->set[key - reading->table->keys]) {
        err_set(reason_of(reading), ERR_MALFORMED, "%s is set twice", name);
        refuse(reading);
        return 0;
    }
    reading->set[key - reading->table->keys] = true;
    if (key_set(reading->settings, key, value, reason_of(reading)) < 0) {
        refuse(reading);
        return 0;
    }
    return 1;
}

static void set_defaults(void *out, const struct key_table *table)
{
    memset(out, 0, table->settings_size);
    for (size_t i = 0; i < table->count; i++)
        (void)!key_set(out, &table->keys[i], table->keys[i].fallback, NULL);
}

static int parse(void *out, const struct key_table *table, struct bytes text,
    const char *name, struct err *err)
{
    SCOPED(mem_freep) void *fresh = mem_alloc(table->settings_size);
    struct reading reading = {.table = table, .settings = fresh, .left = text};
    int bad;

    if (text.len > SETTINGS_MAX_BYTES)
        return err_set(
            err, ERR_TOO_BIG, "%s: over %zu bytes", name, SETTINGS_MAX_BYTES);
    if (text.len > 0 && memchr(text.data, 0, text.len) != NULL)
        return err_set(err, ERR_MALFORMED, "%s: not a text file", name);
    set_defaults(fresh, table);
    bad = ini_parse_stream(next_line, &reading, on_key, &reading);
    if (bad != 0 && (reading.error_line == 0 || bad < reading.error_line))
        return err_set(err, ERR_MALFORMED,
            "%s:%d: neither [section], key = value nor a comment", name,
            bad > 0 ? bad : reading.line);
    if (reading.error_line != 0)
        return err_set(err, ERR_MALFORMED, "%s:%d: %s", name,
            reading.error_line, reading.error.text);
    memcpy(out, fresh, table->settings_size);
    return 0;
}

static int read_file(
    void *out, const struct key_table *table, const char *path, struct err *err)
{
    SCOPED(buf_free) struct buf text = BUF_EMPTY;
    int rc = file_read(&text, path, SETTINGS_MAX_BYTES, err);

    return rc < 0 ? rc : parse(out, table, buf_bytes(&text), path, err);
}

static void print(
    FILE *out, const struct key_table *table, const void *settings)
{
    const char *section = "";

    for (size_t i = 0; i < table->count; i++) {
        const struct key *key = &table->keys[i];

        if (strcmp(section, key->section) != 0)
            fprintf(out, "%s[%s]\n", i > 0 ? "\n" : "", key->section);
        section = key->section;
        key_print(out, key, settings);
    }
}

void settings_agent_default(struct settings_agent *out)
{
    set_defaults(out, &AGENT_TABLE);
}

void settings_hub_default(struct settings_hub *out)
{
    set_defaults(out, &HUB_TABLE);
}

int settings_agent_read(
    struct settings_agent *out, const char *path, struct err *err)
{
    return read_file(out, &AGENT_TABLE, path, err);
}

int settings_hub_read(
    struct settings_hub *out, const char *path, struct err *err)
{
    return read_file(out, &HUB_TABLE, path, err);
}

int settings_agent_parse(struct settings_agent *out, struct bytes text,
    const char *name, struct err *err)
{
    return parse(out, &AGENT_TABLE, text, name, err);
}

int settings_hub_parse(struct settings_hub *out, struct bytes text,
    const char *name, struct err *err)
{
    return parse(out, &HUB_TABLE, text, name, err);
}

void settings_agent_print(FILE *out, const struct settings_agent *settings)
{
    print(out, &AGENT_TABLE, settings);
}

void settings_hub_print(FILE *out, const struct settings_hub *settings)
{
    print(out, &HUB_TABLE, settings);
}

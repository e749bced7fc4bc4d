/*
 * settings - the configuration file (INI) of agent and hub: one table of keys.
 *
 * Every key has a default, a range and a sentence; `moveup-agent --settings`
 * prints what is in force, in a form that can be read again.  An unknown key or
 * section, a key that is set twice, a value out of range or a line that is too
 * long refuses the file with "file:line: ..." and changes nothing.
 *
 *   ; a comment, also with #, and after a value
 *   [send]
 *   batch_records = 200
 */
#ifndef CONF_SETTINGS_H
#define CONF_SETTINGS_H

#include <stdint.h>
#include <stdio.h>

#include "base/attr.h"
#include "base/bytes.h"

struct err;

#define SETTINGS_MAX_BYTES ((size_t)64 * 1024)
#define SETTINGS_MAX_LINE 190 /* bytes; the parser's own limit is 200 */

struct settings_agent {
    char log_level[8];       /* [log] level = debug|info|warn|error */
    int32_t limit_voice;     /* [attempt] limit_voice = 1..50, default 5 */
    int32_t min_bands;       /* [attempt] min_bands = 1..4, default 3 */
    int32_t min_days;        /* [attempt] min_days = 1..60, default 5 */
    char call_hours[64];     /* [call] hours = Mo-Fr 08:30-19:30,
                              * Sa 10:00-13:00 (conf/hours.h) */
    int32_t cooldown_hours;  /* [cooldown] hours = 0..168, default 4 */
    int32_t lease_minutes;   /* [lease] minutes = 5..480, default 30 */
    int32_t batch_records;   /* [send] batch_records = 1..500, default 200 */
    int32_t window_kib;      /* [send] window_kib = 1024..65536, default
                              * 4096: unconfirmed bytes on their way to a
                              * hub */
    int32_t credit_kib;      /* [receive] credit_kib = 1024..65536, default
                              * 4096 */
    char entry_date[11];     /* [school] entry_date = CCYY-MM-DD; "" : 2
                              * September to come */
    int32_t resend_hours;    /* [send] resend_hours = 1..720, default 24 */
    int32_t heartbeat_hours; /* [send] heartbeat_hours = 1..168, default 24 */
    int32_t metrics_port;    /* [metrics] port = 0..65535, default 0: none;
                              * of 127.0.0.1 */
    int32_t report_minutes;  /* [report] minutes = 1..1440, default 15 */
    int32_t report_seconds;  /* [report] seconds = 5..3600, default 60:
                              * between two because of changes */
};

struct settings_hub {
    char log_level[8];
    char listen[128];           /* [hub] listen = tcp://host:port; default: the
                                 * endpoint it was enrolled with */
    int32_t mail_days;          /* [hub] mail_days = 90..400, default 120 */
    int32_t member_connections; /* [hub] member_connections = 1..1000, default
                                 * 8 */
    int32_t mailbox_mib; /* [quota] mailbox_mib = 1..1048576, default 1024 */
    int32_t sender_mib;  /* [quota] sender_mib = 1..1048576, default 256 */
    int32_t disk_reserve_mib; /* [quota] disk_reserve_mib = 16..1048576,
                               * default 256: below this much free disk PUT
                               * is refused */
    int32_t metrics_port;     /* as the agent's */
};

void settings_agent_default(struct settings_agent *out);
void settings_hub_default(struct settings_hub *out);

/** Read path over the defaults.  Errors: ERR_NOT_FOUND, ERR_MALFORMED with
 * file:line, ERR_TOO_BIG.  *out is unchanged on failure. */
MUST_CHECK int settings_agent_read(
    struct settings_agent *out, const char *path, struct err *err);
MUST_CHECK int settings_hub_read(
    struct settings_hub *out, const char *path, struct err *err);

/** The same from memory; name stands for the file in errors. */
MUST_CHECK int settings_agent_parse(struct settings_agent *out,
    struct bytes text, const char *name, struct err *err);
MUST_CHECK int settings_hub_parse(struct settings_hub *out, struct bytes text,
    const char *name, struct err *err);

void settings_agent_print(FILE *out, const struct settings_agent *settings);
void settings_hub_print(FILE *out, const struct settings_hub *settings);

#endif

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/mem.h"
#include "conf/settings.h"

static int parse_agent(
    struct settings_agent *out, const char *text, struct err *err)
{
    settings_agent_default(out);
    return settings_agent_parse(out, bytes_of(text), "agent.ini", err);
}

static void test_an_empty_file_means_the_defaults(void **state)
{
    struct settings_agent agent;
    struct settings_hub hub;

    (void)state;
    assert_int_equal(parse_agent(&agent, "", NULL), 0);
    assert_string_equal(agent.log_level, "info");
    assert_int_equal(agent.batch_records, 200);
    assert_int_equal(agent.window_kib, 4096);
    assert_int_equal(agent.credit_kib, 4096);
    assert_string_equal(agent.entry_date, "");
    assert_int_equal(agent.heartbeat_hours, 24);
    assert_int_equal(agent.limit_voice, 5);
    assert_int_equal(agent.min_bands, 3);
    assert_int_equal(agent.min_days, 5);
    assert_int_equal(agent.lease_minutes, 30);
    assert_int_equal(agent.cooldown_hours, 4);
    assert_string_equal(agent.call_hours, "Mo-Fr 08:30-19:30, Sa 10:00-13:00");
    assert_int_equal(agent.report_minutes, 15);
    assert_int_equal(agent.report_seconds, 60);
    memset(&hub, 7, sizeof hub);
    assert_int_equal(
        settings_hub_parse(&hub, bytes_of("; nothing\n"), "hub.ini", NULL), 0);
    assert_string_equal(hub.log_level, "info");
    assert_string_equal(hub.listen, "");
    assert_int_equal(hub.mail_days, 120);
    assert_int_equal(hub.member_connections, 8);
    assert_int_equal(hub.mailbox_mib, 1024);
    assert_int_equal(hub.sender_mib, 256);
    /* no school alone keeps the others out of a mailbox */
    assert_true(hub.sender_mib * 4 <= hub.mailbox_mib);
    assert_int_equal(hub.disk_reserve_mib, 256);
}

static void test_reads_every_key(void **state)
{
    struct settings_agent agent;
    struct settings_hub hub;

    (void)state;
    assert_int_equal(parse_agent(&agent,
                         "\xef\xbb\xbf[log]\r\nlevel = debug ; here\r\n"
                         "[send]\nbatch_records=1\nwindow_kib: 1024\n"
                         "heartbeat_hours = 168\n# comment\n"
                         "[receive]\n  credit_kib = 65536\n"
                         "[school]\nentry_date = 2028-02-29",
                         NULL),
        0);
    assert_string_equal(agent.log_level, "debug");
    assert_int_equal(agent.batch_records, 1);
    assert_int_equal(agent.window_kib, 1024);
    assert_int_equal(agent.credit_kib, 65536);
    assert_string_equal(agent.entry_date, "2028-02-29");
    assert_int_equal(agent.heartbeat_hours, 168);
    assert_int_equal(settings_hub_parse(&hub,
                         bytes_of("[log]\nlevel=error\n[hub]\n"
                                  "listen = tcp://[::]:7700\nmail_days = 90\n"
                                  "[quota]\nmailbox_mib = 1\nsender_mib = 2\n"
                                  "disk_reserve_mib = 16\n"),
                         "hub.ini", NULL),
        0);
    assert_string_equal(hub.log_level, "error");
    assert_string_equal(hub.listen, "tcp://[::]:7700");
    assert_int_equal(hub.mail_days, 90);
    assert_int_equal(hub.mailbox_mib, 1);
    assert_int_equal(hub.sender_mib, 2);
    assert_int_equal(hub.disk_reserve_mib, 16);
}

static void test_refuses_with_file_and_line_and_changes_nothing(void **state)
{
    static const struct {
        const char *text;
        const char *error;
    } cases[] = {
        {"[send]\nbatch_recrods = 1\n",
            "agent.ini:2: there is no key \"batch_recrods\" here; the nearest "
            "is batch_records in [send]"},
        {"[receive]\nwindow_kib = 1024\n",
            "agent.ini:2: there is no key \"window_kib\" here; the nearest is "
            "window_kib in [send]"},
        {"batch_records = 1\n",
            "agent.ini:1: there is no key \"batch_records\" here; the nearest "
            "is batch_records in [send]"},
        {"\n[sned]\n", "agent.ini:2: there is no such section"},
        {"[sendsendsendsendsendsendsendsendsendsendsendsendsendsend]\n",
            "agent.ini:1: there is no such section"},
        {"[send]\nbatch_records = 1\n\nbatch_records = 1\n",
            "agent.ini:4: batch_records is set twice"},
        {"[send]\nbatch_records = 1\n 2\n",
            "agent.ini:3: batch_records is set twice"},
        {"[send]\nbatch_records = 0\n",
            "agent.ini:2: batch_records must be a number from 1 to 500"},
        {"[send]\nbatch_records = 501\n",
            "agent.ini:2: batch_records must be a number from 1 to 500"},
        {"[send]\nbatch_records = -1\n",
            "agent.ini:2: batch_records must be a number from 1 to 500"},
        {"[send]\nbatch_records = 2x\n",
            "agent.ini:2: batch_records must be a number from 1 to 500"},
        {"[send]\nbatch_records =\n",
            "agent.ini:2: batch_records must be a number from 1 to 500"},
        {"[send]\nbatch_records = 4294967297\n",
            "agent.ini:2: batch_records must be a number from 1 to 500"},
        {"[log]\nlevel = loud\n",
            "agent.ini:2: level must be one of debug, info, warn, error"},
        {"[school]\nentry_date = 2027-02-29\n",
            "agent.ini:2: entry_date must be a date, such as 2027-09-02"},
        {"[school]\nentry_date = 2027-9-02\n",
            "agent.ini:2: entry_date must be a date, such as 2027-09-02"},
        {"[school]\nentry_date = 2027-13-02\n",
            "agent.ini:2: entry_date must be a date, such as 2027-09-02"},
        {"[call]\nhours = 9-17\n",
            "agent.ini:2: hours must be like Mo-Fr 08:30-19:30, "
            "Sa 10:00-13:00"},
        {"[call]\nhours =\n",
            "agent.ini:2: hours must be like Mo-Fr 08:30-19:30, "
            "Sa 10:00-13:00"},
        {"[attempt]\nmin_bands = 5\n",
            "agent.ini:2: min_bands must be a number from 1 to 4"},
        {"[log]\nlevel\n",
            "agent.ini:2: neither [section], key = value nor a comment"},
        {"[log\nlevel = loud\n",
            "agent.ini:1: neither [section], key = value nor a comment"},
    };
    struct settings_agent agent;
    struct settings_agent before;
    struct err err;

    (void)state;
    settings_agent_default(&before);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(
            parse_agent(&agent, cases[i].text, &err), ERR_MALFORMED);
        assert_string_equal(err.text, cases[i].error);
        assert_memory_equal(&agent, &before, sizeof agent);
    }
}

static void test_refuses_what_is_no_endpoint(void **state)
{
    static const char *const bad[] = {"7700", "tcp://", "tcp://:7700",
        "tcp://host", "tcp://host:", "tcp://host:0", "tcp://host:65536",
        "tcp://host:77x", "udp://host:1", "tcp://ho st:1", "tcp://h/x:1"};
    struct settings_hub hub;
    struct err err;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        SCOPED(mem_freep)
        char *text = mem_format("[hub]\nlisten = %s\n", bad[i]);

        assert_int_equal(
            settings_hub_parse(&hub, bytes_of(text), "hub.ini", &err),
            ERR_MALFORMED);
        assert_string_equal(err.text,
            "hub.ini:2: listen must be an address, such as "
            "tcp://0.0.0.0:7700");
    }
}

/* The parser behind it would cut such a line and read on. */
static void test_refuses_a_line_that_is_too_long(void **state)
{
    char text[400] = "[hub]\nlisten = tcp://";
    struct settings_hub hub;
    struct err err;

    (void)state;
    memset(text + strlen(text), 'h', 300);
    assert_int_equal(settings_hub_parse(&hub, bytes_of(text), "hub.ini", &err),
        ERR_MALFORMED);
    assert_string_equal(
        err.text, "hub.ini:2: the line is longer than 190 bytes");
    memset(text, ';', sizeof text);
    text[SETTINGS_MAX_LINE - 1] = '\n';
    text[SETTINGS_MAX_LINE] = '\0';
    assert_int_equal(
        settings_hub_parse(&hub, bytes_of(text), "hub.ini", NULL), 0);
    text[SETTINGS_MAX_LINE - 1] = ';';
    text[SETTINGS_MAX_LINE] = '\n';
    text[SETTINGS_MAX_LINE + 1] = '\0';
    assert_int_equal(settings_hub_parse(&hub, bytes_of(text), "hub.ini", NULL),
        ERR_MALFORMED);
    /* and an address that fits the line but not its field */
    memset(text, 'h', 160);
    memcpy(text, "[hub]\nlisten = tcp://", 21);
    snprintf(text + 160, sizeof text - 160, ":1\n");
    assert_int_equal(settings_hub_parse(&hub, bytes_of(text), "hub.ini", &err),
        ERR_MALFORMED);
    assert_non_null(strstr(err.text, "hub.ini:2: listen must be an address"));
}

static void test_refuses_a_file_that_is_too_big_or_no_text(void **state)
{
    static char big[SETTINGS_MAX_BYTES + 1];
    struct settings_hub hub;
    struct err err;

    (void)state;
    memset(big, '\n', sizeof big);
    assert_int_equal(
        settings_hub_parse(&hub,
            (struct bytes){(const uint8_t *)big, sizeof big}, "hub.ini", &err),
        ERR_TOO_BIG);
    assert_int_equal(
        settings_hub_parse(&hub, (struct bytes){(const uint8_t *)"\n\0\n", 3},
            "hub.ini", &err),
        ERR_MALFORMED);
    assert_string_equal(err.text, "hub.ini: not a text file");
}

static void test_an_unknown_name_is_shown_without_control_characters(
    void **state)
{
    struct settings_agent agent;
    struct err err;

    (void)state;
    assert_int_equal(parse_agent(&agent, "[log]\n\033[2Jlevel = info\n", &err),
        ERR_MALFORMED);
    assert_null(strchr(err.text, '\033'));
}

static void test_what_is_printed_can_be_read_again(void **state)
{
    struct settings_hub hub;
    struct settings_hub again;
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    (void)state;
    assert_int_equal(settings_hub_parse(&hub,
                         bytes_of("[hub]\nlisten = tcp://*:1\n"
                                  "[quota]\nsender_mib = 5\n"),
                         "hub.ini", NULL),
        0);
    settings_hub_print(out, &hub);
    fclose(out);
    assert_non_null(strstr(text,
        "[hub]\n; Where to listen; nothing: as enrolled (a name: at every "
        "address)\nlisten = tcp://*:1\n"));
    assert_non_null(strstr(text,
        "; MiB that may wait from one school: much less than mailbox_mib\n"
        "; 1 to 1048576, default 256\n"
        "sender_mib = 5\n"));
    settings_hub_default(&again);
    assert_int_equal(
        settings_hub_parse(&again, bytes_of(text), "hub.ini", NULL), 0);
    assert_memory_equal(&hub, &again, sizeof hub);
    free(text);
}

static void test_reads_a_file_and_says_if_there_is_none(void **state)
{
    char path[] = "/tmp/test-settings.XXXXXX";
    const int fd = mkstemp(path);
    struct settings_agent agent;
    struct settings_hub hub;
    struct err err;

    (void)state;
    assert_int_equal(write(fd, "[log]\nlevel = warn\n", 19), 19);
    close(fd);
    assert_int_equal(settings_agent_read(&agent, path, NULL), 0);
    assert_string_equal(agent.log_level, "warn");
    assert_int_equal(settings_hub_read(&hub, path, NULL), 0);
    assert_string_equal(hub.log_level, "warn");
    unlink(path);
    assert_int_equal(settings_agent_read(&agent, path, &err), ERR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_empty_file_means_the_defaults),
        cmocka_unit_test(test_reads_every_key),
        cmocka_unit_test(test_refuses_with_file_and_line_and_changes_nothing),
        cmocka_unit_test(test_refuses_what_is_no_endpoint),
        cmocka_unit_test(test_refuses_a_line_that_is_too_long),
        cmocka_unit_test(test_refuses_a_file_that_is_too_big_or_no_text),
        cmocka_unit_test(
            test_an_unknown_name_is_shown_without_control_characters),
        cmocka_unit_test(test_what_is_printed_can_be_read_again),
        cmocka_unit_test(test_reads_a_file_and_says_if_there_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

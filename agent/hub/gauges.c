#include "hub/gauges.h"

#include "hub/engine.h"
#include "metrics/exposition.h"
#include "metrics/process.h"
#include "record/reason.h"
#include "trust/members.h"

#define NAME(name) "moveup_hub_" name
#define GAUGE(name, unit, help)                                                \
    {                                                                          \
        METRIC_GAUGE, NAME(name), unit, help                                   \
    }
#define COUNTER(name, help)                                                    \
    {                                                                          \
        METRIC_COUNTER, NAME(name), "", help                                   \
    }

static const struct metric INFO = {
    METRIC_INFO, NAME("build"), "", "The version that runs"};
static const struct metric LETTERS =
    GAUGE("letters", "", "Letters that their recipients have not taken yet");
static const struct metric WAITING_BYTES =
    GAUGE("letters_bytes", "bytes", "The size of these letters");
static const struct metric OLDEST = GAUGE("oldest_letter_age_seconds",
    "seconds", "The age of the oldest of these letters; 0 when there is none");
static const struct metric IN_FLIGHT = GAUGE("in_flight_bytes", "bytes",
    "Letters on their way to a recipient, not acknowledged");
static const struct metric CONSUMERS =
    GAUGE("connected_schools", "", "Schools that are connected");
static const struct metric TAKEN =
    COUNTER("letters_taken", "Letters taken from their authors");
static const struct metric SENT =
    COUNTER("letters_sent", "Letters handed to their recipients, each time");
static const struct metric ACKNOWLEDGED = COUNTER(
    "letters_acknowledged", "Letters that their recipients have committed");
static const struct metric REFUSED =
    COUNTER("refusals", "Letters and requests refused, by reason");
static const struct metric KEYS = COUNTER(
    "refused_keys", "Connections refused: their key is not in the directory");
static const struct metric FULL = COUNTER(
    "full_connections", "Connections refused: too few open files are allowed");
static const struct metric ODD =
    COUNTER("odd_messages", "Messages ignored: odd frames, or no sender");
static const struct metric SILENT =
    COUNTER("silent_connections", "Connections cut: they had said nothing");
static const struct metric CROWDED = COUNTER("crowded_connections",
    "Connections cut or refused: one member had too many");
static const struct metric DISK =
    GAUGE("disk_free_bytes", "bytes", "Free space where the hub keeps letters");
static const struct metric DIRECTORY =
    GAUGE("directory_version", "", "The version of the directory in force");
static const struct metric EXPIRY = GAUGE("directory_renewal_timestamp_seconds",
    "seconds", "When the directory should have been renewed, since 1970");

static void write_refusals(
    const struct exposition *to, const struct engine_counts *counts)
{
    exposition_family(to, &REFUSED);
    for (unsigned i = 1; i < ENGINE_REASONS; i++) {
        const enum reason reason = reason_from_number(i);
        const struct metric_label label = {"reason", reason_code(reason)};

        if (reason != REASON_NONE)
            exposition_sample(
                to, &REFUSED, &label, 1, (double)counts->refused[i]);
    }
}

static void write_letters(
    const struct exposition *to, const struct engine *engine)
{
    const struct engine_counts *counts = engine_counts(engine);
    struct engine_load load;
    int64_t age_ms;

    engine_load(&load, engine);
    age_ms = load.oldest.ms == 0 ? 0 : clock_wall().ms - load.oldest.ms;
    exposition_single(to, &LETTERS, (double)load.letters);
    exposition_single(to, &WAITING_BYTES, (double)load.bytes);
    exposition_single(to, &OLDEST, (double)age_ms / 1000);
    exposition_single(to, &IN_FLIGHT, (double)load.in_flight);
    exposition_single(to, &CONSUMERS, (double)load.consumers);
    exposition_single(to, &TAKEN, (double)counts->taken);
    exposition_single(to, &SENT, (double)counts->sent);
    exposition_single(to, &ACKNOWLEDGED, (double)counts->acknowledged);
    write_refusals(to, counts);
}

void gauges_write(const struct exposition *to, const struct gauges *gauges)
{
    const struct metric_label version = {"version", MOVEUP_VERSION};
    const struct listener_counts doors = listener_counts(gauges->listener);
    const struct directory_content *directory =
        members_content(gauges->members);

    exposition_family(to, &INFO);
    exposition_sample(to, &INFO, &version, 1, 1);
    write_letters(to, gauges->engine);
    exposition_single(to, &KEYS, (double)doors.refused);
    exposition_single(to, &FULL, (double)doors.full);
    exposition_single(to, &ODD, (double)doors.odd);
    exposition_single(to, &SILENT, (double)doors.silent);
    exposition_single(to, &CROWDED, (double)doors.crowded);
    exposition_single(to, &DISK, (double)gauges->free_disk);
    exposition_single(to, &DIRECTORY, (double)directory->version);
    exposition_single(to, &EXPIRY, (double)directory->soft_expiry.ms / 1000);
    process_write(to);
    exposition_end(to);
}

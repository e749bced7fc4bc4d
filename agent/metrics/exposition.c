#include "metrics/exposition.h"

#include <string.h>

static void add_text(struct buf *out, const char *text)
{
    buf_add(out, (struct bytes){(const uint8_t *)text, strlen(text)});
}

static const char *type_word(enum metric_type type)
{
    static const char *const words[] = {
        [METRIC_GAUGE] = "gauge",
        [METRIC_COUNTER] = "counter",
        [METRIC_INFO] = "info",
    };

    return words[type];
}

static const char *sample_suffix(enum metric_type type)
{
    static const char *const suffixes[] = {
        [METRIC_GAUGE] = "",
        [METRIC_COUNTER] = "_total",
        [METRIC_INFO] = "_info",
    };

    return suffixes[type];
}

const char *exposition_type(bool plain)
{
    return plain ? "text/plain; version=0.0.4; charset=utf-8"
                 : "application/openmetrics-text; version=1.0.0; charset=utf-8";
}

/* In OpenMetrics the metadata names the family, in the older format the
 * samples; that one knows no info either. */
void exposition_family(const struct exposition *to, const struct metric *metric)
{
    const char *suffix = to->plain ? sample_suffix(metric->type) : "";
    const bool as_gauge = to->plain && metric->type == METRIC_INFO;

    buf_format(to->out, "# TYPE %s%s %s\n", metric->name, suffix,
        type_word(as_gauge ? METRIC_GAUGE : metric->type));
    if (!to->plain && metric->unit[0] != '\0')
        buf_format(to->out, "# UNIT %s %s\n", metric->name, metric->unit);
    buf_format(to->out, "# HELP %s%s %s\n", metric->name, suffix, metric->help);
}

static void add_escaped(struct buf *out, const char *value)
{
    for (; *value != '\0'; value++)
        if (*value == '\n')
            add_text(out, "\\n");
        else if (*value == '\\' || *value == '"')
            buf_format(out, "\\%c", *value);
        else
            buf_format(out, "%c", *value);
}

static void add_labels(
    struct buf *out, const struct metric_label *labels, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buf_format(out, "%c%s=\"", i == 0 ? '{' : ',', labels[i].name);
        add_escaped(out, labels[i].value);
        add_text(out, "\"");
    }
    if (count > 0)
        add_text(out, "}");
}

void exposition_sample(const struct exposition *to, const struct metric *metric,
    const struct metric_label *labels, size_t count, double value)
{
    buf_format(to->out, "%s%s", metric->name, sample_suffix(metric->type));
    add_labels(to->out, labels, count);
    buf_format(to->out, " %.15g\n", value);
}

void exposition_single(
    const struct exposition *to, const struct metric *metric, double value)
{
    exposition_family(to, metric);
    exposition_sample(to, metric, NULL, 0, value);
}

void exposition_end(const struct exposition *to)
{
    if (!to->plain)
        add_text(to->out, "# EOF\n");
}

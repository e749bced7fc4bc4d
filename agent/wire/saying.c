#include "wire/saying.h"

#include "wire/field.h"
#include "wire/header.h"

static void write_hello(struct saying *saying, const struct hubtalk *talk)
{
    Moveup__V1__Hello *msg = &saying->u.hello;

    moveup__v1__hello__init(msg);
    msg->protocol = talk->protocol;
    msg->session = field_lend(talk->session.bytes, ID_SIZE);
    msg->version = talk->version;
    msg->time = (uint64_t)talk->time.ms;
    msg->software =
        field_lend(talk->software, strnlen(talk->software, SAYING_MAX_TEXT));
    msg->incarnation = talk->incarnation;
    msg->progress = talk->progress;
    msg->early = talk->early;
    msg->parts = talk->parts;
    saying->talk.hello = msg;
}

static void write_welcome(struct saying *saying, const struct hubtalk *talk)
{
    Moveup__V1__Welcome *msg = &saying->u.welcome;

    moveup__v1__welcome__init(msg);
    msg->protocol = talk->protocol;
    msg->session = field_lend(talk->session.bytes, ID_SIZE);
    msg->hub = field_lend(talk->hub.bytes, ID_SIZE);
    msg->version = talk->version;
    msg->time = (uint64_t)talk->time.ms;
    msg->max_body = talk->max_body;
    msg->waiting = talk->waiting;
    msg->software =
        field_lend(talk->software, strnlen(talk->software, SAYING_MAX_TEXT));
    msg->incarnation = talk->incarnation;
    msg->progress = talk->progress;
    msg->high = talk->high;
    saying->talk.welcome = msg;
}

static void write_put(struct saying *saying, const struct hubtalk *talk)
{
    Moveup__V1__Put *msg = &saying->u.put;

    moveup__v1__put__init(msg);
    header_write(&saying->header, &talk->header);
    msg->id = field_lend(talk->id.bytes, ID_SIZE);
    msg->header = &saying->header;
    if (!id_is_zero(&talk->origin))
        msg->origin = field_lend(talk->origin.bytes, ID_SIZE);
    msg->incarnation = talk->incarnation;
    msg->progress = talk->progress;
    saying->talk.put = msg;
}

static void write_put_done(struct saying *saying, const struct hubtalk *talk)
{
    Moveup__V1__PutDone *msg = &saying->u.put_done;

    moveup__v1__put_done__init(msg);
    msg->id = field_lend(talk->id.bytes, ID_SIZE);
    msg->reason = (uint32_t)talk->reason;
    msg->cursor = talk->cursor;
    saying->talk.put_done = msg;
}

static void write_mail(struct saying *saying, const struct hubtalk *talk)
{
    Moveup__V1__Mail *msg = &saying->u.mail;

    moveup__v1__mail__init(msg);
    header_write(&saying->header, &talk->header);
    msg->cursor = talk->cursor;
    msg->id = field_lend(talk->id.bytes, ID_SIZE);
    msg->header = &saying->header;
    saying->talk.mail = msg;
}

static void write_fetch(struct saying *saying, const struct hubtalk *talk)
{
    moveup__v1__fetch__init(&saying->u.fetch);
    saying->u.fetch.after = talk->cursor;
    saying->u.fetch.credit = talk->credit;
    saying->talk.fetch = &saying->u.fetch;
}

static void write_ack(struct saying *saying, const struct hubtalk *talk)
{
    moveup__v1__ack__init(&saying->u.ack);
    saying->u.ack.cursor = talk->cursor;
    saying->talk.ack = &saying->u.ack;
}

static void write_directory(struct saying *saying, const struct hubtalk *talk)
{
    moveup__v1__directory__init(&saying->u.directory);
    saying->u.directory.version = talk->version;
    saying->u.directory.offset = talk->offset;
    saying->u.directory.of = talk->of;
    saying->talk.directory = &saying->u.directory;
}

static void write_directory_is(
    struct saying *saying, const struct hubtalk *talk)
{
    moveup__v1__directory_is__init(&saying->u.directory_is);
    saying->u.directory_is.version = talk->version;
    saying->u.directory_is.offset = talk->offset;
    saying->u.directory_is.total = talk->total;
    saying->talk.directory_is = &saying->u.directory_is;
}

static void write_publish(struct saying *saying, const struct hubtalk *talk)
{
    moveup__v1__publish__init(&saying->u.publish);
    saying->u.publish.offset = talk->offset;
    saying->u.publish.total = talk->total;
    saying->talk.publish = &saying->u.publish;
}

static void write_publish_done(
    struct saying *saying, const struct hubtalk *talk)
{
    moveup__v1__publish_done__init(&saying->u.publish_done);
    saying->u.publish_done.version = talk->version;
    saying->u.publish_done.reason = (uint32_t)talk->reason;
    saying->talk.publish_done = &saying->u.publish_done;
}

static void write_report(struct saying *saying, const struct hubtalk *talk)
{
    (void)talk;
    moveup__v1__report__init(&saying->u.report);
    saying->talk.report = &saying->u.report;
}

static void write_refused(struct saying *saying, const struct hubtalk *talk)
{
    moveup__v1__refused__init(&saying->u.refused);
    saying->u.refused.reason = (uint32_t)talk->reason;
    saying->talk.refused = &saying->u.refused;
}

static void write_notice(struct saying *saying, const struct hubtalk *talk)
{
    Moveup__V1__Notice *msg = &saying->u.notice;

    moveup__v1__notice__init(msg);
    header_write(&saying->header, &talk->header);
    msg->id = field_lend(talk->id.bytes, ID_SIZE);
    msg->reason = (uint32_t)talk->reason;
    msg->time = (uint64_t)talk->time.ms;
    msg->header = &saying->header;
    saying->talk.notice = msg;
}

static void write_noted(struct saying *saying, const struct hubtalk *talk)
{
    Moveup__V1__Noted *msg = &saying->u.noted;

    moveup__v1__noted__init(msg);
    msg->id = field_lend(talk->id.bytes, ID_SIZE);
    msg->reason = (uint32_t)talk->reason;
    saying->talk.noted = msg;
}

static void write_reports(struct saying *saying, const struct hubtalk *talk)
{
    moveup__v1__reports__init(&saying->u.reports);
    saying->u.reports.after = field_put_laestab(&talk->after);
    saying->talk.reports = &saying->u.reports;
}

static void write_reports_are(struct saying *saying, const struct hubtalk *talk)
{
    (void)talk;
    moveup__v1__reports_are__init(&saying->u.reports_are);
    saying->talk.reports_are = &saying->u.reports_are;
}

static void write_trace(struct saying *saying, const struct hubtalk *talk)
{
    moveup__v1__trace__init(&saying->u.trace);
    saying->u.trace.begins = field_lend(talk->id.bytes, talk->id_len);
    saying->talk.trace = &saying->u.trace;
}

static void write_trace_is(struct saying *saying, const struct hubtalk *talk)
{
    (void)talk;
    moveup__v1__trace_is__init(&saying->u.trace_is);
    saying->talk.trace_is = &saying->u.trace_is;
}

static void write_renew(struct saying *saying, const struct hubtalk *talk)
{
    (void)talk;
    moveup__v1__renew__init(&saying->u.renew);
    saying->talk.renew = &saying->u.renew;
}

static void write_renewals(struct saying *saying, const struct hubtalk *talk)
{
    moveup__v1__renewals__init(&saying->u.renewals);
    saying->u.renewals.after = field_put_laestab(&talk->school);
    saying->talk.renewals = &saying->u.renewals;
}

static void write_renewal_is(struct saying *saying, const struct hubtalk *talk)
{
    moveup__v1__renewal_is__init(&saying->u.renewal_is);
    saying->u.renewal_is.school = field_put_laestab(&talk->school);
    saying->talk.renewal_is = &saying->u.renewal_is;
}

void saying_write(struct saying *saying, const struct hubtalk *talk)
{
    static void (*const writers[])(struct saying *, const struct hubtalk *) = {
        [HUBTALK_HELLO] = write_hello,
        [HUBTALK_WELCOME] = write_welcome,
        [HUBTALK_PUT] = write_put,
        [HUBTALK_PUT_DONE] = write_put_done,
        [HUBTALK_FETCH] = write_fetch,
        [HUBTALK_MAIL] = write_mail,
        [HUBTALK_ACK] = write_ack,
        [HUBTALK_DIRECTORY] = write_directory,
        [HUBTALK_DIRECTORY_IS] = write_directory_is,
        [HUBTALK_PUBLISH] = write_publish,
        [HUBTALK_PUBLISH_DONE] = write_publish_done,
        [HUBTALK_REPORT] = write_report,
        [HUBTALK_REFUSED] = write_refused,
        [HUBTALK_NOTICE] = write_notice,
        [HUBTALK_NOTED] = write_noted,
        [HUBTALK_REPORTS] = write_reports,
        [HUBTALK_REPORTS_ARE] = write_reports_are,
        [HUBTALK_TRACE] = write_trace,
        [HUBTALK_TRACE_IS] = write_trace_is,
        [HUBTALK_RENEW] = write_renew,
        [HUBTALK_RENEWALS] = write_renewals,
        [HUBTALK_RENEWAL_IS] = write_renewal_is,
    };

    moveup__v1__talk__init(&saying->talk);
    saying->talk.content_case = (Moveup__V1__Talk__ContentCase)talk->kind;
    writers[talk->kind](saying, talk);
}

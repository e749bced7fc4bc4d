#include "wire/header.h"

#include "base/err.h"
#include "envelope.pb-c.h"

static const int LANES[2] = {LANE_URGENT, LANE_RECEIPT};

static void read_range(struct header *out, struct field_check *check,
    const Moveup__V1__Header *src)
{
    if (out->lane == LANE_RECEIPT) {
        if (src->first != 0 || src->last != 0)
            field_refuse(
                check, ERR_MALFORMED, "range", "stands in the receipt lane");
        return;
    }
    out->first = field_number(check, src->first, 1, "first number");
    out->last = field_number(check, src->last, out->first, "last number");
    if (id_is_zero(&out->epoch))
        field_refuse(check, ERR_MALFORMED, "epoch", "is not stated");
}

void header_read(struct header *out, struct field_check *check,
    const Moveup__V1__Header *src)
{
    *out = (struct header){.version = src->version, .ttl_days = src->ttl_days};
    if (src->version != STREAM_VERSION)
        field_refuse(check, ERR_MALFORMED, "version", "is not known here");
    out->author = field_laestab(check, src->author, "author");
    out->recipient = field_laestab(check, src->recipient, "recipient");
    out->lane = (enum lane)field_enum(check, (int)src->lane, LANES, "lane");
    out->epoch = field_id(check, src->epoch, "epoch");
    read_range(out, check, src);
    if (laestab_equal(&out->author, &out->recipient))
        field_refuse(check, ERR_MALFORMED, "author", "is the recipient");
    if (src->ttl_days < 1 || src->ttl_days > STREAM_MAX_TTL_DAYS)
        field_refuse(check, ERR_MALFORMED, "time to live", "is out of range");
}

void header_write(Moveup__V1__Header *out, const struct header *header)
{
    moveup__v1__header__init(out);
    out->version = header->version;
    out->author = field_put_laestab(&header->author);
    out->recipient = field_put_laestab(&header->recipient);
    out->lane = (Moveup__V1__Lane)header->lane;
    out->epoch = field_lend(header->epoch.bytes, ID_SIZE);
    out->first = header->first;
    out->last = header->last;
    out->ttl_days = header->ttl_days;
}

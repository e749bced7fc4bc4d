/*
 * saying - a struct hubtalk as protobuf, ready to be packed; for hubtalk.c
 * only.
 */
#ifndef WIRE_SAYING_H
#define WIRE_SAYING_H

#include "hub.pb-c.h"
#include "wire/hubtalk.h"

#define SAYING_MAX_TEXT (HUBTALK_MAX_VERSION_TEXT - 1)

/* The parts of any Talk: one of them is used, and all end with the call. */
struct saying {
    Moveup__V1__Talk talk;
    Moveup__V1__Header header;
    union {
        Moveup__V1__Hello hello;
        Moveup__V1__Welcome welcome;
        Moveup__V1__Put put;
        Moveup__V1__PutDone put_done;
        Moveup__V1__Fetch fetch;
        Moveup__V1__Mail mail;
        Moveup__V1__Ack ack;
        Moveup__V1__Directory directory;
        Moveup__V1__DirectoryIs directory_is;
        Moveup__V1__Publish publish;
        Moveup__V1__PublishDone publish_done;
        Moveup__V1__Report report;
        Moveup__V1__Refused refused;
        Moveup__V1__Notice notice;
        Moveup__V1__Noted noted;
        Moveup__V1__Reports reports;
        Moveup__V1__ReportsAre reports_are;
        Moveup__V1__Trace trace;
        Moveup__V1__TraceIs trace_is;
        Moveup__V1__Renew renew;
        Moveup__V1__Renewals renewals;
        Moveup__V1__RenewalIs renewal_is;
    } u;
};

/** Points into saying and talk: both must live until it is packed. */
void saying_write(struct saying *saying, const struct hubtalk *talk);

#endif

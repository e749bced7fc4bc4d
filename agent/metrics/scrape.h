/*
 * scrape - GET /metrics over HTTP, for a monitoring system on this machine.
 *
 * It listens on 127.0.0.1 only, and answers only requests that name this
 * machine as their host, so that no web page in somebody's browser here can
 * read it (DNS rebinding).  It has no other page, takes no body, and serves at
 * most 8 connections of 16 KiB memory and 5 seconds each.  The page is made in
 * the loop's thread, when it is asked for.
 */
#ifndef METRICS_SCRAPE_H
#define METRICS_SCRAPE_H

#include <stdint.h>

#include "base/attr.h"

struct err;
struct exposition;
struct loop;
struct scrape;

struct scrape_options {
    struct loop *loop; /* outlives it */
    uint16_t port;     /* 0: one that is free */
    /* Write the page, exposition_end() included. */
    void (*render)(void *arg, const struct exposition *to);
    void *arg;
};

/** Errors: ERR_IO (the port is taken, ...). */
MUST_CHECK int scrape_open(
    struct scrape **out, const struct scrape_options *options, struct err *err);

/** Follow a setting: open it, move it to options->port, or close it where that
 * is 0.  On failure it stays as it was.  Errors: as scrape_open(). */
MUST_CHECK int scrape_follow(struct scrape **scrape,
    const struct scrape_options *options, struct err *err);

uint16_t scrape_port(const struct scrape *scrape);

void scrape_close(struct scrape *scrape); /* NULL is allowed */
static inline void scrape_closep(struct scrape **scrape)
{
    scrape_close(*scrape);
}

#endif

#include "floor.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "crypto/seal.h"
#include "frames.h"

#define RECEIPT_BYTES 300 /* of content, as ours */

/* What the processes tell each other beside the sockets. */
struct tally {
    double cpu[3];
};

static struct cert *encrypt_cert(const struct floor_job *job)
{
    struct cert *cert;
    struct err err;

    rig_must(members_encrypt_cert(&cert, job->author->members,
                 &job->recipient->laestab, clock_wall(), &err),
        "certificate", &err);
    return cert;
}

static void seal(
    struct buf *sealed, const struct floor_job *job, struct bytes content)
{
    SCOPED(buf_free) struct buf signed_content = BUF_EMPTY;
    struct err err;

    rig_must(seal_sign(&signed_content, NULL, content, job->author->sign_key,
                 job->author->sign_cert, &err),
        "sign", &err);
    rig_must(seal_encrypt(
                 sealed, buf_bytes(&signed_content), encrypt_cert(job), &err),
        "encrypt", &err);
}

static void open_sealed(
    struct buf *content, const struct floor_job *job, struct bytes sealed)
{
    SCOPED(buf_free) struct buf signed_content = BUF_EMPTY;
    struct err err;

    rig_must(seal_decrypt(&signed_content, sealed, job->recipient->encrypt_key,
                 job->recipient->encrypt_cert, &err),
        "decrypt", &err);
    rig_must(seal_verify(content, NULL, buf_bytes(&signed_content),
                 job->author->sign_cert, &err),
        "verify", &err);
}

static void sign_receipt(struct buf *out, const struct floor_job *job)
{
    static const uint8_t text[RECEIPT_BYTES] = "received and applied";
    struct err err;

    rig_must(seal_sign(out, NULL, (struct bytes){text, sizeof text},
                 job->recipient->sign_key, job->recipient->sign_cert, &err),
        "receipt", &err);
}

static void verify_receipt(const struct floor_job *job, struct bytes receipt)
{
    SCOPED(buf_free) struct buf content = BUF_EMPTY;
    struct err err;

    rig_must(
        seal_verify(&content, NULL, receipt, job->recipient->sign_cert, &err),
        "receipt", &err);
}

/* What OpenSSL makes at first use is not part of the price. */
static void warm_up(const struct floor_job *job)
{
    SCOPED(buf_free) struct buf sealed = BUF_EMPTY;
    SCOPED(buf_free) struct buf content = BUF_EMPTY;
    SCOPED(buf_free) struct buf receipt = BUF_EMPTY;

    seal(&sealed, job, bytes_of("warm"));
    open_sealed(&content, job, buf_bytes(&sealed));
    sign_receipt(&receipt, job);
    verify_receipt(job, buf_bytes(&receipt));
}

/* --- the three ----------------------------------------------------------- */

static void be_hub(const struct floor_job *job, int author, int recipient)
{
    const int journal = rig_journal(job->folder, "floor-hub");
    struct pollfd both[2] = {{author, POLLIN, 0}, {recipient, POLLIN, 0}};
    SCOPED(buf_free) struct buf frame = BUF_EMPTY;

    while (poll(both, 2, -1) > 0) {
        if (both[1].revents != 0 && frames_take(&frame, recipient))
            frames_send(author, buf_bytes(&frame));
        if (both[0].revents == 0)
            continue;
        if (!frames_take(&frame, author))
            return;
        rig_commit(journal, buf_bytes(&frame));
        frames_send(recipient, buf_bytes(&frame));
    }
}

static void be_recipient(const struct floor_job *job, int hub)
{
    const int journal = rig_journal(job->folder, "floor-recipient");
    SCOPED(buf_free) struct buf frame = BUF_EMPTY;

    while (frames_take(&frame, hub)) {
        SCOPED(buf_free) struct buf content = BUF_EMPTY;
        SCOPED(buf_free) struct buf receipt = BUF_EMPTY;

        open_sealed(&content, job, buf_bytes(&frame));
        rig_commit(journal, buf_bytes(&content));
        sign_receipt(&receipt, job);
        frames_send(hub, buf_bytes(&receipt));
    }
}

struct authoring {
    const struct floor_job *job;
    int hub, journal;
    size_t sent, done, flying;
    double *started; /* then the latency */
    struct buf frame;
};

static void send_next(struct authoring *a)
{
    SCOPED(buf_free) struct buf sealed = BUF_EMPTY;

    a->started[a->sent] = rig_clock();
    seal(&sealed, a->job, a->job->contents[a->sent]);
    rig_commit(a->journal, buf_bytes(&sealed));
    frames_send(a->hub, buf_bytes(&sealed));
    a->flying += a->job->contents[a->sent++].len;
}

static void take_receipt(struct authoring *a)
{
    rig_need(frames_take(&a->frame, a->hub), "receipt");
    verify_receipt(a->job, buf_bytes(&a->frame));
    a->flying -= a->job->contents[a->done].len;
    a->started[a->done] = rig_clock() - a->started[a->done];
    a->done++;
}

static void be_author(const struct floor_job *job, int hub, double *latency)
{
    struct authoring a = {.job = job,
        .hub = hub,
        .journal = rig_journal(job->folder, "floor-author"),
        .started = latency};

    while (a.done < job->count)
        if (a.sent < job->count && !frames_waiting(hub) &&
            (a.flying == 0 || a.flying < job->window))
            send_next(&a);
        else
            take_receipt(&a);
    buf_free(&a.frame);
    close(a.journal);
}

static pid_t start(void)
{
    pid_t pid;

    fflush(NULL);
    pid = fork();
    rig_need(pid >= 0, "fork");
    return pid;
}

static struct tally *new_tally(void)
{
    struct tally *tally = mmap(NULL, sizeof *tally, PROT_READ | PROT_WRITE,
        MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    rig_need(tally != MAP_FAILED, "shared memory");
    return tally;
}

static void reap(pid_t pid)
{
    int status;

    rig_need(waitpid(pid, &status, 0) == pid && status == 0, "a floor process");
}

struct cost floor_whole(const struct floor_job *job, double *latency)
{
    SCOPED(mem_freep) double *own = mem_alloc(job->count * sizeof *own);
    struct tally *tally = new_tally();
    struct cost cost;
    int first[2], second[2];
    pid_t hub, recipient;
    double begun, cpu;

    warm_up(job);
    frames_pair(first);
    frames_pair(second);
    hub = start();
    if (hub == 0) {
        begun = rig_cpu(0);
        close(first[0]);
        close(second[1]);
        be_hub(job, first[1], second[0]);
        tally->cpu[1] = rig_cpu(0) - begun;
        _exit(0);
    }
    recipient = start();
    if (recipient == 0) {
        begun = rig_cpu(0);
        close(first[0]);
        close(first[1]);
        close(second[0]);
        be_recipient(job, second[1]);
        tally->cpu[2] = rig_cpu(0) - begun;
        _exit(0);
    }
    close(first[1]);
    close(second[0]);
    close(second[1]);
    usleep(20000); /* let them reach their sockets */
    begun = rig_clock();
    cpu = rig_cpu(0);
    be_author(job, first[0], latency == NULL ? own : latency);
    cost.seconds = rig_clock() - begun;
    cost.cpu = rig_cpu(0) - cpu;
    close(first[0]);
    reap(hub);
    reap(recipient);
    cost.cpu += tally->cpu[1] + tally->cpu[2];
    munmap(tally, sizeof *tally);
    return cost;
}

/* --- the parts ------------------------------------------------------------ */

struct cost floor_seal(const struct floor_job *job)
{
    const int journal = rig_journal(job->folder, "floor-author");
    struct cost cost;

    warm_up(job);
    cost = (struct cost){-rig_clock(), -rig_cpu(0)};
    for (size_t i = 0; i < job->count; i++) {
        SCOPED(buf_free) struct buf sealed = BUF_EMPTY;

        seal(&sealed, job, job->contents[i]);
        rig_commit(journal, buf_bytes(&sealed));
    }
    cost.seconds += rig_clock();
    cost.cpu += rig_cpu(0);
    close(journal);
    return cost;
}

struct cost floor_open(const struct floor_job *job)
{
    const int journal = rig_journal(job->folder, "floor-recipient");
    struct cost sum = {0, 0};

    warm_up(job);
    for (size_t i = 0; i < job->count; i++) {
        SCOPED(buf_free) struct buf sealed = BUF_EMPTY;
        SCOPED(buf_free) struct buf content = BUF_EMPTY;

        seal(&sealed, job, job->contents[i]);
        sum.seconds -= rig_clock();
        sum.cpu -= rig_cpu(0);
        open_sealed(&content, job, buf_bytes(&sealed));
        rig_commit(journal, buf_bytes(&content));
        sum.seconds += rig_clock();
        sum.cpu += rig_cpu(0);
    }
    close(journal);
    return sum;
}

static void keep_frames(const struct floor_job *job, int from)
{
    const int journal = rig_journal(job->folder, "floor-hub");
    SCOPED(buf_free) struct buf frame = BUF_EMPTY;

    for (size_t i = 0; i < job->count; i++) {
        if (!frames_take(&frame, from))
            return;
        rig_commit(journal, buf_bytes(&frame));
        rig_need(write(from, "", 1) == 1, "answer");
    }
}

struct cost floor_put(const struct floor_job *job)
{
    struct tally *tally = new_tally();
    struct cost cost;
    int pair[2];
    pid_t hub;
    char byte;

    frames_pair(pair);
    hub = start();
    if (hub == 0) {
        const double begun = rig_cpu(0);

        close(pair[0]);
        keep_frames(job, pair[1]);
        tally->cpu[1] = rig_cpu(0) - begun;
        _exit(0);
    }
    close(pair[1]);
    usleep(20000);
    cost.seconds = -rig_clock();
    for (size_t i = 0; i < job->count; i++)
        frames_send(pair[0], job->contents[i]);
    for (size_t i = 0; i < job->count; i++)
        rig_need(read(pair[0], &byte, 1) == 1, "answer");
    cost.seconds += rig_clock();
    close(pair[0]);
    reap(hub);
    cost.cpu = tally->cpu[1];
    munmap(tally, sizeof *tally);
    return cost;
}

/* The sealed batches lie at the hub: only the second half of the way. */
struct cost floor_return(const struct floor_job *job)
{
    SCOPED(mem_freep)
    struct buf *sealed = mem_alloc(job->count * sizeof *sealed);
    SCOPED(buf_free) struct buf frame = BUF_EMPTY;
    struct cost cost = {0, 0};
    size_t sent = 0;
    size_t done = 0;
    int pair[2];
    pid_t recipient;

    warm_up(job);
    for (size_t i = 0; i < job->count; i++)
        seal(&sealed[i], job, job->contents[i]);
    frames_pair(pair);
    recipient = start();
    if (recipient == 0) {
        close(pair[0]);
        be_recipient(job, pair[1]);
        _exit(0);
    }
    close(pair[1]);
    usleep(20000);
    cost.seconds = -rig_clock();
    while (done < job->count)
        if (sent < job->count && !frames_waiting(pair[0])) {
            frames_send(pair[0], buf_bytes(&sealed[sent]));
            buf_free(&sealed[sent++]);
        } else {
            rig_need(frames_take(&frame, pair[0]), "receipt");
            verify_receipt(job, buf_bytes(&frame));
            done++;
        }
    cost.seconds += rig_clock();
    close(pair[0]);
    reap(recipient);
    return cost;
}

/*
 * One stream of Moveup: an author, a recipient and a hub between them that may
 * lose, double, reorder and be wiped, while either school's database may go
 * back to a backup at any moment, knowingly or not.
 *
 * docs/protocol.md ("The model") says what is left out and what is shown.
 * RED_... each take one rule away; tests/model/run.sh sees spin object to it.
 *
 * Two records: 0 is only ever changed, 1 may also be withdrawn (a tombstone).
 * A change is one byte: which record, its revision, whether it is a tombstone,
 * and the timeline in which it was made, which stands for its bytes.  A batch
 * is one change; its digest is the timeline in which it was numbered.  So two
 * things are equal here exactly if they are the same bytes there.
 */
#ifndef CHANGES
#define CHANGES 2 /* how often somebody at the author's changes something */
#endif
#ifndef LOSSES
#define LOSSES 1 /* a letter or receipt that the hub loses */
#endif
#ifndef DOUBLES
#define DOUBLES 1 /* a letter or receipt delivered twice */
#endif
#ifndef WIPES
#define WIPES 1
#endif
#ifndef CRASHES
#define CRASHES 1
#endif
#ifndef AUTHOR_BACK
#define AUTHOR_BACK 1 /* may the author's database go back? */
#endif
#ifndef RECIPIENT_BACK
#define RECIPIENT_BACK 1
#endif
#define ROUNDS 3
#define SEQS 9 /* numbers 1..8 in an epoch, more are never needed */
#define JUMP 4 /* stands for the 1,000,000 revisions of an incarnation */

#define BEAT 0   /* a heartbeat: a number and nothing else */
#define LOST 255 /* a number whose change was never stored */
#define change(record, revision, dead, line)                                   \
    (((record) << 7) | ((revision) << 2) | ((dead) << 1) | (line))
#define record_of(c) ((c) >> 7)
#define revision_of(c) (((c) >> 2) & 31)
#define is_dead(c) (((c) >> 1) & 1)
#define bit_of(seq) (1 << ((seq)-1))
#define all_below(seq) ((1 << ((seq)-1)) - 1)

/* What is in the author's database. */
typedef Author {
    byte incarnation;
    byte epoch;
    byte next;         /* the number that the next change gets */
    byte log[SEQS];    /* the changes of this epoch, by number */
    byte line;         /* bit by number: the timeline it was numbered in */
    byte put;          /* bit: it was given to the hub */
    byte applied;      /* bit: a receipt says it is applied */
    byte heard;        /* the highest number that a receipt spoke of */
    byte peer;         /* the recipient's highest incarnation */
    byte record[2];    /* the current changes */
}

/* What is in the recipient's database. */
typedef Recipient {
    byte incarnation;
    byte epoch;
    byte closed;       /* bit by epoch */
    byte high;
    byte got;          /* bit by number; what is not got is a hole */
    byte head;         /* the digest of the batch numbered high */
    bool frozen;       /* equivocation was seen */
    bool owes;         /* a receipt */
    byte replay;       /* a closed epoch of which a letter came: a refusal */
    byte peer;         /* the author's highest incarnation */
    byte record[2];
    byte held;         /* bit by record: OLD_REVISION, waits for a person */
}

Author a, a_saved;
Recipient r, r_saved;

/* letter: epoch, number, change, digests (its own, and of the one before),
 * author's incarnation */
chan mail = [2] of {byte, byte, byte, byte, byte};
/* receipt: incarnation, epoch, high, got, 1 frozen + 2 head + 4 * the author's
 * incarnation */
chan receipts = [2] of {byte, byte, byte, byte, byte};

byte epochs = 1;       /* how many were ever drawn */
byte line = 0;         /* the author's timeline: another after a restore */
byte used[16];         /* by epoch and timeline: bits of the numbers put */
bool a_saves, r_saves; /* a backup exists */
bool a_back, r_back;   /* its database went back */
bool unaware;          /* and the author was not told */
bool beat_due;         /* the daily heartbeat, where it matters */
bool calm_world;       /* no more faults, no more changes */
byte rounds;           /* of giving all again, once the world is calm */
bool ended;            /* the author is content */
hidden byte i, v;      /* for loops and sums */

#ifdef RED_REPLAY
#define refuses false
#else
#define refuses (r.replay != 0)
#endif
#define silent (empty(mail) && empty(receipts) && !r.owes && !refuses)
#define all_applied (a.applied == all_below(a.next))

/* Either of the two may come first: put the one at the front behind the other. */
inline shuffle(ch)
{
    if
    :: true
    :: len(ch) == 2 -> ch?m1, m2, m3, m4, m5; ch!m1, m2, m3, m4, m5
    fi
}

inline copy_author(to, from)
{
    to.incarnation = from.incarnation;
    to.epoch = from.epoch;
    to.next = from.next;
    i = 1;
    do
    :: i < SEQS -> to.log[i] = from.log[i]; i++
    :: else -> break
    od;
    to.line = from.line;
    to.put = from.put;
    to.applied = from.applied;
    to.heard = from.heard;
    to.peer = from.peer;
    to.record[0] = from.record[0];
    to.record[1] = from.record[1];
    i = 0
}

inline copy_recipient(to, from)
{
    to.incarnation = from.incarnation;
    to.epoch = from.epoch;
    to.closed = from.closed;
    to.high = from.high;
    to.got = from.got;
    to.head = from.head;
    to.frozen = from.frozen;
    to.owes = from.owes;
    to.replay = from.replay;
    to.peer = from.peer;
    to.record[0] = from.record[0];
    to.record[1] = from.record[1];
    to.held = from.held
}

/* Give the change the next number: one transaction with the change itself. */
inline number(c)
{
    assert(a.next < SEQS);
    a.log[a.next] = c;
    a.line = a.line | (line << (a.next - 1));
    a.next++
}

/* A new epoch begins with a snapshot: the current revision of each record, and
 * each tombstone.  Closed numbers are never sent. */
inline open_epoch()
{
    i = 1;
    do
    :: i < SEQS -> a.log[i] = 0; i++
    :: else -> break
    od;
    i = 0;
    assert(epochs < 7);
    epochs++;
    a.epoch = epochs;
    printf("author   opens epoch %d\n", epochs);
    a.next = 1;
    a.line = 0;
    a.put = 0;
    a.applied = 0;
    a.heard = 0;
    if
    :: a.record[0] != 0 -> number(a.record[0])
    :: else
    fi;
    if
#ifdef RED_TOMBSTONE
    :: a.record[1] != 0 && !is_dead(a.record[1]) -> number(a.record[1])
#else
    :: a.record[1] != 0 -> number(a.record[1])
#endif
    :: else
    fi
}

/* The author has found out that its database went back in time. */
inline went_back(highest)
{
    a.incarnation = highest + 1;
#ifndef RED_EPOCH
    open_epoch()
#endif
}

inline next_revision(n)
{
    v = revision_of(a.record[n]) + 1;
    if
    :: v <= a.incarnation * JUMP -> v = a.incarnation * JUMP + 1
    :: else
    fi;
    assert(v < 31)
}

inline alter(n, dead)
{
    next_revision(n);
    v = change(n, v, dead, line);
#ifdef RED_SEQUENCE /* the number is taken in a transaction of its own */
    if
    :: crashes < CRASHES -> crashes++; v = LOST
    :: true -> a.record[n] = v
    fi;
#else
    a.record[n] = v;
#endif
    number(v);
    printf("author   changes record %d to %d, number %d\n", n, v, a.next - 1)
}

inline restore_author()
{
    copy_author(a, a_saved);
    forget_author(a_saved);
    line = 1;
    beat_due = true
}

/* What a receipt or a refusal can tell an author that does not know it went
 * back: a higher number than it ever sent, or that the recipient has seen two
 * contents, or an epoch that was closed. */
#define shows_we_went_back(e, high, rest)                                      \
    (e == a.epoch && (high >= a.next || (rest & 1)))
/* Newer than all before it, and yet it lacks what was once applied. */
#ifdef RED_REGRESS
#define shows_peer_went_back(e, high, got) false
#else
#define shows_peer_went_back(e, high, got)                                     \
    (e == a.epoch && high > a.heard && (a.applied & all_below(high) & ~got))
#endif

/* What is applied need not be kept as a numbered change. */
inline compact()
{
    i = 1;
    do
    :: i < SEQS ->
        if
        :: a.applied & bit_of(i) -> a.log[i] = 0
        :: else
        fi;
        i++
    :: else -> break
    od;
    i = 0
}

/* No state is told from another by a backup that will not be used again. */
inline forget_author(copy)
{
    i = 1;
    do
    :: i < SEQS -> copy.log[i] = 0; i++
    :: else -> break
    od;
    i = 0;
    copy.incarnation = 0; copy.epoch = 0; copy.next = 0; copy.line = 0;
    copy.put = 0; copy.applied = 0; copy.heard = 0; copy.peer = 0;
    copy.record[0] = 0; copy.record[1] = 0
}

inline forget_recipient(copy)
{
    copy.incarnation = 0; copy.epoch = 0; copy.closed = 0; copy.high = 0;
    copy.got = 0; copy.head = 0; copy.frozen = 0; copy.owes = 0;
    copy.replay = 0;
    copy.peer = 0; copy.record[0] = 0; copy.record[1] = 0; copy.held = 0
}

inline take_receipt(inc, e, high, got, rest)
{
    if
    :: inc < a.peer -> skip /* a replay */
    :: else ->
        if
        :: (rest >> 2) > a.incarnation -> went_back((rest >> 2))
        :: else ->
            if
            :: inc > a.peer -> open_epoch()
            :: else ->
                if
                :: shows_we_went_back(e, high, rest) ->
                    went_back(a.incarnation)
                :: else ->
                    if
                    :: shows_peer_went_back(e, high, got) -> open_epoch()
                    :: else ->
                        if
                        :: e == a.epoch ->
                            a.applied = a.applied | got;
                            a.put = a.put | got;
                            compact();
                            if
                            :: high > a.heard -> a.heard = high
                            :: else
                            fi
                        :: else
                        fi
                    fi
                fi
            fi
        fi;
        a.peer = (inc > a.peer -> inc : a.peer)
    fi
}

/* The author's programs: give to the hub, take receipts, give again. */
proctype author()
{
    byte n, m1, m2, m3, m4, m5;

    do
    :: atomic { /* one that was not given yet; the first of them */
        (a.put != all_below(a.next)) && nfull(mail) ->
        n = 1;
        do
        :: (a.put & bit_of(n)) -> n++
        :: else -> break
        od;
        a.put = a.put | bit_of(n);
        if
        :: a.log[n] != LOST ->
            m4 = (a.line >> (n - 1)) & 1;
            used[2 * a.epoch + m4] = used[2 * a.epoch + m4] | bit_of(n);
            m5 = (n > 1 -> (a.line >> (n - 2)) & 1 : 0);
            printf("author   gives %d/%d change %d\n", a.epoch, n, a.log[n]);
            mail!!a.epoch, n, a.log[n], m4 + 2 * m5, a.incarnation
        :: else
        fi;
        /* (epoch, number) is used once, whatever is restored, by an author
         * that knows */
        assert(unaware ||
            (used[2 * a.epoch] & used[2 * a.epoch + 1]) == 0);
        n = 0; m4 = 0; m5 = 0
    }
    :: atomic {
        nempty(receipts) -> shuffle(receipts);
        receipts?m1, m2, m3, m4, m5;
        printf("author   takes a receipt: %d, %d up to %d got %x, %x\n", m1, m2, m3,
            m4, m5);
        take_receipt(m1, m2, m3, m4, m5);
        m1 = 0; m2 = 0; m3 = 0; m4 = 0; m5 = 0
    }
    :: atomic { /* resend_hours have passed and nothing is on its way */
        silent && (a.put & ~a.applied) ->
        a.put = a.put & a.applied;
        if
        :: calm_world ->
            rounds++;
            assert(rounds <= ROUNDS) /* or it would go on for ever */
        :: else
        fi;
        printf("author   gives all again\n")
    }
    :: atomic { /* the daily heartbeat */
        silent && all_applied && beat_due && calm_world ->
        beat_due = false;
        printf("author   sends a heartbeat\n");
        number(BEAT)
    }
    :: atomic {
        silent && all_applied && !beat_due && calm_world ->
        ended = true;
        break
    }
    od
}

/* A record is replaced by a higher revision only; what is lower, or the same
 * and yet other bytes, waits for a person and is reported. */
inline effect(c)
{
    if
    :: c == BEAT -> skip
    :: else ->
        v = r.record[record_of(c)];
        if
        :: v == 0 || revision_of(c) > revision_of(v) ->
            r.record[record_of(c)] = c;
            r.held = r.held & ~(1 << record_of(c));
        :: else ->
            if
#ifdef RED_SAME_REVISION
            :: revision_of(c) < revision_of(v) ->
#else
            :: c != v ->
#endif
                r.held = r.held | (1 << record_of(c))
            :: else
            fi
        fi
    fi
}

inline note_position(n, digest)
{
    r.got = r.got | bit_of(n);
    if
    :: n > r.high -> r.high = n; r.head = digest
    :: else
    fi
}

#define forked(n, digests)                                                     \
    (r.frozen || (n == r.high && (digests & 1) != r.head) ||                   \
        (n == r.high + 1 && n > 1 && (digests >> 1) != r.head))

/* The verdict of agent/sync/intake.h. */
inline enter_epoch(e)
{
    if
    :: e != r.epoch && !(r.closed & (1 << e)) ->
        r.closed = r.closed | (1 << r.epoch);
        r.epoch = e;
        r.high = 0; r.got = 0; r.head = 0; r.frozen = false
    :: else
    fi
}

proctype recipient()
{
    byte m1, m2, m3, m4, m5;
    bool doubled, crashed;
    byte doubles = 0, crashes = 0;
    bool fresh;

    do
    :: atomic {
        nempty(mail) -> shuffle(mail);
        if
        :: mail?m1, m2, m3, m4, m5
        :: doubles < DOUBLES -> mail?<m1, m2, m3, m4, m5>; doubles++
        fi;
        printf("recipient takes %d/%d change %d\n", m1, m2, m3);
        r.peer = (m5 > r.peer -> m5 : r.peer);
        enter_epoch(m1);
        r.owes = true;
        r.replay = (m1 != r.epoch -> m1 : r.replay);
        if
        :: m1 == r.epoch && forked(m2, m4) -> r.frozen = true
        :: else -> fresh = (m1 == r.epoch && !(r.got & bit_of(m2)))
        fi;
        m1 = 0; m5 = 0;
#ifdef RED_ACK /* answered before it is stored */
        if
        :: fresh && nfull(receipts) ->
            v = (m2 > r.high -> m2 : r.high);
            receipts!!r.incarnation, r.epoch, v, (r.got | bit_of(m2)),
                (m2 > r.high -> 2 * (m4 & 1) : 2 * r.head) + 4 * r.peer
        :: else
        fi;
#endif
#ifdef RED_CURSOR /* the position is stored first, the record afterwards */
        if
        :: fresh -> note_position(m2, (m4 & 1))
        :: else
        fi;
#endif
#if defined(RED_ACK) || defined(RED_CURSOR)
        if
        :: fresh && crashes < CRASHES -> crashes++; fresh = false
        :: true
        fi;
#endif
        if
        :: fresh -> effect(m3); note_position(m2, (m4 & 1))
        :: else
        fi;
        fresh = false; m2 = 0; m3 = 0; m4 = 0
       }
    :: atomic {
        r.owes && nfull(receipts) ->
        printf("recipient answers: %d, %d up to %d got %x\n", r.incarnation, r.epoch,
            r.high, r.got);
        r.owes = false;
        receipts!!r.incarnation, r.epoch, r.high, r.got,
            r.frozen + 2 * r.head + 4 * r.peer
    }
#ifndef RED_REPLAY
    :: atomic {
        r.replay != 0 && nfull(receipts) ->
        printf("recipient refuses %d: closed\n", r.replay);
        receipts!!r.incarnation, r.replay, 0, 0, 1 + 4 * r.peer;
        r.replay = 0
    }
#endif
    :: atomic { calm_world && ended && silent -> break }
    od
}

/* Everything that people, machines and the hub do to the two, each at any
 * moment and in any order; and at any moment it may be over. */
proctype world()
{
    byte changes = 0, losses = 0, wipes = 0, crashes = 0, n;
    byte m1, m2, m3, m4, m5;

    do
    :: atomic { /* record 0 changes, record 1 comes or changes */
        changes < CHANGES -> changes++;
        if
        :: n = 0
        :: !is_dead(a.record[1]) -> n = 1
        fi;
        alter(n, 0)
    }
    :: atomic { /* record 1 is withdrawn */
        changes < CHANGES && a.record[1] != 0 && !is_dead(a.record[1]) ->
        changes++;
        alter(1, 1)
    }
    :: atomic { AUTHOR_BACK && !a_saves -> a_saves = true; printf("author   is saved\n"); copy_author(a_saved, a) }
    :: atomic { RECIPIENT_BACK && !r_saves -> r_saves = true; printf("recipient is saved\n"); copy_recipient(r_saved, r) }
    :: atomic { /* `moveup restore`, or a database without its marker */
        a_saves && !a_back -> a_back = true;
        printf("author   is restored\n");
        n = a.incarnation;
        restore_author();
        went_back(n)
    }
    :: atomic { /* the whole folder was copied back */
        a_saves && !a_back -> a_back = true;
        printf("author   is copied back, unaware\n");
        unaware = true;
        restore_author()
    }
    :: atomic {
        r_saves && !r_back -> r_back = true;
        printf("recipient is restored\n");
        n = r.incarnation;
        copy_recipient(r, r_saved);
        forget_recipient(r_saved);
        r.incarnation = n + 1;
        r.owes = (r.epoch != 0);
        beat_due = true
    }
    :: atomic {
        r_saves && !r_back -> r_back = true;
        printf("recipient is copied back, unaware\n");
        copy_recipient(r, r_saved);
        forget_recipient(r_saved);
        beat_due = true
    }
    :: atomic { losses < LOSSES && (nempty(mail) || nempty(receipts)) -> losses++;
        printf("hub      loses one\n");
        if
        :: nempty(mail) -> shuffle(mail); mail?m1, m2, m3, m4, m5
        :: nempty(receipts) -> shuffle(receipts); receipts?m1, m2, m3, m4, m5
        fi;
        m1 = 0; m2 = 0; m3 = 0; m4 = 0; m5 = 0;
        if
        :: a_back || r_back -> beat_due = true
        :: else
        fi
    }
    :: atomic { wipes < WIPES && (nempty(mail) || nempty(receipts)) -> wipes++;
        printf("hub      is wiped\n");
        do
        :: mail?m1, m2, m3, m4, m5
        :: receipts?m1, m2, m3, m4, m5
        :: empty(mail) && empty(receipts) -> break
        od;
        m1 = 0; m2 = 0; m3 = 0; m4 = 0; m5 = 0;
        if
        :: a_back || r_back -> beat_due = true
        :: else
        fi
    }
    :: atomic { calm_world = true; printf("world    is calm\n"); changes = 0; losses = 0; wipes = 0; n = 0; break }
    od
}

/* When nothing more happens, nothing is missing. */
#define settled(n)                                                             \
    (r.record[n] == a.record[n] ||                                             \
        (a_back && (r.held & (1 << n)) &&                                      \
            revision_of(r.record[n]) >= revision_of(a.record[n])))
#define forgotten(n) (a_back && a.record[n] == 0)

proctype judge()
{
    atomic {
        ended ->
        assert(all_applied);
        assert(settled(0) || forgotten(0));
        assert(settled(1) || forgotten(1))
    }
}

init {
    atomic {
        a.epoch = 1;
        a.next = 1;
        run author();
        run recipient();
        run world();
        run judge()
    }
}

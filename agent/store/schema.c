#include "store/schema.h"

static const char LEAVERS_1[] =
    "CREATE TABLE settings ("
    "  key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"

    "CREATE TABLE leavers ("
    "  id INTEGER PRIMARY KEY, tag BLOB NOT NULL UNIQUE,"
    "  destination TEXT NOT NULL, revision INTEGER NOT NULL,"
    "  blocked INTEGER NOT NULL, sent_as BLOB NOT NULL,"
    "  changed_at INTEGER NOT NULL, stream INTEGER NOT NULL,"
    "  seq INTEGER NOT NULL, sent_revision INTEGER NOT NULL,"
    "  read_revision INTEGER NOT NULL, read_at INTEGER NOT NULL,"
    "  read_role TEXT NOT NULL, sealed BLOB NOT NULL) STRICT;"

    "CREATE TABLE held ("
    "  id INTEGER PRIMARY KEY, destination TEXT NOT NULL,"
    "  at INTEGER NOT NULL, sealed BLOB NOT NULL) STRICT;"

    /* A stream that opens a new epoch gets a new row; the old one stays for
     * the leavers that point to it. */
    "CREATE TABLE streams_out ("
    "  id INTEGER PRIMARY KEY, recipient TEXT NOT NULL,"
    "  lane INTEGER NOT NULL, epoch BLOB NOT NULL,"
    "  current INTEGER NOT NULL, next_seq INTEGER NOT NULL,"
    "  head BLOB NOT NULL, put INTEGER NOT NULL,"
    "  received INTEGER NOT NULL, applied INTEGER NOT NULL,"
    "  heard_at INTEGER NOT NULL, exceptions BLOB NOT NULL,"
    "  UNIQUE (recipient, lane, epoch)) STRICT;"
    "CREATE UNIQUE INDEX streams_out_current"
    "  ON streams_out (recipient, lane) WHERE current = 1;"

    "CREATE TABLE batches ("
    "  id INTEGER PRIMARY KEY, stream INTEGER NOT NULL,"
    "  lane INTEGER NOT NULL, envelope BLOB NOT NULL UNIQUE,"
    "  first INTEGER NOT NULL, last INTEGER NOT NULL,"
    "  content BLOB NOT NULL, created_at INTEGER NOT NULL,"
    "  put_at INTEGER NOT NULL, received_at INTEGER NOT NULL,"
    "  applied_at INTEGER NOT NULL, refused INTEGER NOT NULL,"
    "  answered INTEGER NOT NULL,"
    "  header BLOB NOT NULL, sealed BLOB NOT NULL,"
    "  UNIQUE (stream, first)) STRICT;"
    "CREATE INDEX batches_unput ON batches (lane, id)"
    "  WHERE put_at = 0 AND refused = 0 AND applied_at = 0;"
    "CREATE INDEX batches_unapplied ON batches (stream, first)"
    "  WHERE applied_at = 0;"
    /* answered: each number is applied, or excepted for a reason that is not
     * that it never came */
    "CREATE INDEX batches_unanswered ON batches (stream, first)"
    "  WHERE answered = 0;"

    "CREATE TABLE evidence ("
    "  id INTEGER PRIMARY KEY, stream INTEGER NOT NULL,"
    "  received INTEGER NOT NULL, applied INTEGER NOT NULL,"
    "  at INTEGER NOT NULL, exceptions BLOB NOT NULL,"
    "  signed BLOB NOT NULL) STRICT;"
    "CREATE INDEX evidence_stream ON evidence (stream, id);"

    "CREATE TABLE receipts_out ("
    "  peer TEXT PRIMARY KEY, put INTEGER NOT NULL, envelope BLOB NOT NULL,"
    "  header BLOB NOT NULL, sealed BLOB NOT NULL) STRICT;"

    "CREATE TABLE refusals_out ("
    "  id INTEGER PRIMARY KEY, peer TEXT NOT NULL, envelope BLOB NOT NULL,"
    "  lane INTEGER NOT NULL, epoch BLOB NOT NULL, first INTEGER NOT NULL,"
    "  last INTEGER NOT NULL, reason INTEGER NOT NULL, at INTEGER NOT NULL,"
    "  UNIQUE (peer, envelope)) STRICT;";

static const char INBOX_1[] =
    "CREATE TABLE streams_in ("
    "  id INTEGER PRIMARY KEY, author TEXT NOT NULL, lane INTEGER NOT NULL,"
    "  epoch BLOB NOT NULL, current INTEGER NOT NULL, high INTEGER NOT NULL,"
    "  head BLOB NOT NULL, heard_at INTEGER NOT NULL, holes BLOB NOT NULL,"
    "  UNIQUE (author, lane, epoch)) STRICT;"
    "CREATE UNIQUE INDEX streams_in_current"
    "  ON streams_in (author, lane) WHERE current = 1;"

    "CREATE TABLE cursors ("
    "  hub BLOB NOT NULL, lane INTEGER NOT NULL, cursor INTEGER NOT NULL,"
    "  PRIMARY KEY (hub, lane)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE records ("
    "  id INTEGER PRIMARY KEY, tag BLOB NOT NULL UNIQUE,"
    "  author TEXT NOT NULL, revision INTEGER NOT NULL,"
    "  family INTEGER NOT NULL, applied_at INTEGER NOT NULL,"
    "  changed_at INTEGER NOT NULL, read_revision INTEGER NOT NULL,"
    "  read_at INTEGER NOT NULL, read_role TEXT NOT NULL,"
    "  read_by TEXT NOT NULL, sealed BLOB NOT NULL) STRICT;"
    "CREATE INDEX records_family ON records (family, id);"

    /* joined: the smaller family that this one turned out to be, or 0. */
    "CREATE TABLE families ("
    "  id INTEGER PRIMARY KEY, joined INTEGER NOT NULL,"
    "  created_at INTEGER NOT NULL) STRICT;"
    "CREATE TABLE members ("
    "  tag BLOB PRIMARY KEY, family INTEGER NOT NULL) STRICT, WITHOUT ROWID;"

    "CREATE TABLE quarantine ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL,"
    "  author TEXT NOT NULL, lane INTEGER NOT NULL, epoch BLOB NOT NULL,"
    "  envelope BLOB NOT NULL, first INTEGER NOT NULL,"
    "  last INTEGER NOT NULL, reason INTEGER NOT NULL, detail TEXT NOT NULL,"
    "  size INTEGER NOT NULL, kept INTEGER NOT NULL, header BLOB NOT NULL,"
    "  sealed BLOB NOT NULL, UNIQUE (envelope, reason)) STRICT;"
    "CREATE INDEX quarantine_kept ON quarantine (id, kept) WHERE kept > 0;";

static const char PEOPLE_1[] =
    "CREATE TABLE staff ("
    "  login TEXT PRIMARY KEY, name TEXT NOT NULL, roles INTEGER NOT NULL,"
    "  languages TEXT NOT NULL, active INTEGER NOT NULL) STRICT;"

    "CREATE TABLE audit ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL,"
    "  login TEXT NOT NULL, action TEXT NOT NULL, pupil BLOB,"
    "  family INTEGER NOT NULL, detail TEXT NOT NULL) STRICT;"
    "CREATE INDEX audit_at ON audit (at);";

/* What happened with each family (0: with the school's own sessions). */
static const char CASEWORK_4[] =
    "CREATE TABLE happenings ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT, family INTEGER NOT NULL,"
    "  pupil INTEGER NOT NULL, at INTEGER NOT NULL, login TEXT NOT NULL,"
    "  kind INTEGER NOT NULL, sealed BLOB NOT NULL) STRICT;"
    "CREATE INDEX happenings_family ON happenings (family, at, id);";

/* The unique index on (author, envelope) also knows letters that are gone:
 * their row stays for a while with size 0 and without bytes. */
static const char MAILBOX_1[] =
    "CREATE TABLE settings ("
    "  key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"

    "CREATE TABLE letters ("
    "  cursor INTEGER PRIMARY KEY AUTOINCREMENT, author TEXT NOT NULL,"
    "  recipient TEXT NOT NULL, lane INTEGER NOT NULL,"
    "  envelope BLOB NOT NULL, put_at INTEGER NOT NULL,"
    "  expires_at INTEGER NOT NULL, size INTEGER NOT NULL,"
    "  header BLOB NOT NULL, sealed BLOB NOT NULL,"
    "  UNIQUE (author, envelope)) STRICT;"
    "CREATE INDEX letters_held ON letters"
    "  (recipient, lane, cursor, author, size, put_at, expires_at)"
    "  WHERE size > 0;"
    "CREATE INDEX letters_sent ON letters (author, put_at) WHERE size > 0;"
    "CREATE INDEX letters_gone ON letters (put_at) WHERE size = 0;"

    "CREATE TABLE reports ("
    "  school TEXT PRIMARY KEY, at INTEGER NOT NULL,"
    "  report BLOB NOT NULL) STRICT;"

    "INSERT INTO settings (key, value)"
    "  VALUES ('storage', lower(hex(randomblob(16))));";

/* origin: of a letter that was put again, the name it was first put under. */
static const char MAILBOX_2[] =
    "ALTER TABLE letters ADD COLUMN origin BLOB;"
    "CREATE INDEX letters_origin ON letters (author, origin)"
    "  WHERE origin IS NOT NULL AND size > 0;"

    "CREATE TABLE sightings ("
    "  school TEXT PRIMARY KEY, incarnation INTEGER NOT NULL,"
    "  progress INTEGER NOT NULL) STRICT, WITHOUT ROWID;"

    "CREATE TABLE notices ("
    "  id INTEGER PRIMARY KEY, cursor INTEGER NOT NULL,"
    "  reason INTEGER NOT NULL, author TEXT NOT NULL,"
    "  envelope BLOB NOT NULL, at INTEGER NOT NULL, header BLOB NOT NULL,"
    "  told INTEGER NOT NULL, UNIQUE (cursor, reason)) STRICT;"
    "CREATE INDEX notices_untold ON notices (author, id) WHERE told = 0;";
/* typed: a person chose the destination.  retries: how often a batch went again
 * on the day retry_day, because it was damaged on its way. */
static const char LEAVERS_2[] =
    "ALTER TABLE leavers ADD COLUMN recalled_at INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE leavers ADD COLUMN typed INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE batches ADD COLUMN retries INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE batches ADD COLUMN retry_day INTEGER NOT NULL DEFAULT 0;"
    "CREATE INDEX leavers_sent ON leavers (stream, seq) WHERE seq > 0;"

    /* tag is of the UPN that the school was told. */
    "CREATE TABLE recalls ("
    "  id INTEGER PRIMARY KEY, leaver INTEGER NOT NULL,"
    "  school TEXT NOT NULL, tag BLOB NOT NULL, revision INTEGER NOT NULL,"
    "  kind INTEGER NOT NULL, stream INTEGER NOT NULL, seq INTEGER NOT NULL,"
    "  at INTEGER NOT NULL, confirmed_at INTEGER NOT NULL,"
    "  signed BLOB NOT NULL, sealed BLOB NOT NULL,"
    "  UNIQUE (leaver, school)) STRICT;"
    "CREATE INDEX recalls_told ON recalls (school, tag);"

    "CREATE TABLE asked ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT, school TEXT NOT NULL,"
    "  leaver INTEGER NOT NULL, revision INTEGER NOT NULL,"
    "  kind INTEGER NOT NULL, reason INTEGER NOT NULL, at INTEGER NOT NULL,"
    "  due INTEGER NOT NULL, closed_at INTEGER NOT NULL,"
    "  closed_by TEXT NOT NULL, sealed BLOB NOT NULL,"
    "  UNIQUE (school, leaver, revision, kind, reason)) STRICT;"
    "CREATE INDEX asked_open ON asked (id) WHERE closed_at = 0;";

/* became: the tag that the record was found under afterwards, or empty. */
static const char INBOX_2[] =
    "CREATE TABLE tombstones ("
    "  author TEXT NOT NULL, tag BLOB NOT NULL, revision INTEGER NOT NULL,"
    "  at INTEGER NOT NULL, became BLOB NOT NULL,"
    "  PRIMARY KEY (author, tag)) STRICT, WITHOUT ROWID;";

/* certificate: the digest of the school's newest, which a renewal is to follow.
 * came: the newest transport key that a school with two has come with. */
static const char RENEWALS_4[] =
    "CREATE TABLE renewals ("
    "  school TEXT PRIMARY KEY, certificate BLOB NOT NULL,"
    "  at INTEGER NOT NULL, renewal BLOB NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE came ("
    "  school TEXT PRIMARY KEY, curve_key TEXT NOT NULL)"
    "  STRICT, WITHOUT ROWID;";

/* origin: the name that a batch which goes again was first put under; tries:
 * how often it went again. */
static const char RESEND_3[] =
    "ALTER TABLE batches ADD COLUMN origin BLOB;"
    "ALTER TABLE batches ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE batches ADD COLUMN heartbeat INTEGER NOT NULL DEFAULT 0;"

    "CREATE TABLE endings ("
    "  stream INTEGER NOT NULL, first INTEGER NOT NULL,"
    "  reason INTEGER NOT NULL, hub TEXT NOT NULL, at INTEGER NOT NULL,"
    "  PRIMARY KEY (stream, first, reason)) STRICT, WITHOUT ROWID;";

/* Sealed letters are a table of their own: a change of a batch's times would
 * write its 300 KB anew, and a look for what to put next would read them. */
static const char LEAVERS_3[] =
    "CREATE TABLE letters_out ("
    "  batch INTEGER PRIMARY KEY, sealed BLOB NOT NULL) STRICT;"
    "INSERT INTO letters_out (batch, sealed)"
    "  SELECT id, sealed FROM batches WHERE applied_at = 0;"
    "ALTER TABLE batches DROP COLUMN sealed;";

/* request: the number that the asking school drew; words: what it asks, sealed.
 * told: what the primary of a record was last told of its family.  heard: what
 * a secondary last told of a leaver's. */
static const char LOOP_6[] =
    "CREATE TABLE asked_new ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT, school TEXT NOT NULL,"
    "  leaver INTEGER NOT NULL, revision INTEGER NOT NULL,"
    "  kind INTEGER NOT NULL, reason INTEGER NOT NULL, at INTEGER NOT NULL,"
    "  due INTEGER NOT NULL, closed_at INTEGER NOT NULL,"
    "  closed_by TEXT NOT NULL, sealed BLOB NOT NULL,"
    "  request INTEGER NOT NULL, contact INTEGER NOT NULL,"
    "  point INTEGER NOT NULL, words BLOB NOT NULL,"
    "  UNIQUE (school, leaver, revision, kind, reason, request)) STRICT;"
    "INSERT INTO asked_new SELECT id, school, leaver, revision, kind, reason,"
    "  at, due, closed_at, closed_by, sealed, 0, 0, 0, x'' FROM asked;"
    "DROP TABLE asked;"
    "ALTER TABLE asked_new RENAME TO asked;"
    "CREATE INDEX asked_open ON asked (id) WHERE closed_at = 0;"
    "CREATE INDEX asked_request ON asked (school, request)"
    "  WHERE request > 0;"

    "CREATE TABLE told ("
    "  record INTEGER PRIMARY KEY, state INTEGER NOT NULL,"
    "  day INTEGER NOT NULL) STRICT;"
    "CREATE TABLE heard ("
    "  leaver INTEGER NOT NULL, school TEXT NOT NULL,"
    "  state INTEGER NOT NULL, day INTEGER NOT NULL, at INTEGER NOT NULL,"
    "  PRIMARY KEY (leaver, school)) STRICT, WITHOUT ROWID;";

/* Sealed records are a table of their own: a mark on a leaver that was sent
 * would write a page with 2 KB of it anew, where small rows lie 30 to a page.
 */
static const char RECORDS_7[] =
    "CREATE TABLE leaver_records ("
    "  leaver INTEGER PRIMARY KEY, sealed BLOB NOT NULL) STRICT;"
    "INSERT INTO leaver_records (leaver, sealed)"
    "  SELECT id, sealed FROM leavers ORDER BY id;"
    "ALTER TABLE leavers DROP COLUMN sealed;";

/* tutor: in told, the event by which the name was given; in heard, the name,
 * sealed. */
static const char TUTOR_8[] =
    "ALTER TABLE told ADD COLUMN tutor INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE heard ADD COLUMN tutor BLOB NOT NULL DEFAULT x'';";

/* acked_at: when its recipient had the letter; 0: it has not, or another took
 * its place. */
static const char MAILBOX_3[] =
    "ALTER TABLE letters ADD COLUMN acked_at INTEGER NOT NULL DEFAULT 0;";

/* heldback: which pupils a letter in quarantine is about. */
static const char HELDBACK_9[] =
    "CREATE TABLE heldback ("
    "  pupil BLOB NOT NULL, envelope BLOB NOT NULL,"
    "  PRIMARY KEY (pupil, envelope)) STRICT, WITHOUT ROWID;";

/* offers: whom to expect; id is that of the record, once it is here. */
static const char OFFERS_10[] =
    "CREATE TABLE offers ("
    "  id INTEGER PRIMARY KEY, tag BLOB NOT NULL UNIQUE,"
    "  author TEXT NOT NULL, family INTEGER NOT NULL, at INTEGER NOT NULL,"
    "  sealed BLOB NOT NULL) STRICT;";

/* diary_told: at the secondary, the digest of the diary that each primary was
 * told.  diary_heard: at the primary, what each secondary told, sealed, and
 * with which letter. */
static const char DIARY_11[] =
    "CREATE TABLE diary_told ("
    "  school TEXT PRIMARY KEY, digest BLOB NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE diary_heard ("
    "  school TEXT PRIMARY KEY, incarnation INTEGER NOT NULL,"
    "  progress INTEGER NOT NULL, at INTEGER NOT NULL,"
    "  sealed BLOB NOT NULL) STRICT, WITHOUT ROWID;";

/* cursors: a hub remembers itself how far a mailbox was read. */
static const char CURSORS_12[] = "DROP TABLE cursors;";

/* opened: bits of record/used.h.  used: in told, how many such bits the
 * primary was told (they only ever grow); in heard, roles with their bits. */
static const char OPENED_13[] =
    "CREATE TABLE opened ("
    "  record INTEGER NOT NULL, role TEXT NOT NULL,"
    "  sections INTEGER NOT NULL,"
    "  PRIMARY KEY (record, role)) STRICT, WITHOUT ROWID;"
    "ALTER TABLE told ADD COLUMN used INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE heard ADD COLUMN used TEXT NOT NULL DEFAULT '';";

/* signed: what the hub signed of it; empty: a hub that signs nothing. */
static const char ENDINGS_14[] =
    "ALTER TABLE endings ADD COLUMN signed BLOB NOT NULL DEFAULT x'';";

/* What the hub attests of a letter.  bytes: its size when it was here;
 * handed_at: when it went to its recipient the last time before it was
 * acknowledged; superseded_at: when a newer one took its place; 0. */
static const char TRAIL_5[] =
    "ALTER TABLE letters ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE letters ADD COLUMN handed_at INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE letters ADD COLUMN superseded_at INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE notices ADD COLUMN put_at INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE notices ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;";

/* contacted: the day on which the family was spoken to, which later steps do
 * not tell. */
static const char CONTACTED_15[] =
    "ALTER TABLE heard ADD COLUMN contacted INTEGER NOT NULL DEFAULT 0;"
    "UPDATE heard SET contacted = day;";

/* The letter that said it: a later one may come before. */
static const char HEARD_16[] =
    "ALTER TABLE heard ADD COLUMN incarnation INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE heard ADD COLUMN progress INTEGER NOT NULL DEFAULT 0;";

static const struct handle_step AGENT_STEPS[] = {
    {{LEAVERS_1, INBOX_1, PEOPLE_1}},
    {{LEAVERS_2, INBOX_2}},
    {{LEAVERS_3}},
    {{RESEND_3}},
    {{CASEWORK_4}},
    {{LOOP_6}},
    {{RECORDS_7}},
    {{TUTOR_8}},
    {{HELDBACK_9}},
    {{OFFERS_10}},
    {{DIARY_11}},
    {{CURSORS_12}},
    {{OPENED_13}},
    {{ENDINGS_14}},
    {{CONTACTED_15}},
    {{HEARD_16}},
};

static const struct handle_step HUB_STEPS[] = {
    {{MAILBOX_1}},
    {{MAILBOX_2}},
    {{MAILBOX_3}},
    {{RENEWALS_4}},
    {{TRAIL_5}},
};

/* EXCLUSIVE stands before the first look at the file, so that the index of the
 * WAL is in memory and no -shm file comes to be. */
#define PRAGMAS                                                                \
    "PRAGMA locking_mode = EXCLUSIVE;"                                         \
    "PRAGMA trusted_schema = OFF;"                                             \
    "PRAGMA cell_size_check = ON;"                                             \
    "PRAGMA temp_store = MEMORY;"                                              \
    "PRAGMA mmap_size = 0;"                                                    \
    "PRAGMA cache_size = -16000;"

#define WAL                                                                    \
    "PRAGMA journal_mode = WAL;"                                               \
    "PRAGMA synchronous = FULL;"

/* A page holds four records, or two with 4 KB; with 16 KB a change of one
 * leaver would log twice as much.  A database that is there keeps its size. */
static const struct handle_plan AGENT = {
    .application_id = 0x4d765541, /* MvUA */
    .steps = AGENT_STEPS,
    .count = sizeof AGENT_STEPS / sizeof AGENT_STEPS[0],
    .create = "PRAGMA page_size = 8192;",
    .pragmas = PRAGMAS "PRAGMA secure_delete = ON;" WAL
                       "PRAGMA wal_autocheckpoint = 2000;"
                       "PRAGMA journal_size_limit = 16777216;",
};

static const struct handle_plan HUB = {
    .application_id = 0x4d765548, /* MvUH */
    .steps = HUB_STEPS,
    .count = sizeof HUB_STEPS / sizeof HUB_STEPS[0],
    .create = "PRAGMA page_size = 16384;",
    .pragmas = PRAGMAS "PRAGMA secure_delete = OFF;" WAL
                       "PRAGMA wal_autocheckpoint = 2000;"
                       "PRAGMA journal_size_limit = 33554432;",
};

const struct handle_plan *schema_plan(enum db_kind kind)
{
    return kind == DB_HUB ? &HUB : &AGENT;
}

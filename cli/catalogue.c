#include "cli/catalogue.h"

#include "cli/about.h"
#include "cli/catalogue_cluster.h"
#include "cli/catalogue_family.h"
#include "cli/catalogue_primary.h"
#include "cli/catalogue_session.h"
#include "cli/catalogue_trust.h"
#include "cli/cluster.h"
#include "cli/do_ask.h"
#include "cli/do_backup.h"
#include "cli/do_keys.h"
#include "cli/do_leavers.h"
#include "cli/do_quarantine.h"
#include "cli/do_queue.h"
#include "cli/do_recall.h"
#include "cli/do_receipts.h"
#include "cli/do_restore.h"
#include "cli/do_restrict.h"
#include "cli/do_staff.h"
#include "cli/do_status.h"
#include "cli/setup.h"
#include "cli/usage.h"

#define SHOWS (COMMAND_AGENT | COMMAND_JSON)
#define LISTS (COMMAND_AGENT | COMMAND_JSON | COMMAND_CSV)
#define NO_MORE                                                                \
    {                                                                          \
        .name = NULL                                                           \
    }

static const struct options_spec every_options[] = {
    {"help", 'h', NULL, "say what the command does", false},
    {"version", 'V', NULL, "the version of this program", false},
    NO_MORE,
};
static const struct options_spec agent_options[] = {
    {"socket", 0, "PATH", "the agent's socket (else $MOVEUP_SOCKET)", false},
    {"as", 0, "LOGIN", "act for this member of staff (the agent's own user)",
        false},
    NO_MORE,
};
static const struct options_spec json_options[] = {
    {"json", 0, NULL, "one JSON document, for programs", false},
    NO_MORE,
};
static const struct options_spec csv_options[] = {
    {"csv", 0, NULL, "comma-separated, for a spreadsheet", false},
    NO_MORE,
};

/* Primary school */
static const struct options_spec import_options[] = {
    {"format", 0, "ctf|csv", "what the files are; else told from each file",
        false},
    {"dry-run", 0, NULL, "only say what would happen", false},
    {"send", 0, NULL, "send what is ready afterwards", false},
    {"verbose", 'v', NULL, "every warning, not only how many", false},
    NO_MORE,
};
static const struct options_spec leavers_list_options[] = {
    {"to", 0, "LAESTAB", "only those who go to this school", false},
    {"state", 0, "STATE", "only those in this state", false},
    NO_MORE,
};
static const struct options_spec send_options[] = {
    {"to", 0, "LAESTAB", "all who are ready for this school", false},
    {"all", 0, NULL, "all who are ready", false},
    NO_MORE,
};
static const struct options_spec recall_options[] = {
    {"reason", 0, "TEXT", "why; kept at this school only", true},
    NO_MORE,
};
static const struct options_spec dest_set_options[] = {
    {"to", 0, "LAESTAB", "the school that the child goes to now", true},
    {"reason", 0, "TEXT", "why; kept at this school only", false},
    NO_MORE,
};
static const struct options_spec answer_options[] = {
    {"phone", 0, "N", "another number for this contact", false},
    {"email", 0, "E", "an e-mail address for this contact", false},
    {"contact", 0, "N", "whose it is, if not the one that was asked about",
        false},
    {"from-parent", 0, NULL, "the parent told you, it is not from your files",
        false},
    {"text", 0, "TEXT", "the answer in words, or what was done", false},
    {"refuse", 0, "TEXT", "why there is no answer", false},
    NO_MORE,
};
static const struct options_spec restrict_add_options[] = {
    {"contact", 0, "N", "the contact's number, as `leavers show` prints it",
        true},
    {"kind", 0, "KIND", "do-not-contact, no-information, no-voicemail, ...",
        true},
    {"basis", 0, "BASIS",
        "court-order, police-or-marac, la-direction, parent-request, "
        "school-decision",
        true},
    {"note", 0, "TEXT", "for the safeguarding lead only", false},
    NO_MORE,
};
static const struct options_spec restrict_end_options[] = {
    {"evidence", 0, "TEXT", "why it has ended: who saw what, and when", true},
    NO_MORE,
};

/* Everybody */
static const struct options_spec status_options[] = {
    {"check", 0, NULL, "one line and an exit code, for monitoring", false},
    NO_MORE,
};
static const struct options_spec queue_options[] = {
    {"export", 0, "FOLDER", "also write what hubs have signed of it", false},
    NO_MORE,
};
static const struct options_spec backup_options[] = {
    {"passphrase-file", 0, "F", "seal it with the passphrase in this file",
        false},
    {"force", 0, NULL, "replace a file of that name", false},
    NO_MORE,
};
static const struct options_spec restore_options[] = {
    {"state", 0, "DIR", "the agent's folder", true},
    {"key", 0, "FILE", "the backup's key, if it is not in FILE.key", false},
    {"passphrase-file", 0, "F", "the file with the backup's passphrase", false},
    NO_MORE,
};
static const struct options_spec approve_options[] = {
    {"to", 0, "LAESTAB", "only our records that go to this school", false},
    NO_MORE,
};
static const struct options_spec drop_options[] = {
    {"reason", 0, "TEXT", "why it may be thrown away", true},
    NO_MORE,
};
static const struct options_spec receipts_options[] = {
    {"export", 0, "FILE", "write the newest signed receipt to this file",
        false},
    NO_MORE,
};
static const struct options_spec rotate_options[] = {
    {"sign", 0, NULL, "the key to sign with", false},
    {"encrypt", 0, NULL, "the key to be encrypted to", false},
    {"transport", 0, NULL, "the key of the connection to the hubs", false},
    {"anew", 0, NULL, "forget new keys that wait for certificates", false},
    {"output", 'o', "FILE", "also write the request to this file", false},
    {"hub-state", 0, "DIR", "a hub's folder: change that hub's keys", false},
    NO_MORE,
};
static const struct options_spec quarantine_approve_options[] = {
    {"reason", 0, "TEXT", "why it can be trusted", true},
    NO_MORE,
};
static const struct options_spec waitsync_options[] = {
    {"timeout", 0, "S", "seconds to wait; 60 unless told", false},
    NO_MORE,
};
static const struct options_spec staff_add_options[] = {
    {"name", 0, "NAME", "as families hear it: \"J. Lund\"", true},
    {"role", 0, "ROLE,...",
        "caller, lead, head-of-year, tutor, senco, dsl, office, admin", true},
    {"languages", 0, "CODE,...", "languages they can call in: en,so", false},
    NO_MORE,
};
static const struct options_spec staff_edit_options[] = {
    {"name", 0, "NAME", "as families hear it: \"J. Lund\"", false},
    {"role", 0, "ROLE,...", "instead of the roles until now", false},
    {"languages", 0, "CODE,...", "languages they can call in: en,so", false},
    NO_MORE,
};
static const struct options_spec audit_options[] = {
    {"pupil", 0, "UPN", "only what was done with this pupil", false},
    {"staff", 0, "LOGIN", "only what this member of staff did", false},
    {"since", 0, "DAY", "from this day on: 2027-06-15", false},
    NO_MORE,
};
static const struct options_spec help_options[] = {
    {"man", 0, NULL, "the manual page, in roff", false},
    {"completion", 0, "SHELL", "completion to be sourced by bash", false},
    NO_MORE,
};

/* Set-up and the cluster's administrator */
static const struct options_spec enrol_options[] = {
    {"state", 0, "DIR", "the agent's or hub's folder", true},
    {"output", 'o', "REQUEST", "the request file to write", true},
    {"laestab", 0, "N", "the school's LA and establishment number", false},
    {"urn", 0, "N", "the school's unique reference number", false},
    {"name", 0, "NAME", "the school's or hub's name", false},
    {"phase", 0, "PHASE", "primary, middle, secondary, all-through, special",
        false},
    {"hub", 0, "tcp://HOST:PORT", "enrol a hub that schools reach here", false},
    NO_MORE,
};
static const struct options_spec join_options[] = {
    {"state", 0, "DIR", "the folder that the request was made in", true},
    NO_MORE,
};
#define DIR_OPTION                                                             \
    {                                                                          \
        "dir", 0, "DIR", "the authority's folder", true                        \
    }
#define PASSPHRASE_OPTION                                                      \
    {                                                                          \
        "passphrase-file", 0, "F",                                             \
            "read the authority's passphrase from this file", false            \
    }
static const struct options_spec init_options[] = {
    DIR_OPTION,
    {"name", 0, "NAME", "what the cluster is called", true},
    PASSPHRASE_OPTION,
    NO_MORE,
};
static const struct options_spec cluster_enrol_options[] = {
    DIR_OPTION,
    {"output", 'o', "WELCOME", "the file to write; DIR/ for several", true},
    {"readmit", 0, NULL, "also take back a revoked member with new keys",
        false},
    PASSPHRASE_OPTION,
    NO_MORE,
};
static const struct options_spec revoke_options[] = {
    DIR_OPTION,
    {"reason", 0, "TEXT", "why, for the record", true},
    PASSPHRASE_OPTION,
    NO_MORE,
};
static const struct options_spec publish_options[] = {
    DIR_OPTION,
    {"renew", 0, NULL,
        "sign it anew first: later expiry, and certificates for who asks",
        false},
    PASSPHRASE_OPTION,
    NO_MORE,
};
static const struct options_spec dir_options[] = {
    DIR_OPTION,
    NO_MORE,
};

static const struct command primary[] = {
    {"Primary school", "leavers import", "FILE...", 1, COMMAND_MANY, SHOWS,
        import_options, do_leavers_import,
        "take in leavers from CTF or CSV files",
        "A Common Transfer File for each destination, or one CSV file for all "
        "(moveup leavers template).  A file that is not sound is refused and "
        "leaves nothing behind; a pupil with a mistake is held until it is "
        "mended; the rest is taken.  Exit 1 when anything was refused or "
        "held."},
    {"Primary school", "leavers check", "", 0, 0, SHOWS, NULL, do_leavers_check,
        "what is missing before sending", ""},
    {"Primary school", "leavers list", "", 0, 0, LISTS, leavers_list_options,
        do_leavers_list, "every leaver and how far the record has come",
        "States: draft, ready, queued, sent, received, applied, read, "
        "rejected, quarantined, expired, recalled, superseded."},
    {"Primary school", "leavers show", "UPN", 1, 1, SHOWS, NULL,
        do_leavers_show, "all that is recorded about one leaver", ""},
    {"Primary school", "leavers send", "[UPN...]", 0, COMMAND_MANY, SHOWS,
        send_options, do_leavers_send, "send what is ready, sealed and signed",
        "Name the pupils, or a school with --to, or everybody with --all."},
    {"Primary school", "leavers template", "", 0, 0, 0, NULL,
        do_leavers_template,
        "print the header of the CSV file, with an example row", ""},
    {"Primary school", "dest set", "UPN", 1, 1, SHOWS, dest_set_options,
        do_recall_dest_set, "the child goes to another school",
        "A record that was sent is recalled from the old school and sent to "
        "the new one at once; nothing waits for the old school's "
        "confirmation, which `leavers show` reports.  From then on no file "
        "changes the destination.  Also sends a recalled record again, to "
        "the same school or another."},
    {"Primary school", "recall", "UPN", 1, 1, SHOWS, recall_options,
        do_recall_leaver, "take a record back and have it destroyed",
        "The secondary school destroys the record and confirms that, signed; "
        "no older copy of it is ever taken there again.  `leavers show` says "
        "when it was confirmed.  Send it again with `dest set`."},
    {"Primary school", "inbox", "", 0, 0, LISTS, NULL, do_recall_inbox,
        "what other schools ask, and by when",
        "Kinds: wrong-number (it needs another number), help-reach (it does "
        "not reach the family), question, not-ours (the school does not "
        "expect this child), refused (it could not take the record)."},
    {"Primary school", "answer", "ID", 1, 1, SHOWS, answer_options,
        do_ask_answer, "answer a request of the inbox",
        "A new number goes into this school's own record, and with the answer "
        "to the school that asked; a brother or sister here who has the same "
        "contact gets it too.  Put it in your own system as well, or the next "
        "file brings the old one back.  A request that came of a "
        "receipt (refused; not-ours, unless a person there said so) is closed "
        "with --text, which stays at this school."},
    {"Primary school", "restrict add", "UPN", 1, 1, SHOWS, restrict_add_options,
        do_restrict_add, "keep a contact from being called or told",
        "In force at once here, and sent ahead of everything else to the "
        "school that has the record.  Kinds: do-not-contact, "
        "do-not-disclose-address, no-information, contact-via, only-staff, "
        "no-voicemail, no-text, not-together-with, "
        "interpreter-not-from-family, pupil-not-to-be-named.  --contact 0 is "
        "the whole pupil."},
    {"Primary school", "restrict list", "[UPN]", 0, 1, LISTS, NULL,
        do_restrict_list, "the restrictions and their numbers", ""},
    {"Primary school", "restrict end", "ID", 1, 1, SHOWS, restrict_end_options,
        do_restrict_end, "end a restriction, with evidence",
        "ID is what `restrict list` shows; its first 8 characters are "
        "enough."},
};

static const struct command for_all[] = {
    {"Everybody", "status", "", 0, 0, SHOWS, status_options, do_status_show,
        "one screen of truth about this school's agent",
        "With --check: one line and the exit codes of monitoring plugins, 0 "
        "ok, 1 warning, 2 critical, 3 unknown."},
    {"Everybody", "peers", "", 0, 0, LISTS, NULL, do_status_peers,
        "every school we exchange with: last heard, what is outstanding", ""},
    {"Everybody", "queue", "", 0, 0, LISTS, queue_options, do_queue_show,
        "what is on its way and not yet applied", ""},
    {"Everybody", "quarantine list", "", 0, 0, LISTS, NULL, do_quarantine_list,
        "what was refused on arrival, and why", ""},
    {"Everybody", "quarantine show", "ID", 1, 1, SHOWS, NULL,
        do_quarantine_show, "one refused envelope, with the next step", ""},
    {"Everybody", "quarantine retry", "ID", 1, 1, SHOWS, NULL,
        do_quarantine_retry, "check a refused envelope again",
        "For after a mend: a newer directory, a renewed certificate."},
    {"Everybody", "quarantine drop", "ID", 1, 1, SHOWS, drop_options,
        do_quarantine_drop, "throw a refused envelope away", ""},
    {"Everybody", "quarantine approve", "ID", 1, 1, SHOWS,
        quarantine_approve_options, do_quarantine_approve,
        "take what a revoked school had signed before it was revoked",
        "Ask the cluster administrator first why it was revoked: who has its "
        "keys can write any date."},
    {"Everybody", "receipts", "UPN", 1, 1, SHOWS, receipts_options,
        do_receipts_show, "the other school's signed receipts for a pupil",
        "--export writes the newest one, with the signer's certificate beside "
        "it, and prints the openssl command that checks it."},
    {"Everybody", "waitsync", "", 0, 0, SHOWS, waitsync_options,
        do_status_waitsync, "wait until all that was sent is applied",
        "Exit 0 when it is, 1 at the timeout."},
    {"Everybody", "doctor", "", 0, 0, SHOWS, NULL, do_status_doctor,
        "check versions, files, keys, clock and hubs, with the mend", ""},
    {"Everybody", "backup", "FILE", 1, 1, SHOWS, backup_options, do_backup_make,
        "a sealed copy of all that this school has, while the "
        "agent runs",
        "The database, the keys and the directory, in one file.  Its key is "
        "written beside it, as FILE.key: keep it elsewhere.  Whoever has both "
        "can be this school."},
    {"Everybody", "restore", "FILE", 1, 1, COMMAND_JSON, restore_options,
        do_restore_run,
        "a school's folder from its backup, with the agent "
        "stopped",
        "The whole backup is checked before anything is written.  A folder "
        "that is there is kept as DIR.before-restore-1.  The agent finds out "
        "by itself what it forgot, and gets it from the other schools."},
    {"Everybody", "approve", "[LAESTAB]", 0, 1, SHOWS, approve_options,
        do_backup_approve, "let data go that would go backwards",
        "After a restore, records that are newer at the other school are not "
        "replaced by ours until somebody says so; `status` counts them.  If "
        "you have a newer file, import that instead.  And recalls of a school "
        "that went back, which would destroy more than five records here or a "
        "tenth of what it sent, wait until somebody names that school."},
    {"Everybody", "keys rotate", "", 0, 0, SHOWS, rotate_options,
        do_keys_rotate, "change this school's keys, once a year",
        "Without --sign, --encrypt or --transport all three.  The new keys are "
        "made here and never leave; the request for their certificates goes to "
        "the administrator over the hub (of a hub, by file).  Those of before "
        "are destroyed when the directory lists the new ones, the key to be "
        "encrypted to 120 days later."},
    {"Everybody", "keys show", "", 0, 0, SHOWS, NULL, do_keys_show,
        "until when this school's keys are good", ""},
    {"Everybody", "staff add", "LOGIN", 1, 1, SHOWS, staff_add_options,
        do_staff_add, "let a member of staff in, with roles", ""},
    {"Everybody", "staff edit", "LOGIN", 1, 1, SHOWS, staff_edit_options,
        do_staff_edit, "change somebody's name, roles or languages",
        "What is not given stays.  Also lets somebody back in who had left."},
    {"Everybody", "staff retire", "LOGIN", 1, 1, SHOWS, NULL, do_staff_retire,
        "somebody has left: they may do nothing any more",
        "What they did stays in the audit."},
    {"Everybody", "staff list", "", 0, 0, LISTS, NULL, do_staff_list,
        "who may do what here", ""},
    {"Everybody", "audit", "", 0, 0, LISTS, audit_options, do_staff_audit,
        "who looked at what and changed what", ""},
    {"Everybody", "version", "", 0, 0, COMMAND_JSON, NULL, about_version,
        "the version of this program", ""},
    {"Everybody", "help", "[COMMAND]", 0, 3, 0, help_options, usage_help,
        "this overview, or one command in full", ""},

    {"Set-up", "enrol", "", 0, 0, COMMAND_JSON, enrol_options, setup_enrol,
        "make keys and a request to join a cluster",
        "For a school give --laestab, --urn, --name and --phase; for a hub "
        "--hub and --name.  The private keys stay in the folder.  Send the "
        "request to the cluster's administrator and compare the fingerprint "
        "by telephone."},
    {"Set-up", "join", "WELCOME", 1, 1, COMMAND_JSON, join_options, setup_join,
        "take in the administrator's answer", ""},

    {"Cluster administrator", "cluster init", "", 0, 0, COMMAND_JSON,
        init_options, cluster_init, "make the authority of a new cluster", ""},
    {"Cluster administrator", "cluster enrol", "REQUEST...", 1, COMMAND_MANY,
        COMMAND_JSON, cluster_enrol_options, cluster_enrol,
        "answer enrolment requests with certificates",
        "Compare each printed fingerprint with the school by telephone before "
        "you hand the welcome over."},
    {"Cluster administrator", "cluster revoke", "LAESTAB", 1, 1, COMMAND_JSON,
        revoke_options, cluster_revoke, "shut a school out", ""},
    {"Cluster administrator", "cluster list", "", 0, 0,
        COMMAND_JSON | COMMAND_CSV, dir_options, cluster_list,
        "schools, hubs, certificates and when they expire", ""},
    {"Cluster administrator", "cluster publish", "", 0, 0, COMMAND_JSON,
        publish_options, cluster_publish,
        "give the newest directory to every hub",
        "--renew signs it anew first, so that it does not run out, and with it "
        "issues certificates to the schools that asked for them over a hub "
        "(moveup keys rotate) with their key of before: schools in good "
        "standing need no telephone call.  Do it at least every 90 days."},
};

const struct command *catalogue_part(size_t part, size_t *count)
{
    switch (part) {
    case 0:
        *count = sizeof primary / sizeof primary[0];
        return primary;
    case 1:
        return catalogue_primary_commands(count);
    case 2:
        return catalogue_family_commands(count);
    case 3:
        return catalogue_session_commands(count);
    case 4:
        *count = sizeof for_all / sizeof for_all[0];
        return for_all;
    case 5:
        return catalogue_cluster_commands(count);
    case 6:
        return catalogue_trust_commands(count);
    default:
        return NULL;
    }
}

const struct options_spec *catalogue_shared(unsigned of)
{
    switch (of) {
    case COMMAND_AGENT:
        return agent_options;
    case COMMAND_JSON:
        return json_options;
    case COMMAND_CSV:
        return csv_options;
    default:
        return every_options;
    }
}

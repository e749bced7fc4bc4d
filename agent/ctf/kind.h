/*
 * kind - what a file is by its first bytes, before anybody parses it.
 *
 * People import what the browser saved: an archive, a workbook, the page that
 * asked them to sign in.  The parsers would refuse each of these as broken XML;
 * here they are told what they have and what to do with it.
 */
#ifndef CTF_KIND_H
#define CTF_KIND_H

#include <stdbool.h>

#include "base/bytes.h"
#include "ctf/findings.h"

#define KIND_HEAD ((size_t)512) /* so many bytes tell */

/** Refuse what is neither XML nor CSV by its first bytes, with the next step.
 * True: *refusal is set. */
bool kind_refuse(struct finding *refusal, struct bytes head);

/** The first line is one of CSV with our columns. */
bool kind_is_csv(struct bytes head);

/** It begins as XML does. */
bool kind_is_xml(struct bytes head);

#endif

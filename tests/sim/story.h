/*
 * story - the main stories, told as a trace: what a reader of docs/protocol.md
 * would see on the wire.  tests/sim/golden holds each as text.
 */
#ifndef SIM_STORY_H
#define SIM_STORY_H

#include "town.h"

/** Tell every story and compare it with FOLDER/NAME.txt; with update, write it
 * there instead.  Returns how many differ or failed. */
unsigned story_run_all(
    struct world *world, struct town towns[2], const char *folder, bool update);

#endif

#!/usr/bin/env bash
# Summer time and the deadline at midnight: the day before the start counts to
# its last minute by the clock in England, and an agreed hour stays that hour
# when the clocks change.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/families.sh"

families 4
exits 0 mu s1 dates set entry 2027-09-02
at "2027-09-01 23:50"
exits 0 lg jl "$(case_of 1)" spoke --contact 1 --said "ready"
mu s1 coverage --json | json '.contacted == 1 and .late == 0'
# 00:10 in England is still the first of September by the clock of the world
at "2027-09-02 00:10"
exits 0 lg jl "$(case_of 2)" spoke --contact 1 --said "ready too"
mu s1 coverage --json | json '.contacted == 1 and .late == 1 and
    .contacted_at_entry == 1 and .started == 4'
ok "spoken to at 23:50 on the day before the start counts, at 00:10 it is late"

at "2027-10-30 12:00"
exits 0 lg jl "$(case_of 3)" call-back --contact 1 --call-back "mon 10:00"
mu s1 callbacks --json | json '.callbacks[0].when == "2027-11-01T10:00:00Z"'
at "2027-10-30 12:05"
exits 0 lg jl "$(case_of 4)" call-back --contact 1 --call-back "2027-10-30 12:30"
mu s1 callbacks --json | json 'any(.callbacks[]; .when == "2027-10-30T11:30:00Z")'
ok "ten o'clock agreed before the clocks go back is ten o'clock after it"

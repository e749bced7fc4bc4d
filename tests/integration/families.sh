# shellcheck shell=bash disable=SC2154
# Families to call, for the stories 60 to 69.  Source lib.sh first.
#
#   families 5             p1 sends five leavers (numbers 1 to 5) to s1
#   at "2026-07-15 10:00"  restart s1's agent so that it is then in England
#   case_of 3              the case of leaver number 3
#   as jl next --json      the command line at s1, acting for that login
#   lg jl 1 no-answer      as jl log (case of leaver 1) no-answer
#
# The agents run on a made-up clock (MOVEUP_FAKE_TIME), which starts on a
# Wednesday morning: families are rung in their hours only.

# at "2027-06-16 10:00": local time in England, in summer
at()
{
    local moment
    moment=$(TZ=Europe/London date -d "$1" +%s)
    export MOVEUP_FAKE_TIME=$((moment - $(date +%s)))
    if [ -n "${pid[s1]:-}" ]; then
        stop s1
        launch s1
        wait_for 10 "s1 to answer" answers s1
    fi
}

staff()
{
    mu s1 staff add jl --name "J. Lund" --role caller --languages en >/dev/null
    mu s1 staff add am --name "A. Musa" --role caller --languages en,so \
        >/dev/null
    mu s1 staff add kt --name "K. Tran" --role lead >/dev/null
    mu s1 staff add dd --name "D. Dale" --role dsl >/dev/null
    mu s1 staff add of --name "O. Fay" --role office >/dev/null
}

# child N NAME=VALUE...: a row of the CSV file, by the names of its columns
child()
{
    local column pair row='' header
    declare -A value=([upn]=$(upn 8732001 "$1") [dob]=2015-04-19 [sex]=F
        [destination]=8734500 [nc_year]=6 [in_care]=no [fsm]=no
        [medical_flag]=no [service_child]=N [contact1_responsibility]=yes
        [contact1_relationship]=PAM [contact1_title]=Mrs [contact1_order]=1)
    shift
    for pair; do value[${pair%%=*}]=${pair#*=}; done
    header=$("$MOVEUP_BIN/moveup" leavers template | head -n 1 | tr -d '\r')
    [ -s "$place/leavers.csv" ] || echo "$header" >"$place/leavers.csv"
    for column in ${header//,/ }; do row+=",${value[$column]:-}"; done
    echo "${row#,}" >>"$place/leavers.csv"
}

# hand_over: what child() wrote goes to s1
hand_over()
{
    exits 0 mu p1 leavers import "$place/leavers.csv"
    exits 0 mu p1 leavers send --all
    exits 0 mu p1 waitsync --timeout 30
}

school()
{
    at "2027-06-16 10:00"
    cluster 1 1
    start h1 p1 s1
    staff
}

# families COUNT: the cluster, the records and the staff
families()
{
    school
    file=$place/8732001_CTF_8734500_001.xml
    ctf "$file" 8732001 8734500 1 "$1"
    exits 0 mu p1 leavers import "$file"
    exits 0 mu p1 leavers send --all
    exits 0 mu p1 waitsync --timeout 30
}

as()
{
    local login=$1 command=$2
    shift 2
    mu s1 "$command" --as "$login" "$@"
}

case_of()
{
    mu s1 list --all --json | jq -r --arg upn "$(upn 8732001 "$1")" \
        '.calls[] | select(any(.pupils[]; .upn == $upn)) | .case'
}

lg()
{
    local login=$1 family=$2
    shift 2
    as "$login" log "$family" "$@"
}

state_of()
{
    mu s1 list --all --json | jq -r --arg case "$1" \
        '.calls[] | select(.case == $case) | .state'
}

# in_state CASE STATE
in_state()
{
    local now
    now=$(state_of "$1")
    [ "$now" = "$2" ] || fail "case $1 is $now, not $2"
}

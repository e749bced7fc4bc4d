# shellcheck shell=bash
# A cluster of real programs on loopback, for the stories beside this file and
# for tests/demo.sh.  Source it; it needs MOVEUP_BIN and MOVEUP_SOURCE.
#
#   cluster 2 2 1          authority, 2 primaries (p1 p2), 2 secondaries (s1 s2),
#                          1 hub (h1), all enrolled and joined; nothing runs
#   start h1 p1 s1         start daemons and wait until they answer
#   stop p1 / crash p1     SIGTERM and wait / SIGKILL
#   mu p1 leavers list     the command line, asking p1's agent
#   wait_for 20 "..." CMD  until CMD succeeds, or fail
#
# Everything lives in $place, which goes when the script ends; so does every
# daemon, by its process id.
set -euo pipefail
unset JOURNAL_STREAM MOVEUP_SOCKET
: "${MOVEUP_BIN:?the folder with moveup, moveup-agent and moveup-hub}"
: "${MOVEUP_SOURCE:?the source root}"

# $data is for the scripts that source this file.
# shellcheck disable=SC2034
data=$MOVEUP_SOURCE/tests/data
place=$(mktemp -d "${TMPDIR:-/tmp}/moveup.XXXXXX")
declare -A pid=() laestab=() title=() phase=() endpoint=()

# member WHO PHASE TITLE [LAESTAB]: somebody of the cluster; PHASE may be hub
member()
{
    phase[$1]=$2
    title[$1]=$3
    laestab[$1]=${4:-}
}

member p1 primary "Hillside Primary" 8732001
member p2 primary "Fairfield Primary" 8732002
member s1 secondary "Northgate Academy" 8734500
member s2 secondary "St Anne's High" 8734501
member h1 hub "First hub"
member h2 hub "Second hub"

ok()
{
    echo "ok    $*"
}

fail()
{
    echo "FAIL  $*" >&2
    exit 1
}

# last_words: the ends of the logs, for whoever reads a failed test.
last_words()
{
    local log
    for log in "$place"/*/log; do
        [ -s "$log" ] || continue
        echo "--- ${log#"$place"/}" >&2
        tail -n 15 "$log" >&2
    done
}

finish()
{
    local code=$? who
    trap - EXIT ERR
    [ $code -eq 0 ] || last_words
    for who in "${!pid[@]}"; do
        stop "$who" || true
    done
    # what a script has to undo besides; it gets the exit code
    ! declare -F undo >/dev/null || undo "$code" || true
    rm -rf "$place"
    exit $code
}
trap finish EXIT
trap 'echo "FAIL  line $LINENO of ${BASH_SOURCE[0]##*/}: $BASH_COMMAND" >&2' ERR
trap 'exit 130' INT TERM HUP
set -E

# wait_for SECONDS WHAT COMMAND...
wait_for()
{
    local until=$((SECONDS + $1)) what=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt "$until" ] || fail "waited in vain for $what: $*"
        sleep 0.05
    done
}

mu()
{
    local who=$1
    shift
    "$MOVEUP_BIN/moveup" --socket "$place/$who/agent.sock" "$@" </dev/null
}

admin()
{
    local verb=$1
    shift
    "$MOVEUP_BIN/moveup" cluster "$verb" --dir "$place/authority" "$@" \
        </dev/null
}

# json FILTER [FILE]: true if the filter gives true on stdin or FILE.
json()
{
    jq -e "$@" >/dev/null
}

# exits CODE COMMAND...: what it prints is left in $place/out and $place/err.
exits()
{
    local want=$1 got=0
    shift
    "$@" >"$place/out" 2>"$place/err" || got=$?
    [ "$got" -eq "$want" ] || {
        cat "$place/out" "$place/err" >&2
        fail "exit $got, not $want: $*"
    }
}

# Below those that outgoing connections are given: while its owner is dead,
# nobody takes it by chance.
free_port()
{
    local port
    while :; do
        port=$((RANDOM % 12000 + 20000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
    done
    echo "$port"
}

# enrol WHO: keys and a request, $place/WHO.request
enrol()
{
    local who=$1 options
    if [ "${phase[$who]}" = hub ]; then
        endpoint[$who]=tcp://127.0.0.1:$(free_port)
        options=(--hub "${endpoint[$who]}")
    else
        options=(--laestab "${laestab[$who]}" --urn "100${laestab[$who]: -3}"
            --phase "${phase[$who]}")
    fi
    "$MOVEUP_BIN/moveup" enrol --state "$place/$who" "${options[@]}" \
        --name "${title[$who]}" -o "$place/$who.request" >"$place/enrol.out"
}

# cluster PRIMARIES SECONDARIES [HUBS]
cluster()
{
    local n who all=() requests=()
    for ((n = 1; n <= $1; n++)); do all+=("p$n"); done
    for ((n = 1; n <= $2; n++)); do all+=("s$n"); done
    for ((n = 1; n <= ${3:-1}; n++)); do all+=("h$n"); done

    admin init --name "Test cluster" >/dev/null
    for who in "${all[@]}"; do
        enrol "$who"
        requests+=("$place/$who.request")
    done
    mkdir "$place/welcome"
    admin enrol "${requests[@]}" -o "$place/welcome/" >/dev/null
    for who in "${all[@]}"; do
        "$MOVEUP_BIN/moveup" join --state "$place/$who" \
            "$place/welcome/$who.welcome" >/dev/null
    done
}

# launch WHO: start a daemon without waiting for it; $place/WHO.conf are its
# settings, if it is there
launch()
{
    local who=$1 program=moveup-hub options=()
    if [ "${phase[$who]}" != hub ]; then
        program=moveup-agent
        options=(--socket "$place/$who/agent.sock")
    fi
    [ ! -f "$place/$who.conf" ] || options+=(--config "$place/$who.conf")
    "$MOVEUP_BIN/$program" --state "$place/$who" "${options[@]}" \
        </dev/null >>"$place/$who/log" 2>&1 &
    pid[$who]=$!
}

answers()
{
    local address=${endpoint[$1]:-}

    if [ "${phase[$1]}" = hub ]; then
        address=${address#tcp://}
        (exec 3<>"/dev/tcp/${address%:*}/${address#*:}") 2>/dev/null
    else
        mu "$1" status --json >/dev/null
    fi
}

hub_runs()
{
    local who
    for who in "${!pid[@]}"; do
        [ "${phase[$who]}" != hub ] || return 0
    done
    return 1
}

connected()
{
    mu "$1" status --json | json 'any(.hubs[]; .state == "connected")'
}

# start WHO...: until each answers and, if a hub runs, has spoken with it
start()
{
    local who
    for who; do
        launch "$who"
        wait_for 10 "$who to answer" answers "$who"
        kill -0 "${pid[$who]}" || fail "$who ended by itself"
    done
    for who; do
        if [ "${phase[$who]}" != hub ] && hub_runs; then
            wait_for 20 "$who to reach a hub" connected "$who"
        fi
    done
}

gone()
{
    ! kill -0 "$1" 2>/dev/null
}

stop()
{
    local who=$1 was=${pid[$1]:-} until=$((SECONDS + 10))
    [ -n "$was" ] || return 0
    unset "pid[$who]"
    kill -TERM "$was" 2>/dev/null || true
    until gone "$was"; do
        if [ $SECONDS -ge "$until" ]; then
            echo "FAIL  $who did not stop within 10 s of SIGTERM" >&2
            kill -KILL "$was"
            wait "$was" 2>/dev/null || true
            return 1
        fi
        sleep 0.05
    done
    wait "$was" 2>/dev/null || true
}

crash()
{
    local was=${pid[$1]}
    unset "pid[$1]"
    kill -KILL "$was"
    wait "$was" 2>/dev/null || true
}

# values ELEMENT FILE: what a CTF holds in that element, one a line.  The files
# of tests/data have one element a line.
values()
{
    sed -n "s|^ *<$1>\(.*\)</$1>.*|\1|p" "$2"
}

# upn LAESTAB SERIAL: a UPN with its check letter, for a leaver born in 2014
upn()
{
    local digits letters=ABCDEFGHJKLMNPQRTUVWXYZ sum=0 i
    digits=$(printf '%s19%03d' "$1" "$2")
    for ((i = 0; i < 12; i++)); do
        sum=$((sum + (i + 2) * ${digits:i:1}))
    done
    echo "${letters:sum % 23:1}$digits"
}

forenames=(Isolde Tamsin Percival Ottoline Barnaby Clementine Leopold Rosalind
    Thaddeus Marguerite)
surnames=(Quillfeather Brambleworth Thistlewood Marchbanks Featherstone
    Underhill-Pryce Winterbourne Larkspurton Copperfield-Ash Hollowbrook)

# ctf FILE FROM TO FIRST COUNT [LATER]: leavers number FIRST and on, each with
# two parents.  LATER is a day of July: a newer export in which every mother
# has another mobile number.
ctf()
{
    local out=$1 from=$2 to=$3 first=$4 count=$5 later=${6:-} n
    {
        cat <<HEADER
<?xml version="1.0" encoding="utf-8"?>
<CTfile>
<Header>
<DocumentName>Common Transfer File</DocumentName>
<CTFversion>25.0</CTFversion>
<DateTime>2026-07-${later:-10}T15:20:00</DateTime>
<DocumentQualifier>full</DocumentQualifier>
<SupplierID>SAMPLE</SupplierID>
<SourceSchool>
<LEA>${from:0:3}</LEA>
<Estab>${from:3}</Estab>
<URN>100${from: -3}</URN>
<SchoolName>A primary school</SchoolName>
<AcademicYear>2025</AcademicYear>
</SourceSchool>
<DestSchool>
<LEA>${to:0:3}</LEA>
<Estab>${to:3}</Estab>
<URN>XXXXXX</URN>
</DestSchool>
</Header>
<CTFpupilData>
HEADER
        for ((n = first; n < first + count; n++)); do
            ctf_pupil "$from" "$n" "$later"
        done
        printf '</CTFpupilData>\n</CTfile>\n'
    } >"$out"
}

ctf_pupil()
{
    local from=$1 n=$2 mobile=$2 surname forename
    [ -z "$3" ] || mobile=$((n + 500))
    forename=${forenames[n % 10]}
    surname=${surnames[(n + n / 10) % 10]}
    cat <<PUPIL
<Pupil>
<UPN>$(upn "$from" "$n")</UPN>
<Surname>$surname</Surname>
<Forename>$forename</Forename>
<DOB>2014-10-$(printf '%02d' $((n % 28 + 1)))</DOB>
<Sex>F</Sex>
<BasicDetails>
<NCyearActual>6</NCyearActual>
</BasicDetails>
<Address>
<AddressLines>
<AddressLine1>$n Lantern Steps</AddressLine1>
</AddressLines>
<PostCode>CB99 1AB</PostCode>
</Address>
<Contacts>
$(ctf_contact 1 Mrs Philomena "$surname" PAM M \
        "07700 900$(printf '%03d' "$mobile")")
$(ctf_contact 2 Mr Montgomery "$surname" PAF H \
        "01632 960$(printf '%03d' "$n")")
</Contacts>
</Pupil>
PUPIL
}

ctf_contact()
{
    cat <<CONTACT
<Contact>
<Order>$1</Order>
<Title>$2</Title>
<Surname>$4</Surname>
<Forename>$3</Forename>
<Relationship>$5</Relationship>
<Responsibility>true</Responsibility>
<Address>
<AddressAsPupil>true</AddressAsPupil>
</Address>
<Phones>
<Phone>
<TelephoneType>$6</TelephoneType>
<PhoneNo>$7</PhoneNo>
</Phone>
</Phones>
<Email>$3.$4@example.org</Email>
</Contact>
CONTACT
}

# applied WHO COUNT: so many of its leavers are applied (or already read)
applied()
{
    mu "$1" leavers list --json |
        json --argjson n "$2" '[.leavers[] | select(.state == "applied" or
            .state == "read")] | length == $n'
}

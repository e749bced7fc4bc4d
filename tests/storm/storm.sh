#!/usr/bin/env bash
# A storm: two primaries send new and changed leavers and restrictions, a
# secondary reads, and meanwhile agents and hubs are killed (SIGKILL) and frozen
# (SIGSTOP) at moments that come from a seed.  Afterwards everything must be as
# if nothing had happened.
#   storm.sh KILLS SEED
# Needs MOVEUP_BIN and MOVEUP_SOURCE, as every story in tests/integration.
kills=${1:-200}
seed=${2:-1}
. "$(dirname "$0")/../integration/lib.sh"

primaries=(p1 p2)
hubs=(h1 h2)
everybody=("${primaries[@]}" s1 "${hubs[@]}")
# Agents die more often than hubs: they have more to lose.
victims=(p1 p1 p2 p2 s1 s1 s1 s1 h1 h2)

# nap MS: up to so many milliseconds
nap()
{
    sleep "$(printf '0.%03d' $((RANDOM % $1)))"
}

over()
{
    [ -e "$place/over" ]
}

# insist WHO COMMAND...: until the agent, which may be dead, has done it
insist()
{
    local until=$((SECONDS + 60))
    until mu "$@" >"$place/$BASHPID.out" 2>&1; do
        if [ $SECONDS -ge "$until" ]; then
            cat "$place/$BASHPID.out" >&2
            fail "a minute in vain: $*"
        fi
        sleep 0.05
    done
}

# export_of WHO FIRST COUNT VERSION: a file in which the mails of those leavers
# are at vVERSION.example.org; imported and on its way before this returns
export_of()
{
    local who=$1 first=$2 count=$3 version=$4 file day
    file=$place/$who.files/${laestab[$who]}_CTF_8734500_001.xml
    day=$(printf '2026-07-10T%02d:%02d:%02d' $((10 + version / 3600)) \
        $((version / 60 % 60)) $((version % 60)))
    ctf "$file.new" "${laestab[$who]}" 8734500 "$first" "$count"
    sed -e "s/@example/@v$version.example/" -e "s/2026-07-10T15:20:00/$day/" \
        "$file.new" >"$file"
    insist "$who" leavers import "$file" --send
}

# restricted WHO UPN: asks until there is an answer, which may be no
restricted()
{
    insist "$1" restrict list --json
    json --arg upn "$2" 'any(.restrictions[]; .upn == $upn)' \
        "$place/$BASHPID.out"
}

# A command whose answer was lost may have been done: look before it is given
# again.
restrict_father()
{
    local who=$1 upn=$2
    until restricted "$who" "$upn"; do
        mu "$who" restrict add "$upn" --contact 2 --kind do-not-contact \
            --basis court-order >"$place/$who.restrict.out" 2>&1 || sleep 0.05
    done
    echo "$upn" >>"$place/$who.restricted"
}

# primary WHO SEED: one piece of work after another until the storm is over;
# leaves what must be so in $place/WHO.want, one "UPN VERSION" a line
primary()
{
    local who=$1 made=0 version=0 first count n
    local -A want=() kept=()
    RANDOM=$2
    while ! over; do
        version=$((version + 1))
        if [ $made -eq 0 ] || { [ $made -lt 900 ] && [ $((RANDOM % 3)) -eq 0 ]; }; then
            first=$((made + 1)) count=$((RANDOM % 30 + 1))
            made=$((made + count))
        elif [ $((RANDOM % 5)) -eq 0 ]; then
            n=$((RANDOM % made + 1))
            [ -n "${kept[$n]:-}" ] ||
                restrict_father "$who" "$(upn "${laestab[$who]}" "$n")"
            kept[$n]=1
            continue
        else
            first=$((RANDOM % made + 1)) count=$((RANDOM % 10 + 1))
            [ $((first + count)) -le $((made + 1)) ] ||
                count=$((made + 1 - first))
        fi
        export_of "$who" $first $count $version
        for ((n = first; n < first + count; n++)); do want[$n]=$version; done
        nap 300
    done
    for n in "${!want[@]}"; do
        echo "$(upn "${laestab[$who]}" "$n") ${want[$n]}"
    done | sort >"$place/$who.want"
}

# secondary SEED: reads one record after another
secondary()
{
    local upn
    RANDOM=$1
    while ! over; do
        upn=$(mu s1 list --all --json 2>/dev/null |
            jq -r '[.calls[].pupils[] | select(.read_by == null) | .upn] |
                if . == [] then "" else .[0] end' || true)
        if [ -n "$upn" ] && mu s1 read "$upn" >"$place/read.out" 2>&1; then
            echo "$upn" >>"$place/read"
        fi
        nap 400
    done
}

# freeze WHO: as a machine that is out of memory, or a laptop that was shut
freeze()
{
    kill -STOP "${pid[$1]}"
    nap 900
    [ $((RANDOM % 2)) -eq 0 ] || kill -CONT "${pid[$1]}"
}

strike()
{
    local who=${victims[RANDOM % ${#victims[@]}]}
    nap 350
    gone "${pid[$who]}" && fail "$who ended by itself"
    if [ $((RANDOM % 8)) -eq 0 ]; then
        freeze "$who"
    fi
    crash "$who"
    [ $((RANDOM % 3)) -gt 0 ] || nap 300
    launch "$who"
}

# expect_same WHAT FILE FILE
expect_same()
{
    diff "$2" "$3" >"$place/diff" || {
        head -n 20 "$place/diff" >&2
        fail "$1"
    }
}

# what_is_at WHO: what the secondary has from that primary, "UPN VERSION"
what_is_at()
{
    jq -r --arg from "${laestab[$1]}" '.calls[] | .contacts[0] as $first |
        .pupils[] | select(.from == $from) | .upn + " " +
        ([$first.points[] | select(.kind == "email").value |
            capture("@v(?<v>[0-9]+)[.]").v] | join(","))' "$place/list" | sort
}

# the revisions that the primary sent and those the secondary shows
check_primary()
{
    local who=$1
    expect_same "${who}'s leavers are not at the secondary as last sent" \
        "$place/$who.want" <(what_is_at "$who")
    mu "$who" leavers list --json >"$place/$who.leavers"
    json 'all(.leavers[]; (.state == "applied" or .state == "read") and
        .applied_at and .problems == [])' "$place/$who.leavers" ||
        fail "$who has leavers that are not applied"
    expect_same "$who and the secondary differ in revisions" \
        <(jq -r '.leavers[] | "\(.upn) \(.revision)"' "$place/$who.leavers" |
            sort) \
        <(jq -r --arg from "${laestab[$who]}" '.calls[].pupils[] |
            select(.from == $from) | "\(.upn) \(.revision)"' "$place/list" |
            sort)
    touch "$place/$who.restricted"
    expect_same "${who}'s restrictions are not there once each" \
        <(sort "$place/$who.restricted") \
        <(mu "$who" restrict list --json | jq -r '.restrictions[].upn' | sort)
    expect_same "${who}'s restrictions are not in force at the secondary" \
        <(sort "$place/$who.restricted") \
        <(jq -r --arg from "${laestab[$who]}" '.calls[] |
            select(.restricted_adults == 1) | .pupils[] |
            select(.from == $from) | .upn' "$place/list" | sort)
    check_receipts "$who"
}

check_receipts()
{
    local upn
    while read -r upn; do
        mu "$1" receipts "$upn" --json | json 'any(.receipts[];
            .kind == "applied")' || fail "no receipt at $1 for $upn"
    done < <(awk 'NR % 10 == 1 { print $1 }' "$place/$1.want")
}

reads_known()
{
    cat "$place"/p[12].leavers.now | jq -r '.leavers[] |
        select(.read_by != null) | .upn' | sort >"$place/read.known"
    [ -z "$(comm -23 "$place/read.sorted" "$place/read.known")" ]
}

check_reads()
{
    local who
    touch "$place/read"
    sort -u "$place/read" >"$place/read.sorted"
    all_reads_known()
    {
        for who in "${primaries[@]}"; do
            mu "$who" leavers list --json >"$place/$who.leavers.now"
        done
        reads_known
    }
    wait_for 60 "the primaries to hear who has read" all_reads_known
}

# After the end: the files themselves.  What one side has sent the other has
# taken, without a hole, in the same epoch.
check_files()
{
    local who peer
    for who in "${everybody[@]}"; do
        stop "$who"
        grep -E 'mail put aside|refused what we sent|cannot be stored|corrupt' \
            "$place/$who/log" >&2 && fail "$who complains"
    done
    for who in p1 p2 s1; do
        [ "$(sqlite3 "$place/$who/agent.db" 'PRAGMA integrity_check')" = ok ] ||
            fail "the database of $who is damaged"
    done
    for who in "${primaries[@]}"; do
        peer=$(sqlite3 "$place/$who/agent.db" 'SELECT lane, hex(epoch),
            next_seq - 1 FROM streams_out WHERE current ORDER BY lane')
        [ "$peer" = "$(sqlite3 "$place/s1/agent.db" "SELECT lane, hex(epoch),
            high FROM streams_in WHERE current AND length(holes) = 0
            AND author = '${laestab[$who]}' ORDER BY lane")" ] ||
            fail "the streams of $who and s1 do not end at the same number"
    done
}

# no words for each killed job
exec 2> >(sed -u '/: line [0-9]*: *[0-9]* Killed/d' >&2)
undo()
{
    [ "$1" -eq 0 ] || echo "FAIL  seed $seed, $kills kills" >&2
}

RANDOM=$seed
cluster 2 1 2
mkdir "$place/p1.files" "$place/p2.files"
start h1 h2 p1 p2 s1

workers=()
primary p1 $((seed + 1)) & workers+=($!)
primary p2 $((seed + 2)) & workers+=($!)
secondary $((seed + 3)) & workers+=($!)
for ((strikes = 0; strikes < kills; strikes++)); do
    strike
done
touch "$place/over"
for worker in "${workers[@]}"; do
    wait "$worker" || fail "a worker gave up"
done
for who in p1 p2 s1; do
    wait_for 30 "$who to reach a hub" connected "$who"
done
for who in "${primaries[@]}"; do
    exits 0 mu "$who" leavers send --all
    exits 0 mu "$who" waitsync --timeout 120
done
check_reads
mu s1 list --all --json >"$place/list"
json '[.calls[].pupils[].upn] | length == (unique | length)' "$place/list" ||
    fail "a child is there twice"
for who in "${primaries[@]}"; do
    check_primary "$who"
done
for who in p1 p2 s1; do
    mu "$who" status --json | json '.quarantined == 0 and
        .outbound.queued == 0 and .outbound.unreceipted == 0' ||
        fail "$who is not at rest"
done
check_files
ok "seed $seed: $kills kills, $(cat "$place"/p?.want | wc -l) children," \
    "$(sed 's/.* //' "$place"/p?.want | sort -n | tail -n 1) exports," \
    "$(cat "$place"/p?.restricted | wc -l) restrictions," \
    "$(wc -l <"$place/read.sorted") read: each once and current"

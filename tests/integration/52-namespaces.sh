#!/usr/bin/env bash
# Real networks between real programs: the hub and each school have a network
# namespace of their own.  A link that goes down in the middle of a transfer, for
# one side or for both, and a peer that vanishes without a word.
. "$(dirname "$0")/lib.sh"

skip()
{
    echo "skip: $*"
    exit 77
}

[ "$(id -u)" -eq 0 ] || skip "only root can make network namespaces"
command -v ip >/dev/null || skip "there is no ip(8) here"
net=mu$$
ip netns add "$net-try" 2>/dev/null ||
    skip "this machine lets us make no network namespaces"
ip link add "$net-a" type veth peer name "$net-b" 2>/dev/null || {
    ip netns del "$net-try"
    skip "this machine lets us make no pair of network devices"
}
ip link del "$net-a"
ip netns del "$net-try"

undo()
{
    local who
    for who in h1 p1 s1; do
        ip netns del "$net-$who" 2>/dev/null || true
    done
}

# All cables end in the hub's namespace, at a bridge with the hub's address.
ip netns add "$net-h1"
ip -n "$net-h1" link set lo up
ip -n "$net-h1" link add br0 type bridge 2>/dev/null ||
    skip "this machine has no bridges"
ip -n "$net-h1" addr add 10.77.0.1/24 dev br0
ip -n "$net-h1" link set br0 up
cable()
{
    ip netns add "$net-$1"
    ip -n "$net-$1" link add eth0 type veth peer name "to-$1" netns "$net-h1"
    ip -n "$net-$1" addr add "10.77.0.$2/24" dev eth0
    ip -n "$net-$1" link set lo up
    ip -n "$net-$1" link set eth0 up
    ip -n "$net-h1" link set "to-$1" master br0 up
}
cable p1 2
cable s1 3

# launch, answers and the hub's address of lib.sh, for programs in namespaces
launch()
{
    local who=$1 program=moveup-hub options=()
    if [ "${phase[$who]}" != hub ]; then
        program=moveup-agent
        options=(--socket "$place/$who/agent.sock")
    fi
    ip netns exec "$net-$who" "$MOVEUP_BIN/$program" --state "$place/$who" \
        "${options[@]}" </dev/null >>"$place/$who/log" 2>&1 &
    pid[$who]=$!
}

answers()
{
    if [ "${phase[$1]}" = hub ]; then
        ip netns exec "$net-$1" bash -c 'exec 3<>/dev/tcp/10.77.0.1/4700'
    else
        mu "$1" status --json >/dev/null
    fi
}

enrol()
{
    local options
    if [ "${phase[$1]}" = hub ]; then
        options=(--hub tcp://10.77.0.1:4700)
    else
        options=(--laestab "${laestab[$1]}" --urn "100${laestab[$1]: -3}"
            --phase "${phase[$1]}")
    fi
    "$MOVEUP_BIN/moveup" enrol --state "$place/$1" "${options[@]}" \
        --name "${title[$1]}" -o "$place/$1.request" >"$place/enrol.out"
}

# cut WHO / mend WHO: its own end of the cable
cut()
{
    ip -n "$net-$1" link set eth0 down
}

mend()
{
    ip -n "$net-$1" link set eth0 up
}

# unplug WHO / plug WHO: the far end; WHO sees its own link as before, so its
# connection is only half open until it notices the silence
unplug()
{
    ip -n "$net-h1" link set "to-$1" nomaster
}

plug()
{
    ip -n "$net-h1" link set "to-$1" master br0
}

in_list()
{
    mu s1 list --all --json | json --argjson n "$1" \
        '[.calls[].pupils[].upn] | length == $n and (unique | length) == $n'
}

batch=0
leavers()
{
    batch=$((batch + 1))
    ctf "$place/8732001_CTF_8734500_00$batch.xml" 8732001 8734500 "$1" "$2"
    mu p1 leavers import "$place/8732001_CTF_8734500_00$batch.xml" --send
}

not_connected()
{
    mu "$1" status --json | json 'all(.hubs[]; .state != "connected")'
}

cluster 1 1
start h1 p1 s1
exits 0 leavers 1 10
exits 0 mu p1 waitsync --timeout 30
in_list 10
ok "three namespaces, one cable each"

leavers 101 150 >"$place/import.out" &
import=$!
sleep 0.2
cut p1
wait "$import"
sleep 2
mend p1
exits 0 mu p1 waitsync --timeout 90
in_list 160
ok "the primary's cable is cut in the middle of a transfer and mended"

cut s1
exits 0 leavers 301 100
exits 1 mu p1 waitsync --timeout 2
mend s1
exits 0 mu p1 waitsync --timeout 90
in_list 260
ok "the secondary's is cut, mail waits, and arrives when it is mended"

unplug s1
unplug p1
leavers 501 50 >"$place/import.out"
wait_for 90 "the primary to notice the silence" not_connected p1
wait_for 90 "the secondary to notice the silence" not_connected s1
ok "both notice that nobody is at the other end any more"
plug p1
plug s1
exits 0 mu p1 waitsync --timeout 90
in_list 310
ok "plugged in again, they connect by themselves and lose nothing"

unplug p1
crash h1
launch h1
wait_for 10 "the hub" answers h1
plug p1
exits 0 leavers 601 20
exits 0 mu p1 waitsync --timeout 90
in_list 330
ok "a hub that was started anew behind a dead cable is found again"

#!/usr/bin/env bash
# What must be refused is refused, with the exit code that scripts rely on, and
# nothing a stranger sends to the socket ends the agent.
. "$(dirname "$0")/lib.sh"

cluster 1 1

exits 2 "$MOVEUP_BIN/moveup" no-such-command
exits 2 "$MOVEUP_BIN/moveup" leavers import
exits 2 "$MOVEUP_BIN/moveup" leavers list --no-such-option
exits 2 "$MOVEUP_BIN/moveup" cluster enrol
ok "a command that makes no sense ends with 2"

exits 3 mu p1 status
grep -q '^moveup: ' "$place/err"
exits 3 mu p1 leavers list --json
[ ! -s "$place/out" ]
ok "without an agent a command ends with 3 and says so"

for key in sign.key encrypt.key curve.key data.key; do
    chmod 0640 "$place/p1/identity/$key"
    exits 1 timeout 10 "$MOVEUP_BIN/moveup-agent" --state "$place/p1" \
        --socket "$place/p1/agent.sock"
    grep -q "$key" "$place/err" || fail "it does not name $key"
    chmod 0600 "$place/p1/identity/$key"
done
chmod 0644 "$place/h1/identity/curve.key"
exits 1 timeout 10 "$MOVEUP_BIN/moveup-hub" --state "$place/h1"
chmod 0600 "$place/h1/identity/curve.key"
ok "a key file that others may read is refused, by name"

printf '[log]\nlevel = loud\n' >"$place/bad.ini"
exits 1 timeout 10 "$MOVEUP_BIN/moveup-agent" --state "$place/p1" \
    --socket "$place/p1/agent.sock" --config "$place/bad.ini"
grep -q 'bad.ini:2' "$place/err"
ok "a bad setting is refused with its file and line"

exits 1 "$MOVEUP_BIN/moveup" join --state "$place/p1" \
    "$place/welcome/s1.welcome"
head -c 200 "$place/welcome/p1.welcome" >"$place/short.welcome"
exits 1 "$MOVEUP_BIN/moveup" join --state "$place/p1" "$place/short.welcome"
ok "another school's welcome, or half of one, is refused"

start p1
exits 1 timeout 10 "$MOVEUP_BIN/moveup-agent" --state "$place/p1" \
    --socket "$place/second.sock"
ok "a second agent on the same state folder is refused"

# send PERL: what that expression gives goes to the agent's socket as it is
send()
{
    perl -MIO::Socket::UNIX -e '
        my $s = IO::Socket::UNIX->new($ARGV[0]) or exit 1;
        $SIG{PIPE} = "IGNORE";
        syswrite $s, eval $ARGV[1];
        shutdown $s, 1;
        $s->timeout(2); sysread $s, my $reply, 4096;' \
        "$place/p1/agent.sock" "$1"
}
frame='sub { pack("N/a*", $_[0]) }->'
send '"x"'
send '"\xff" x 70000'
send 'pack("N", 0xffffffff) . "x"'
send 'pack("N", 0)'
send "$frame(\"{\")"
send "$frame(\"[\" x 100000)"
send "$frame(\"null\")"
send "$frame('{\"version\":99,\"command\":\"status\",\"args\":{}}')"
send "$frame('{\"version\":1,\"command\":7,\"args\":[]}')"
send "$frame('{\"version\":1,\"command\":\"leavers.show\",\"args\":{\"upn\":{}}}')"
send "$frame('{\"version\":1,\"command\":\"\\u0000\",\"args\":{}}')"
exits 0 mu p1 status
kill -0 "${pid[p1]}"
ok "eleven kinds of malformed request, and the agent still answers"

# hold N: so many clients that begin a request and never finish it
hold()
{
    : >"$place/held"
    perl -MIO::Socket::UNIX -e '
        $SIG{PIPE} = "IGNORE";
        my @held = map { IO::Socket::UNIX->new($ARGV[0]) } 1 .. $ARGV[1];
        $_ && syswrite $_, "\0\0" for @held;
        print "held\n"; close STDOUT; sleep 60' "$place/p1/agent.sock" "$1" \
        >"$place/held" &
    holder=$!
    wait_for 5 "the idle clients" test -s "$place/held"
}

let_go()
{
    kill "$holder"
    wait "$holder" 2>/dev/null || true
}

hold 40
exits 0 mu p1 status
let_go
ok "forty clients that never finish do not keep others out"

hold 200
timeout 10 "$MOVEUP_BIN/moveup" --socket "$place/p1/agent.sock" status \
    >"$place/out" 2>&1 </dev/null || code=$?
[ "${code:-0}" -ne 124 ] || fail "no answer and no refusal in 10 s"
let_go
wait_for 5 "an answer once they are gone" mu p1 status
ok "beside two hundred one is refused at once rather than left to wait"

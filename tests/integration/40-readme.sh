#!/usr/bin/env bash
# README's two-machine cluster is true: its own commands are run here in their
# order.  What needs root or systemd is left out, and folders, the hub's address
# and the two machines are put where a test may have them.
. "$(dirname "$0")/lib.sh"

readme=$MOVEUP_SOURCE/README.md
port=$(free_port)
mkdir "$place"/{a,b,work}
member a primary "Hillside Primary" 8732001
member b secondary "Northgate Academy" 8734500
member hub hub "County hub"
endpoint[hub]=tcp://127.0.0.1:$port

# section HEADING: the commands of one section, one a line
section()
{
    awk -v heading="$1" '
        /^#/ && !code { inside = index($0, heading) > 0 }
        /^```/ { code = !code && /sh$/; next }
        inside && code' "$readme" |
        sed -e ':a' -e '/\\$/N; s/\\\n *//; ta'
}

# on MACHINE [EXIT]: each command of stdin, as that machine runs it
ran=0
on()
{
    local machine=$1 most=${2:-0} command code
    while IFS= read -r command; do
        case $command in
            *install* | *useradd* | *adduser* | *systemctl* | './run '*)
                continue
                ;;
        esac
        command=${command#sudo -u moveup }
        command=${command//\/tmp/$place/work}
        command=${command//\~\/cluster/$place/authority}
        command=${command//\/var\/lib\/moveup-hub/$place/hub}
        command=${command//\/var\/lib\/moveup/$place/$machine}
        command=${command//hub.example.org:7700/localhost:$port}
        code=0
        (cd "$place/work" && PATH=$MOVEUP_BIN:$PATH \
            MOVEUP_SOCKET=$place/$machine/agent.sock bash -c "$command") \
            </dev/null >"$place/out" 2>&1 || code=$?
        [ $code -le "$most" ] || {
            cat "$place/out" >&2
            fail "exit $code: $command"
        }
        ran=$((ran + 1))
    done
}

on a < <(section '2. Make')
on a < <(section '3. Ask' | grep -v 8734500)
on b < <(section '3. Ask' | grep 8734500)
on a < <(section '4. Compare')
cp "$place/work/welcome/northgate.welcome" "$place/work/"
on a < <(section '5. Join' | grep join | grep -v northgate)
on b < <(section '5. Join' | grep northgate)
[ $ran -eq 9 ] || fail "$ran commands of steps 2 to 5, not 9"
start hub a b
ok "a cluster stands as README says"

on a < <(section '5. Join' | grep -v join)
on b < <(section '5. Join' | grep -v join)
[ $ran -eq 15 ] || fail "$ran commands to step 5, not 15"
ok "status and doctor are content on both machines, and staff is let in"

# One child of the sample is held, so that import ends with 1.
cp "$data"/*.xml "$place/work/"
on a 1 < <(section '6. Work' | grep import)
on a < <(section '6. Work' | grep -E 'restrict|send|leavers list')
exits 0 mu a waitsync --timeout 30
on b < <(section '6. Work' | grep -E 'moveup (list|card|read)')
[ $ran -eq 22 ] || fail "$ran commands to step 6, not 22"
ok "leavers go from the one to the other"

on a < <(section 'Receipts that')
grep -q 'CMS Verification successful' "$place/out"
ok "openssl accepts the receipt by README's line"

on a < <(section '7. Later')
[ $ran -eq 27 ] || fail "$ran commands in all, not 27"
heard()
{
    mu a status --json | json '.directory.version == 3'
}
wait_for 10 "Hillside to have the new directory" heard
admin list --json | json 'any(.schools[]; .laestab == "8734500" and
    .status == "revoked")'
ok "a new directory is published, and a school shut out"

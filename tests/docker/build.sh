#!/usr/bin/env bash
# build.sh: build the image exactly from docker/Dockerfile and play its demo
# cluster: all healthy, records from a primary to a secondary, a hub that is
# restarted and one that is killed, down and up again with everything kept.
# Needs root, debootstrap, dockerd, docker and Compose (Debian: docker.io,
# docker-compose), Debian's packages and some minutes; no image registry.  It
# runs an engine of its own in a temporary folder, and leaves no bridge and no
# rule of a firewall behind.  Not part of ./run test.
set -euo pipefail
source=$(cd "$(dirname "$0")/../.." && pwd)
[ "$(id -u)" -eq 0 ] || {
    echo "build.sh: this needs root" >&2
    exit 2
}
for tool in debootstrap dockerd docker git jq; do
    command -v "$tool" >/dev/null || {
        echo "build.sh: this needs $tool" >&2
        exit 2
    }
done
place=$(mktemp -d)
export DOCKER_HOST=unix://$place/docker.sock
engine=

ok()
{
    printf 'ok    %s\n' "$*"
}

fail()
{
    printf 'FAIL  %s\n' "$*" >&2
    exit 1
}

if docker compose version >/dev/null 2>&1; then
    compose=(docker compose)
else
    compose=(docker-compose)
fi
docker buildx version >/dev/null 2>&1 || export DOCKER_BUILDKIT=0

cluster()
{
    "${compose[@]}" -p rehearsal -f "$place/source/docker/compose.yaml" "$@"
}

# at WHO COMMAND...: what is typed in WHO's container
at()
{
    local who=$1
    shift
    cluster exec -T "$who" moveup "$@" </dev/null
}

# quietly COMMAND...: its output only if it fails
quietly()
{
    "$@" >"$place/out" 2>&1 || {
        cat "$place/out" >&2
        fail "$*"
    }
}

# wait_for SECONDS WHAT COMMAND...
wait_for()
{
    local end=$((SECONDS + $1)) what=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$end" ] || fail "waited in vain for $what"
        sleep 0.2
    done
}

# start_engine [OPTION...]: in the network namespace of whoever calls
start_engine()
{
    ${within:-} dockerd --data-root "$place/data" --exec-root "$place/exec" \
        -p "$place/dockerd.pid" -H "$DOCKER_HOST" "$@" \
        >>"$place/engine.log" 2>&1 &
    engine=$!
    wait_for 60 "the engine" docker version
}

stop_engine()
{
    [ -n "$engine" ] || return 0
    kill "$engine" 2>/dev/null || true
    wait "$engine" 2>/dev/null || true
    engine=
    umount "$place/exec/netns/default" 2>/dev/null || true
}

undo()
{
    local code=$?
    trap - EXIT
    [ $code -eq 0 ] || cluster logs --no-color 2>&1 | tail -n 40 >&2 || true
    cluster down --volumes >/dev/null 2>&1 || true
    stop_engine
    rm -rf --one-file-system "$place"
    exit $code
}
trap undo EXIT

# What is committed, and a key that somebody has left lying about.
mkdir "$place/source"
(cd "$source" && git ls-files -z | tar --null -T - -c) |
    tar -x -C "$place/source"
mkdir "$place/source/cluster"
echo secret >"$place/source/cluster/authority.key"

start_engine --bridge none --iptables=false --ip-forward=false

quietly debootstrap --variant=minbase bookworm "$place/base"
rm -rf "$place"/base/var/cache/apt/*.bin "$place"/base/var/cache/apt/archives/*.deb
cat >"$place/base/etc/apt/sources.list" <<'TEXT'
deb http://deb.debian.org/debian bookworm main
deb http://deb.debian.org/debian bookworm-updates main
deb http://deb.debian.org/debian-security bookworm-security main
TEXT
tar -C "$place/base" -c . | docker import - debian:12-slim >/dev/null
rm -rf --one-file-system "$place/base"
ok "debian:12-slim is made from Debian's packages"

build()
{
    quietly docker build --network host -f "$place/source/docker/Dockerfile" \
        "$@" "$place/source"
}

build --target build -t moveup-build
docker run --rm --network none moveup-build sh -c \
    '! find / -xdev -name authority.key -o -path "/source/*CTF*" | grep .' ||
    fail "files reach the build that are none of its business"
build -t moveup
docker create --name look moveup >/dev/null
docker export look | tar -t >"$place/files"
docker rm look >/dev/null
if grep -v '^usr/share/doc/' "$place/files" |
    grep -E '^source|CTF|leavers|\.(c|h|o|a|key|p12|request|welcome|cms|db)$'
then
    fail "the image holds what is not for it"
fi
[ "$(grep -c '^usr/local/bin/.' "$place/files")" = 3 ] ||
    fail "the image has other programs than three"
[ "$(docker image inspect -f '{{.Config.User}}' moveup)" = moveup ] ||
    fail "the image runs as another user"
docker run --rm --network none moveup | grep -q '^usage: moveup' ||
    fail "the programs do not run in it"
more=$(($(docker image inspect -f '{{.Size}}' moveup) -
    $(docker image inspect -f '{{.Size}}' debian:12-slim)))
[ "$more" -le 40000000 ] || fail "the image adds $more bytes to its base"
ok "the image holds three programs and their libraries: $((more / 1000000)) MB more"

# Now without a network but its own, so that its bridges and rules end with it.
stop_engine
within="unshare --net" start_engine
quietly cluster up -d --no-build
everyone=(hub hillside fairfield northgate st-annes)

# state WHO FORMAT
state()
{
    docker inspect -f "$2" "$(cluster ps -q "$1")"
}

healthy()
{
    local who
    for who in "${everyone[@]}"; do
        [ "$(state "$who" '{{.State.Health.Status}}')" = healthy ] || return 1
    done
}
wait_for 60 "everybody to be healthy" healthy
ok "up: the hub and four schools are healthy"

for who in "${everyone[@]}"; do
    if cluster exec -T "$who" touch /x 2>/dev/null; then
        fail "$who can write to its image"
    fi
    [ "$(cluster exec -T "$who" cat /proc/1/status |
        awk '/^CapBnd|^NoNewPrivs|^Uid/ { printf "%s ", $2 }')" = \
        "999 0000000000000000 1 " ] || fail "$who has rights that it needs not"
    [ "$(cluster exec -T "$who" sh -c 'ls -d /cluster 2>/dev/null')" = "" ] ||
        fail "$who sees the folders of others"
done
ok "each runs without rights, on a read-only image, with its own folder alone"

# One child of the sample is held, so that import ends with 1.
at hillside leavers import /samples/8732001_CTF_8734500_001.xml --send \
    >"$place/out" || [ $? -eq 1 ] || fail "import"
quietly at hillside waitsync --timeout 60
[ "$(at northgate list --json | jq '.calls | length')" = 6 ] ||
    fail "not six families at Northgate"
at hillside backup /tmp/hillside.backup >/dev/null || fail "backup"
ok "records go from Hillside to Northgate"

began=$SECONDS
quietly cluster restart hub
[ $((SECONDS - began)) -lt 8 ] || fail "the hub had to be killed"
quietly at fairfield leavers import /samples/8732002_CTF_8734500_001.xml --send
quietly at fairfield waitsync --timeout 60
ok "the hub is restarted, and Fairfield's records arrive"

kill -9 "$(state hub '{{.State.Pid}}')"
again()
{
    [ "$(state hub '{{.RestartCount}} {{.State.Running}}')" = "1 true" ]
}
wait_for 30 "the hub to be started again" again
quietly at hillside leavers import /samples/8732001_CTF_8734501_001.xml --send
quietly at hillside waitsync --timeout 60
ok "a hub that is killed is started again"

before=$(at northgate list --json | jq -c '[.calls[].pupils[].upn] | sort')
began=$SECONDS
quietly cluster stop
[ $((SECONDS - began)) -lt 8 ] || fail "somebody had to be killed"
[ -z "$(docker ps -aq --filter label=com.docker.compose.project=rehearsal \
    --filter exited=137)" ] || fail "somebody was killed"
quietly cluster down
quietly cluster up -d --no-build
wait_for 60 "everybody to be healthy" healthy
[ "$(at northgate list --json | jq -c '[.calls[].pupils[].upn] | sort')" = \
    "$before" ] || fail "Northgate has other records than before"
at northgate peers >/dev/null
ok "down and up again: all stop at once and find what they had"

quietly cluster down --volumes
[ -z "$(docker ps -aq)$(docker volume ls -q)" ] || fail "something is left"
ok "down --volumes leaves nothing"
echo "all well"

#!/bin/sh
# Makes the demo cluster of compose.yaml once: authority, requests, welcomes.
# Each member's folder is a volume mounted under /cluster.  Docker gives them to
# root, so this starts as root, hands them over and goes on as moveup.
set -eu
cd /cluster
[ ! -e authority/ready ] || exit 0
if [ "$(id -u)" -eq 0 ]; then
    find . -mindepth 2 -delete # what a setup that was stopped has left
    chown moveup:moveup ./*
    chmod 0700 ./*
    exec setpriv --reuid=moveup --regid=moveup --init-groups "$0"
fi

work=$(mktemp -d)
moveup cluster init --dir authority/cluster --name "Demo cluster"
moveup enrol --state hub --hub tcp://hub:7700 --name "Demo hub" \
    -o "$work/hub.request"
school()
{
    moveup enrol --state "$1" --laestab "$2" --urn "$3" --name "$4" \
        --phase "$5" -o "$work/$1.request"
}
school hillside 8732001 100001 "Hillside Primary" primary
school fairfield 8732002 100002 "Fairfield Primary" primary
school northgate 8734500 100500 "Northgate Academy" secondary
school st-annes 8734501 100501 "St Anne's High" secondary
mkdir "$work/welcome"
moveup cluster enrol --dir authority/cluster "$work"/*.request \
    -o "$work/welcome/"
for who in hub hillside fairfield northgate st-annes; do
    moveup join --state "$who" "$work/welcome/$who.welcome"
done
touch authority/ready

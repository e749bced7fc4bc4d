#!/bin/sh
# Makes the demo cluster of compose.yaml once: authority, requests, welcomes.
# Each member's folder is a volume mounted under /cluster.
set -eu
cd /cluster
[ ! -e authority/authority.crt ] || exit 0
moveup cluster init --dir authority --name "Demo cluster"
moveup enrol --state hub --hub tcp://hub:7700 --name "Demo hub" -o hub.request
school()
{
    moveup enrol --state "$1" --laestab "$2" --urn "$3" --name "$4" \
        --phase "$5" -o "$1.request"
}
school hillside 8732001 100001 "Hillside Primary" primary
school fairfield 8732002 100002 "Fairfield Primary" primary
school northgate 8734500 100500 "Northgate Academy" secondary
school st-annes 8734501 100501 "St Anne's High" secondary
mkdir -p welcome
moveup cluster enrol --dir authority ./*.request -o welcome/
for who in hub hillside fairfield northgate st-annes; do
    moveup join --state "$who" "welcome/$who.welcome"
done

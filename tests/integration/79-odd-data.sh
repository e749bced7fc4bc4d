#!/usr/bin/env bash
# What one school sends, however odd, keeps no other school's mail from coming.
. "$(dirname "$0")/lib.sh"

cluster 2 1 1
start h1 p1 p2 s1

file=$place/8732001_CTF_8734500_001.xml
ctf "$file" 8732001 8734500 1 1
exits 0 mu p1 leavers import "$file"
exits 0 mu p1 leavers send --all
exits 0 mu p1 waitsync --timeout 30

# A later export with an address of 80 pictures, which are 320 bytes.
long=$(printf '🎈%.0s' {1..80})
later=$place/8732001_CTF_8734500_002.xml
ctf "$later" 8732001 8734500 1 1 11
sed -i "s/<Email>Philomena.*@/<Email>$long@/" "$later"
exits 0 mu p1 leavers import "$later"
mu p1 leavers list --json | json '.leavers | length == 1'
exits 0 mu p1 leavers send --all
exits 0 mu p1 waitsync --timeout 30
came()
{
    mu s1 card "$(mu s1 list --json | jq -r '.calls[0].case')" --json |
        json '[.case.contacts[].points[].value] |
            any(contains("900501")) and all(. != "")'
}
wait_for 20 "the new number at the secondary" came
ok "an address that is far too long is kept as it came, and is nothing to write to"

file=$place/8732002_CTF_8734500_001.xml
ctf "$file" 8732002 8734500 2 1
exits 0 mu p2 leavers import "$file"
exits 0 mu p2 leavers send --all
exits 0 mu p2 waitsync --timeout 30
exits 0 applied p2 1
ok "the next school's records come"

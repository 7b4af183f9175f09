#!/bin/sh
# Snapshots with real file systems, through bin/cairn: btrfs on a loop device, ext4 by a pair of scripts such as users have
# for LVM (its tools are stood in for: most kernels of build machines have no device mapper), killed runs and signals.
# Needs root, in a mount namespace of its own; elsewhere it says so and is skipped.
# Commands in single quotes are for the shells that are run.
# shellcheck disable=SC2016
set -eu

# shellcheck source=packaging/tests/harness
. "$(dirname -- "$0")/harness"
if [ "${1:-}" != inside ]; then
    if ! unshare -m true 2>/dev/null || ! has mkfs.btrfs; then
        skip 'root and btrfs-progs'
    fi
    exec unshare -m --propagation private "$0" inside
fi
child=''
cleanup() {
    [ -z "$child" ] || kill "$child" 2>/dev/null || :
    umount "/mnt/volume" 2>/dev/null || :
}
enter "$(mktemp -d)"
choose_cairn
mkdir bin

mount -t tmpfs none /run
# folders above what is saved that nobody writes to: their times are part of the tree
mount -t tmpfs none /mnt
mkdir /mnt/volume
export XDG_STATE_HOME="$work/state" CAIRN_AOT=off LC_ALL=C.UTF-8
truncate -s 200M "$work/image"
mkfs.btrfs -q "$work/image" >/dev/null
mount -o loop "$work/image" "/mnt/volume" || skip 'a kernel with btrfs and loop devices'
btrfs subvolume create "/mnt/volume/data" >/dev/null
mkdir "/mnt/volume/data/cache"
i=0
while [ $i -lt 50 ]; do
    echo "content $i" >"/mnt/volume/data/f$i"
    i=$((i + 1))
done
ln "/mnt/volume/data/f1" "/mnt/volume/data/linked"
echo old >"/mnt/volume/data/changing"
data=/mnt/volume/data
empty() {
    same "$1: snapshots" '' "$("$cairn" snapshot list)"
    same "$1: entries" data "$(ls -A "/mnt/volume")"
    same "$1: mounts" '' "$(ls -A /run/cairn/snapshots)"
}

until_settled "$data/changing"

live=$("$cairn" backup --json "$data")
first=$("$cairn" backup --json --snapshot btrfs,required "$data")
same 'tree id' "$(echo "$live" | field tree)" "$(echo "$first" | field tree)"
same 'base' "$(echo "$live" | field id)" "$(echo "$first" | field base)"
same 'bytes read' 0 "$(echo "$first" | field bytes_read)"
"$cairn" snapshot run "$data" -- sh -c '"$0" backup --json "$SNAPSHOT" >"$1"; echo new >"$2"; cat "$SNAPSHOT/changing" >"$3"' \
    "$cairn" "$work/second" "$data/changing" "$work/seen"
same 'tree id of a run' "$(echo "$live" | field tree)" "$(field tree <"$work/second")"
same 'bytes read by a run' 0 "$(field bytes_read <"$work/second")"
same 'what is frozen' old "$(cat "$work/seen")"
same 'what changed' new "$("$cairn" backup -q --snapshot auto,required "$data" && "$cairn" cat "latest:$data/changing")"
empty 'after backups'

status=0
"$cairn" snapshot run "$data" -- sh -c 'exit 7' || status=$?
same 'status of the command' 7 "$status"
status=0
"$cairn" snapshot run -q "$data" -- sh -c 'kill -9 $$' || status=$?
same 'a killed command' 137 "$status"
status=0
"$cairn" snapshot run "$data" -- "$work/no such command" 2>/dev/null || status=$?
same 'no such command' 127 "$status"
empty 'after failures'

started() {
    rm -f "$work/started"
    "$cairn" snapshot run "$data" -- sh -c 'echo $$ >"$0.new"; mv "$0.new" "$0"; exec sleep 1000' "$work/started" &
    run=$!
    until_true_beside $run [ -f "$work/started" ] || die 'the run ended early'
    child=$(cat "$work/started")
}
started
kill -TERM $run
status=0
wait $run || status=$?
same 'SIGTERM is passed on' 143 "$status"
empty 'after SIGTERM'
started
same 'while it runs' '' "$("$cairn" snapshot list --stale)"
if "$cairn" snapshot remove "$("$cairn" snapshot list --json | field id)" 2>/dev/null; then
    die 'what is in use was removed'
fi
kill -KILL $run
wait $run || :
"$cairn" snapshot list --stale | grep -q ' stale ' || die 'a killed run is not seen'
"$cairn" snapshot run "$data" -- true
empty 'after the next run'
kill "$child"
child=''

made=$("$cairn" snapshot create "$data")
id=$(echo "$made" | sed -n 's/^ID=//p')
same 'a snapshot that stays' 'content 3' "$(cat "$(echo "$made" | sed -n 's/^SNAPSHOT=//p')/f3")"
same 'it is no leftover' '' "$("$cairn" snapshot list --stale)"
"$cairn" snapshot remove "$id"
"$cairn" snapshot remove -q "$id"
empty 'after remove'

# A pair of scripts of a user, with tools that stand in for those of LVM.
cat >"$work/bin/lvcreate" <<END
#!/bin/sh
[ "\$1" = -s ] && cp -a "$work/ext" "$work/volume-\$3"
END
cat >"$work/bin/lsblk" <<END
#!/bin/sh
for v in "$work"/volume-*; do echo "\$v /mnt-of-\${v##*-}"; done
END
cat >"$work/bin/lvremove" <<END
#!/bin/sh
rm -r "\$2"
END
cat >"$work/create" <<END
#!/bin/sh
set -e
lvcreate -s -n "\$1" -L 1G vg/ext
mkdir -p "$work/snaps/\$1"
mount --bind "$work/volume-\$1" "$work/snaps/\$1"
mount -o remount,ro,bind "$work/snaps/\$1"
echo "Snapshot of \$2 for \$3"
echo "SNAPSHOT=$work/snaps/\$1"
END
cat >"$work/remove" <<END
#!/bin/sh
set -e
[ -e "\$2" ] || exit 0
volume=\$(lsblk -r | grep " /mnt-of-\$1\\$" | cut -d ' ' -f 1)
umount "\$2" || { sleep 1; umount "\$2"; }
rmdir "\$2"
lvremove -f "\$volume"
END
chmod +x "$work/bin"/* "$work/create" "$work/remove"
mkdir "$work/ext" "$work/ext/sub"
echo inside >"$work/ext/sub/file"
printf 'create_filesystem_snapshot=%s\nremove_filesystem_snapshot=%s\nvolumes_mounted_locally=0\n' "$work/create" "$work/remove" >"$work/snapshot.cfg"
PATH=$work/bin:$PATH
export PATH
"$cairn" snapshot run -v --method script --snapshot-config "$work/snapshot.cfg" /only/inside -- \
    sh -c '"$0" backup -q --name script "$SNAPSHOT"' "$cairn" 2>"$work/log"
grep -q 'Snapshot of /only/inside for inside' "$work/log" || die "the script's lines are not in the log"
same 'saved by script' inside "$("$cairn" cat script@latest:/only/inside/sub/file)"
"$cairn" backup -q --name script2 --snapshot script,required --snapshot-config "$work/snapshot.cfg" /only/inside
same 'saved by backup' inside "$("$cairn" cat script2@latest:/only/inside/sub/file)"
same 'mounts of the script' '' "$(ls "$work/snaps")"
[ -z "$(find "$work" -maxdepth 1 -name 'volume-*')" ] || die 'a volume was left'
same 'none' "$work/ext" "$("$cairn" snapshot run --method none "$work/ext" -- printenv SNAPSHOT)"
status=0
"$cairn" snapshot run --method script,required --snapshot-config /dev/null "$work/ext" -- true 2>/dev/null || status=$?
same 'no script' 1 "$status"
passed

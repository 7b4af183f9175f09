#!/bin/sh
# The examples of the README, run as they are written there: with /data on btrfs, a home folder, a disk below /mnt, a stick
# below /media, and a host called "host" behind a real sshd. All this is a root folder in memory that has the programs of
# this machine, in namespaces of its own. Needs root; elsewhere it says so and is skipped. The lines on PostgreSQL are
# run elsewhere, beside a server.
set -eu

# shellcheck source=packaging/tests/harness
. "$(dirname -- "$0")/harness"
if [ "${1:-}" != inside ]; then
    if ! unshare -m -n true 2>/dev/null || ! has mkfs.btrfs sshd jq; then
        skip 'root, btrfs-progs, openssh-server and jq'
    fi
    exec unshare -m -n --propagation private "$0" inside
fi
# shellcheck source=packaging/java.sh
. "$top/packaging/java.sh"
find_java || die "$jdk_error"
enter "$(mktemp -d)"
unpack
server=''
cleanup() {
    [ -z "$server" ] || { kill "$server" && wait "$server"; } || :
    cd /
    umount -R "$work/root" || :
}

# The root folder.
root=$work/root
mkdir "$root"
mount -t tmpfs none "$root"
cd "$root"
mkdir -p usr opt/cairn opt/jdk proc dev sys run/sshd tmp var/tmp root srv mnt/disk media/usb data home/me/letters home/me/notes etc/ssh
chmod 1777 tmp var/tmp
for link in bin sbin lib lib32 lib64 libx32; do
    [ ! -L "/$link" ] || cp -a "/$link" "$link"
done
mount --rbind /usr usr
mount --rbind /dev dev
mount --rbind /sys sys
mount -t proc none proc
mv "$dist"/* opt/cairn/
# shellcheck disable=SC2154 # set by find_java
mount --bind "$jdk" opt/jdk
cp -a /etc/ld.so.cache /etc/ld.so.conf /etc/alternatives etc/ 2>/dev/null || :
echo "/dev/root / tmpfs rw 0 0" >etc/fstab
printf 'root:x:0:0::/home/me:/bin/sh\nsshd:x:100:65534::/run/sshd:/bin/false\n' >etc/passwd
printf 'root:x:0:\nnogroup:x:65534:\n' >etc/group
echo 'passwd: files' >etc/nsswitch.conf
echo '127.0.0.1 localhost host' >etc/hosts

# What is saved.
truncate -s 200M "$work/image"
mkfs.btrfs -q "$work/image" >/dev/null
mount -o loop "$work/image" mnt || skip 'a kernel with btrfs and loop devices'
btrfs subvolume create mnt/data >/dev/null
umount mnt
mount -o loop,subvol=data "$work/image" data
mkdir -p data/cache data/kept
echo kept >data/kept/file
echo cached >data/cache/file
truncate -s 2G data/kept/large
echo 'dear sir' >home/me/letters/offer.txt
echo note >home/me/notes/note

# The host.
ip link set lo up
ssh-keygen -q -t ed25519 -N '' -f etc/ssh/hostkey
mkdir -m 700 home/me/.ssh
ssh-keygen -q -t ed25519 -N '' -f home/me/.ssh/id_ed25519
cp home/me/.ssh/id_ed25519.pub etc/ssh/authorized
cat >etc/ssh/sshd_config <<END
ListenAddress 127.0.0.1
HostKey /etc/ssh/hostkey
AuthorizedKeysFile /etc/ssh/authorized
PidFile none
UsePAM no
StrictModes no
PermitRootLogin prohibit-password
SetEnv PATH=/opt/cairn/bin:/usr/bin:/bin CAIRN_PASSWORD=secret CAIRN_JAVA_HOME=/opt/jdk CAIRN_AOT=off
END
echo "host $(cut -d' ' -f1,2 etc/ssh/hostkey.pub)" >home/me/.ssh/known_hosts
chroot . /usr/sbin/sshd -D -e -f /etc/ssh/sshd_config 2>"$work/sshd.log" &
server=$!
until_true_beside "$server" grep -q 'Server listening' "$work/sshd.log" || die "sshd does not start: $(cat "$work/sshd.log")"

# The examples: a shell for each block, as each stands for itself.
mkdir tmp/blocks
awk -v folder="$root/tmp/blocks" '
    /^## / { examples = /Examples/ }
    examples && /^    / && !/pg_|psql/ {
        if (!inside) {
            close(block)
            block = sprintf("%s/%02d", folder, ++blocks)
            print "set -eu" >block
        }
        print substr($0, 5) >block
    }
    { inside = /^    / }' "$top/README.md"
[ "$(find tmp/blocks -type f | wc -l)" -ge 12 ] || die "the README has hardly any examples: $(ls tmp/blocks)"

inside() {
    # shellcheck disable=SC2016 # expanded by the inner shell
    env -i HOME=/home/me PATH=/opt/cairn/bin:/usr/sbin:/usr/bin:/sbin:/bin CAIRN_JAVA_HOME=/opt/jdk CAIRN_AOT=off CAIRN_PASSWORD=secret \
        CAIRN_TO_PASSWORD=secret LC_ALL=C.UTF-8 chroot . sh -c 'cd; . "$1"' sh "$1" >"$work/out" 2>"$work/err" </dev/null
}
cat >tmp/before <<'END'
cairn init -q -r /srv/repo
cairn init -q -r /media/usb/backups
cairn backup -q .
END
inside /tmp/before || die "before the examples: $(cat "$work/err")"
for block in tmp/blocks/*; do
    sed 1d "$block"
    inside "/$block" || die "status $?: $(cat "$work/err")"
done

# What the lines have brought about.
same 'restored letter' 'dear sir' "$(cat tmp/letters/offer.txt)"
same 'restored from the host' note "$(cat tmp/notes/note)"
echo 'cairn ls -R -r /srv/repo latest:/data' >tmp/after
inside /tmp/after || die "$(cat "$work/err")"
same 'sent from a snapshot, without what is in caches' 'cache
kept
kept/file
kept/large' "$(cat "$work/out")"
same 'snapshots left' '' "$(ls run/cairn/snapshots 2>/dev/null)"
passed

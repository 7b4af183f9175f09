#!/bin/sh
# Snapshots of LVM with the real lvm2, in a virtual machine under emulation since most kernels of build machines have no
# device mapper: guest/lvm holds the tests. Needs target/dist of a finished mvn package, root and some packages of
# Debian; elsewhere it says so and is skipped.
# Arguments: names of tests to run alone.
set -eu

# shellcheck source=packaging/tests/harness
. "$(dirname -- "$0")/../harness"
if [ "$(id -u)" != 0 ] || ! has qemu-system-x86_64 busybox lvcreate thin_check mkfs.xfs mkfs.btrfs udevadm; then
    skip 'root, qemu-system-x86, busybox-static, lvm2, thin-provisioning-tools, xfsprogs, btrfs-progs and udev'
fi
# shellcheck source=packaging/java.sh
. "$top/packaging/java.sh"
find_java || die "$jdk_error"
enter_new test-lvm
choose_cairn
"$jdk/bin/javac" -d classes -cp "$dist/lib/cairn.jar" "$top/packaging/tests/guest/Cairns.java"
"$top/packaging/tests/guest/boot" -d 1G "$top/packaging/tests/guest/lvm" "$dist" "$work/classes" "$jdk" "$@" || {
    status=$?
    [ "$status" != 99 ] || skip 'a virtual machine'
    die "status $status"
}
passed

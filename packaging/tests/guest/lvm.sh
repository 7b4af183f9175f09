#!/bin/sh
# Snapshots of LVM with the real lvm2, in a virtual machine under emulation since most kernels of build machines have no
# device mapper: guest/lvm holds the tests. Needs target/dist of a finished mvn package, root and some packages of
# Debian; elsewhere it says so and is skipped.
# Arguments: names of tests to run alone.
set -eu

top=$(CDPATH='' cd -P -- "$(dirname -- "$0")/../../.." && pwd -P)
cd "$top"
PATH=$PATH:/usr/sbin:/sbin
for tool in qemu-system-x86_64 busybox lvcreate thin_check mkfs.xfs udevadm; do
    if [ "$(id -u)" != 0 ] || ! command -v "$tool" >/dev/null; then
        echo "lvm.sh: skipped, it needs root and '$tool'"
        exit 0
    fi
done
. packaging/java.sh
find_java || {
    echo "lvm.sh: FAILED: $jdk_error" >&2
    exit 1
}
classes=$(mktemp -d)
trap 'rm -rf "$classes"' EXIT
"$jdk/bin/javac" -d "$classes" -cp target/dist/lib/cairn.jar packaging/tests/guest/Cairns.java
status=0
packaging/tests/guest/boot -d 1G packaging/tests/guest/lvm "$top/target/dist" "$classes" "$jdk" "$@" || status=$?
[ "$status" = 0 ] || {
    if [ "$status" = 99 ]; then
        echo 'lvm.sh: skipped, there is no virtual machine'
        exit 0
    fi
    echo "lvm.sh: FAILED with status $status" >&2
    exit 1
}
echo 'lvm.sh: passed'

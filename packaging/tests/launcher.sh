#!/bin/sh
# The launcher and the packed distribution, as users meet them: unpacked anywhere, called through links, with and without
# a home folder, with hostile mounts; and the build from a clone. Needs target/ of a finished mvn package.
# Prints "ok" or "not ok" per test; exit status 0 if all are ok. Arguments: names of tests to run alone.
# shellcheck disable=SC2015,SC2016,SC2317 # fail is for both sides of A && B; inner shells expand; tests are called by name
set -u

# shellcheck source=packaging/tests/harness
. "$(dirname -- "$0")/harness"
unset JAVA_HOME JAVA_TOOL_OPTIONS _JAVA_OPTIONS JDK_JAVA_OPTIONS
# shellcheck source=packaging/java.sh
. "$top/packaging/java.sh"
find_java || die "$jdk_error"
real_jdk=$jdk
export CAIRN_JAVA_HOME="$real_jdk"
real_home=$HOME
# Not below /tmp: some tests take that away.
enter_new test-launcher
homes=0
homes_in=$work

unpack
version=$(CAIRN_AOT=off "$dist/bin/cairn" --version) || exit 1

# A java that only writes down how it was called: its arguments end with a zero byte each.
fake=$work/fake-jdk
mkdir -p "$fake/bin"
cp "$real_jdk/release" "$fake/release"
cat >"$fake/bin/java" <<'FAKE'
#!/bin/sh
printf '%s\0' "$@" >"$FAKE_OUT"
echo "$$ $(ulimit -S -c)" >"$FAKE_OUT.process"
exit "${FAKE_STATUS:-0}"
FAKE
chmod +x "$fake/bin/java"
export FAKE_OUT="$work/fake.out"

# The command ended well, and printed the version and nothing else.
prints_version() {
    run "$@"
    [ "$status" = 0 ] || fail "status $status from $*: $(cat "$work/err")" || return
    [ "$(cat "$work/out")" = "$version" ] || fail "not the version: '$(cat "$work/out")'" || return
    [ ! -s "$work/err" ] || fail "on stderr: $(cat "$work/err")"
}

# Does a start of the distribution $1 get an AOT cache?
with_aot() {
    CAIRN_JAVA_HOME=$fake "$1/bin/cairn" --version && tr '\0' '\n' <"$FAKE_OUT" | grep -q '^-XX:AOTCache='
}

# A new folder each time: the AOT training that an earlier test began may still be writing into its own.
fresh_home() {
    homes=$((homes + 1))
    HOME=$homes_in/home$homes
    mkdir "$HOME"
}

runs_from_anywhere() {
    for place in plain 'with  blanks' 'col:on' 'ümlaut' "quo'te\"\$(x)" '-dash'; do
        rm -rf "./$place"
        cp -a "$dist" "./$place" || return
        CAIRN_AOT=off prints_version "./$place/bin/cairn" --version || return
        CAIRN_AOT=off LC_ALL=C prints_version "./$place/bin/cairn" --version || return
        CAIRN_AOT='wait' prints_version "$work/$place/bin/cairn" --version || return
        rm -rf "./$place"
    done
}

refuses_a_folder_that_the_jvm_cannot_name() {
    place=$(printf 'bad\377name')
    cp -a "$dist" "$place" || return
    run "$place/bin/cairn" --version
    rm -rf "$place"
    [ "$status" = 1 ] && grep -q '^cairn: .*UTF-8' "$work/err" || fail "status $status: $(cat "$work/err")"
}

runs_through_symlinks() {
    mkdir -p links/deep
    ln -sf "$dist/bin/cairn" links/absolute
    ln -sf ../absolute links/deep/relative
    ln -sfn "$dist/bin" links/folder
    for link in links/absolute links/deep/relative links/folder/cairn; do
        prints_version "$link" --version || return
    done
    PATH=$work/links:$PATH prints_version absolute --version || return
    (cd links && prints_version sh deep/relative --version) || return
    (cd links/deep && prints_version sh relative --version)
}

silences_the_options_of_others() {
    JAVA_TOOL_OPTIONS=-Dx=y _JAVA_OPTIONS=-Dx=y JDK_JAVA_OPTIONS=-Dx=y prints_version "$dist/bin/cairn" --version
}

passes_arguments_as_raw_bytes() {
    bad=$(printf 'b\377d')
    newline=$(printf 'a\nb')
    set -- backup '' "$bad" "$newline" '@file' '*' '-Dx=y' 'a  b' "'\"\\"
    CAIRN_AOT=off LC_ALL=C CAIRN_JAVA_HOME=$fake "$dist/bin/cairn" "$@" || return
    printf '%s\0' cairn.cli.Main "$@" >expected
    tail -c "$(wc -c <expected)" "$FAKE_OUT" | cmp - expected || fail 'arguments changed on the way'
}

becomes_the_jvm() {
    CAIRN_AOT=off CAIRN_JAVA_HOME=$fake FAKE_STATUS=42 "$dist/bin/cairn" --version &
    wait $!
    status=$?
    read -r pid core <"$FAKE_OUT.process"
    [ "$status" = 42 ] || fail "status $status" || return
    [ "$pid" = $! ] || fail "process $pid, not $!" || return
    [ "$core" = 0 ] || fail "core files of size $core allowed"
}

# The ELF header says for which machine a library is: byte 18 is 62 for amd64, 183 for aarch64.
has_native_libraries_for_both_platforms() {
    for platform in amd64:62 aarch64:183; do
        library=$dist/lib/native/linux-${platform%:*}/libzstd-jni.so
        machine=$(od -An -tu1 -j18 -N1 "$library" | tr -d ' ')
        [ "$machine" = "${platform#*:}" ] || fail "$library is for machine $machine" || return
        mkdir -p "jdk-${platform%:*}/bin"
        cp "$fake/bin/java" "jdk-${platform%:*}/bin"
    done
    sed 's/^OS_ARCH=.*/OS_ARCH="aarch64"/' "$real_jdk/release" >jdk-aarch64/release
    sed 's/^OS_ARCH=.*/OS_ARCH="x86_64"/' "$real_jdk/release" >jdk-amd64/release
    for platform in amd64 aarch64; do
        CAIRN_AOT=off CAIRN_JAVA_HOME=$work/jdk-$platform "$dist/bin/cairn" --version || return
        tr '\0' '\n' <"$FAKE_OUT" | grep -qx -- "-DZstdNativePath=$dist/lib/native/linux-$platform/libzstd-jni.so" ||
            fail "$platform gets another library" || return
    done
    sed 's/^OS_ARCH=.*/OS_ARCH="riscv64"/' "$real_jdk/release" >jdk-amd64/release
    CAIRN_JAVA_HOME=$work/jdk-amd64 run "$dist/bin/cairn" --version
    [ "$status" = 1 ] && grep -q '^cairn: this machine (riscv64) is not supported' "$work/err" || fail "$(cat "$work/err")"
}

# Otherwise it ends with status 1 and no word.
lets_the_jvm_say_that_memory_is_short() {
    CAIRN_AOT=off CAIRN_JAVA_HOME=$fake "$dist/bin/cairn" --version || return
    tr '\0' '\n' <"$FAKE_OUT" | grep -qx -- -XX:-DisplayVMOutput || fail 'the JVM may always speak: there is nothing to test' || return
    echo 2 >never
    for limit in 'ulimit -v 50000000' 'mount --bind never /proc/sys/vm/overcommit_memory'; do
        CAIRN_AOT=off CAIRN_JAVA_HOME=$fake unshare -rm sh -c "$limit"' && exec "$@"' sh "$dist/bin/cairn" --version || return
        ! tr '\0' '\n' <"$FAKE_OUT" | grep -x -- -XX:-DisplayVMOutput || fail "with $limit the JVM is silent" || return
    done
}

ships_no_signature() {
    ! unzip -l "$dist/lib/bcprov.jar" | grep -E 'META-INF/[^/]*\.(SF|DSA|RSA|EC)$' || fail 'BouncyCastle is signed'
}

names_a_wrong_java_home() {
    old=$work/old-jdk
    mkdir -p "$old/bin"
    echo 'JAVA_VERSION="17.0.15"' >"$old/release"
    printf '#!/bin/sh\ntouch %s/was-run\n' "'$work'" >"$old/bin/java"
    chmod +x "$old/bin/java"
    CAIRN_JAVA_HOME=$old run "$dist/bin/cairn" --version
    [ "$status" = 1 ] && grep -q "^cairn: CAIRN_JAVA_HOME .*$old" "$work/err" || fail "$(cat "$work/err")" || return
    # An old JAVA_HOME is common and no error: the next candidate is taken.
    CAIRN_JAVA_HOME='' JAVA_HOME=$old PATH=$real_jdk/bin:$PATH prints_version "$dist/bin/cairn" --version || return
    [ ! -e "$work/was-run" ] || fail 'the old java was run'
}

says_that_no_jdk_is_there() {
    run unshare -rm sh -c '
        for folder in /usr/lib/jvm /usr/java /usr/local /opt /snap; do
            [ ! -d "$folder" ] || mount -t tmpfs none "$folder" || exit 99
        done
        exec "$@"' sh env -i HOME="$HOME" PATH=/usr/bin:/bin "$dist/bin/cairn" --version
    [ "$status" = 1 ] && grep -q '^cairn: no JDK 25 or newer found' "$work/err" || fail "status $status: $(cat "$work/err")"
}

runs_without_a_home() {
    for home in /proc /dev/null /nonexistent/folder; do
        HOME=$home prints_version "$dist/bin/cairn" --version || return
        [ ! -e /nonexistent ] || fail 'a home was made' || return
    done
    prints_version env -u HOME "$dist/bin/cairn" --version || return
    prints_version env -i CAIRN_JAVA_HOME="$real_jdk" "$dist/bin/cairn" --version || return
    fresh_home
    prints_version unshare -rm sh -c 'mount --bind "$HOME" "$HOME" && mount -o remount,ro,bind "$HOME" && exec "$@"' \
        sh "$dist/bin/cairn" --version || return
    [ -z "$(ls -A "$HOME")" ] || fail 'something was written to the home folder'
}

needs_no_tmp() {
    # What lies below /tmp is hidden once something is mounted there.
    outside=''
    place=$dist
    case $work in
    /tmp/*)
        outside=$(mktemp -d /var/tmp/cairn-test.XXXXXX) || return
        cp -a "$dist" "$outside/cairn" && place=$outside/cairn
        homes_in=$outside
        ;;
    esac
    needs_no_tmp_from "$place"
    result=$?
    homes_in=$work
    fresh_home
    [ -z "$outside" ] || rm -rf "$outside" 2>/dev/null
    return "$result"
}

needs_no_tmp_from() {
    fresh_home
    for options in noexec ro,noexec; do
        prints_version unshare -rm sh -c 'mount -t tmpfs -o "$0" none /tmp && exec "$@"' "$options" "$1/bin/cairn" --version || return
    done
    # With a backup the native library is loaded.
    fresh_home
    run unshare -rm sh -c 'mount -t tmpfs -o ro,noexec none /tmp && exec "$@"' sh "$1/bin/cairn" backup "$1/bin"
    [ "$status" = 0 ] || fail "status $status of a backup: $(cat "$work/err")" || return
    fresh_home
    run unshare -rm sh -c 'mount -t tmpfs none /tmp && CAIRN_AOT=wait "$@" && ls -A /tmp' sh "$1/bin/cairn" --version
    [ "$(cat "$work/out")" = "$version" ] || fail "left in /tmp: $(cat "$work/out")"
}

made_in() {
    find "$1" -name '*.aot' | grep -q .
}

makes_an_aot_cache_in_the_background() {
    fresh_home
    prints_version "$dist/bin/cairn" --version || return
    until_true made_in "$HOME/.cache/cairn/aot" || return
    with_aot "$dist" || fail 'the cache is not used' || return
    prints_version "$dist/bin/cairn" --version || return
    # The very call, but with a log of where each class came from.
    CAIRN_JAVA_HOME=$fake "$dist/bin/cairn" --version
    tr '\0' '\n' <"$FAKE_OUT" | sed 's/^-Xlog:disable$/-Xlog:class+load/' >call
    set --
    while IFS= read -r word; do set -- "$@" "$word"; done <call
    "$real_jdk/bin/java" "$@" >"$work/out" 2>&1
    grep -q ' cairn.cli.Main source: shared objects file' "$work/out" || fail 'classes are not taken from the cache'
}

waits_for_the_cache_on_request() {
    fresh_home
    CAIRN_AOT='wait' prints_version "$dist/bin/cairn" --version || return
    with_aot "$dist" || fail 'no cache' || return
    [ "$(find "$HOME/.cache/cairn/aot" -type f | wc -l)" = 2 ] || fail "left behind: $(find "$HOME/.cache/cairn/aot")"
}

makes_no_cache_when_it_is_off() {
    fresh_home
    CAIRN_AOT=off prints_version "$dist/bin/cairn" --version || return
    CAIRN_JAVA_OPTS=-Dx=y prints_version "$dist/bin/cairn" --version || return
    [ ! -e "$HOME/.cache/cairn/aot" ] || fail 'a cache folder was made'
}

survives_three_first_runs_at_once() {
    fresh_home
    for i in 1 2 3; do
        CAIRN_AOT='wait' "$dist/bin/cairn" --version >"out.$i" 2>&1 &
    done
    wait
    for i in 1 2 3; do
        [ "$(cat "out.$i")" = "$version" ] || fail "run $i: $(cat "out.$i")" || return
    done
    [ "$(find "$HOME/.cache/cairn/aot" -name '*.aot' | wc -l)" = 1 ] || fail 'not one cache'
}

# A distribution of other code must not run on the first one's cache, whichever way it got to its place.
never_runs_old_code() {
    fresh_home
    rm -rf changing
    cp -a "$dist" changing
    CAIRN_AOT='wait' prints_version changing/bin/cairn --version || return
    with_aot changing || fail 'no cache' || return
    mkdir -p patch/cairn
    printf 'version=9.9.9\n' >patch/cairn/build.properties
    # The time of the jar stays, as in every build; only the stamp tells.
    (cd patch && touch -r ../changing/lib/cairn.jar ../time && zip -q -0 ../changing/lib/cairn.jar cairn/build.properties &&
        touch -r ../time ../changing/lib/cairn.jar) || return
    echo 0123456789abcdef >changing/lib/stamp
    for i in 1 2; do
        CAIRN_AOT='wait' run changing/bin/cairn --version
        [ "$(cat "$work/out")" = 'cairn 9.9.9' ] || fail "run $i gives '$(cat "$work/out")'" || return
    done
    # A copy that did not keep the time makes its cache anew rather than trust it.
    touch changing/lib/cairn.jar
    ! aot_without_making changing || fail 'a cache of another time was used' || return
    CAIRN_AOT='wait' run changing/bin/cairn --version
    with_aot changing || fail 'the cache was not made anew'
}

# As with_aot, but when there is none, none is made: the folder cannot be written.
aot_without_making() {
    unshare -rm sh -c 'mount --bind "$HOME" "$HOME" && mount -o remount,ro,bind "$HOME" && CAIRN_JAVA_HOME=$0 "$1/bin/cairn" --version' \
        "$fake" "$1" && tr '\0' '\n' <"$FAKE_OUT" | grep -q '^-XX:AOTCache='
}

# Whatever lies there instead of the cache: the command works, and nothing is said.
outlives_a_bad_cache() {
    fresh_home
    CAIRN_AOT='wait' prints_version "$dist/bin/cairn" --version || return
    cache=$(find "$HOME/.cache/cairn/aot" -name '*.aot')
    cp "$cache" good
    size=$(wc -c <good)
    for damage in empty garbage half head folder; do
        rm -rf "$cache"
        case $damage in
        empty) : >"$cache" ;;
        garbage) head -c "$size" /dev/urandom >"$cache" ;;
        half) head -c $((size / 2)) good >"$cache" ;;
        head) { head -c 4096 /dev/zero && tail -c +4097 good; } >"$cache" ;;
        folder) mkdir "$cache" ;;
        esac
        touch -r "$dist/lib/cairn.jar" "$cache"
        prints_version "$dist/bin/cairn" --version || fail "cache: $damage" || return
    done
    rm -rf "$cache"
}

keeps_five_caches() {
    fresh_home
    mkdir -p "$HOME/.cache/cairn/aot"
    for i in 1 2 3 4 5 6 7; do
        : >"$HOME/.cache/cairn/aot/old-$i.aot"
        touch -d "2020-01-0$i" "$HOME/.cache/cairn/aot/old-$i.aot"
    done
    CAIRN_AOT='wait' prints_version "$dist/bin/cairn" --version || return
    with_aot "$dist" || fail 'no cache' || return
    kept=$(cd "$HOME/.cache/cairn/aot" && echo old-*.aot)
    [ "$kept" = 'old-4.aot old-5.aot old-6.aot old-7.aot' ] || fail "kept $kept"
}

# A training that fails is not tried again at every start.
does_not_train_in_vain() {
    fresh_home
    rm -rf broken
    cp -a "$dist" broken
    zip -q -d broken/lib/cairn.jar 'cairn/cli/aot/*' || return
    CAIRN_AOT='wait' prints_version broken/bin/cairn --version || return
    failed=$(find "$HOME/.cache/cairn/aot" -name '*.failed')
    [ -n "$failed" ] || fail 'no note of the failure' || return
    touch -d '1 hour ago' "$failed"
    before=$(stat -c %Y "$failed")
    CAIRN_AOT='wait' prints_version broken/bin/cairn --version || return
    [ "$(stat -c %Y "$failed")" = "$before" ] || fail 'trained again within the hour' || return
    touch -d '2 days ago' "$failed"
    CAIRN_AOT='wait' prints_version broken/bin/cairn --version || return
    [ "$(stat -c %Y "$failed")" -gt "$before" ] || fail 'never trained again'
}

# What another user planted is not run: sudo may keep HOME.
trusts_only_its_own_cache() {
    [ "$(id -u)" = 0 ] || fail 'needs root' || return 77
    fresh_home
    CAIRN_AOT='wait' prints_version "$dist/bin/cairn" --version || return
    chown 12345 "$HOME"/.cache/cairn/aot/*.aot
    ! aot_without_making "$dist" || fail 'a cache of another user was used'
}

clone() {
    rm -rf clone
    mkdir clone
    tar -C "$top" --exclude=target --exclude=.git -cf - . | tar -C clone -xf -
    # Its dependencies are those that this build had.
    ln -sfn "$real_home/.m2" "$HOME/.m2"
}

# Words before a command that take from root the right to write where the mode forbids it.
unprivileged=''
[ "$(id -u)" != 0 ] || unprivileged='setpriv --bounding-set=-dac_override'

builds_in_a_clone() {
    fresh_home
    clone
    for i in 1 2; do
        CAIRN_AOT=off clone/bin/cairn --version >"out.$i" 2>"err.$i" &
    done
    wait
    for i in 1 2; do
        [ "$(cat "out.$i")" = "$version" ] || fail "run $i: $(cat "out.$i" "err.$i")" || return
    done
    [ "$(cat err.1 err.2)" = 'cairn: building from source (mvn package), once' ] || fail "on stderr: $(cat err.1 err.2)" || return
    CAIRN_AOT=off prints_version clone/bin/cairn --version || return
    CAIRN_AOT=off prints_version clone/target/dist/bin/cairn --version || return

    # With the AOT cache of the first build in place, a changed source is built and runs.
    CAIRN_AOT='wait' prints_version clone/bin/cairn --version || return
    sed -i 's/stores every byte once/CHANGED/' clone/lib-common/src/main/java/cairn/cli/TopHelp.java
    for i in 1 2; do
        CAIRN_AOT='wait' run clone/bin/cairn --help
        grep -q CHANGED "$work/out" || fail "run $i after the change: $(cat "$work/out" "$work/err")" || return
    done
    [ ! -s "$work/err" ] || fail "built twice: $(cat "$work/err")" || return

    # Somebody else's clone, which is not theirs to build in: root without the right to write everywhere.
    chmod a-w clone clone/target
    touch clone/pom.xml
    # shellcheck disable=SC2086 # words
    CAIRN_AOT=off run $unprivileged clone/bin/cairn --version
    [ "$status" = 0 ] && [ "$(cat "$work/out")" = "$version" ] || fail "status $status without a right to build: $(cat "$work/err")" || return
    grep -q 'is older than its sources, and this user may not build it' "$work/err" || fail "no warning: $(cat "$work/err")" || return
    chmod u+w clone/target
    mv clone/target/dist clone/target/moved
    chmod a-w clone/target
    # shellcheck disable=SC2086 # words
    run $unprivileged clone/bin/cairn --version
    [ "$status" = 1 ] && grep -q "^cairn: cannot build in '.*/target', which this user may not write" "$work/err" ||
        fail "status $status with nothing to run: $(cat "$work/err")" || return
    chmod u+w clone clone/target
    mv clone/target/moved clone/target/dist

    echo 'class' >>clone/lib-common/src/main/java/cairn/cli/TopHelp.java
    run clone/bin/cairn --version
    [ "$status" = 1 ] || fail "status $status of a failing build" || return
    [ ! -s "$work/out" ] || fail "on stdout: $(cat "$work/out")" || return
    grep -q 'ERROR.*TopHelp.java' "$work/err" || fail "no error of Maven: $(cat "$work/err")" || return
    tail -n 1 "$work/err" | grep -q '^cairn: the build failed' || fail 'it does not say that the build failed'
}

tests='runs_from_anywhere refuses_a_folder_that_the_jvm_cannot_name runs_through_symlinks silences_the_options_of_others
    passes_arguments_as_raw_bytes becomes_the_jvm has_native_libraries_for_both_platforms
    lets_the_jvm_say_that_memory_is_short ships_no_signature names_a_wrong_java_home says_that_no_jdk_is_there runs_without_a_home
    needs_no_tmp makes_an_aot_cache_in_the_background waits_for_the_cache_on_request makes_no_cache_when_it_is_off
    survives_three_first_runs_at_once never_runs_old_code outlives_a_bad_cache keeps_five_caches does_not_train_in_vain
    trusts_only_its_own_cache builds_in_a_clone'
run_tests "$tests" "$@"

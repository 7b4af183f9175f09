#!/bin/sh
# What a key of the role server, or no key, never gets at: real processes check, prune and meter a repository with planted
# names, attributes and content, or receive it sealed, and their memory, open files, output and caches are searched for these.
# The same search finds them where a full key restores, and where a plain stream is received. Needs target/ of a finished mvn package, and python3 that may trace its children.
# Prints "ok" or "not ok" per test; exit status 0 if all are ok. Arguments: names of tests to run alone.
# shellcheck disable=SC2015,SC2317 # fail is for both sides of A && B; tests are called by name
set -u

# shellcheck source=packaging/tests/harness
. "$(dirname -- "$0")/harness"
has python3 || skip python3
search=$top/packaging/tests/search-memory.py
enter_new test-secrets
mkdir tmp
export TMPDIR="$work/tmp" CAIRN_AOT=off

printf 'needle\n' >one
run python3 "$search" one report true
[ "$status" != 125 ] || skip "a tracer: $(cat err)"
choose_cairn

# Drawn anew for each run, and known to no process that is searched.
marker=cairnsecret
token() {
    printf '%s%s%s' $marker "$1" "$(od -An -N9 -tx1 /dev/urandom | tr -d ' \n')"
}
folder=$(token folder) file=$(token file) xattr=$(token value) small=$(token small) large=$(token large)
link=$(token target) tag=$(token tag) name=$(token backup) host=$(token host)
printf '%s\n' "$folder" "$file" "$xattr" "$small" "$large" "$link" "$tag" "$name" "$host" >needles

# searched COMMAND...: runs it under the search, which leaves what it found in report.
searched() {
    run python3 "$search" needles report "$@"
}

# nothing WANTED COMMAND...: it ends with the status WANTED and nothing planted is found in it, or in what it printed and left.
nothing() {
    wanted=$1
    shift
    rm -rf home/.cache home/.local tmp
    mkdir tmp
    searched "$@"
    [ "$status" = "$wanted" ] || fail "status $status from $*: $(cat err)" || return
    grep -q '^searched [1-9]' report || fail "no search: $(cat report)" || return
    ! grep -q '^found' report || fail "$* knows $(cat report)" || return
    ! grep -raqFf needles out err home tmp || fail "$* prints or leaves $(grep -raoFf needles out err home tmp)"
}

fill() {
    mkdir -p "source/$folder" keys
    printf '%s\n' "$small" >"source/$folder/$file"
    # does not compress, so that the secret stands in it as it is
    { printf '%s\n' "$large"; head -c 300000 /dev/urandom; printf '%s\n' "$large"; } >"source/$folder/big-$file"
    ln -s "$link" "source/$folder/link"
    planted_xattr=
    setfattr -n user.secret -v "$xattr" "source/$folder/$file" 2>/dev/null && planted_xattr=$xattr
    "$cairn" -r repo --key-file keys/owner -q init 2>err || fail "init: $(cat err)" || return
    "$cairn" -r repo --key-file keys/owner -q key add --role write --client-key keys/client client >out &&
        "$cairn" -r repo --key-file keys/owner -q key add --role server --new-key-file keys/server server >out || fail 'key add' || return
    for size in 50001 50002 50003; do
        head -c $size /dev/urandom >"source/$folder/changing"
        "$cairn" -r repo --key-file keys/client -q backup --host "$host" --name "$name" --tag "$tag" source || fail 'backup' || return
    done
}

# all_is_found_in RUN: all that was planted is in the memory of what the function RUN puts under the search. A garbage
# collection may have cleared some of it away before a search was due, so it may be run a few times.
all_is_found_in() {
    for _ in 1 2 3 4 5; do
        "$1" || return
        missing=''
        # shellcheck disable=SC2086 # words; a file system without attributes has none to plant
        for needle in "$folder" "$file" "$small" "$large" "$link" "$tag" "$host" $planted_xattr; do
            grep -q "^found $needle" report || missing="$missing $needle"
        done
        [ -n "$missing" ] || return 0
    done
    fail "not found:$missing, but $(cat report)"
}

a_restore() {
    rm -rf restored
    searched "$cairn" -r repo --key-file keys/owner restore "$name@latest" --target restored
    [ "$status" = 0 ] || fail "status $status: $(cat err)"
}
a_restore_shows_that_the_search_finds_what_is_there() {
    all_is_found_in a_restore
}

a_server_key_gets_at_nothing() {
    set -- "$cairn" -r repo --key-file keys/server
    nothing 0 "$@" verify && nothing 0 "$@" verify --read-data && nothing 0 "$@" stats && nothing 0 "$@" --json stats &&
        nothing 0 "$@" forget --keep-last 1 && nothing 0 "$@" prune --grace 0 --max-unused 0 && nothing 0 "$@" verify --read-data
}

a_server_key_is_refused_what_it_must_not_know() {
    set -- "$cairn" -r repo --key-file keys/server
    for command in 'list' 'ls latest' 'cat latest:/x' 'restore latest --target none' 'find x' 'versions /x' 'sums latest' 'export latest'; do
        # shellcheck disable=SC2086 # words
        nothing 11 "$@" $command || return
    done
}

without_a_key_nothing_is_got_at() {
    set -- "$cairn" -r repo
    nothing 0 "$@" verify --read-data && nothing 0 "$@" stats && nothing 0 "$@" forget -n --keep-last 1 && nothing 0 "$@" prune -n
}

what_was_pruned_can_still_be_restored() {
    rm -rf restored
    "$cairn" -r repo --key-file keys/owner -q restore "$name@latest" --target restored || fail 'restore' || return
    cmp "source/$folder/big-$file" "restored/$work/source/$folder/big-$file"
}

# A machine of its own that receives: nothing of the sender's home is there.
at_receiver() {
    env HOME="$work/receiver" TMPDIR="$work/receiver/tmp" python3 "$search" needles report "$@"
}

# received_nothing STATUS: what at_receiver did ended well, and neither it nor what it left knows anything planted.
received_nothing() {
    [ "$1" = 0 ] || fail "status $1: $(cat err)" || return
    grep -q '^searched [1-9]' report || fail "no search: $(cat report)" || return
    ! grep -q '^found' report || fail "the receiver knows $(cat report)" || return
    ! grep -raqFf needles out receiver || fail "the receiver leaves $(grep -raoFf needles out receiver)"
}

# a_receiver REPO: an empty repository there, with the keys of its owner and of a client here.
a_receiver() {
    rm -rf receiver "keys/owner-$1" "keys/client-$1" && mkdir -p receiver/tmp
    "$cairn" -r "receiver/$1" --key-file "keys/owner-$1" -q init 2>err &&
        "$cairn" -r "receiver/$1" --key-file "keys/owner-$1" -q key add --role write --client-key "keys/client-$1" client >out || fail "init: $(cat err)"
}

a_sealed_stream_tells_its_receiver_nothing() {
    a_receiver sealed || return
    "$cairn" send --key-file keys/client-sealed --host "$host" --name "$name" --tag "$tag" source >stream 2>err || fail "send: $(cat err)" || return
    at_receiver "$cairn" -r receiver/sealed receive <stream >out 2>err
    received_nothing $? || return
    rm -rf restored
    "$cairn" -r receiver/sealed --key-file keys/owner-sealed -q restore "$name@latest" --target restored || fail 'restore' || return
    cmp "source/$folder/big-$file" "restored/$work/source/$folder/big-$file"
}

a_plain_receive() {
    a_receiver plain || return
    "$cairn" send --plain --host "$host" --name "$name" --tag "$tag" source >stream 2>err || fail "send: $(cat err)" || return
    at_receiver "$cairn" -r receiver/plain --key-file keys/owner-plain receive <stream >out 2>err || fail "receive: $(cat err)"
}
a_plain_stream_is_found_in_its_receiver() {
    all_is_found_in a_plain_receive
}

a_conversation_tells_the_server_nothing() {
    a_receiver talking || return
    server="env HOME='$work/receiver' TMPDIR='$work/receiver/tmp' python3 '$search' needles report '$cairn'"
    "$cairn" send --key-file keys/client-talking --host "$host" --name "$name" --tag "$tag" --to "$server receive --stdio -r receiver/talking" source >out 2>err
    received_nothing $? || return
    "$cairn" send --key-file keys/client-talking --host "$host" --name "$name" --tag "$tag" \
        --to "$server receive --stdio -r receiver/talking --client client --append-only" source >out 2>err
    received_nothing $? || return
    # the other way: it serves whoever reads
    cat >fake-ssh <<'SSH'
#!/bin/sh
while [ $# -gt 1 ]; do shift; done
exec sh -c "$1"
SSH
    chmod +x fake-ssh
    rm -rf restored
    "$cairn" -r "ssh://nowhere$work/receiver/talking" --ssh ./fake-ssh --remote-program "$server" --key-file keys/owner-talking restore "$name@latest" --target restored >/dev/null 2>err
    received_nothing $? || return
    cmp "source/$folder/big-$file" "restored/$work/source/$folder/big-$file"
}

fill || die 'the repository was not filled'
tests='a_restore_shows_that_the_search_finds_what_is_there without_a_key_nothing_is_got_at a_server_key_gets_at_nothing
    a_server_key_is_refused_what_it_must_not_know what_was_pruned_can_still_be_restored
    a_sealed_stream_tells_its_receiver_nothing a_plain_stream_is_found_in_its_receiver a_conversation_tells_the_server_nothing'
run_tests "$tests" "$@"

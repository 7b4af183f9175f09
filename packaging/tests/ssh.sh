#!/bin/sh
# Repositories behind a real sshd on the loopback: whole commands of the packed distribution, and what goes wrong on the
# way. Needs target/ of a finished mvn package and openssh-server; runs sshd as the current user, with keys of its own.
# Prints "ok" or "not ok" per test; exit status 0 if all are ok. Arguments: names of tests to run alone.
# shellcheck disable=SC2015,SC2317 # fail is for both sides of A && B; tests are called by name
set -u

# shellcheck source=packaging/tests/harness
. "$(dirname -- "$0")/harness"
has sshd ssh-keygen || skip openssh-server
sshd=$(command -v sshd)
enter_new test-ssh
mkdir ssh
export CAIRN_PASSWORD=secret CAIRN_AOT=off
choose_cairn

server=
cleanup() {
    [ -z "$server" ] || kill "$server" 2>/dev/null
}

for key in host me alice bob; do
    ssh-keygen -q -t ed25519 -N '' -C $key -f ssh/$key
done
{
    cat ssh/me.pub
    for name in alice bob; do
        echo "command=\"CAIRN_AOT=off $cairn receive --stdio -r $work/shared --client $name --append-only\",restrict $(cat ssh/$name.pub)"
    done
} >ssh/authorized
chmod 600 ssh/authorized
[ "$(id -u)" != 0 ] || mkdir -p /run/sshd

# A free port: sshd itself says whether it got it.
port=20922
while [ -z "$server" ] && [ $port -lt 20950 ]; do
    port=$((port + 1))
    cat >ssh/config <<CONFIG
Port $port
ListenAddress 127.0.0.1
HostKey $work/ssh/host
AuthorizedKeysFile $work/ssh/authorized
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
PermitRootLogin prohibit-password
LogLevel VERBOSE
CONFIG
    : >ssh/log
    "$sshd" -D -e -f "$work/ssh/config" 2>ssh/log &
    server=$!
    until_true_beside $server grep -q 'Server listening' ssh/log || {
        kill $server 2>/dev/null
        wait $server 2>/dev/null
        server=
    }
done
[ -n "$server" ] || die "sshd does not start: $(cat ssh/log)"
printf '[127.0.0.1]:%s %s\n' "$port" "$(cut -d' ' -f1,2 ssh/host.pub)" >ssh/known

as() {
    echo "ssh -F none -i $work/ssh/$1 -o IdentitiesOnly=yes -o BatchMode=yes -o UserKnownHostsFile=$work/ssh/known"
}
CAIRN_SSH=$(as me)
export CAIRN_SSH CAIRN_REMOTE_PROGRAM="CAIRN_AOT=off $cairn"
url=ssh://127.0.0.1:$port$work/repo
unquoted='ssh://127.0.0.1:'$port

mkdir -p 'src/notes/a b' src/big
printf 'one\n' >'src/notes/a b/one'
printf 'two\n' >"src/notes/it's two"
ln -s one 'src/notes/a b/link'
i=0
while [ $i -lt 20 ]; do
    head -c 200000 /dev/urandom >"src/big/$i"
    i=$((i + 1))
done

all_commands_work_over_ssh() {
    good "$cairn" init -q -r "$url" && good "$cairn" backup -q -r "$url" "$work/src" || return
    good "$cairn" -r "$url" list && grep -q . out || fail 'list shows nothing' || return
    good "$cairn" -r "$url" ls -R latest && grep -q "it's two" out || fail "ls: $(cat out)" || return
    good "$cairn" -r "$url" cat "latest:$work/src/notes/it's two" && [ "$(cat out)" = two ] || fail "cat: $(cat out)" || return
    rm -rf notes
    good "$cairn" -r "$url" restore "latest:$work/src/notes" --target "$work/notes" || return
    diff -r --no-dereference src/notes notes || return
    good "$cairn" -r "$url" find "it's*" && grep -q two out || fail "find: $(cat out)" || return
    good "$cairn" -r "$url" versions "$work/src/big/3" || return
    good "$cairn" -r "$url" stats || return
    good "$cairn" -r "$url" sums "latest:$work/src/big" || return
    (cd src/big && sha256sum --quiet -c "$work/out") || return
    good "$cairn" -r "$url" export "latest:$work/src" || return
    rm -rf untarred && mkdir untarred && tar -xf out -C untarred && diff -r --no-dereference src/big untarred/big || return
    printf 'three\n' >src/notes/three
    good "$cairn" backup -q -r "$url" "$work/src" || return
    good "$cairn" -r "$url" diff latest "$work/src" || return
    good "$cairn" -r "$url" key list || return
    good "$cairn" -r "$url" verify --read-data && grep -q 'no damage' out || fail "verify: $(cat out)" || return
    good "$cairn" -r "$url" forget -q --keep-last 1 && good "$cairn" -r "$url" prune -q --grace 0 || return
    good "$cairn" -r "$work/repo" verify --read-data || return
}

says_what_goes_wrong() {
    run "$cairn" -r "$unquoted$work/nothing" ls latest
    [ "$status" = 10 ] && grep -q 'no such repository' err || fail "no repository: $status $(cat err)" || return
    CAIRN_REMOTE_PROGRAM=no-cairn run "$cairn" -r "$url" ls latest
    [ "$status" = 1 ] && grep -q "no program 'no-cairn'" err || fail "no cairn there: $status $(cat err)" || return
    CAIRN_SSH="ssh -F none -i $work/ssh/me -o BatchMode=yes -o UserKnownHostsFile=/dev/null" run "$cairn" -r "$url" ls latest
    [ "$status" = 1 ] && grep -q 'Host key verification failed' err && grep -q 'ssh cannot reach' err || fail "unknown host: $status $(cat err)" || return
    CAIRN_SSH="$(as host)" run "$cairn" -r "$url" ls latest
    [ "$status" = 1 ] && grep -q 'Permission denied' err || fail "no key: $status $(cat err)" || return
    run "$cairn" -r ssh://127.0.0.1 ls latest
    [ "$status" = 2 ] || fail "no path: $status $(cat err)" || return
    CAIRN_PASSWORD=wrong run "$cairn" -r "$url" ls latest
    [ "$status" = 12 ] || fail "wrong password: $status $(cat err)" || return
    run "$cairn" receive --stdio --client x -r "$work/repo"
    [ "$status" = 2 ] || fail "--client alone: $status $(cat err)"
}

a_client_adds_and_reads_its_own_only() {
    good "$cairn" init -q -r "$work/shared" || return
    for name in alice bob; do
        CAIRN_NEW_PASSWORD=secret-$name good "$cairn" key add "$name" --role full -r "$work/shared" || return
    done
    for name in alice bob; do
        mkdir -p "of-$name"
        printf '%s\n' "$name" >"of-$name/file"
        CAIRN_SSH=$(as "$name") CAIRN_PASSWORD=secret-$name good "$cairn" backup -q -r "$unquoted/anything" "$work/of-$name" || return
    done
    export CAIRN_PASSWORD=secret-bob
    CAIRN_SSH=$(as bob) good "$cairn" -r "$unquoted/x" list || return
    [ "$(wc -l <out)" -le 2 ] && ! grep -q of-alice out || fail "bob sees: $(cat out)" || return
    CAIRN_SSH=$(as bob) good "$cairn" -r "$unquoted/x" cat "latest:$work/of-bob/file" && [ "$(cat out)" = bob ] || fail "cat: $(cat out)" || return
    CAIRN_SSH=$(as bob) run "$cairn" -r "$unquoted/x" cat "latest:$work/of-alice/file"
    [ "$status" != 0 ] || fail 'bob reads what alice has' || return
    CAIRN_SSH=$(as bob) run "$cairn" -r "$unquoted/x" forget --keep-last 1 --host nobody
    CAIRN_SSH=$(as bob) run "$cairn" -r "$unquoted/x" prune --grace 0
    [ "$status" = 11 ] || fail "prune: $status $(cat err)" || return
    export CAIRN_PASSWORD=secret
    good "$cairn" -r "$work/shared" verify --read-data && good "$cairn" -r "$work/shared" list --json || return
    [ "$(wc -l <out)" = 2 ] || fail "the owner sees: $(cat out)"
}

sends_to_a_command() {
    good "$cairn" init -q -r "$work/sent" || return
    there="$CAIRN_SSH -p $port 127.0.0.1 $cairn receive --stdio -r $work/sent"
    good "$cairn" send -q --to "$there" "$work/src" || return
    printf 'four\n' >src/notes/four
    good "$cairn" send -v --to "$there" "$work/src" || return
    moved=$(sed -n 's/.*moved *\([0-9]*\).* \(B\|KiB\) in both directions.*/\1\2/p' err)
    case $moved in
    [0-9]*KiB) [ "${moved%KiB}" -lt 100 ] || fail "moved $moved" || return ;;
    *) fail "moved '$moved': $(cat err)" || return ;;
    esac
    run "$cairn" send --to "$there; exit 9" "$work/src"
    [ "$status" = 1 ] && grep -q 'status 9' err || fail "a command that fails: $status $(cat err)" || return
    good "$cairn" -r "$work/sent" verify --read-data
}

goes_on_after_a_connection_broke() {
    good "$cairn" init -q -r "$work/resumed" || return
    cat >flaky <<FLAKY
#!/bin/sh
if [ ! -e "$work/broken" ]; then
    : >"$work/broken"
    dd bs=64k count=30 2>/dev/null | "$cairn" receive --stdio -r "$work/resumed" 2>/dev/null
    exit 255
fi
exec "$cairn" receive --stdio -r "$work/resumed"
FLAKY
    chmod +x flaky
    run "$cairn" send --to "$work/flaky" "$work/src"
    [ "$status" = 1 ] && grep -q 'ended with status 255' err || fail "without --resume: $status $(cat err)" || return
    rm broken
    good "$cairn" send --resume --to "$work/flaky" "$work/src" && grep -q 'going on in 1 s' err || fail "no word of it: $(cat err)" || return
    good "$cairn" -r "$work/resumed" list --json && [ "$(wc -l <out)" = 1 ] || fail "list: $(cat out)" || return
    good "$cairn" -r "$work/resumed" verify --read-data
}

# at_work REPO: a session has begun there and has not ended.
at_work() {
    [ "$(find "$1/sessions" -name '*-0' | wc -l)" != "$(find "$1/sessions" -name '*-end' | wc -l)" ]
}

moves_no_faster_than_it_is_told() {
    good "$cairn" init -q -r "$work/slow" || return
    printf 'as fast as you like\n' >limit
    run "$cairn" -r "$unquoted$work/slow" backup -q --limit "@$work/limit" "$work/src"
    [ "$status" = 2 ] && grep -q 'wants bytes a second' err || fail "a file that says nothing: $status $(cat err)" || return
    run "$cairn" -r "$work/slow" backup -q --limit 1MiB/s "$work/src"
    [ "$status" = 2 ] && grep -q 'a folder here' err || fail "a folder: $status $(cat err)" || return
    printf '1KiB/s\n' >limit
    # 4 MB would take more than an hour: it ends because the limit is lifted while it runs
    begin "$cairn" -r "$unquoted$work/slow" backup -q --limit "@$work/limit" "$work/src"
    until_true at_work slow || fail "it does not begin: $(cat err)" || return
    [ -z "$(find slow/backups -type f 2>/dev/null)" ] || fail 'it is done already' || return
    printf '0\n' >limit
    ended
    [ "$status" = 0 ] || fail "status $status: $(cat err)" || return
    good "$cairn" -r "$unquoted$work/slow" --limit 100MiB/s cat "latest:$work/src/notes/it's two" || return
    [ "$(cat out)" = two ] || fail "cat: $(cat out)"
}

no_server_of() {
    ! pgrep -f "receive --stdio -r $work/$1" >/dev/null
}

ends_soon_and_leaves_nothing_behind() {
    [ -d sent ] || good "$cairn" init -q -r "$work/sent" || return
    mkdir -p more
    for i in 1 2 3 4 5 6 7 8; do
        head -c 500000 /dev/urandom >"more/$i"
    done
    printf '10KiB/s\n' >limit
    # a command in the background of a script ignores SIGINT otherwise
    begin setsid env --default-signal=INT "$cairn" send --to "$CAIRN_SSH -p $port 127.0.0.1 $cairn receive --stdio -r $work/sent" \
        --limit "@$work/limit" --name other "$work/more"
    until_true at_work sent || fail "it does not begin: $(cat err)" || return
    kill -INT "$begun"
    printf '0\n' >limit # after that: else it could come to its end before
    ended
    [ "$status" = 130 ] || fail "status $status: $(cat err)" || return
    until_true no_server_of sent || fail "still there: $(pgrep -af "receive --stdio -r $work/sent")" || return
    good "$cairn" -r "$work/sent" verify
}

tests='all_commands_work_over_ssh says_what_goes_wrong a_client_adds_and_reads_its_own_only sends_to_a_command
    goes_on_after_a_connection_broke moves_no_faster_than_it_is_told
    ends_soon_and_leaves_nothing_behind'
run_tests "$tests" "$@"

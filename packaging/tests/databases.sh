#!/bin/sh
# PostgreSQL and MariaDB, the real servers: filled, saved while they are written to, dropped, restored, compared; by the lines of the
# README and by the scripts of packaging/databases. Needs target/ of a finished mvn package; what is not installed is skipped. The
# servers are its own, on sockets in a temporary folder; as root they run as their users postgres and mysql.
# Prints "ok" or "not ok" per test; exit status 0 if all are ok. Arguments: names of tests to run alone.
# shellcheck disable=SC2015,SC2016,SC2317 # fail is for both sides of A && B; backquotes of SQL; tests are called by name
set -u

# shellcheck source=packaging/tests/harness
. "$(dirname -- "$0")/harness"
# Short, since a socket lies in it, and open to the users of the servers.
enter "$(mktemp -d -p /tmp)"
chmod 755 "$work"
unset PGHOST PGPORT PGUSER PGDATABASE PGPASSWORD PGSERVICE PGOPTIONS PGDATA
export CAIRN_PASSWORD=secret CAIRN_REPO="$work/repo"
choose_cairn
scripts=$top/packaging/databases
[ -n "${CAIRN_UNDER_TEST:-}" ] || scripts=$dist/share/databases
mkdir bin
ln -s "$cairn" bin/cairn
PATH=$work/bin:$scripts:$PATH

maria='' pg_ready='' my_ready=''
cleanup() {
    [ ! -e "$work/pg/data/postmaster.pid" ] || pg_server -m immediate stop
    if [ -n "$maria" ]; then
        kill "$maria" 2>/dev/null
        wait "$maria"
    fi
}

# hold PROGRAM: in the folder held, a program of this name that stops in the middle of what it writes until there is a file go.
hold() {
    mkdir -p held
    rm -f held/middle held/go
    cat >"held/$1" <<HELD
#!/bin/bash
set -o pipefail
'$(command -v "$1")' "\$@" | {
    head -c 1000000 && touch '$work/held/middle' && until [ -e '$work/held/go' ]; do sleep 0.05; done && cat
}
HELD
    chmod 755 "held/$1"
}

size() { du -sb "$CAIRN_REPO/packs" | cut -f1; }

# CHANGE COMMAND...: what the command saves again after a small change adds little. This is seen in a repository of its own, whose
# chunks (64 KiB at most, of megabytes) are so small that it holds wherever the repository's secret lets them end.
adds_little_after() {
    change=$1
    shift
    good cairn init -q --chunk-size 16KiB && good "$@" || return
    first=$(size)
    "$change" && good "$@" || return
    [ $(($(size) - first)) -lt $((first / 4)) ] || fail "a changed row added $(($(size) - first)) bytes, the first dump $first"
}

no_backup() {
    run cairn list --name "$1"
    [ "$status" = 0 ] && [ ! -s out ] || fail "there is a backup: $(cat out err)"
}

# The writer commits 1, 2, 3 ...: each time n goes into the log, to account 1, and from account 2. So the database tells which
# commit was its last, and whether it is a state that ever was: pg_state and my_state print "LAST true" then.

# is_state FROM TO STATE: one that was, after a commit between these two.
is_state() {
    case $3 in
    *' true') [ "${3% true}" -ge "$1" ] && [ "${3% true}" -le "$2" ] || fail "commit ${3% true}, not $1 to $2" ;;
    *) fail "this was never a state: $3" ;;
    esac
}

the_scripts_are_clean() {
    command -v shellcheck >/dev/null || return 77
    good shellcheck "$top"/packaging/databases/* && for script in cairn-postgresql cairn-mariadb; do
        good "$script" --help && grep -q "^usage: $script" out || return
        run "$script" restore-dump
        [ "$status" = 2 ] || fail "no backup named: $status $(cat err)" || return
        run "$script" dump --nonsense
        [ "$status" = 2 ] || fail "unknown option: $status $(cat err)" || return
    done
}

latest_of_a_name_is_the_newest_of_that_stream() {
    for word in first second; do
        good cairn backup -q --as app.txt -- echo "$word" || return
    done
    good cairn backup -q --as other.txt -- echo other || return
    run cairn backup -q --as app.txt -- sh -c 'echo third; exit 7'
    [ "$status" = 5 ] || fail "status $status: $(cat err)" || return
    good cairn cat app.txt@latest:app.txt && [ "$(cat out)" = second ] || fail "it holds: $(cat out)"
}

# --- PostgreSQL

pg_tools=$(for folder in /usr/lib/postgresql/*/bin; do echo "$folder"; done | sort -V | tail -n 1)
[ -x "$pg_tools/initdb" ] || pg_tools=$(dirname "$(command -v initdb || echo /nonexistent/initdb)")

pg_server() {
    if [ "$(id -u)" = 0 ]; then
        (cd / && runuser -u postgres -- "$pg_tools/pg_ctl" -D "$work/pg/data" -s -w -t 120 "$@")
    else
        "$pg_tools/pg_ctl" -D "$work/pg/data" -s -w -t 120 "$@"
    fi
}

with_postgresql() {
    [ -x "$pg_tools/initdb" ] && command -v psql >/dev/null || return 77
    [ -z "$pg_ready" ] || return "$pg_ready"
    pg_ready=1
    PATH=$pg_tools:$PATH
    export PGHOST="$work/pg" PGUSER=postgres PGPASSFILE="$work/pgpass"
    mkdir pg
    echo topsecret >pg/password
    echo '*:*:*:*:topsecret' >pgpass
    chmod 600 pgpass
    set -- initdb -D "$work/pg/data" --no-sync -k -U postgres -A scram-sha-256 --pwfile="$work/pg/password" -E UTF8 --locale=C
    if [ "$(id -u)" = 0 ]; then
        chown -R postgres pg
        set -- runuser -u postgres -- "$@"
    fi
    good "$@" || return
    cat >>pg/data/postgresql.conf <<CONF
unix_socket_directories = '$work/pg'
listen_addresses = ''
fsync = off
shared_buffers = 16MB
CONF
    pg_server -l "$work/pg/log" start || return
    psql -q -c 'CREATE ROLE app LOGIN' -c 'CREATE DATABASE app OWNER app' || return
    psql -q -v ON_ERROR_STOP=1 app <<'SQL' || return
CREATE TABLE account (id int PRIMARY KEY, balance bigint);
INSERT INTO account VALUES (1, 0), (2, 0);
CREATE TABLE gate ();
CREATE TABLE log (n bigint PRIMARY KEY);
INSERT INTO log VALUES (0);
CREATE TABLE stuff (id int PRIMARY KEY, words text, bytes bytea);
ALTER TABLE stuff OWNER TO app;
INSERT INTO stuff SELECT i, repeat(md5(i::text) || E'\t\\ü\n', i % 20), decode(md5(random()::text) || md5(random()::text), 'hex') FROM generate_series(1, 10000) i;
CREATE PROCEDURE write_for_ever() LANGUAGE plpgsql AS $$
DECLARE i bigint;
BEGIN
    LOOP
        SELECT max(n) + 1 INTO i FROM log;
        INSERT INTO log VALUES (i);
        UPDATE account SET balance = balance + i WHERE id = 1;
        UPDATE account SET balance = balance - i WHERE id = 2;
        COMMIT;
        PERFORM pg_sleep(0.001);
    END LOOP;
END $$;
SQL
    pg_ready=0
}

pg() { psql -Atq -d "${2:-app}" -c "$1"; }
pg_yes() { [ "$(pg "$1")" = t ]; }
pg_state() {
    pg 'SELECT max(n), count(*) = max(n) + 1 AND (SELECT balance FROM account WHERE id = 1) = sum(n)
        AND (SELECT balance FROM account WHERE id = 2) = -sum(n) FROM log' | sed 's/|t$/ true/'
}
pg_sum() { pg "SELECT md5(string_agg(md5(stuff::text), '' ORDER BY id)) FROM stuff" "${1:-app}"; }
pg_change_row() { pg "UPDATE stuff SET words = 'changed' WHERE id = 5000"; }
pg_last() { pg 'SELECT max(n) FROM log'; }
pg_end() { pg "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '$1'" >/dev/null; }

pg_write() {
    PGAPPNAME=writer psql -q app -c 'CALL write_for_ever()' >/dev/null 2>&1 &
    writer=$!
    begin_at=$(pg_last)
    until_true pg_yes "SELECT max(n) > $begin_at FROM log"
}
pg_stop_writing() {
    pg_end writer
    wait "$writer" 2>/dev/null
    return 0
}
pg_close_gate() {
    PGAPPNAME=gate psql -q app -c 'BEGIN; LOCK TABLE gate; SELECT pg_sleep(3600)' >/dev/null 2>&1 &
    until_true pg_yes "SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'gate'::regclass AND granted)"
}
pg_at_gate() { pg_yes "SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'gate'::regclass AND NOT granted)"; }

the_lines_of_the_readme_save_postgresql() {
    with_postgresql || return
    sum=$(pg_sum)
    pg_write && pg_close_gate || return
    # pg_dump has begun its transaction, the writer goes on, then pg_dump reads.
    begin cairn backup --as app.sql -- pg_dump app
    until_true pg_at_gate || return
    at=$(pg_last)
    until_true pg_yes "SELECT max(n) > $at + 50 FROM log" || return
    pg_end gate
    ended
    [ "$status" = 0 ] || fail "status $status: $(cat err)" || return
    pg_stop_writing
    dropdb app && createdb -O app app || return
    good sh -c 'cairn cat app.sql@latest:app.sql | psql app' || return
    is_state "$begin_at" "$at" "$(pg_state)" && [ "$(pg_sum)" = "$sum" ] || fail 'cat | psql: other rows' || return
    dropdb app && createdb -O app app || return
    good cairn restore --into 'psql app' app.sql@latest:app.sql || return
    is_state "$begin_at" "$at" "$(pg_state)" && [ "$(pg_sum)" = "$sum" ] || fail 'restore --into: other rows' || return
    # Both ends can fail.
    run cairn restore --into 'psql -v ON_ERROR_STOP=1 app' app.sql@latest:app.sql
    [ "$status" = 1 ] && grep -q 'already exists' err || fail "into a full database: $status $(cat err)" || return
    run cairn backup --as app.sql -- pg_dump nonesuch
    [ "$status" = 5 ] && grep -q 'database "nonesuch" does not exist' err || fail "no database: $status $(cat err)"
}

a_server_that_dies_during_pg_dump_makes_no_backup() {
    with_postgresql || return
    pg_close_gate || return
    begin cairn backup --as broken.sql -- pg_dump app
    until_true pg_at_gate || return
    # While cairn stands still, pg_dump cannot come to the end of the big table.
    kill -STOP "$begun"
    pg_end gate
    until_true pg_yes "SELECT EXISTS (SELECT FROM pg_stat_progress_copy WHERE relid = 'stuff'::regclass AND bytes_processed > 0)" || return
    pg_server -m immediate stop
    kill -CONT "$begun"
    ended
    [ "$status" = 5 ] && grep -q 'pg_dump: error: Dumping the contents of table "stuff" failed' err || fail "status $status: $(cat err)"
    result=$?
    pg_server -l "$work/pg/log" start && no_backup broken.sql && return "$result"
}

the_script_saves_all_databases_of_postgresql() {
    with_postgresql || return
    odd="o'dd/n=a\"me ü"
    psql -q -v name="$odd" <<'SQL' || return
CREATE DATABASE :"name";
SQL
    psql -q -d "dbname='o\\'dd/n=a\"me ü'" -c 'CREATE EXTENSION amcheck' || return
    CAIRN_REPO=$work/postgresql-dumps adds_little_after pg_change_row cairn-postgresql dump -- -q || return
    sum=$(pg_sum)
    good cairn-postgresql dump -- -q --tag nightly || return
    good cairn ls -R postgresql@latest: && grep -q globals.sql out || return
    [ "$(grep -c '^databases/.*[.]dump$' out)" = 3 ] || fail "saved: $(cat out)" || return

    run cairn-postgresql restore-dump postgresql@latest
    [ "$status" = 1 ] && grep -q "not empty: 'app'" err || fail "over a full database: $status $(cat err)" || return
    run cairn-postgresql restore-dump postgresql@latest nonesuch
    [ "$status" = 1 ] && grep -q "no database 'nonesuch'" err || fail "not in the backup: $status $(cat err)" || return
    run cairn-postgresql restore-dump postgresql@2020-01-01
    [ "$status" = 1 ] || fail "no backup: $status $(cat err)" || return
    good cairn-postgresql restore-dump --as copy postgresql@latest app && [ "$(pg_sum copy)" = "$sum" ] || fail 'the copy has other rows' || return
    dropdb copy && dropdb app && dropdb "$odd" && psql -q -c 'DROP ROLE app' || return
    good cairn-postgresql restore-dump postgresql@latest || return
    is_state 0 999999999 "$(pg_state)" && [ "$(pg_sum)" = "$sum" ] || fail 'other rows' || return
    [ "$(pg "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'app'")" = app ] || fail 'another owner' || return
    pg_yes "SELECT EXISTS (SELECT FROM pg_database WHERE datname = 'o''dd/n=a\"me ü')" || fail 'the odd name is missing' || return

    # With somebody connected.
    pg 'DELETE FROM stuff' && pg_write || return
    good cairn-postgresql restore-dump --replace postgresql@latest app && [ "$(pg_sum)" = "$sum" ] || fail 'replaced: other rows' || return
    wait "$writer"
    good cairn-postgresql check && grep -q '3 databases are good' err || fail "check: $(cat err)"
}

a_restore_that_fails_leaves_the_old_database_of_postgresql() {
    with_postgresql || return
    psql -q -c 'CREATE ROLE gone' && pg 'CREATE TABLE of_gone ()' && pg 'ALTER TABLE of_gone OWNER TO gone' || return
    good cairn-postgresql dump app -- -q --name of-gone || return
    pg 'DROP TABLE of_gone' && psql -q -c 'DROP ROLE gone' && pg 'CREATE TABLE new ()' || return
    run cairn-postgresql restore-dump --replace of-gone@latest app
    [ "$status" = 1 ] && grep -q 'role "gone" does not exist' err || fail "status $status: $(cat err)" || return
    pg 'SELECT * FROM new' && pg 'DROP TABLE new' || fail "the old one is gone: $(cat err)" || return
    run cairn-postgresql restore-dump --as other of-gone@latest app
    [ "$status" = 1 ] || fail "status $status: $(cat err)" || return
    [ "$(pg 'SELECT count(*) FROM pg_database')" = 5 ] || fail "left behind: $(pg 'SELECT datname FROM pg_database')"
}

the_script_saves_a_cluster_of_postgresql() {
    with_postgresql || return
    sum=$(pg_sum)
    pg_write || return
    hold pg_basebackup
    begin env PATH="$work/held:$PATH" cairn-postgresql base -- -q
    until_true [ -e held/middle ] || return
    at=$(pg_last)
    until_true pg_yes "SELECT max(n) > $at + 50 FROM log" || return
    touch held/go
    ended
    [ "$status" = 0 ] || fail "status $status: $(cat err)" || return
    pg_stop_writing
    last=$(pg_last)
    pg 'DROP TABLE stuff'

    run cairn-postgresql restore-base postgresql-base@latest "$work/pg/data"
    [ "$status" = 1 ] && grep -q 'is not empty' err || fail "over a cluster: $status $(cat err)" || return
    pg_yes 'SELECT true' || fail 'refused, and the server is gone' || return
    run cairn-postgresql restore-base --replace postgresql@latest "$work/pg/data"
    [ "$status" = 1 ] && grep -q "holds no '/base'" err || fail "of a dump: $status $(cat err)" || return
    good cairn-postgresql restore-base --replace postgresql-base@latest "$work/pg/data" || return
    is_state $((at + 50)) "$last" "$(pg_state)" && [ "$(pg_sum)" = "$sum" ] || fail 'other rows' || return
    good cairn-postgresql check || return
    pg_server -m fast stop && good pg_checksums -c -D "$work/pg/data" && pg_server -l "$work/pg/log" start
}

# The page that is hurt holds rows, and the cluster has checksums.
damage_of_postgresql_is_found_and_repaired() {
    with_postgresql || return
    psql -q app -c 'CREATE EXTENSION IF NOT EXISTS amcheck' && good cairn-postgresql check app || return
    sum=$(pg_sum) file=$(pg "SELECT pg_relation_filepath('stuff')")
    good cairn-postgresql base -- -q --name before-damage || return
    pg_server -m fast stop && printf 'damage' | dd of="pg/data/$file" bs=1 seek=$((8192 * 5 + 4000)) conv=notrunc 2>/dev/null &&
        pg_server -l "$work/pg/log" start || return
    run cairn-postgresql check
    [ "$status" = 1 ] && grep -q "the database 'app' cannot be read" err || fail "check: $status $(cat err)" || return
    for what in base dump; do
        run cairn-postgresql "$what" -- -q --name damaged
        [ "$status" = 5 ] && grep -q 'checksum\|invalid page' err || fail "$what: $status $(cat err)" || return
    done
    no_backup damaged || return
    good cairn-postgresql restore-base --replace before-damage@latest "$work/pg/data" && good cairn-postgresql check || return
    [ "$(pg_sum)" = "$sum" ] || fail 'other rows'
}

tablespaces_of_postgresql_are_told() {
    with_postgresql || return
    mkdir pg/space && chmod 700 pg/space || return
    [ "$(id -u)" != 0 ] || chown postgres pg/space
    psql -q -c "CREATE TABLESPACE fast LOCATION '$work/pg/space'" || return
    run cairn-postgresql base -- --name spaces
    [ "$status" = 5 ] && grep -q 'tablespaces of its own (fast)' err || fail "status $status: $(cat err)" || return
    no_backup spaces || return
    good cairn-postgresql dump -- -q || return
    good cairn-postgresql restore-dump --replace postgresql@latest || return
    psql -q -c 'DROP TABLESPACE fast'
}

# A role of PostgreSQL that may only read, and a key of Cairn that may only write.
postgresql_is_saved_by_who_can_only_read() {
    with_postgresql || return
    good cairn key add --role write --client-key "$work/writer.key" writer || return
    psql -q -c 'CREATE ROLE reader LOGIN IN ROLE pg_read_all_data' || return
    psql -q -c "ALTER ROLE reader PASSWORD 'topsecret'" || return
    for _ in 1 2; do
        PGUSER=reader CAIRN_PASSWORD='' good cairn-postgresql dump --no-role-passwords -- -q --key-file "$work/writer.key" || return
    done
    CAIRN_PASSWORD='' run cairn-postgresql restore-dump postgresql@latest -- --key-file "$work/writer.key"
    [ "$status" = 11 ] || fail "a write key reads: $status $(cat err)" || return
    good cairn-postgresql restore-dump --as again postgresql@latest app && [ "$(pg_sum again)" = "$(pg_sum)" ] || fail 'other rows' || return
    PGPORT=1 run cairn-postgresql dump -- --name unreachable
    [ "$status" = 5 ] || fail "no server: $status $(cat err)" || return
    no_backup unreachable
}

# --- MariaDB

my_start() {
    mariadbd --defaults-file="$work/my/my.cnf" >>my/log 2>&1 </dev/null &
    maria=$!
    until_true my_answers
}
my_answers() { mariadb-admin --silent ping >/dev/null 2>&1 || { ! kill -0 "$maria" 2>/dev/null && fail "$(tail -n 5 my/log)" && exit 1; }; }
my_stop() {
    kill "$maria" && wait "$maria"
    maria=''
}

with_mariadb() {
    command -v mariadbd >/dev/null && command -v mariadb-install-db >/dev/null && command -v mariadb-backup >/dev/null || return 77
    [ -z "$my_ready" ] || return "$my_ready"
    my_ready=1
    mkdir my
    cat >my/my.cnf <<CONF
[mariadbd]
datadir=$work/my/data
socket=$work/my/sock
pid-file=$work/my/pid
skip-networking
innodb_flush_log_at_trx_commit=0
innodb_log_file_size=8M
innodb_buffer_pool_size=32M
$([ "$(id -u)" != 0 ] || echo user=mysql)
[client]
socket=$work/my/sock
user=backup
password=topsecret
CONF
    # As on Debian, where root needs no password; the default is the file in the home folder.
    printf '[client]\nsocket=%s\nuser=%s\n' "$work/my/sock" root >"$HOME/.my.cnf"
    chmod 600 my/my.cnf "$HOME/.my.cnf"
    [ "$(id -u)" != 0 ] || chown mysql my
    good mariadb-install-db --no-defaults --datadir="$work/my/data" --auth-root-authentication-method=normal --skip-test-db \
        "$([ "$(id -u)" = 0 ] && echo --user=mysql || echo --force)" || return
    my_start || return
    mariadb <<'SQL' || return
CREATE USER backup@localhost IDENTIFIED BY 'topsecret';
GRANT SELECT, SHOW VIEW, TRIGGER, EVENT, LOCK TABLES, RELOAD, PROCESS, BINLOG MONITOR ON *.* TO backup@localhost;
CREATE USER writer@localhost;
GRANT ALL ON *.* TO writer@localhost;
CREATE USER app@localhost IDENTIFIED BY 'other';
CREATE DATABASE app CHARACTER SET latin1;
USE app
CREATE TABLE account (id int PRIMARY KEY, balance bigint) ENGINE=InnoDB;
INSERT INTO account VALUES (1, 0), (2, 0);
CREATE TABLE gate (i int) ENGINE=InnoDB;
CREATE TABLE log (n bigint PRIMARY KEY) ENGINE=InnoDB;
INSERT INTO log VALUES (0);
CREATE TABLE stuff (id int PRIMARY KEY, words varchar(2000) CHARACTER SET utf8mb4, bytes varbinary(100)) ENGINE=InnoDB;
INSERT INTO stuff SELECT seq, REPEAT(CONCAT(MD5(seq), "'\t\\ü\n"), seq % 20), UNHEX(CONCAT('00', MD5(RAND()), '0a1aff', MD5(RAND()))) FROM seq_1_to_10000;
CREATE VIEW total AS SELECT SUM(balance) AS t FROM account;
GRANT SELECT ON app.* TO app@localhost;
DELIMITER //
CREATE PROCEDURE write_for_ever() SQL SECURITY INVOKER BEGIN
    DECLARE i bigint;
    LOOP
        START TRANSACTION;
        SELECT MAX(n) + 1 INTO i FROM log;
        INSERT INTO log VALUES (i);
        UPDATE account SET balance = balance + i WHERE id = 1;
        UPDATE account SET balance = balance - i WHERE id = 2;
        COMMIT;
        DO SLEEP(0.001);
    END LOOP;
END //
SQL
    my_ready=0
}

my() { mariadb -N -B -e "$1" "${2:-app}"; }
my_yes() { [ "$(my "$1")" = 1 ]; }
my_state() {
    my 'SELECT CONCAT(MAX(n), IF(COUNT(*) = MAX(n) + 1 AND (SELECT balance FROM account WHERE id = 1) = SUM(n)
        AND (SELECT balance FROM account WHERE id = 2) = -SUM(n) AND (SELECT t FROM total) = 0, " true", " false")) FROM log' "${1:-app}"
}
my_sum() { my 'SELECT id, words, HEX(bytes) FROM stuff ORDER BY id' "${1:-app}" | sha256sum; }
my_change_row() { my "UPDATE stuff SET words = 'changed' WHERE id = 5000"; }
my_last() { my 'SELECT MAX(n) FROM log'; }

# my_end PART: ends the connection whose statement holds it.
my_end() {
    id=$(my "SELECT id FROM information_schema.processlist WHERE info LIKE '%$1%' AND id <> CONNECTION_ID() LIMIT 1")
    my "KILL $id"
}
my_runs() { my_yes "SELECT COUNT(*) > 0 FROM information_schema.processlist WHERE $1 AND id <> CONNECTION_ID()"; }

my_write() {
    mariadb --user=writer app -e 'CALL write_for_ever()' >/dev/null 2>&1 &
    writer=$!
    begin_at=$(my_last)
    until_true my_yes "SELECT MAX(n) > $begin_at FROM log"
}
my_stop_writing() {
    my 'KILL USER writer@localhost'
    wait "$writer" 2>/dev/null
    return 0
}
my_close_gate() {
    mariadb app -e 'LOCK TABLES gate WRITE; DO SLEEP(3600)' >/dev/null 2>&1 &
    until_true my_runs "info = 'DO SLEEP(3600)'"
}

a_line_saves_mariadb() {
    with_mariadb || return
    sum=$(my_sum)
    my_write && my_close_gate || return
    begin cairn backup --as app-my.sql -- mariadb-dump --single-transaction --routines app
    until_true my_runs "state LIKE 'Waiting for table metadata lock%'" || return
    at=$(my_last)
    until_true my_yes "SELECT MAX(n) > $at + 50 FROM log" || return
    my_end 'SLEEP(3600)'
    ended
    [ "$status" = 0 ] || fail "status $status: $(cat err)" || return
    my_stop_writing
    mariadb -e 'DROP DATABASE app; CREATE DATABASE app' || return
    good sh -c 'cairn cat app-my.sql@latest:app-my.sql | mariadb app' || return
    is_state "$begin_at" "$at" "$(my_state)" && [ "$(my_sum)" = "$sum" ] || fail 'cat | mariadb: other rows' || return
    mariadb -e 'DROP DATABASE app; CREATE DATABASE app' || return
    good cairn restore --into 'mariadb app' app-my.sql@latest:app-my.sql || return
    is_state "$begin_at" "$at" "$(my_state)" && [ "$(my_sum)" = "$sum" ] || fail 'restore --into: other rows' || return
    run cairn backup --as app-my.sql -- mariadb-dump nonesuch
    [ "$status" = 5 ] && grep -q "Unknown database 'nonesuch'" err || fail "no database: $status $(cat err)"
}

a_connection_that_dies_during_mariadb_dump_makes_no_backup() {
    with_mariadb || return
    my_close_gate || return
    begin cairn backup --as broken-my.sql -- mariadb-dump --single-transaction app
    until_true my_runs "state LIKE 'Waiting for table metadata lock%'" || return
    kill -STOP "$begun"
    my_end 'SLEEP(3600)'
    # While cairn stands still, mariadb-dump cannot come to the end of the big table.
    until_true my_runs "info LIKE 'SELECT%FROM \`stuff\`%'" || return
    my_end 'FROM `stuff`'
    kill -CONT "$begun"
    ended
    [ "$status" = 5 ] && grep -q 'mariadb-dump: Error 2013: Lost connection' err || fail "status $status: $(cat err)" || return
    no_backup broken-my.sql
}

the_script_saves_all_databases_of_mariadb() {
    with_mariadb || return
    file=$work/my/my.cnf
    mariadb -e 'CREATE DATABASE `o'"'"'dd/n=a"me ü`; CREATE TABLE `o'"'"'dd/n=a"me ü`.t (i int) ENGINE=MyISAM' || return
    CAIRN_REPO=$work/mariadb-dumps adds_little_after my_change_row cairn-mariadb dump --defaults-file "$file" -- -q || return
    sum=$(my_sum)
    good cairn-mariadb dump --defaults-file "$file" -- -q --tag nightly || return
    grep -q "1 tables of 'o'dd/n=a\"me ü' know no transactions" err || fail "no warning: $(cat err)" || return
    good cairn ls -R mariadb@latest: && grep -q users.sql out && [ "$(grep -c '^databases/.*[.]sql$' out)" = 2 ] || fail "saved: $(cat out)" || return

    run cairn-mariadb restore-dump mariadb@latest
    [ "$status" = 1 ] && grep -q "not empty: 'app'" err || fail "over a full database: $status $(cat err)" || return
    run cairn-mariadb restore-dump mariadb@latest nonesuch
    [ "$status" = 1 ] && grep -q "no database 'nonesuch'" err || fail "not in the backup: $status $(cat err)" || return
    good cairn-mariadb restore-dump --as 'a`/copy' mariadb@latest app && [ "$(my_sum 'a`/copy')" = "$sum" ] || fail 'the copy has other rows' || return
    is_state 0 999999999 "$(my_state 'a`/copy')" || return
    mariadb -e 'DROP DATABASE `a``/copy`; DROP DATABASE app; DROP DATABASE `o'"'"'dd/n=a"me ü`; DROP USER app@localhost' || return
    good cairn-mariadb restore-dump mariadb@latest || return
    is_state 0 999999999 "$(my_state)" && [ "$(my_sum)" = "$sum" ] || fail 'other rows' || return
    my_yes 'SELECT default_character_set_name = "latin1" FROM information_schema.schemata WHERE schema_name = "app"' || fail 'another character set' || return
    mariadb -e 'SHOW GRANTS FOR app@localhost' | grep -q 'GRANT SELECT ON `app`' || fail 'the user is not as it was' || return
    my 'DELETE FROM stuff' || return
    good cairn-mariadb restore-dump --replace mariadb@latest app && [ "$(my_sum)" = "$sum" ] || fail 'replaced: other rows' || return
    good cairn-mariadb check && good cairn-mariadb check app || return
    mariadb -e 'CREATE DATABASE hurt; CREATE TABLE hurt.t ENGINE=MyISAM SELECT 7; FLUSH TABLES' && truncate -s 0 my/data/hurt/t.MYD || return
    run cairn-mariadb check
    [ "$status" = 1 ] && grep -q 'hurt.t' err || fail "check: $status $(cat err)" || return
    mariadb -e 'DROP DATABASE hurt' || return
    run cairn-mariadb dump --defaults-file /dev/null -- --name unreachable
    [ "$status" = 5 ] || fail "no server: $status $(cat err)" || return
    no_backup unreachable
}

the_script_saves_a_server_of_mariadb() {
    with_mariadb || return
    sum=$(my_sum)
    my_write || return
    hold mariadb-backup
    begin env PATH="$work/held:$PATH" cairn-mariadb base --defaults-file "$work/my/my.cnf" -- -q
    until_true [ -e held/middle ] || return
    at=$(my_last)
    until_true my_yes "SELECT MAX(n) > $at + 50 FROM log" || return
    touch held/go
    ended
    [ "$status" = 0 ] || fail "status $status: $(cat err)" || return
    my_stop_writing
    last=$(my_last)
    my 'DROP TABLE stuff'

    stop="kill $maria; while kill -0 $maria 2>/dev/null; do sleep 0.1; done"
    start="mariadbd --defaults-file='$work/my/my.cnf' >>'$work/my/log' 2>&1 </dev/null & echo \$! >'$work/my/started'"
    run cairn-mariadb restore-base mariadb-base@latest "$work/my/data"
    [ "$status" = 1 ] && grep -q 'is not empty' err || fail "over a server: $status $(cat err)" || return
    my_yes 'SELECT 1' || fail 'refused, and the server is gone' || return
    run cairn-mariadb restore-base --replace --stop true mariadb-base@latest "$work/my/data"
    [ "$status" = 1 ] && grep -q 'still runs' err && my_yes 'SELECT 1' || fail "a server that does not stop: $status $(cat err)" || return
    good cairn-mariadb restore-base --defaults-file "$work/my/my.cnf" --replace --stop "$stop" --start "$start" mariadb-base@latest "$work/my/data" || return
    maria=$(cat my/started)
    grep -q 'all tables are good' err || fail "no check: $(cat err)" || return
    is_state $((at + 50)) "$last" "$(my_state)" && [ "$(my_sum)" = "$sum" ] || fail 'other rows' || return
    [ ! -e "$work/my/data.restoring" ] || fail 'the staging folder is left'
}

mariadb_backup_that_fails_makes_no_backup() {
    with_mariadb || return
    printf '[client]\nsocket=%s\nuser=backup\npassword=wrong\n[mariadbd]\ndatadir=%s\n' "$work/my/sock" "$work/my/data" >my/wrong.cnf
    run cairn-mariadb base --defaults-file "$work/my/wrong.cnf" -- --name wrong
    [ "$status" = 5 ] && grep -q 'Access denied' err || fail "status $status: $(cat err)" || return
    no_backup wrong
}

CAIRN_AOT='wait' cairn --version >/dev/null && cairn init -q 2>/dev/null || exit 1
tests='the_scripts_are_clean latest_of_a_name_is_the_newest_of_that_stream
    the_lines_of_the_readme_save_postgresql a_server_that_dies_during_pg_dump_makes_no_backup
    the_script_saves_all_databases_of_postgresql a_restore_that_fails_leaves_the_old_database_of_postgresql
    the_script_saves_a_cluster_of_postgresql damage_of_postgresql_is_found_and_repaired
    tablespaces_of_postgresql_are_told postgresql_is_saved_by_who_can_only_read
    a_line_saves_mariadb a_connection_that_dies_during_mariadb_dump_makes_no_backup
    the_script_saves_all_databases_of_mariadb the_script_saves_a_server_of_mariadb mariadb_backup_that_fails_makes_no_backup'
run_tests "$tests" "$@"

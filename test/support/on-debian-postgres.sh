#!/usr/bin/env bash
# Runs a command with TEST_POSTGRES_URL naming a throw-away server of Debian's own PostgreSQL. Needs root, to
# install the package where it is missing and to start the server as an ordinary user; says so and runs
# nothing elsewhere.
set -euo pipefail

# Where runuser lives, which not every shell of root's looks at.
PATH=$PATH:/usr/sbin:/sbin

skip() { echo "Skipped: $1"; exit 0; }

[ "$(id -u)" = 0 ] || skip "tests on Debian's PostgreSQL need root to start it as another user"
find_bin() { find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | head -n 1; }
if [ -z "$(find_bin)" ]; then
  command -v apt-get >/dev/null || skip "there is no PostgreSQL and no apt-get to install it"
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql; } >/dev/null 2>&1 ||
    skip "Debian's postgresql could not be installed"
fi
bin=$(find_bin)

home=$(mktemp -d)
chown postgres "$home"
as_postgres() { runuser -u postgres -- "$@"; }
stop() {
  as_postgres "$bin/pg_ctl" -D "$home/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$home"
}
trap stop EXIT

cd /
as_postgres "$bin/initdb" -D "$home/data" -U postgres --auth=trust -E UTF8 >/dev/null
port=$(node -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
as_postgres "$bin/pg_ctl" -D "$home/data" -w -l "$home/log" \
  -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200" start >/dev/null
cd - >/dev/null

export TEST_POSTGRES_URL="postgresql://postgres@127.0.0.1:$port/postgres"
echo "Testing on $("$bin/postgres" --version)"
"$@"

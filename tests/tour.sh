#!/usr/bin/env bash
# Runs the commands of the README as they stand there: the server by its own command, then the tour through one case.
set -euo pipefail
cd "$(dirname "$0")/.."
XDG_DATA_HOME=$(mktemp -d)
XDG_CONFIG_HOME=$(mktemp -d)
export XDG_DATA_HOME XDG_CONFIG_HOME
server=
cluster=
finish() {
  [ -n "$server" ] && kill "$server" 2>/dev/null && wait "$server" 2>/dev/null
  # The nodes of the cluster are a process group of their own.
  [ -n "$cluster" ] && kill -- "-$cluster" 2>/dev/null && wait "$cluster" 2>/dev/null
  rm -rf "$XDG_DATA_HOME" "$XDG_CONFIG_HOME"
}
trap finish EXIT

# The block that follows a mark is what is run.
block() { awk -v mark="<!-- $1 -->" '$0 == mark { found = 1; next } found && /^```/ { if (inside) exit; inside = 1; next } inside' README.md; }

start=$(block server)
[ -n "$start" ] || { echo "README.md has no server block" >&2; exit 1; }
# exec: the process id is that of the server's own command, so that ending it ends the server.
bash -c "exec $start" >"$XDG_DATA_HOME/server.log" 2>&1 &
server=$!
for _ in $(seq 240); do
  curl -sf http://localhost:8080/health/ready >/dev/null && break
  kill -0 "$server" 2>/dev/null || { cat "$XDG_DATA_HOME/server.log"; exit 1; }
  sleep 0.5
done

tour=$(block tour)
[ -n "$tour" ] || { echo "README.md has no tour block" >&2; exit 1; }
out=$(bash -euo pipefail -c "$tour" 2>&1) || { echo "$out"; cat "$XDG_DATA_HOME/server.log"; exit 1; }
echo "$out"
grep -q "closed" <<<"$out" || { echo "the case of the tour did not close" >&2; exit 1; }

# The cluster, in Debian's own PostgreSQL: the block makes a user and a database there, which are gone before and after.
kill "$server" && wait "$server" 2>/dev/null || true
server=
if ! command -v pg_createcluster >/dev/null; then
  echo "tour: without PostgreSQL there is no cluster" >&2
  [ "${CI:-}" != true ] || exit 1
  exit 0
fi

sudo() { if [ "$1" = -u ]; then runuser -u "$2" -- "${@:3}"; else "$@"; fi; }
export -f sudo
database() { (cd / && runuser -u postgres -- psql -qX -c "DROP DATABASE IF EXISTS support WITH (FORCE)" -c "DROP USER IF EXISTS support"); }
version=$(ls /usr/lib/postgresql | sort -n | tail -n 1)
[ -d "/etc/postgresql/$version/main" ] || pg_createcluster "$version" main
pg_ctlcluster "$version" main start 2>/dev/null || true
database
block cluster >"$XDG_DATA_HOME/cluster.sh"
[ -s "$XDG_DATA_HOME/cluster.sh" ] || { echo "README.md has no cluster block" >&2; exit 1; }
setsid bash -euo pipefail -c 'source "$0"; wait' "$XDG_DATA_HOME/cluster.sh" >"$XDG_DATA_HOME/cluster.log" 2>&1 &
cluster=$!
for port in 8081 8082 8083; do
  for _ in $(seq 360); do
    curl -sf "http://localhost:$port/health/ready" >/dev/null && break
    kill -0 "$cluster" 2>/dev/null || { cat "$XDG_DATA_HOME/cluster.log"; exit 1; }
    sleep 0.5
  done
done
supportctl() { dotnet run --no-build --project src/SupportCluster.Cli -- "$@"; }
supportctl --server http://localhost:8081 --as admin contract apply -f deploy/samples/northwind.contract.json
number=$(supportctl --server http://localhost:8082 --as contact.northwind submit --product backup-server --severity 3 --title "Slow" --description "Slow since Monday." --json | grep -oE '"number": ?"[0-9]+"' | grep -oE '[0-9]+')
supportctl --server http://localhost:1,http://localhost:8083 --as rep show "$number"
kill -- "-$cluster" && wait "$cluster" 2>/dev/null || true
cluster=
database
echo "tour: done"

#!/usr/bin/env bash
# Runs the commands of the README as they stand there: the server by its own command, then the tour through one case.
set -euo pipefail
cd "$(dirname "$0")/.."
XDG_DATA_HOME=$(mktemp -d)
XDG_CONFIG_HOME=$(mktemp -d)
export XDG_DATA_HOME XDG_CONFIG_HOME
server=
finish() {
  [ -n "$server" ] && kill "$server" 2>/dev/null && wait "$server" 2>/dev/null
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
echo "tour: done"

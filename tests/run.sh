#!/usr/bin/env bash
# Runs all tests: installs what they need and this machine lacks, builds, tests, and closes with one line of counts.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

if ! command -v dotnet >/dev/null; then
  echo "The .NET SDK 10 is needed: https://dotnet.microsoft.com/download" >&2
  exit 1
fi

# The disk-full and read-only tests mount a small tmpfs; mount is part of Debian's essential packages elsewhere.
if ! command -v mount >/dev/null && command -v apt-get >/dev/null; then
  apt-get update -qq && apt-get install -y -qq mount
fi

# The tests start PostgreSQL servers of their own. Debian's package would make and start one more: it is told not to.
if ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && ! command -v initdb >/dev/null && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  mkdir -p /etc/postgresql-common/createcluster.d
  echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.d/supportcluster-tests.conf
  apt-get update -qq && apt-get install -y -qq postgresql
fi

# The JavaScript client of the documentation is run with Node; its package is put into an ignored folder.
if ! command -v npm >/dev/null && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  apt-get update -qq && apt-get install -y -qq npm
fi

if command -v npm >/dev/null && [ ! -d artifacts/javascript/node_modules/@microsoft/signalr ]; then
  mkdir -p artifacts/javascript
  npm install --prefix artifacts/javascript --no-save --no-audit --no-fund --silent @microsoft/signalr@10.0.11 || echo "The package @microsoft/signalr could not be installed." >&2
fi

# The pages are tried in Debian's own Chromium.
if ! command -v chromium >/dev/null && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  apt-get update -qq && apt-get install -y -qq chromium
fi

# The build whose protections can be switched off, by which the kill tests show that they bite.
export SUPPORTCLUSTER_SWITCHED_SERVER="$PWD/artifacts/switched/bin/SupportCluster.Server/debug"
dotnet build SupportCluster.sln -v quiet -nologo
dotnet build src/SupportCluster.Server -v quiet -nologo -p:TestSwitches=true --artifacts-path artifacts/switched

# What a later version might be: upgrades are tested with it.
export SUPPORTCLUSTER_NEXT_SERVER="$PWD/artifacts/next/bin/SupportCluster.Server/debug"
dotnet build src/SupportCluster.Server -v quiet -nologo -p:NextVersion=true --artifacts-path artifacts/next

log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
dotnet test --solution SupportCluster.sln --no-build --progress off --timeout 60m --max-parallel-test-modules 1 "$@" 2>&1 | tee "$log" || status=$?

count() { sed -nE "s/^ *$1: ([0-9]+).*/\1/p" "$log" | tail -n 1; }
passed=$(count succeeded) failed=$(count failed) skipped=$(count skipped)
if [ -z "$passed" ]; then
  echo "The tests did not run to their end." >&2
  exit 1
fi

if [ "$failed" = 0 ] && [ "$status" != 0 ]; then
  failed=1
fi

if [ "$failed" != 0 ]; then
  # Once more, where it is seen: what comes before may be long.
  echo "What failed:"
  awk '/^failed /{on=1; n=0} /^(passed|skipped|running|Running|\/)/{on=0} on && n++ < 40' "$log" | cut -c1-1000
fi

echo "$passed passed, $failed failed, $skipped skipped"
exit "$status"

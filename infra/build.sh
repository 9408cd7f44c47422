#!/usr/bin/env bash
# Builds a project or the solution when its sources are newer than the last build: infra/build.sh PROJECT|SOLUTION [ARGUMENT]...
# Release is the one configuration of every script here. Output goes to .local/logs unless the build fails.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
target=$1
shift
name=$(basename "$target" | tr -c 'A-Za-z0-9\n' '-')
stamp=.local/built/$name
log=.local/logs/build-$name.log
mkdir -p .local/built .local/logs

# Only one build at a time: two would write the same files.
exec 7>.local/build.lock
flock 7

# A project is fresh when no source is newer than the start of its, or the whole solution's, last good build; the solution is always built.
is_fresh() {
  local whole=.local/built/EventArchive-sln
  [ ! "$whole" -nt "$stamp" ] || stamp=$whole
  [ -e "$stamp" ] && compgen -G "$target/bin/Release/*/*.dll" >/dev/null &&
    [ -z "$(find src "$target" Directory.Build.props Directory.Packages.props .editorconfig \
      \( -name bin -o -name obj \) -prune -o -type f -newer "$stamp" -print -quit)" ]
}

if is_fresh; then
  exit 0
fi

# A compiler server of this build alone, ended with it: nothing stays behind and nobody else's server is touched.
server=eventarchive-$$-$RANDOM
end_server() {
  local process words
  for process in /proc/[0-9]*; do
    mapfile -d '' -t words 2>/dev/null <"$process/cmdline" || continue
    [[ " ${words[*]} " != *" -pipename:$server "* ]] || kill "${process#/proc/}" 2>/dev/null || true
  done
}
trap end_server EXIT

begun=$(mktemp .local/built/.begun-XXXXXX)
echo "Building $target" >&2
if ! dotnet build "$target" -c Release -v q -clp:NoSummary -nodeReuse:false -p:SharedCompilationId="$server" "$@" \
  >"$log" 2>&1 7>&- </dev/null; then
  rm -f "$begun"
  sort -u "$log" | head -n 60 >&2
  echo "The build of $target failed; the whole log is $root/$log." >&2
  exit 1
fi
mv -f "$begun" ".local/built/$name"

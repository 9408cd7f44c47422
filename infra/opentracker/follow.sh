#!/bin/sh
# Runs opentracker with the info-hashes that the service names, and lets it read them again when they change.
#   EVENTARCHIVE_API       the service's address, http://HOST:PORT
#   EVENTARCHIVE_API_KEY   a key of eventarchive apikeys create, where the service asks for one
#   OPENTRACKER_PORT       TCP and UDP, 6969 if not set     OPENTRACKER_ADDRESS   to listen on, 0.0.0.0 if not set
#   OPENTRACKER_FOLDER     /run/opentracker if not set      FOLLOW_SECONDS        between two looks, 10 if not set
set -eu

api=${EVENTARCHIVE_API:?is not set: name the service, http://HOST:PORT}
key=${EVENTARCHIVE_API_KEY:-}
port=${OPENTRACKER_PORT:-6969}
folder=${OPENTRACKER_FOLDER:-/run/opentracker}
cd "$folder"
# An empty list is one that it cannot read: each ends with an info-hash that no torrent has.
printf "%040d\n" 0 >whitelist.txt
env -u EVENTARCHIVE_API_KEY opentracker -i "${OPENTRACKER_ADDRESS:-0.0.0.0}" -p "$port" -P "$port" -d "$folder" -w whitelist.txt &
tracker=$!
trap 'exit 0' TERM INT
trap 'kill "$tracker" 2>/dev/null || :' EXIT
while kill -0 "$tracker" 2>/dev/null; do
  # While the service does not answer, the last list stands. The key goes in by a pipe: arguments are seen by all.
  if printf '%s' "${key:+Authorization: Bearer $key}" | curl -fsS --max-time 10 -H @- "$api/seeding/info-hashes" -o next.txt; then
    printf "%040d\n" 0 >>next.txt
    if ! cmp -s next.txt whitelist.txt; then
      mv next.txt whitelist.txt
      kill -HUP "$tracker"
    fi
  fi
  # In the background: a signal is heeded at once, and not when the pause is over.
  sleep "${FOLLOW_SECONDS:-10}" &
  wait "$!"
done
echo "opentracker has ended." >&2
exit 1

#!/bin/sh
# Runs opentracker with the info-hashes that the service names, and lets it read them again when they change.
#   EVENTARCHIVE_API       the service's address, http://HOST:PORT
#   OPENTRACKER_PORT       TCP and UDP, 6969 if not set     OPENTRACKER_ADDRESS   to listen on, 0.0.0.0 if not set
#   OPENTRACKER_FOLDER     /run/opentracker if not set      FOLLOW_SECONDS        between two looks, 10 if not set
set -eu

api=${EVENTARCHIVE_API:?is not set: name the service, http://HOST:PORT}
port=${OPENTRACKER_PORT:-6969}
folder=${OPENTRACKER_FOLDER:-/run/opentracker}
cd "$folder"
# An empty list is one that it cannot read.
printf "%040d\n" 0 >whitelist.txt
opentracker -i "${OPENTRACKER_ADDRESS:-0.0.0.0}" -p "$port" -P "$port" -d "$folder" -w whitelist.txt &
tracker=$!
trap 'kill "$tracker"' TERM INT EXIT
while kill -0 "$tracker" 2>/dev/null; do
  # While the service does not answer, the last list stands.
  if curl -fsS --max-time 10 "$api/seeding/info-hashes" -o next.txt && ! cmp -s next.txt whitelist.txt; then
    mv next.txt whitelist.txt
    kill -HUP "$tracker"
  fi
  sleep "${FOLLOW_SECONDS:-10}"
done

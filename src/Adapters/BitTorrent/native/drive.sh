#!/bin/sh
# Runs drive.cpp: under AddressSanitizer and UndefinedBehaviorSanitizer by default, optimised with "measure" (then MiB as second argument).
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ "${1:-}" = measure ]; then
    flags='-O2' size=${2:-1024}
else
    flags='-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined' size=16
fi
# shellcheck disable=SC2046,SC2086
g++ $flags -std=c++17 -Wall -Wextra "$here/drive.cpp" "$here/eventarchive_torrent.cpp" -o "$work/drive" \
    $(pkg-config --cflags --libs libtorrent-rasterbar) -lcrypto -pthread
for mapped in 0 1; do
    mkdir "$work/$mapped"
    "$work/drive" "$work/$mapped" "$mapped" "$size"
    rm -r "${work:?}/$mapped"
done

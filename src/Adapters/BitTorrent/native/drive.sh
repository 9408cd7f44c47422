#!/bin/sh
# Runs the driver: under AddressSanitizer and UndefinedBehaviorSanitizer by default, optimised with "measure" (then MiB as second argument), with each ea_disk.
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
g++ $flags -std=c++17 -Wall -Wextra -Wl,--wrap=pread "$here"/*.cpp -o "$work/drive" \
    $(pkg-config --cflags --libs libtorrent-rasterbar) -lcrypto -pthread
for disk in 0 1 2; do
    mkdir "$work/$disk"
    "$work/drive" "$work/$disk" "$disk" "$size"
    rm -r "${work:?}/$disk"
done

#!/bin/sh
# Runs the driver: under AddressSanitizer and UndefinedBehaviorSanitizer by default, with each ea_disk; with "threads" under ThreadSanitizer, with our
# ea_disk; optimised with "measure" (then MiB as second argument).
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
run='' size=16 disks='0 1 2'
case "${1:-}" in
measure) flags='-O2' size=${2:-1024} ;;
threads)
    flags='-O1 -g -fsanitize=thread -Wno-tsan' disks=0
    # It knows no address space that is laid out too much at random.
    if setarch "$(uname -m)" -R true 2>/dev/null; then run="setarch $(uname -m) -R"; fi
    # libtorrent is not built with it: what counts references there does so unseen.
    echo 'race:_Sp_counted_ptr_inplace*_M_destroy' >"$work/unseen"
    export TSAN_OPTIONS="suppressions=$work/unseen"
    ;;
*) flags='-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined' ;;
esac
# shellcheck disable=SC2046,SC2086
g++ $flags -std=c++17 -Wall -Wextra -Wl,--wrap=pread "$here"/*.cpp -o "$work/drive" \
    $(pkg-config --cflags --libs libtorrent-rasterbar) -lcrypto -pthread
for disk in $disks; do
    mkdir "$work/$disk"
    # shellcheck disable=SC2086
    $run "$work/drive" "$work/$disk" "$disk" "$size"
    rm -r "${work:?}/$disk"
done

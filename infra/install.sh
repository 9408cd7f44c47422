#!/usr/bin/env bash
# Installs what is missing on Debian 12: infra/install.sh GROUP...
#   run       what ./run and ./eventarchive need   rabbitmq  a broker   test  all that ./test needs
#   bench     the programs that benchmarks measure beside ours
# Quiet unless it fails; fast when nothing is missing; as root or with sudo. No service is started.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
policy=/usr/sbin/policy-rc.d
policy_kept=$policy.before-eventarchive
policy_mark=$policy.none-before-eventarchive

fail() {
  echo "install: $*" >&2
  exit 1
}

# What was there before comes back: either the file kept, or, where a mark says that there was none, nothing. It runs first too,
# for what a killed run left behind.
restore_policy() {
  if [ -e "$policy_kept" ]; then
    mv -f "$policy_kept" "$policy"
  elif [ -e "$policy_mark" ]; then
    rm -f "$policy" "$policy_mark"
  fi
}

# Debian starts servers at their installation, on all addresses; a policy that answers 101 forbids it.
forbid_services() {
  restore_policy
  trap restore_policy EXIT
  if [ -e "$policy" ]; then
    mv -f "$policy" "$policy_kept"
  else
    : >"$policy_mark"
  fi
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
}

is_installed() {
  case $1 in
    postgresql) compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null ;;
    *) [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ] ;;
  esac
}

# Runs as root: installs those of the named packages that are still missing once the lock is ours.
install_packages() {
  local log missing=()
  exec 9>/run/lock/eventarchive-install
  flock 9
  for package in "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  log=$(mktemp)
  forbid_services
  export DEBIAN_FRONTEND=noninteractive
  # A failed update is not the end: the lists at hand may do, and what is missing then is said by the installation.
  if ! { apt-get -q update || true; apt-get -q -y -o DPkg::Lock::Timeout=600 install --no-install-recommends "${missing[@]}"; } \
    >"$log" 2>&1 9>&- </dev/null; then
    tail -n 30 "$log" >&2
    fail "apt-get could not install ${missing[*]}; the whole log is $log."
  fi
  rm -f "$log"
}

require_packages() {
  local missing=()
  for package in "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || fail "this installs on Debian only; install by hand: ${missing[*]}"
  echo "Installing ${missing[*]}" >&2
  if [ "$(id -u)" = 0 ]; then
    bash "${BASH_SOURCE[0]}" packages "${missing[@]}"
  elif command -v sudo >/dev/null; then
    sudo bash "${BASH_SOURCE[0]}" packages "${missing[@]}"
  else
    fail "run as root, or install sudo; missing: ${missing[*]}"
  fi
}

require_toolchains() {
  local major
  { command -v dotnet >/dev/null && dotnet --list-sdks | grep -q '^10\.'; } ||
    fail "the .NET 10 SDK is missing: install Microsoft's package dotnet-sdk-10.0, then run this again."
  major=$(node --version 2>/dev/null | sed -E 's/^v([0-9]+).*/\1/') || major=0
  [ "${major:-0}" -ge 20 ] || fail "Node 20 or newer is missing: install it with npm, then run this again."
  command -v npm >/dev/null || fail "npm is missing: install it beside Node, then run this again."
}

require_node_packages() {
  local folder=$root/infra/waku-node log
  mkdir -p "$root/.local"
  exec 8>"$root/.local/npm.lock"
  flock 8
  local installed=$folder/node_modules/.package-lock.json
  if [ ! -e "$installed" ] || [ "$folder/package-lock.json" -nt "$installed" ]; then
    echo "Installing the Waku node's npm packages" >&2
    log=$root/.local/npm-ci.log
    if ! (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund) >"$log" 2>&1 8>&- </dev/null; then
      tail -n 30 "$log" >&2
      fail "npm ci failed in infra/waku-node; the whole log is $log."
    fi
    touch "$installed"
  fi
  exec 8>&-
}

run_packages=(postgresql libtorrent-rasterbar-dev libsecp256k1-1 g++ pkg-config)
rabbitmq_packages=(rabbitmq-server)
bench_packages=(mktorrent transmission-cli aria2 transmission-daemon python3-libtorrent opentracker iperf3)
test_packages=(aria2 transmission-daemon qbittorrent-nox python3-libtorrent opentracker curl strace)

[ $# -gt 0 ] || fail "name the groups: run, rabbitmq, test, bench"
if [ "$1" = packages ]; then
  shift
  install_packages "$@"
  exit 0
fi
for group in "$@"; do
  case $group in
    run)
      require_toolchains
      require_packages "${run_packages[@]}"
      require_node_packages
      ;;
    bench) require_packages "${bench_packages[@]}" ;;
    rabbitmq) require_packages "${rabbitmq_packages[@]}" ;;
    test)
      require_toolchains
      require_packages "${run_packages[@]}" "${rabbitmq_packages[@]}" "${test_packages[@]}"
      require_node_packages
      ;;
    *) fail "there is no group $group: run, rabbitmq, test, bench" ;;
  esac
done

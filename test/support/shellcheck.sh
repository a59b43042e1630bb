#!/usr/bin/env bash
# Checks every shell script with Debian's shellcheck, which it installs where it is missing and it may; says so and checks
# nothing elsewhere.
set -euo pipefail

skip() { echo "Skipped: $1"; exit 0; }

if ! command -v shellcheck >/dev/null; then
  [ "$(id -u)" = 0 ] || skip "shellcheck is not installed, and only root can install it"
  command -v apt-get >/dev/null || skip "there is no shellcheck and no apt-get to install it"
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends shellcheck; } >/dev/null 2>&1 ||
    skip "Debian's shellcheck could not be installed"
fi

mapfile -t scripts < <(git grep -lIE '^#!(/usr/bin/env |/bin/)(ba)?sh$' -- ':!*.md')
[ "${#scripts[@]}" -gt 0 ] || { echo "There is no shell script, which cannot be." >&2; exit 1; }
shellcheck "${scripts[@]}"
echo "shellcheck: ${#scripts[@]} scripts, no complaint"

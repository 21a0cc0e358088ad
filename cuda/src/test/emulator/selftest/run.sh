#!/usr/bin/env bash
# Builds the emulated driver with the selftest's kernels, plain and sanitized, and tries both.
# usage: run.sh [OUT_DIR]
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
out=${1:-$(mktemp -d)}
[[ $# -ge 1 ]] || trap 'rm -rf "$out"' EXIT

build() {
  EMULATOR_KERNELS=$here/kernels.cu "$here/../build.sh" "$out/$1" "${@:2}"
  local sanitizers=()
  [[ $1 == plain ]] || sanitizers=(-fsanitize=address,undefined)
  "${CXX:-g++}" -std=c++20 -O1 -g -Wall -Wextra -Werror "${sanitizers[@]}" -I"$here/.." "$here/selftest.cpp" \
    -o "$out/$1/selftest" "$out/$1/libcuda.so.1" -Wl,-rpath,"$out/$1" -pthread
}

must_abort() {
  if "$out/sanitized/selftest" "$1" 2>"$out/$1.log" || ! grep -q "$2" "$out/$1.log"; then
    echo "run.sh: the sanitized build did not abort $1 with $2" >&2
    exit 1
  fi
}

build plain
build sanitized --sanitize
"$out/plain/selftest"
for fault in out_of_bounds shared_out_of_bounds misaligned; do
  "$out/plain/selftest" "$fault"
done
"$out/sanitized/selftest"
must_abort out_of_bounds AddressSanitizer
must_abort shared_out_of_bounds AddressSanitizer
must_abort misaligned 'misaligned address'
echo "The emulated driver does what it should."

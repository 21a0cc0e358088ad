#!/usr/bin/env bash
# Builds the emulated driver with the selftest's kernels and tries it: plain, or with the sanitizers in it.
# usage: run.sh OUT_DIR [--sanitize]
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=$1
EMULATOR_KERNELS=$here/kernels.cu "$here/../build.sh" "$@"
sanitizers=()
[[ $# -eq 1 ]] || sanitizers=(-fsanitize=address,undefined)
"${CXX:-g++}" -std=c++20 -O1 -g -Wall -Wextra -Werror "${sanitizers[@]}" -I"$here/.." "$here/selftest.cpp" \
  -o "$out/selftest" "$out/libcuda.so.1" -Wl,-rpath,"$(readlink -f "$out")" -pthread

must_abort() {
  if "$out/selftest" "$1" 2>"$out/$1.log" || ! grep -q "$2" "$out/$1.log"; then
    echo "run.sh: the sanitized build did not abort $1 with $2" >&2
    exit 1
  fi
}

"$out/selftest"
if [[ $# -eq 1 ]]; then
  for fault in out_of_bounds shared_out_of_bounds misaligned; do
    "$out/selftest" "$fault"
  done
else
  must_abort out_of_bounds AddressSanitizer
  must_abort shared_out_of_bounds AddressSanitizer
  must_abort misaligned 'misaligned address'
fi
echo "The emulated driver does what it should."

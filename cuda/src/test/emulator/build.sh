#!/usr/bin/env bash
# Builds the emulated CUDA driver, with the kernels in it, from sources: OUT_DIR/libcuda.so.1. Skips what is up to date.
# usage: build.sh OUT_DIR [--sanitize]
# environment: EMULATOR_KERNELS, the kernels' source (default: cuda/src/main/cuda/kernels.cu)
#              EMULATOR_FLAGS, more compiler flags; CXX, the compiler (default: g++)
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
kernels=${EMULATOR_KERNELS:-$here/../../main/cuda/kernels.cu}
cxx=${CXX:-g++}

if [[ $# -lt 1 || $# -gt 2 || ($# -eq 2 && $2 != --sanitize) ]]; then
  echo "usage: ${0##*/} OUT_DIR [--sanitize]" >&2
  exit 2
fi
if ! command -v "$cxx" >/dev/null; then
  echo "${0##*/}: no $cxx found (expected: GCC 10 or newer; apt-get install g++, or dnf install gcc-c++)" >&2
  exit 1
fi
if [[ ! -f $kernels ]]; then
  echo "${0##*/}: no kernels at $kernels" >&2
  exit 1
fi

kernels=$(readlink -f "$kernels")
mkdir -p "$1"
out=$(cd "$1" && pwd)
flags=(-std=c++20 -O2 -g -fPIC -pthread -fvisibility=hidden -ffp-contract=off -fno-omit-frame-pointer
  -Wall -Wextra -Werror -Wno-unknown-pragmas -DROOMFIELD_EMULATED -I"$here" ${EMULATOR_FLAGS:-})
if [[ ${2:-} == --sanitize ]]; then
  flags+=(-fsanitize=address,undefined,float-cast-overflow -fno-sanitize-recover=all)
fi

# Everything is made here and put in place whole, with the time of the start: sources may change meanwhile.
build=$(mktemp -d "$out/build.XXXXXX")
trap 'rm -rf "$build"' EXIT
cd "$build"
touch start

put() {
  touch -r start "$1"
  mv "$1" "$out/$1"
}

# stale FILE SOURCE...: whether a source is newer than the file.
stale() {
  [[ ! -f $out/$1 || -n $(find "${@:2}" -newer "$out/$1") ]]
}

command_line="$("$cxx" -dumpfullversion) ${flags[*]} $kernels"
if [[ ! -f $out/command || $(<"$out/command") != "$command_line" ]]; then
  rm -f "$out"/{driver.o,kernels.o,libcuda.so.1}
  printf '%s\n' "$command_line" >"$out/command"
fi
if stale driver.o "$here"/*.h "$here"/*.cpp; then
  printf '%s\0' "$here"/*.cpp | xargs -0 -n 1 -P "$(nproc)" "$cxx" "${flags[@]}" -c
  "$cxx" -r -nostdlib -o joined ./*.o
  mv joined driver.o
  put driver.o
fi
if stale kernels.o "$here"/*.h "$(dirname "$kernels")"/*.cu*; then
  "$cxx" "${flags[@]}" -x c++ -c "$kernels" -o kernels.o
  put kernels.o
fi
if stale libcuda.so.1 "$out"/{driver,kernels}.o "$here/exports.map"; then
  "$cxx" "${flags[@]}" -shared -Wl,-soname,libcuda.so.1 -Wl,--version-script="$here/exports.map" \
    -o libcuda.so.1 "$out"/{driver,kernels}.o
  put libcuda.so.1
  ln -sf libcuda.so.1 "$out/libcuda.so"
fi

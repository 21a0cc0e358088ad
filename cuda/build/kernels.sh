#!/usr/bin/env bash
# Compiles the CUDA kernels into one fat binary, and checks what they take of the device.
#
#   kernels.sh SOURCE_FOLDER CLASSES_FOLDER WORK_FOLDER
#
# Writes CLASSES_FOLDER/io/roomfield/cuda/kernels.{fatbin,properties} and WORK_FOLDER/kernel-resources.tsv.
# Without nvcc there are none of them, and the build goes on. CUDA_HOME names a toolkit;
# ROOMFIELD_NVCC=none builds as if there were none.
set -euo pipefail

sources=$1
resources=$2/io/roomfield/cuda
work=$3
scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# Machine code for these, portable code (PTX) of the lowest for the rest. 100 and 120 need CUDA 12.8.
targets=(75 80 86 89 90 100 120)
oldest_toolkit=12.8

find_nvcc() {
  local candidate
  [ "${ROOMFIELD_NVCC:-}" != none ] || return 0
  for candidate in "${CUDA_HOME:+$CUDA_HOME/bin/nvcc}" "$(command -v nvcc || true)" /usr/local/cuda/bin/nvcc; do
    if [ -n "$candidate" ] && [ -x "$candidate" ]; then
      printf '%s' "$candidate"
      return
    fi
  done
}

without_kernels() {
  rm -f "$resources"/kernels.{fatbin,properties} "$work/kernel-resources.tsv"
  echo "$1: building without CUDA kernels (install the CUDA toolkit, $oldest_toolkit or newer, or set CUDA_HOME)"
  exit 0
}

# Maven's users, and ./slam, look for lines that begin like this.
errors() {
  sed 's/^/[ERROR] /' >&2
}

up_to_date() {
  [ -e "$resources/kernels.fatbin" ] && [ -e "$work/kernel-resources.tsv" ] &&
    cmp -s "$work/kernels.properties" "$resources/kernels.properties" &&
    [ -z "$(find "$sources" "$scripts" -newer "$resources/kernels.fatbin" -print -quit)" ]
}

nvcc=$(find_nvcc)
[ -n "$nvcc" ] || without_kernels "nvcc not found"
version=$("$nvcc" --version | sed -n 's/.*release \([0-9.]*\),.*/\1/p')
[ "$(printf '%s\n' "$oldest_toolkit" "$version" | sort -V | head -n 1)" = "$oldest_toolkit" ] ||
  without_kernels "nvcc is of CUDA $version"

mkdir -p "$resources" "$work"
printf 'cuda=%s\nptx=%s\nsass=%s\n' "$version" "${targets[0]}" "$(IFS=, && echo "${targets[*]}")" >"$work/kernels.properties"
if up_to_date; then exit 0; fi

code=(-gencode "arch=compute_${targets[0]},code=compute_${targets[0]}")
for target in "${targets[@]}"; do
  code+=(-gencode "arch=compute_$target,code=sm_$target")
done
echo "compiling CUDA kernels with nvcc $version for ${targets[*]}"
if ! "$nvcc" -fatbin -O3 -std=c++17 -Xptxas -v --threads 0 "${code[@]}" \
  -o "$work/kernels.fatbin" "$sources/kernels.cu" >"$work/kernels.log" 2>&1; then
  { grep -v 'ptxas info' "$work/kernels.log" || true; } | errors
  exit 1
fi
grep -i 'warning' "$work/kernels.log" | sed 's/^/[WARNING] /' || true

if ! awk -v limits="$scripts/limits.tsv" -f "$scripts/resources.awk" "$work/kernels.log" \
  >"$work/kernel-resources.tsv" 2>"$work/kernel-gate.log"; then
  rm -f "$resources/kernels.fatbin"
  errors <"$work/kernel-gate.log"
  exit 1
fi
cp "$work/kernels.properties" "$resources/kernels.properties"
mv "$work/kernels.fatbin" "$resources/kernels.fatbin"

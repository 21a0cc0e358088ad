#!/usr/bin/env bash
# Runs every CUDA test on the emulated device, built with the address and the undefined-behaviour sanitizer. They see
# what the plain build does not: a kernel that reads outside of an allocation, or one that is freed; a number that
# overflows or does not fit. Any report of theirs ends the JVM and fails the run. No test is left out: none writes out
# of bounds on purpose (what the emulated device makes of that, its own selftest tries, which goes before).
#
#   sanitized.sh
#
# Builds cuda/target/sanitized; the first time takes a minute. EMULATOR_KERNELS: as in build.sh.
set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
out=$root/cuda/target/sanitized
library=$out/libcuda.so.1
cxx=${CXX:-g++}

"$root/cuda/src/test/emulator/selftest/run.sh" "$out/selftest" --sanitize
"$root/cuda/src/test/emulator/build.sh" "$out" --sanitize
rm -f "$out"/report.*

# The JVM takes SEGV, BUS and FPE for its own purposes, and frees little when it ends.
export ASAN_OPTIONS=handle_segv=0:handle_sigbus=0:handle_sigfpe=0:detect_leaks=0:log_path=$out/report
export UBSAN_OPTIONS=print_stacktrace=1:log_path=$out/report
touch "$out/started"
status=0
"$root/slam" test -pl slam-server -am -Dsurefire.failIfNoSpecifiedTests=false \
  -Dtest='io.roomfield.cuda.*Test,io.roomfield.slam.compute.cuda.*Test' -Droomfield.emulator="$library" \
  -DtestPreload="$("$cxx" -print-file-name=libasan.so):$("$cxx" -print-file-name=libubsan.so)" || status=$?

for report in "$out"/report.*; do
  [ -e "$report" ] || break
  cat "$report" >&2
  status=1
done
if [ "$status" = 0 ] && find "$root"/{cuda,slam-server}/target/surefire-reports -name 'TEST-*.xml' -newer "$out/started" \
  -exec grep -L "name=\"roomfield.emulator\" value=\"$library\"" {} + | grep .; then
  echo "sanitized.sh: these tests ran without the sanitizers" >&2
  status=1
fi
[ "$status" = 0 ] || { echo "sanitized.sh: failed" >&2; exit 1; }
echo "sanitized.sh: no reports from the sanitizers"

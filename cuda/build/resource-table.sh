#!/usr/bin/env bash
# Prints what the kernels take of the device as a table in Markdown: registers of a thread, and bytes of
# static shared memory of a block where there are any.
#
#   resource-table.sh [WORK_FOLDER]
set -euo pipefail

table=${1:-$(dirname "${BASH_SOURCE[0]}")/../target}/kernel-resources.tsv
[ -r "$table" ] || {
  echo "no $table: build with nvcc first" >&2
  exit 1
}
awk -F '\t' '
  NR == 1 { next }
  !($1 in known_kernel) { known_kernel[$1] = 1; kernels[++kernel_count] = $1 }
  !($2 in known_target) { known_target[$2] = 1; targets[++target_count] = $2 }
  { cell[$1, $2] = $3 ($4 > 0 ? " + " $4 " B" : "") }
  END {
    line = "| kernel |"
    rule = "| --- |"
    for (t = 1; t <= target_count; t++) { line = line " " targets[t] " |"; rule = rule " ---: |" }
    print line
    print rule
    for (k = 1; k <= kernel_count; k++) {
      line = "| `" kernels[k] "` |"
      for (t = 1; t <= target_count; t++) line = line " " cell[kernels[k], targets[t]] " |"
      print line
    }
  }' <(head -n 1 "$table" && tail -n +2 "$table" | sort -t "$(printf '\t')" -k1,1 -k2,2V)

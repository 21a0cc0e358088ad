# Reads what "ptxas -v" says of every kernel and target, prints it as a table, and fails where a kernel
# spills registers or takes more than limits.tsv allows.
#
#   awk -v limits=limits.tsv -f resources.awk kernels.log >kernel-resources.tsv

BEGIN {
  FS = "\t"
  while ((getline < limits) > 0) {
    if ($0 == "" || $1 ~ /^#/) continue
    if (NF != 5) complain(limits ": '" $0 "' has " NF " columns (expected: 5)")
    row = $1 SUBSEP $2
    listed[$1] = 1
    max_registers[row] = $3
    max_shared[row] = $4
    reason[row] = $5
  }
  FS = " "
  OFS = "\t"
  print "kernel", "target", "registers", "shared_bytes", "stack_bytes"
}

/Compiling entry function/ {
  if (open) complain("ptxas told no registers of " kernel " for " target)
  split($0, quoted, "'")
  kernel = quoted[2]
  target = quoted[4]
  open = 1
  seen[kernel] = 1
}

/Function properties for/ { function_name = $NF }

/bytes stack frame/ {
  stack = $1
  stores = $5
  loads = $9
  if (stores + loads > 0)
    complain(function_name " for " target " spills registers: " stores " bytes stored, " loads " loaded (expected: none)")
}

/Used [0-9]+ registers/ {
  if (!open) next
  open = 0
  shared = registers = 0
  for (i = 2; i <= NF; i++) {
    if ($i ~ /^registers/) registers = $(i - 1)
    if ($i ~ /^smem/) shared = $(i - 2)
  }
  print kernel, target, registers, shared, stack
  check(kernel, target, registers, shared)
  kernels++
}

END {
  if (open) complain("ptxas told no registers of " kernel " for " target)
  if (!kernels) complain("ptxas told of no kernel")
  for (name in listed)
    if (name != "*" && !(name in seen)) complain(limits ": there is no kernel '" name "'")
  exit failed
}

# The most particular row that fits decides.
function check(kernel, target, registers, shared,    row) {
  row = kernel SUBSEP target
  if (!(row in reason)) row = kernel SUBSEP "*"
  if (!(row in reason)) row = "*" SUBSEP target
  if (!(row in reason)) row = "*" SUBSEP "*"
  if (!(row in reason)) complain(limits ": no row for " kernel " on " target)
  else {
    if (registers > max_registers[row])
      complain(kernel " for " target " takes " registers " registers (expected: at most " max_registers[row] ", " reason[row] ")")
    if (shared > max_shared[row])
      complain(kernel " for " target " takes " shared " bytes of static shared memory (expected: at most " max_shared[row] ", " reason[row] ")")
  }
}

function complain(text) {
  print text > "/dev/stderr"
  failed = 1
}

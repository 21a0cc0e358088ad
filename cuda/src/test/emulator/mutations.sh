#!/usr/bin/env bash
# Shows that the CUDA tests notice a broken kernel: breaks one line at a time in a copy of the kernels, and runs the
# tests on the emulated device until one fails; where none does, again under the sanitizers. Prints a table in Markdown.
# Every barrier (__syncwarp, __syncthreads) is left out once; the other mutations are listed below.
#
#   mutations.sh [PATTERN]      only mutations whose row of the table contains the pattern (of grep -E)
#
# Needs what ./slam test leaves behind. Takes more than an hour; no part of ./slam test.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
root=$(cd "$here/../../../.." && pwd)
kernels=$root/cuda/src/main/cuda
work=$root/cuda/target/mutations
chosen=${1:-}
seconds=300
# What a mutation leaves unused is no reason not to compile it.
export EMULATOR_FLAGS=-Wno-error
classes=(
  io.roomfield.slam.compute.cuda.Cuda{Surface,Backend,Optimizer,Half}Test
  io.roomfield.cuda.KernelTest
)

# The class path that surefire ran the tests with, and what it brings itself.
class_path() {
  local report=$root/slam-server/target/surefire-reports/TEST-${classes[0]}.xml path
  [ -r "$report" ] || { echo "mutations.sh: no $report (expected: ./slam test was run)" >&2; exit 1; }
  path=$(sed -n 's/.*name="surefire.test.class.path" value="\([^"]*\)".*/\1/p' "$report")
  printf '%s:%s' "$path" "$(tr : '\n' <<<"$path" | grep junit-platform-engine | sed 's/platform-engine/platform-launcher/g')"
}

# run_tests LIBRARY [VARIABLE=VALUE...]: what the tests said goes to $work/tests.log.
run_tests() {
  env "${@:2}" timeout "$seconds" "${JAVA_HOME:+$JAVA_HOME/bin/}java" --add-modules jdk.incubator.vector \
    --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Xmx3g -XX:-CreateCoredumpOnCrash \
    -XX:ErrorFile="$work/crash.log" -Droomfield.emulator="$1" -cp "$class_path" \
    "$here/mutations/FirstFailure.java" "${classes[@]}" >"$work/tests.log" 2>&1
}

# What the tests made of the kernels in $work/kernels.
verdict() {
  local status=0 failed
  EMULATOR_KERNELS=$work/kernels/kernels.cu "$here/build.sh" "$work/plain" >"$work/build.log" 2>&1 || {
    echo "**DOES NOT COMPILE**"
    return
  }
  run_tests "$work/plain/libcuda.so.1" || status=$?
  failed=$(sed -n 's/^failed \(.*\)/`\1`/p' "$work/tests.log")
  case $status in
    0) sanitized_verdict ;;
    124) echo "the time limit of $seconds s" ;;
    *) echo "${failed:-a crash}" ;;
  esac
}

sanitized_verdict() {
  local report
  EMULATOR_KERNELS=$work/kernels/kernels.cu "$here/build.sh" "$work/sanitized" --sanitize >"$work/build.log" 2>&1
  if run_tests "$work/sanitized/libcuda.so.1" LD_PRELOAD="$(g++ -print-file-name=libasan.so):$(g++ -print-file-name=libubsan.so)" \
    ASAN_OPTIONS=handle_segv=0:handle_sigbus=0:handle_sigfpe=0:detect_leaks=0; then
    echo "**NOT CAUGHT**"
    return
  fi
  report=$(sed -n 's/^SUMMARY: AddressSanitizer: \([a-z-]*\).*/\1/p; s/.*runtime error: \(.*\)/\1/p' "$work/tests.log" | head -n 1)
  echo "the sanitizers (${report:-see tests.log})"
}

# try FILE LINE NEW_TEXT WHAT [WHY_NOT]: the line becomes the text, and a row is printed. WHY_NOT says why no test can
# notice.
try() {
  local file=$1 line=$2 row
  row="| \`$file:$line\` | $4 |"
  grep -qE -- "$chosen" <<<"$row" || return 0
  cp "$kernels/$file" "$work/kernels/$file"
  awk -v line="$line" -v text="${3//\\/\\\\}" 'NR == line { print text; next } { print }' "$kernels/$file" >"$work/kernels/$file"
  echo "$row $(verdict)${5:+ ($5)} |"
  cp "$kernels/$file" "$work/kernels/$file"
}

# mutate FILE OLD NEW [WHY_NOT]: in the one line that holds the old text; OLD@2 is the second such line.
mutate() {
  local file=$1 old=${2%@[1-9]} nth=1 lines line text
  [ "$old" = "$2" ] || nth=${2##*@}
  mapfile -t lines < <(grep -nF -- "$old" "$kernels/$file" | cut -d : -f 1)
  line=${lines[nth - 1]:-}
  if [ -z "$line" ] || { [ "$old" = "$2" ] && [ "${#lines[@]}" -gt 1 ]; }; then
    echo "mutations.sh: $file has ${#lines[@]} lines with '$old' (expected: one)" >&2
    exit 1
  fi
  text=$(sed -n "${line}p" "$kernels/$file")
  if [ -n "$3" ]; then
    try "$file" "$line" "${text/"$old"/"$3"}" "\`$old\` becomes \`$3\`" "${4:-}"
  else
    try "$file" "$line" "${text/"$old"/}" "\`$old\` is left out" "${4:-}"
  fi
}

# By file and the barrier's number in it: why its absence shows in no test.
declare -A unseen=(
  [decode_backward_half.cu 3]='needed: what follows are products, which order memory on the emulated device, but not by CUDA'"'"'s rules'
  [decode_backward_half.cu 5]='as the one before'
  [decode_backward_half.cu 8]='as decode_backward.cu'"'"'s 7th'
  [decode_half.cu 3]='not needed on any device known: a lane stores the entries that it loaded'
  [decode_half.cu 7]='needed beyond 32 outputs, which no decoder of points has'
  [decode_backward.cu 6]='needed: shuffles follow, which order memory on the emulated device, but not by CUDA'"'"'s rules'
  [decode_backward.cu 7]='as the one before'
)

every_barrier() {
  local file line text
  local -A count=()
  while IFS=: read -r file line text; do
    file=$(basename "$file")
    count[$file]=$((${count[$file]:-0} + 1))
    try "$file" "$line" "${text/__sync*();/}" "\`$(grep -o '__sync[a-z]*' <<<"$text")\` is left out" \
      "${unseen[$file ${count[$file]}]:-}"
  done < <(grep -nE '__sync(warp|threads)\(\);' "$kernels"/*.cu*)
}

mkdir -p "$work/kernels"
cp "$kernels"/* "$work/kernels/"
class_path=$(class_path)
echo "| line | mutation | caught by |"
echo "| --- | --- | --- |"
every_barrier

mutate adam.cu 'int vertex = i / group;' 'int vertex = i % group;'
mutate adam.cu 'if (i < count) {' 'if (i < count - 1) {'
mutate adam.cu 'rates[blockIdx.x]' 'rates[0]'
mutate adam.cu 'if (i >= length) {' 'if (i > length) {' \
  'the same: blocks of features fill whole blocks of threads'
mutate composite.cu 'left *= all;@1' ''
mutate composite.cu 'left *= all;@2' ''
mutate composite.cu 'if (ray >= v.rays) {' 'if (ray > v.rays) {'
mutate composite.cu 'there ? depth - z[i]' 'there ? z[0] - z[i]'
mutate composite.cuh 'lane >= offset ?' 'lane > offset ?'
mutate composite.cuh 'kSharpness * logit' 'logit'
mutate composite_backward.cu 'kSharpness * o' 'o'
mutate composite_backward.cu 'no_gradient(out, begin + i);' ''
mutate composite_backward.cu 'next = lane == kWarp - 1 ? behind : next;' ''
mutate composite_backward.cu '__shfl_sync(kAllLanes, fromHere, 0)' '__shfl_sync(kAllLanes, fromHere, 1)'
mutate composite_backward.cu 'lane + offset < kWarp' 'lane + offset <= kWarp'
mutate decode.cu 'min(first + lane, count - 1)' '(first + lane)'
mutate decode.cu 'min(first + p, t.count - 1)' '(first + p)'
mutate decode.cu '&& point < t.count' ''
mutate decode.cu 'positive[p], 16' 'positive[p], 8'
mutate decode.cu 'sign_words(d) + chunk / kChunk' 'sign_words(d)'
mutate decode.cu 'to += hidden_row(d) * padded;' 'to += d.features * padded;'
mutate decode_backward.cu 'positive >> o & 1u ? *g : 0.f' '*g'
mutate decode_backward.cu 'point < t.count ?' 'true ?'
mutate decode_backward.cu 'rows.feature[k * kTileStride + lane] = 0.f;' ''
mutate decode_backward.cu 'again = block;' ''
mutate decode_backward.cu 't.pointGradient[3 * point] += gx[p];' 't.pointGradient[3 * point] = gx[p];'
mutate decode_backward_half.cu 'tile.feature[k * kTileStride + lane] = 0.f;' ''
mutate decode_backward_half.cu 'tile.feature[k * kTileStride + lane] *= unit;' ''
mutate decode_backward_half.cu 'put_cut(rows, o, point < t.count ? gradient[o] * inverse : 0.f);' 'put_cut(rows, o, gradient[o] * inverse);'
mutate decode_backward_half.cu 'pad_rows(rows, outputs);' ''
mutate decode_backward_half.cu 'again = block;' ''
mutate decode_backward_half.cu 'rows.put(o, lane, 0.f);' ''
mutate decode_backward_half.cu 't.pointGradient[3 * point] += unit * gx;' 't.pointGradient[3 * point] += gx;'
mutate decode_backward_half.cu 'output ? tile.output : tile.again, againOutputs);' 'tile.again, againOutputs);'
mutate decode_half.cu 'pad_rows(tile.features, d.features);' ''
mutate decode_half.cu 'pad_rows(tile.input, d.encodingSize);' ''
mutate decode_half.cu 'positive |= (passes' 'positive = (passes'
mutate decode_half.cu '&& point < t.count' ''
mutate decode_half.cu 'min(kChunk, d.hidden - chunk)' 'kChunk'
mutate decode_half.cu 'd.encodingSize * padded' '0'
mutate decode_half.cu 'from(t.own.channels)' 'from(0)'
mutate decode_half.cu 'd.hidden <= kChunk ?' 'true ?'
mutate device.cuh 'offset > 0; offset' 'offset > 1; offset'
mutate device.cuh 'x = __fmaf_rn(turns, -1.9350051879882812e-3f, x);' ''
mutate fixed_point.cuh 'fminf(fmaxf(term, -kLargestTerm), kLargestTerm)' 'term'
mutate fixed_point.cuh 'units >= kNotANumber ?' 'units > kNotANumber * 2 ?'
mutate grid.cuh '(bz * grid.sizeY + by) * grid.sizeX' '(bz * grid.sizeX + by) * grid.sizeY'
mutate grid.cuh 'by < grid.sizeY' 'by <= grid.sizeY'
mutate grid.cuh 'upper ? fraction : 1.f - fraction' 'upper ? 1.f - fraction : fraction'
mutate grid.cuh 'sign[axis] = upper ? grid.scale : -grid.scale;' 'sign[axis] = upper ? 1.f : -1.f;'
mutate grid.cuh 'low == low ?' 'true ?'
mutate grid.cuh 'rows.put(channel, p, sum[r]);' 'rows.put(channel, p, sum[0]);'
mutate grid.cuh 'if (live && gradient != nullptr) {' 'if (gradient != nullptr) {' \
  'the same: points beyond the last have gradients of zero'
mutate grid.cuh 'bool there = features != nullptr && channel < grid.channels;' 'bool there = features != nullptr;' \
  'what it reads too much is not used, and has a next vertex or block behind it in nearly every case'
mutate lattice.cu 'point <= points' 'point < points' \
  'the same: an exclusive sum leaves the last count out'
mutate lattice.cu 'kNear ? 1 : 0' 'kFree ? 1 : 0'
mutate lattice.cu 'first(lattice, axis) + ' ''
mutate lattice.cu 'classes[point] == kFree ?' 'false ?'
mutate lattice.cu 'base[at * stride]' 'base[at]'
mutate lattice.cu 'logit - logit != 0.f' 'logit != logit'
mutate lattice.cu 'atomicMin(notFinite, point);' '*notFinite = point;'
mutate lattice.cuh ' % size(l, axis)' ''
mutate losses.cu 'rank == readings / 2' 'rank == (readings - 1) / 2'
mutate losses.cu 't.depthTerm[ray] > *t.limit' 't.depthTerm[ray] >= *t.limit'
mutate losses.cu 'ray += blockDim.x' 'ray += 2 * blockDim.x'
mutate losses.cu 'bool counts = term != -1.f;' 'bool counts = true;'
mutate losses.cu 'return a == a || (b != b && i < j);' 'return a == a;' \
  'the same: a limit that is no number lets every ray count, as no limit does'
mutate losses.cu 'return a < b || (a == b && i < j);' 'return a < b;'
mutate losses.cu 'width > 0' 'width > 1'
mutate marching_cubes.cu 'at >= l.border' 'at > l.border'
mutate marching_cubes.cu '- 1 - l.border' '- l.border'
mutate marching_cubes.cu 'if (value != value) {' 'if (false) {'
mutate marching_cubes.cu 'return value > 0.f;' 'return value >= 0.f;'
mutate marching_cubes.cu '+ 1 >= size(l, axis)' '>= size(l, axis)'
mutate marching_cubes.cu 'offset(l, point, v) >= backV' 'true'
mutate marching_cubes.cu 'back < 4' 'back < 3'
mutate marching_cubes.cu 'at > 0 ?' 'true ?'
mutate marching_cubes.cu 'at < size(l, axis) - 1 ?' 'true ?'
mutate marching_cubes.cu 'return after != after ? 0.0' 'return true ? 0.0'
mutate marching_cubes.cu '0.5 * (after - before)' '(after - before)'
mutate marching_cubes.cu 'if (point > points) {@1' 'if (point >= points) {' \
  'the same: an exclusive sum leaves the last count out'
mutate marching_cubes.cu 'if (point > points) {@2' 'if (point >= points) {' \
  'the same: an exclusive sum leaves the last count out'
mutate marching_cubes.cu '1.0 - t, normal' '1.0, normal'
mutate marching_cubes.cu 'from > to ? 1.0 : -1.0' '1.0'
mutate marching_cubes.cu 'vertex++;' ''
mutate marching_cubes.cu '& lower' ''
mutate occupancy_loss.cu 'kSharpness * weight[i]' 'weight[i]'
mutate occupancy_loss.cu 'i += blockDim.x' 'i += blockDim.x + 1'
mutate pack_decoder.cu 'o * backwardStride' 'o * m.inputs'
mutate pack_decoder.cu 'i * halfStride' 'i * forwardStride'
mutate pose_gradient.cu '&& counts[ray] != 0' ''
mutate pose_gradient.cu 'z * gx - x * gz' 'x * gz - z * gx'
mutate prefix_sum.cu 'first + k < count ?' 'true ?' \
  'what it reads too much is in no sum that is used'
mutate prefix_sum.cu 'lane >= offset ?' 'lane > offset ?'
mutate prefix_sum.cu 'other < warp' 'other <= warp'
mutate prefix_sum.cu 'if (first + k < count) {' 'if (true) {'
mutate prefix_sum.cu 'threadIdx.x == blockDim.x - 1' 'threadIdx.x == 0'
mutate prefix_sum.cu 'values[i] += sums' 'values[i] = sums'
mutate sample_rays.cu '(from[j] == mine && j < i)' 'from[j] == mine'
mutate sample_rays.cu 'segment < first - 2' 'segment < first - 1' \
  'the same: no target reaches the last sum'
mutate sample_rays.cu 'if (sample != sample) {' 'if (false) {' \
  'the same for the ray: the samples that made its weights NaN make it NaN again'
mutate sample_rays.cu 'if (i >= rays.count * laid) {' 'if (i > rays.count * laid) {'
mutate settle_gradient.cu 'i < count' 'i <= count' \
  'the same: blocks of features fill whole blocks of threads'
mutate tile.cuh 'if (first + o < outputs) {' 'if (first + o <= outputs) {'
mutate tile.cuh 'first + o < outputs ? __ldg' 'true ? __ldg' \
  'what it reads too much is not used, and lies in the buffer of all the weights'
mutate tile.cuh 'k < count; k++) {@1' 'k < count - 1; k++) {'
mutate weight_gradient.cu 'first + p < count' 'true' \
  'the same: gradients of points beyond the last are zero'
mutate weight_gradient.cu 'r < rows' 'true'
mutate weight_gradient.cu '+ column] += sum;' '+ column] = sum;'
mutate weight_gradient.cu 'gridDim.x + blockIdx.x) * kEdge * kEdge + threadIdx.x' 'gridDim.x) * kEdge * kEdge + threadIdx.x'

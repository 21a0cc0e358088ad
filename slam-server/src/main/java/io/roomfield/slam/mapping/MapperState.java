package io.roomfield.slam.mapping;

import io.roomfield.slam.field.FieldLevel;
import java.util.List;
import java.util.Map;

/**
 * What a mapper knows between two rounds, beside the blocks: together they let another go on as
 * this one would have.
 *
 * @param decoders checksum of the geometry decoders that read the features
 * @param version of the map as last published
 * @param rounds that have been run
 * @param mappedKeyframes keyframes that have had their round
 * @param blocks numbers of blocks of each part
 * @param pending per encoded level, the blocks that wait to be encoded
 */
public record MapperState(
    long decoders,
    long version,
    long rounds,
    int mappedKeyframes,
    Map<MapBlock.Part, Integer> blocks,
    Map<FieldLevel, List<Integer>> pending) {}

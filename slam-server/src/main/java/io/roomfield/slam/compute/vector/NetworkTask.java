package io.roomfield.slam.compute.vector;

import io.roomfield.slam.field.Decoder;

/** A backward pass of a network on rows; see {@code ComputeBackend.applyBackward}. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record NetworkTask(Decoder network, float[] inputs, float[] outputGradient) {}

package io.roomfield.slam.pretrain;

/**
 * What mid and fine networks are trained for: mean {@code |D - D^|} in metres plus this weight
 * times the mean occupancy cross-entropy in nats.
 *
 * @param crossEntropyWeight metres a nat; alone, the depth term makes fog (decoders.md)
 * @param refinementRate learning rate of features in the mapping iterations that are imitated
 */
record GeometryLoss(double crossEntropyWeight, double refinementRate) {}

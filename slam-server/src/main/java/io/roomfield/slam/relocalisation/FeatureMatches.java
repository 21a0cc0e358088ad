package io.roomfield.slam.relocalisation;

import java.util.Arrays;

/**
 * Features of a frame and of a keyframe that are each other's nearest by Hamming distance, and that
 * the frame's feature prefers clearly to its second nearest (Lowe's ratio test, IJCV 2004, section
 * 7.1).
 *
 * @param frame {@code [matches]} features of the frame
 * @param keyframe {@code [matches]} features of the keyframe
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record FeatureMatches(int[] frame, int[] keyframe) {
  private static final double RATIO = 0.8;

  /** Bits; ORB-SLAM's TH_HIGH is 100, but without a ratio test. */
  private static final int MAX_DISTANCE = 80;

  /** Compares every feature among the first so many of the one with those of the other. */
  static FeatureMatches between(OrbFeatures frame, OrbFeatures keyframe, int amongFirst) {
    int rows = Math.min(amongFirst, frame.count());
    int columns = Math.min(amongFirst, keyframe.count());
    int[] nearestRow = new int[columns];
    int[] rowDistance = new int[columns];
    Arrays.fill(rowDistance, Integer.MAX_VALUE);
    int[] nearestColumn = new int[rows];
    for (int row = 0; row < rows; row++) {
      int nearest = Integer.MAX_VALUE;
      int second = Integer.MAX_VALUE;
      int column = -1;
      for (int c = 0; c < columns; c++) {
        int distance = frame.hammingDistance(row, keyframe, c);
        if (distance < rowDistance[c]) {
          rowDistance[c] = distance;
          nearestRow[c] = row;
        }
        if (distance < nearest) {
          second = nearest;
          nearest = distance;
          column = c;
        } else if (distance < second) {
          second = distance;
        }
      }
      boolean clear = nearest <= MAX_DISTANCE && nearest < RATIO * second;
      nearestColumn[row] = clear ? column : -1;
    }
    return mutual(nearestColumn, nearestRow);
  }

  int count() {
    return frame.length;
  }

  private static FeatureMatches mutual(int[] nearestColumn, int[] nearestRow) {
    int[] frame = new int[nearestColumn.length];
    int[] keyframe = new int[nearestColumn.length];
    int count = 0;
    for (int row = 0; row < nearestColumn.length; row++) {
      int column = nearestColumn[row];
      if (column >= 0 && nearestRow[column] == row) {
        frame[count] = row;
        keyframe[count++] = column;
      }
    }
    return new FeatureMatches(Arrays.copyOf(frame, count), Arrays.copyOf(keyframe, count));
  }
}

/** Optimisation of the keyframes' poses over measured relative poses. */
package io.roomfield.slam.posegraph;

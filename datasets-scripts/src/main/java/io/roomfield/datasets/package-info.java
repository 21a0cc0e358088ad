/**
 * Recorded and rendered RGB-D sequences with their ground truth, for clients and for the offline
 * tools of pretraining. Ground truth never reaches the service: of the server's packages only
 * {@code io.roomfield.slam.pretrain} may depend on this one.
 */
package io.roomfield.datasets;

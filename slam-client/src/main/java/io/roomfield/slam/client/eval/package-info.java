/** How good a trajectory, a rendered depth and a mesh are; ground truth never leaves the client. */
package io.roomfield.slam.client.eval;

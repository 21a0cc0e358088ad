/**
 * Offline tools for the decoders' weights. They read recordings with their ground truth; nothing of
 * the service may depend on them.
 */
package io.roomfield.slam.pretrain;

/** A folder of clips, replayed with every preset and seed, and one table of what came out. */
package io.roomfield.slam.client.suite;

/**
 * Procedural furnished rooms as signed distance functions: exact surface, exact camera poses,
 * rendered colour and depth, a Kinect's noise. Needs no download, repeats exactly by seed.
 *
 * <p>World axes: metres, z up, the floor is z = 0, the origin lies under the middle of the room.
 * Camera axes as everywhere: x right, y down, z forward.
 */
package io.roomfield.rooms;

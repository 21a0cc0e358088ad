/**
 * Procedural furnished rooms as signed distance functions: exact surface, exact camera poses,
 * rendered colour and depth, the noise of depth cameras. Needs no download, repeats exactly by
 * seed. {@link io.roomfield.rooms.FurnishedRoom} is the demo's; {@link
 * io.roomfield.rooms.ProceduralRoom}s, of any number and far more varied, are to learn from.
 *
 * <p>World axes: metres, z up, the floor is z = 0, the origin lies under the middle of the room.
 * Camera axes as everywhere: x right, y down, z forward.
 */
package io.roomfield.rooms;

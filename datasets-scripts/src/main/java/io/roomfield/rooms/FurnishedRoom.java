package io.roomfield.rooms;

import static io.roomfield.rooms.Assembly.placed;

import io.roomfield.geometry.SE3;
import io.roomfield.rooms.Lighting.Lamp;
import io.roomfield.rooms.Shape.Box;
import io.roomfield.rooms.Shape.Cylinder;
import io.roomfield.rooms.Shape.HalfSpace;
import io.roomfield.rooms.Shape.Sphere;
import io.roomfield.rooms.Textures.Bricks;
import io.roomfield.rooms.Textures.Checker;
import io.roomfield.rooms.Textures.Mottle;
import io.roomfield.rooms.Textures.Planks;
import io.roomfield.rooms.Textures.Wallpaper;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A furnished living room of about 5 x 4 x 2.6 m: world z up, floor at z = 0, origin under its
 * middle. A table with chairs stands in the middle, the rest along the walls.
 *
 * @param scene its surface
 * @param lighting its light
 * @param width inner extent along x in metres
 * @param length inner extent along y in metres
 * @param height inner extent along z in metres
 */
public record FurnishedRoom(
    SignedDistanceScene scene, Lighting lighting, double width, double length, double height) {
  private static final int WALLS = 4;
  private static final double CEILING_LAMP_RADIUS = 0.16;

  /** Builds the room of a seed: sizes, arrangement, furniture and textures all follow from it. */
  public static FurnishedRoom create(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double width = random.nextDouble(4.8, 5.3);
    double length = random.nextDouble(3.9, 4.3);
    double height = random.nextDouble(2.5, 2.7);
    List<SceneObject> objects = new ArrayList<>(floorAndCeiling(random, height));
    List<Assembly> pieces = new ArrayList<>();
    int turn = random.nextInt(2);
    List<Texture> wallpapers = wallpapers(random);
    for (int wall = 0; wall < WALLS; wall++) {
      double fromCentre = (wall % 2 == 0 ? length : width) / 2;
      SE3 worldFromWall = placed(0, 0, 0, wall * Math.PI / 2).times(placed(0, -fromCentre, 0, 0));
      objects.add(wall(worldFromWall, wallpapers.get(wall)));
      boolean first = (wall / 2 + turn) % 2 == 0;
      pieces.addAll(
          wall % 2 == 0
              ? longWall(worldFromWall, random, first)
              : shortWall(worldFromWall, random, first));
    }
    pieces.addAll(middle(random));
    pieces.forEach(piece -> objects.addAll(piece.parts()));
    Lighting lighting =
        new Lighting(
            List.of(
                new Lamp(0, 0, height - 2 * CEILING_LAMP_RADIUS, 0.75),
                new Lamp(-width / 3, -length / 4, 1.8, 0.25),
                new Lamp(width / 3, length / 4, 1.8, 0.25)));
    return new FurnishedRoom(new SignedDistanceScene(objects), lighting, width, length, height);
  }

  private static List<SceneObject> floorAndCeiling(SplittableRandom random, double height) {
    Assembly a = new Assembly(SE3.IDENTITY, random);
    Texture planks =
        new Planks(Colour.of(0x5e3d20), Colour.of(0xc0935c), a.between(0.1, 0.14), a.seed());
    a.add(new HalfSpace(), SE3.IDENTITY, planks);
    Texture plaster = new Mottle(Colour.of(0xb9b4a8), Colour.of(0xf4f1ea), 0.5, a.seed());
    a.add(new HalfSpace(), SE3.fromRotationVector(Math.PI, 0, 0, 0, 0, height), plaster);
    Texture rug = new Checker(Colour.of(0x7c2a2a), Colour.of(0xdcc79c), 0.17, a.seed());
    a.add(new Box(2.4, 1.8, 0.02, 0.005), placed(0, 0, 0.005, a.between(-0.2, 0.2)), rug);
    Texture glass = new Mottle(Colour.of(0xe9d7a8), Colour.of(0xffffff), 0.2, a.seed());
    double r = CEILING_LAMP_RADIUS;
    a.add(new Sphere(r), 0, 0, height - r, glass);
    return a.parts();
  }

  private static List<Texture> wallpapers(SplittableRandom random) {
    Texture bricks =
        new Bricks(
            Colour.of(0x7d3b2a), Colour.of(0xc4795a), Colour.of(0xc9c2b4), random.nextLong());
    Texture paper =
        new Wallpaper(
            Colour.of(0xd9c9a3), Colour.of(0xa9b89a), Colour.of(0x7a3f46), random.nextLong());
    Texture plaster = new Mottle(Colour.of(0x8fa3b0), Colour.of(0xe8e4d6), 0.6, random.nextLong());
    Texture paint = new Mottle(Colour.of(0xb08a5c), Colour.of(0xeedcb8), 0.35, random.nextLong());
    List<Texture> all = new ArrayList<>(List.of(bricks, paper, plaster, paint));
    Collections.rotate(all, random.nextInt(all.size()));
    return all;
  }

  /** The half-space behind a wall: its z is the wall's y (into the room), its y is up. */
  private static SceneObject wall(SE3 worldFromWall, Texture texture) {
    SE3 wallFromHalfSpace = new SE3(-1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0);
    return new SceneObject(new HalfSpace(), worldFromWall.times(wallFromHalfSpace), texture);
  }

  /** A place along a wall: metres to the wall's right, and up. */
  private static Assembly at(SE3 worldFromWall, double along, double up, SplittableRandom random) {
    return new Assembly(worldFromWall.times(placed(along, 0, up, 0)), random);
  }

  private static List<Assembly> longWall(SE3 wall, SplittableRandom random, boolean sofa) {
    double along = random.nextDouble(-0.3, 0.3);
    Assembly main = at(wall, along, 0, random);
    Assembly left = at(wall, along - 1.35, 0, random);
    Assembly right = at(wall, along + 1.3, 0, random);
    Assembly above = at(wall, along - 0.4, 1.55, random);
    Assembly beside = at(wall, along + 0.4, 1.6, random);
    if (sofa) {
      Furniture.sofa(main);
      Furniture.lampTable(left);
      Furniture.plant(right);
    } else {
      Furniture.sideboard(main);
      Furniture.cartons(left);
      Furniture.bookshelf(right);
    }
    Furniture.picture(above, random.nextDouble(0.6, 0.8), random.nextDouble(0.45, 0.6));
    Furniture.picture(beside, 0.35, random.nextDouble(0.4, 0.5));
    return List.of(main, left, right, above, beside);
  }

  private static List<Assembly> shortWall(SE3 wall, SplittableRandom random, boolean shelves) {
    double along = random.nextDouble(-0.1, 0.1);
    if (shelves) {
      Assembly left = at(wall, along - 0.5, 0, random);
      Assembly right = at(wall, along + 0.5, 0, random);
      Furniture.bookshelf(left);
      Furniture.bookshelf(right);
      return List.of(left, right);
    }
    Assembly desk = at(wall, along - 0.5, 0, random);
    Assembly door = at(wall, along + 0.9, 0, random);
    Assembly above = at(wall, along - 0.5, 1.65, random);
    SE3 facingDesk = wall.times(placed(along - 0.4, 1.0, 0, Math.PI + 0.3));
    Assembly chair = new Assembly(facingDesk, random);
    Furniture.desk(desk);
    Furniture.door(door);
    Furniture.picture(above, 0.7, 0.4);
    Furniture.chair(chair);
    return List.of(desk, door, above, chair);
  }

  private static List<Assembly> middle(SplittableRandom random) {
    SE3 worldFromTable = placed(0, 0, 0, random.nextDouble(-0.4, 0.4));
    List<Assembly> pieces = new ArrayList<>();
    pieces.add(new Assembly(worldFromTable, random));
    Furniture.table(pieces.get(0));
    for (int side = 0; side < WALLS; side++) {
      double out = (side % 2 == 0 ? 0.62 : 0.85) + random.nextDouble(0, 0.1);
      double yaw = random.nextDouble(-0.25, 0.25);
      SE3 tableFromSide = placed(0, 0, 0, side * Math.PI / 2);
      SE3 facing = worldFromTable.times(tableFromSide).times(placed(0, -out, 0, yaw));
      Assembly chair = new Assembly(facing, random);
      Furniture.chair(chair);
      pieces.add(chair);
    }
    Assembly stool = new Assembly(placed(-1.5, -0.9, 0, 0), random);
    stool.add(new Cylinder(0.17, 0.4), 0, 0, 0.2, stool.cloth());
    pieces.add(stool);
    return pieces;
  }
}

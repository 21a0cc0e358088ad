// Where the camera went, where it is, and from where keyframes were taken.

import * as THREE from "three";

const FRUSTUM_METRES = 0.22;
const KEYFRAME_METRES = 0.08;
const COLOURS = { TRACKING: 0x1f9d6b, UNCERTAIN: 0xd9a514, LOST: 0xd64545 };
const PATH = 0xe07a2f;
const KEYFRAME = 0x4f86d9;
const FIRST_CAPACITY = 256;

/** A pose of the API as a matrix: map from camera. */
export function matrix(pose) {
  return new THREE.Matrix4().compose(
    new THREE.Vector3(pose.tx, pose.ty, pose.tz),
    new THREE.Quaternion(pose.qx, pose.qy, pose.qz, pose.qw),
    new THREE.Vector3(1, 1, 1));
}

/** What a camera sees as far as its frustum is drawn: x right, y down, z forward. */
function frustum(camera, depth) {
  const x0 = (-0.5 - camera.cx) / camera.fx, x1 = (camera.width - 0.5 - camera.cx) / camera.fx;
  const y0 = (-0.5 - camera.cy) / camera.fy, y1 = (camera.height - 0.5 - camera.cy) / camera.fy;
  const corners = [[x0, y0], [x1, y0], [x1, y1], [x0, y1]].map(([x, y]) => [x * depth, y * depth, depth]);
  const lines = corners.flatMap((corner, i) => [[0, 0, 0], corner, corner, corners[(i + 1) % 4]]);
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute("position", new THREE.Float32BufferAttribute(lines.flat(), 3));
  return geometry;
}

export class TrajectoryView {
  constructor() {
    this.group = new THREE.Group();
    this.group.name = "trajectory";
    this.positions = new Float32Array(3 * FIRST_CAPACITY);
    this.path = new THREE.Line(new THREE.BufferGeometry(), new THREE.LineBasicMaterial({ color: PATH }));
    this.path.frustumCulled = false;
    this.keyframes = new THREE.Group();
    this.group.add(this.path, this.keyframes);
    this.clear();
  }

  clear() {
    this.count = 0;
    this.last = undefined;
    this.jump = undefined;
    this.camera?.removeFromParent();
    this.camera = undefined;
    this.keyframes.clear();
    this.#grow();
  }

  setCamera(intrinsics) {
    this.keyframeShape = frustum(intrinsics, KEYFRAME_METRES);
    this.camera = new THREE.LineSegments(
      frustum(intrinsics, FRUSTUM_METRES), new THREE.LineBasicMaterial({ color: COLOURS.TRACKING }));
    this.camera.matrixAutoUpdate = false;
    this.camera.visible = false;
    this.group.add(this.camera);
  }

  /** Replaces the path, as closing a loop makes it. */
  setAll(poses) {
    this.count = 0;
    poses.forEach((pose) => this.add(pose));
  }

  /** Goes on to the next pose; whether the poses before it have moved. */
  add(tracked) {
    const pose = tracked.worldFromCamera;
    if (3 * this.count === this.positions.length) {
      const grown = new Float32Array(2 * this.positions.length);
      grown.set(this.positions);
      this.positions = grown;
      this.#grow();
    }
    this.positions.set([pose.tx, pose.ty, pose.tz], 3 * this.count++);
    this.path.geometry.attributes.position.needsUpdate = true;
    this.path.geometry.setDrawRange(0, this.count);
    if (this.camera) {
      this.camera.visible = true;
      this.camera.matrix.copy(matrix(pose));
      this.camera.matrixWorldNeedsUpdate = true;
      this.camera.material.color.setHex(COLOURS[statusName(tracked)] ?? COLOURS.LOST);
    }
    const jump = JSON.stringify(tracked.mapFromOdometry);
    const moved = this.jump !== undefined && this.jump !== jump;
    this.jump = jump;
    this.last = tracked;
    return moved;
  }

  /** A box around the path; none before the first pose. */
  boxes() {
    const used = this.positions.subarray(0, 3 * this.count);
    return this.count === 0 ? [] : [new THREE.Box3().setFromArray(used).expandByScalar(FRUSTUM_METRES)];
  }

  #grow() {
    this.path.geometry.dispose();
    this.path.geometry = new THREE.BufferGeometry();
    this.path.geometry.setAttribute("position", new THREE.BufferAttribute(this.positions, 3));
    this.path.geometry.setDrawRange(0, this.count);
  }

  setKeyframes(list) {
    this.keyframes.clear();
    for (const keyframe of list) {
      const shape = new THREE.LineSegments(this.keyframeShape, new THREE.LineBasicMaterial({ color: KEYFRAME }));
      shape.applyMatrix4(matrix(keyframe.worldFromCamera));
      this.keyframes.add(shape);
    }
  }
}

/** "TRACKING", "UNCERTAIN" or "LOST". */
export function statusName(tracked) {
  return tracked.status.replace("TRACKING_STATUS_", "");
}

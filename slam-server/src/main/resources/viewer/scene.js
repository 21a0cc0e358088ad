// The stage: renderer, camera, light, and which way is up. It draws only when something has changed.

import * as THREE from "three";
import { Navigation } from "./navigation.js";

const FIELD_OF_VIEW_DEGREES = 50;
const NEAR_METRES = 0.02;
const FAR_METRES = 200;
const MAX_PIXEL_RATIO = 2;

/** How far above the floor's plane a fitted view looks from, as a tangent. */
const FIT_RISE = 0.75;
const FIT_MARGIN = 1.08;

/** Cameras that look all around look forward less than this. */
const LEVEL_FORWARD = 1e-6;

const UP = new THREE.Vector3(0, 1, 0);

/** How far normals may be from up to say where it is, from round to round. */
const LEVEL_DEGREES = [40, 20, 10, 5];

export class Scene {
  /** @param changed is called with nothing whenever the camera has moved */
  constructor(canvas, changed) {
    this.canvas = canvas;
    this.renderer = new THREE.WebGLRenderer({ canvas, antialias: true });
    this.renderer.localClippingEnabled = true;
    this.renderer.setPixelRatio(Math.min(devicePixelRatio, MAX_PIXEL_RATIO));
    this.scene = new THREE.Scene();
    this.camera = new THREE.PerspectiveCamera(FIELD_OF_VIEW_DEGREES, 1, NEAR_METRES, FAR_METRES);
    this.headlight = new THREE.DirectionalLight(0xffffff, 1.6);
    this.camera.add(this.headlight);
    this.scene.add(this.camera, new THREE.HemisphereLight(0xffffff, 0x8d8577, 1.7));
    // All that is in the map's frame; turned so that the map's up is the stage's.
    this.map = new THREE.Group();
    this.map.quaternion.setFromUnitVectors(new THREE.Vector3(0, -1, 0), UP);
    this.scene.add(this.map);
    this.navigation = new Navigation(this.camera, canvas, () => {
      this.invalidate();
      changed();
    });
    this.beforeDraw = [];
    new ResizeObserver(() => this.#resize()).observe(canvas.parentElement);
    this.useTheme();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.useTheme());
  }

  /** Takes the background from the page's style. */
  useTheme() {
    const colour = getComputedStyle(document.documentElement).getPropertyValue("--stage").trim();
    this.renderer.setClearColor(new THREE.Color(colour));
    this.invalidate();
  }

  #resize() {
    const { clientWidth, clientHeight } = this.canvas.parentElement;
    if (clientWidth === 0 || clientHeight === 0) return;
    this.renderer.setSize(clientWidth, clientHeight, false);
    this.camera.aspect = clientWidth / clientHeight;
    this.camera.updateProjectionMatrix();
    this.draw();
  }

  /** Draws soon, once. */
  invalidate() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      if (this.navigation.advance()) this.invalidate();
      this.draw();
    });
  }

  draw() {
    this.beforeDraw.forEach((update) => update());
    this.renderer.render(this.scene, this.camera);
  }

  /**
   * Looks at all that is in some boxes of the map, from above.
   *
   * @param forward where to look, in the map's frame, as far as that is along the floor
   */
  fit(boxes, forward) {
    if (boxes.length === 0) return;
    this.map.updateMatrixWorld(true);
    const back = forward.clone().transformDirection(this.map.matrixWorld).negate().setY(0);
    if (back.lengthSq() < LEVEL_FORWARD) back.set(0.4, 0, 1);
    const direction = back.normalize().setY(FIT_RISE).normalize();
    const points = boxes.flatMap(corners).map((corner) => corner.applyMatrix4(this.map.matrixWorld));
    // Seen from there: the middle of the picture, then as far back as all of it needs.
    const stageFromView = new THREE.Matrix4().lookAt(direction, new THREE.Vector3(), UP);
    const viewFromStage = stageFromView.clone().transpose();
    const seen = points.map((point) => point.applyMatrix4(viewFromStage));
    const centre = new THREE.Box3().setFromPoints(seen).getCenter(new THREE.Vector3());
    const tangent = Math.tan(THREE.MathUtils.degToRad(FIELD_OF_VIEW_DEGREES / 2)) / FIT_MARGIN;
    const distance = Math.max(...seen.map((p) => p.z - centre.z
      + Math.max(Math.abs(p.x - centre.x) / this.camera.aspect, Math.abs(p.y - centre.y)) / tangent));
    const target = centre.applyMatrix4(stageFromView);
    this.navigation.look(target.clone().addScaledVector(direction, distance), target);
  }

  /** Where the camera is and what it looks at, in the map's frame. */
  view() {
    this.map.updateMatrixWorld(true);
    return {
      eye: this.map.worldToLocal(this.camera.position.clone()),
      at: this.map.worldToLocal(this.navigation.target.clone()),
    };
  }

  setView({ eye, at }) {
    this.map.updateMatrixWorld(true);
    this.navigation.look(this.map.localToWorld(eye.clone()), this.map.localToWorld(at.clone()));
  }

  /**
   * Turns the map so that its floor is level: up is the direction near a guess that most surfaces face or
   * turn their backs to.
   *
   * @param guess up in the map's frame
   * @param normals arrays of x, y, z
   */
  level(guess, normals) {
    const up = guess.clone().normalize();
    for (const degrees of LEVEL_DEGREES) {
      const least = Math.cos(THREE.MathUtils.degToRad(degrees));
      const sum = new THREE.Vector3();
      for (const array of normals) {
        for (let i = 0; i + 2 < array.length; i += 9) {
          const along = array[i] * up.x + array[i + 1] * up.y + array[i + 2] * up.z;
          if (Math.abs(along) > least) {
            const sign = Math.sign(along);
            sum.x += sign * array[i];
            sum.y += sign * array[i + 1];
            sum.z += sign * array[i + 2];
          }
        }
      }
      if (sum.lengthSq() > 0) up.copy(sum.normalize());
    }
    this.map.quaternion.setFromUnitVectors(up, UP);
    this.invalidate();
  }

  /** A ray through a point of the canvas; x and y from -1 to 1, y up. */
  ray(x, y) {
    const raycaster = new THREE.Raycaster();
    this.camera.updateMatrixWorld(true);
    this.map.updateMatrixWorld(true);
    raycaster.setFromCamera(new THREE.Vector2(x, y), this.camera);
    return raycaster;
  }

  /** A picture of what is seen now. */
  screenshot() {
    this.draw(); // what was drawn before is gone from the buffer
    return new Promise((resolve) => this.canvas.toBlob(resolve, "image/png"));
  }
}

function corners(box) {
  const at = (axis, bit) => (bit ? box.max : box.min)[axis];
  return Array.from({ length: 8 }, (_, i) => new THREE.Vector3(at("x", i & 1), at("y", i & 2), at("z", i & 4)));
}

// Moving the camera: around a target (orbit), or from where it is (fly); by pointer, touch and keys.

import * as THREE from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";

const ORBIT_RADIANS_PER_SECOND = 1.4;
const ZOOM_PER_SECOND = 2;
const METRES_PER_SECOND = 1.8;
const FAST = 3;

/** Flying, the target is so near that turning around it is turning on the spot. */
const FLYING_TARGET_METRES = 0.05;
const ORBIT_TARGET_METRES = 2;

const MOVES = {
  KeyW: [0, 0, -1], KeyS: [0, 0, 1], KeyA: [-1, 0, 0], KeyD: [1, 0, 0], KeyE: [0, 1, 0], KeyQ: [0, -1, 0],
};
const TURNS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const ZOOMS = { Equal: -1, NumpadAdd: -1, Minus: 1, NumpadSubtract: 1 };

export class Navigation {
  constructor(camera, canvas, changed) {
    this.camera = camera;
    this.changed = changed;
    this.touched = false;
    this.held = new Set();
    this.controls = new OrbitControls(camera, canvas);
    this.controls.enableDamping = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.controls.addEventListener("change", changed);
    this.controls.addEventListener("start", () => (this.touched = true));
    canvas.addEventListener("keydown", (event) => this.#key(event, true));
    canvas.addEventListener("keyup", (event) => this.#key(event, false));
    canvas.addEventListener("blur", () => this.held.clear());
  }

  get target() {
    return this.controls.target;
  }

  look(eye, target) {
    this.camera.position.copy(eye);
    this.controls.target.copy(target);
    if (this.flying) this.#targetAt(FLYING_TARGET_METRES);
    this.controls.update();
    this.changed();
  }

  setFlying(flying) {
    this.flying = flying;
    this.controls.enableZoom = !flying;
    this.controls.rotateSpeed = flying ? -0.5 : 1;
    this.#targetAt(flying ? FLYING_TARGET_METRES : ORBIT_TARGET_METRES);
    this.controls.update();
  }

  #targetAt(metres) {
    const ahead = this.controls.target.clone().sub(this.camera.position).normalize();
    this.controls.target.copy(this.camera.position).addScaledVector(ahead, metres);
  }

  #key(event, down) {
    const { code } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || !(code in MOVES || code in TURNS || code in ZOOMS)) return;
    event.preventDefault();
    this.fast = event.shiftKey;
    if (!down) {
      this.held.delete(code);
      return;
    }
    if (this.held.size === 0) this.last = performance.now();
    this.held.add(code);
    this.touched = true;
    this.changed();
  }

  /** Goes on with what keys and inertia do; whether there is more to come. */
  advance() {
    if (this.held.size > 0) {
      const now = performance.now();
      const seconds = Math.min(0.1, (now - this.last) / 1000) * (this.fast ? FAST : 1);
      this.last = now;
      this.held.forEach((code) => this.#step(code, seconds));
    }
    return this.controls.update() || this.held.size > 0;
  }

  #step(code, seconds) {
    if (code in MOVES) {
      const step = new THREE.Vector3(...MOVES[code]).applyQuaternion(this.camera.quaternion);
      step.multiplyScalar(METRES_PER_SECOND * seconds);
      this.camera.position.add(step);
      this.controls.target.add(step);
    } else if (code in TURNS) {
      const sign = this.flying ? -1 : 1;
      const [right, down] = TURNS[code].map((way) => sign * way * ORBIT_RADIANS_PER_SECOND * seconds);
      this.#turn(right, down);
    } else if (!this.flying) {
      const factor = ZOOM_PER_SECOND ** (ZOOMS[code] * seconds);
      this.camera.position.sub(this.target).multiplyScalar(factor).add(this.target);
    }
  }

  #turn(right, down) {
    const around = new THREE.Spherical().setFromVector3(this.camera.position.clone().sub(this.target));
    around.theta += right;
    around.phi += down;
    around.makeSafe();
    this.camera.position.setFromSpherical(around).add(this.target);
  }
}

// The distance between two points of the surface that are clicked, or aimed at and entered.

import * as THREE from "three";

const DOT_PIXELS = 9;
const COLOUR = 0xe0218a;
const CLICK_PIXELS = 4;

export class Measure {
  /**
   * @param pick gives where a ray meets the surface, or null
   * @param told is called with words on every change
   */
  constructor(scene, label, pick, told) {
    this.scene = scene;
    this.label = label;
    this.pick = pick;
    this.told = told;
    this.points = [];
    this.active = false;
    const over = { color: COLOUR, depthTest: false, transparent: true };
    this.dots = new THREE.Points(
      new THREE.BufferGeometry(), new THREE.PointsMaterial({ ...over, size: DOT_PIXELS, sizeAttenuation: false }));
    this.line = new THREE.Line(new THREE.BufferGeometry(), new THREE.LineBasicMaterial(over));
    for (const object of [this.dots, this.line]) {
      object.renderOrder = 1;
      object.frustumCulled = false;
      scene.map.add(object);
    }
    scene.beforeDraw.push(() => this.#placeLabel());
    scene.canvas.addEventListener("pointerdown", (event) => (this.down = [event.clientX, event.clientY]));
    scene.canvas.addEventListener("click", (event) => this.#clicked(event));
    this.clear();
  }

  setActive(active) {
    this.active = active;
    this.clear();
    if (active) this.told("Click a point of the surface, or aim the cross at it and press Enter.");
  }

  #clicked(event) {
    const [x, y] = this.down ?? [event.clientX, event.clientY];
    if (!this.active || Math.hypot(event.clientX - x, event.clientY - y) > CLICK_PIXELS) return; // it was dragged
    const canvas = this.scene.canvas.getBoundingClientRect();
    this.add(
      (2 * (event.clientX - canvas.left)) / canvas.width - 1,
      1 - (2 * (event.clientY - canvas.top)) / canvas.height);
  }

  /** Takes the point of the surface at a place of the canvas: x and y from -1 to 1, y up. */
  add(x, y) {
    const hit = this.pick(this.scene.ray(x, y));
    if (!hit) {
      this.told("There is no surface at that place.");
      return;
    }
    if (this.points.length === 2) this.points = [];
    this.points.push(this.scene.map.worldToLocal(hit.clone()));
    this.#show();
  }

  clear() {
    this.points = [];
    this.#show();
  }

  #show() {
    for (const object of [this.dots, this.line]) {
      object.geometry.dispose();
      object.geometry = new THREE.BufferGeometry().setFromPoints(this.points);
    }
    this.dots.visible = this.points.length > 0;
    this.line.visible = this.points.length === 2;
    this.label.hidden = !this.line.visible;
    if (this.line.visible) {
      const text = metres(this.points[0].distanceTo(this.points[1]));
      this.label.textContent = text;
      this.label.dataset.metres = this.points[0].distanceTo(this.points[1]);
      this.told(`Distance: ${text}`);
    } else if (this.points.length === 1) {
      this.told("Now the second point.");
    }
    this.scene.invalidate();
  }

  #placeLabel() {
    if (this.label.hidden) return;
    const middle = this.points[0].clone().add(this.points[1]).multiplyScalar(0.5);
    const at = this.scene.map.localToWorld(middle).project(this.scene.camera);
    const { clientWidth, clientHeight } = this.scene.canvas;
    this.label.style.transform = `translate(-50%, -140%) translate(${((at.x + 1) / 2) * clientWidth}px, ${((1 - at.y) / 2) * clientHeight}px)`;
    this.label.classList.toggle("behind", at.z > 1);
  }
}

function metres(distance) {
  return distance < 1 ? `${(100 * distance).toFixed(1)} cm` : `${distance.toFixed(3)} m`;
}

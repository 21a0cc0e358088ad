// A box that cuts off what is outside it, so that one sees into the map.

import * as THREE from "three";

const AXES = ["x", "y", "z"];

/** Labels as one stands before the level map. */
const SIDES = { x: ["Left", "Right"], y: ["Bottom", "Top"], z: ["Back", "Front"] };

export class ClipBox {
  /** @param changed is called with the planes, in the stage's frame; none while it is off */
  constructor(fieldset, changed) {
    this.changed = changed;
    this.active = false;
    this.sliders = {};
    for (const axis of AXES) {
      this.sliders[axis] = SIDES[axis].map((name, side) => {
        const label = document.createElement("label");
        const slider = Object.assign(document.createElement("input"), { type: "range", min: 0, max: 1, step: 0.005, value: side });
        slider.addEventListener("input", () => this.#update());
        label.append(name, slider);
        fieldset.append(label);
        return slider;
      });
    }
  }

  setActive(active) {
    this.active = active;
    this.#update();
  }

  /** Takes the box that the sliders' ends stand for, in the stage's frame. */
  setBounds(box) {
    this.bounds = box;
    this.#update();
  }

  reset() {
    AXES.forEach((axis) => this.sliders[axis].forEach((slider, side) => (slider.value = side)));
    this.#update();
  }

  #update() {
    if (!this.active || !this.bounds || this.bounds.isEmpty()) {
      this.changed([]);
      return;
    }
    const planes = [];
    for (const axis of AXES) {
      const [from, to] = this.sliders[axis].map((slider) =>
        THREE.MathUtils.lerp(this.bounds.min[axis], this.bounds.max[axis], Number(slider.value)));
      const normal = new THREE.Vector3();
      normal[axis] = 1;
      // A hair outside, so that the ends cut nothing.
      planes.push(new THREE.Plane(normal, -from + 1e-3), new THREE.Plane(normal.clone().negate(), to + 1e-3));
    }
    this.changed(planes);
  }
}

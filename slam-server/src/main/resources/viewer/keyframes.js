// Keyframes as thumbnails, and one of them beside what the map renders from its pose.

import { FAILED_PRECONDITION } from "./api.js";
import { depthUnits, drawColour, drawDepth, drawRgb, largest } from "./images.js";

const RENDERED_WIDTH = 160;

export class Keyframes {
  /** @param chosen is called with a keyframe that somebody has clicked */
  constructor(elements, api, chosen) {
    Object.assign(this, elements); // strip, caption, and the canvases
    this.api = api;
    this.chosen = chosen;
    this.observer = new IntersectionObserver((entries) => this.#seen(entries), { root: this.strip });
    this.clear();
  }

  clear() {
    this.session = undefined;
    this.list = [];
    this.shown = undefined;
    this.unmapped = undefined;
    this.follows = true;
    this.observer.disconnect();
    this.strip.replaceChildren();
    this.caption.textContent = "No keyframe yet";
    for (const canvas of [this.sensorColour, this.sensorDepth, this.mapColour, this.mapDepth]) {
      canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
    }
  }

  open(session, camera) {
    this.clear();
    this.session = session;
    this.camera = camera;
  }

  /** Takes the list as it is now; where nobody has chosen one, the newest is shown. */
  update(list) {
    this.list = list;
    for (const keyframe of list.slice(this.strip.children.length)) this.#addThumbnail(keyframe);
    if (this.follows && list.length > 0 && this.shown !== list.at(-1).keyframeId) this.show(list.at(-1));
  }

  #addThumbnail(keyframe) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.keyframe = keyframe.keyframeId;
    button.setAttribute("aria-label", `Keyframe ${keyframe.keyframeId}, frame ${keyframe.sequenceNumber}`);
    const canvas = document.createElement("canvas");
    const number = Object.assign(document.createElement("span"), { textContent: keyframe.keyframeId });
    button.append(canvas, number);
    button.addEventListener("click", () => {
      this.follows = keyframe.keyframeId === this.list.at(-1).keyframeId;
      const now = this.list.find((k) => k.keyframeId === keyframe.keyframeId);
      this.chosen(now);
      this.show(now);
    });
    this.strip.append(button);
    this.observer.observe(button);
  }

  /** A thumbnail's image is asked for when it comes into sight. */
  #seen(entries) {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      this.observer.unobserve(target);
      this.#load(Number(target.dataset.keyframe), async (keyframe) => {
        const full = document.createElement("canvas");
        await drawColour(full, keyframe.colour, this.camera);
        const small = target.querySelector("canvas");
        small.width = RENDERED_WIDTH;
        small.height = Math.round((RENDERED_WIDTH * this.camera.height) / this.camera.width);
        small.getContext("2d").drawImage(full, 0, 0, small.width, small.height);
      });
    }
  }

  /** Asks for a keyframe's images, one after the other: they are large. */
  #load(keyframeId, use) {
    const session = this.session;
    this.queue = (this.queue ?? Promise.resolve()).then(async () => {
      if (session !== this.session) return;
      try {
        const keyframe = await this.api.call("GetKeyframe", { sessionId: session, keyframeId });
        if (session === this.session) await use(keyframe);
      } catch (e) {
        this.caption.textContent = e.message;
      }
    });
    return this.queue;
  }

  /** Shows a keyframe's images, and renders the map from where they were taken. */
  show(listed) {
    this.shown = listed.keyframeId;
    for (const button of this.strip.children) {
      button.setAttribute("aria-pressed", String(Number(button.dataset.keyframe) === listed.keyframeId));
    }
    return this.#load(listed.keyframeId, async (keyframe) => {
      if (this.shown !== listed.keyframeId) return;
      const units = await depthUnits(keyframe.depth, this.camera);
      await drawColour(this.sensorColour, keyframe.colour, this.camera);
      drawDepth(this.sensorDepth, units, this.camera.width, this.camera.height, largest(units));
      const about = `Keyframe ${keyframe.keyframeId}, frame ${keyframe.sequenceNumber}`;
      try {
        const farthest = await this.#render(keyframe);
        this.caption.textContent = `${about}; farthest ${farthest.toFixed(1)} m`;
      } catch (e) {
        if (e.code !== FAILED_PRECONDITION) throw e;
        this.unmapped = listed;
        this.caption.textContent = `${about}; not mapped yet`;
      }
    });
  }

  async #render(keyframe) {
    const rendered = await this.api.call("RenderView", {
      sessionId: this.session,
      worldFromCamera: keyframe.worldFromCamera,
      camera: smaller(this.camera),
    });
    const depths = new Float32Array(rendered.depth.slice().buffer);
    const farthest = largest(depths);
    drawRgb(this.mapColour, rendered.colour, rendered.width, rendered.height);
    drawDepth(this.mapDepth, depths, rendered.width, rendered.height, farthest);
    return farthest;
  }

  /** There is a new map: what could not be rendered before can be now. */
  mapped() {
    const waiting = this.unmapped;
    this.unmapped = undefined;
    if (waiting && waiting.keyframeId === this.shown) this.show(waiting);
  }
}

/** The same camera with fewer pixels; pixel (0, 0) is the centre of the first. */
function smaller(camera) {
  const scale = RENDERED_WIDTH / camera.width;
  return {
    width: RENDERED_WIDTH,
    height: Math.round(camera.height * scale),
    fx: camera.fx * scale,
    fy: camera.fy * scale,
    cx: (camera.cx + 0.5) * scale - 0.5,
    cy: (camera.cy + 0.5) * scale - 0.5,
  };
}

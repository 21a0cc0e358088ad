// The page: which session is looked at, and what its buttons and keys do.

import * as THREE from "three";
import { Api, UNAUTHENTICATED } from "./api.js";
import { Chart } from "./charts.js";
import { ClipBox } from "./clip.js";
import { CONFIDENCE } from "./colours.js";
import { glb, ply, save } from "./downloads.js";
import { Keyframes } from "./keyframes.js";
import { MapMesh, MODES } from "./mesh.js";
import { Measure } from "./measure.js";
import { Scene } from "./scene.js";
import { SessionFeed } from "./session.js";
import { matrix, statusName, TrajectoryView } from "./trajectory.js";

const SESSIONS_MILLIS = 2000;
const BEHIND_KEYFRAME_METRES = 0.6;
const element = (id) => document.getElementById(id);

class App {
  constructor(api) {
    this.api = api;
    this.scene = new Scene(element("canvas"), () => this.#viewChanged());
    this.mesh = new MapMesh();
    this.trajectory = new TrajectoryView();
    this.scene.map.add(this.mesh.group, this.trajectory.group);
    this.measure = new Measure(this.scene, element("distance"), (ray) => this.mesh.pick(ray), (words) => this.#say(words));
    this.clip = new ClipBox(element("clip-box"), (planes) => {
      this.mesh.setClipping(planes);
      this.scene.invalidate();
    });
    this.keyframes = new Keyframes(
      {
        strip: element("strip"), caption: element("images-caption"),
        sensorColour: element("sensor-colour"), sensorDepth: element("sensor-depth"),
        mapColour: element("map-colour"), mapDepth: element("map-depth"),
      },
      api, (keyframe) => this.#standAt(keyframe));
    const ms = (value) => (value < 1000 ? `${value.toFixed(value < 10 ? 1 : 0)} ms` : `${(value / 1000).toFixed(1)} s`);
    const cm = (value) => `${value.toFixed(2)} cm`;
    const charts = element("charts");
    this.charts = {
      trackingLoss: new Chart(charts, "Tracking, depth loss", cm),
      mappingLoss: new Chart(charts, "Mapping, depth loss", cm),
      colourLoss: new Chart(charts, "Mapping, colour loss", (value) => value.toFixed(3)),
      tracking: new Chart(charts, "Tracking a frame", ms),
      mapping: new Chart(charts, "A mapping round", ms),
      queue: new Chart(charts, "Frames queued", (value) => value.toFixed(0)),
      delay: new Chart(charts, "Round to screen", ms),
    };
    this.#wire();
  }

  // Sessions

  async start() {
    this.#readAddress();
    while (true) {
      await this.#listSessions();
      await new Promise((resolve) => setTimeout(resolve, SESSIONS_MILLIS));
    }
  }

  async #listSessions() {
    try {
      const { sessions } = await this.api.call("ListSessions");
      this.#showSessions(sessions);
    } catch (e) {
      this.#problem(e);
    }
  }

  #showSessions(sessions) {
    const select = element("sessions");
    const shown = sessions.map((s) => `${s.sessionId} ${s.label} ${s.state}`).join();
    if (shown === this.listed) return;
    this.listed = shown;
    select.replaceChildren(...sessions.map((session) => {
      const state = session.state.replace("SESSION_STATE_", "").toLowerCase();
      return new Option(`${session.label || "unnamed"} · ${state} · ${session.sessionId.slice(0, 6)}`, session.sessionId);
    }));
    if (sessions.length === 0) select.append(new Option("None yet", ""));
    const ids = sessions.map((session) => session.sessionId);
    const isOpen = (session) => session.state === "SESSION_STATE_OPEN";
    const newest = sessions.findLast(isOpen) ?? sessions.at(-1);
    const current = sessions.find((session) => session.sessionId === this.sessionId);
    // Where nobody has chosen one, a live session takes over from one that has ended.
    const takesOver = newest && isOpen(newest) && !this.chosen && !(current && isOpen(current));
    if (this.wanted && ids.includes(this.wanted)) this.open(this.wanted);
    else if (!this.wanted && newest && (takesOver || !current)) this.open(newest.sessionId);
    else if (current) select.value = this.sessionId;
  }

  /** Looks at a session; what was looked at before is let go. */
  open(sessionId) {
    this.feed?.close();
    this.sessionId = sessionId;
    this.wanted = undefined;
    element("sessions").value = sessionId;
    this.mesh.clear();
    this.trajectory.clear();
    this.measure.clear();
    Object.values(this.charts).forEach((chart) => chart.clear());
    this.keyframes.clear();
    this.camera = undefined;
    this.isLevel = false;
    this.scene.navigation.touched = this.view !== undefined;
    const feed = new SessionFeed(this.api, sessionId, {
      status: (status) => this.#status(status),
      trajectory: (poses) => this.#poses(() => this.trajectory.setAll(poses)),
      pose: (pose) => this.#poses(() => this.trajectory.add(pose)),
      keyframes: (list) => this.#keyframesCame(list),
      patch: (patch) => this.mesh.apply(patch),
      updated: (version, delay) => this.#meshUpdated(version, delay),
      problem: (e) => this.#problem(e),
    });
    this.feed = feed;
    feed.run().catch((e) => this.#problem(e));
    this.#writeAddress();
  }

  // What the session tells

  #status(status) {
    if (!this.camera) {
      this.camera = status.camera;
      this.trajectory.setCamera(status.camera);
      this.keyframes.open(this.sessionId, status.camera);
    }
    this.figures = status;
    this.state = status.state.replace("SESSION_STATE_", "").toLowerCase();
    if (status.failure) this.#say(status.failure);
    const charts = this.charts;
    if (status.trackingLosses) charts.trackingLoss.add(100 * status.trackingLosses.depthM);
    if (status.mappingLosses) {
      charts.mappingLoss.add(100 * status.mappingLosses.depthM);
      charts.colourLoss.add(status.mappingLosses.colour);
    }
    if (status.lastTrackingMs) charts.tracking.add(status.lastTrackingMs);
    if (status.lastMappingMs) charts.mapping.add(status.lastMappingMs);
    if (this.state === "open") charts.queue.add(status.framesQueued);
    element("no-figures").hidden = Object.values(charts).some((chart) => chart.values.length > 0);
    this.#showState();
  }

  #showState() {
    const badge = element("state");
    const tracked = this.trajectory.last && this.state === "open" ? statusName(this.trajectory.last).toLowerCase() : this.state;
    badge.textContent = tracked ?? "–";
    badge.dataset.state = tracked ?? "none";
    const { framesTracked = 0, framesLost = 0, keyframes = 0 } = this.figures ?? {};
    const count = (number, what) => `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;
    const parts = [count(Math.max(framesTracked, this.trajectory.count), "frame"), count(keyframes, "keyframe"), count(this.mesh.faces, "triangle")];
    if (framesLost > 0) parts.splice(1, 0, `${framesLost} lost`);
    element("counts").textContent = parts.join(" · ");
    document.body.dataset.triangles = this.mesh.faces; // for who watches the page from outside
  }

  #poses(change) {
    const moved = change();
    this.#showState();
    this.scene.invalidate();
    return moved;
  }

  #keyframesCame(list) {
    this.trajectory.setKeyframes(list);
    this.keyframes.update(list);
    this.scene.invalidate();
  }

  #meshUpdated(version, delay) {
    element("empty").hidden = this.mesh.faces > 0;
    document.body.dataset.mapVersion = version;
    if (delay !== undefined) {
      this.charts.delay.add(delay);
      document.body.dataset.delays = `${document.body.dataset.delays ?? ""} ${delay.toFixed(0)}`.trim();
    }
    this.keyframes.mapped();
    if (!this.scene.navigation.touched) this.#showAll();
    if (this.view) {
      this.scene.setView(this.view);
      this.view = undefined;
    }
    this.clip.setBounds(this.#bounds());
    this.#showState();
    this.scene.invalidate();
  }

  #bounds() {
    this.scene.map.updateMatrixWorld(true);
    const bounds = new THREE.Box3();
    this.mesh.boxes().forEach((box) => bounds.union(box.clone().applyMatrix4(this.scene.map.matrixWorld)));
    return bounds;
  }

  // The view

  #showAll() {
    this.#level();
    const forward = new THREE.Vector3();
    for (const pose of this.#cameras()) forward.add(new THREE.Vector3().setFromMatrixColumn(pose, 2));
    this.scene.fit([...this.mesh.boxes(), ...this.trajectory.boxes()], forward);
  }

  /** Poses that the map was seen from: keyframes', before there are any the camera's. */
  #cameras() {
    const keyframes = this.trajectory.keyframes.children.map((shape) => shape.matrix);
    const last = this.trajectory.last;
    return keyframes.length > 0 || !last ? keyframes : [matrix(last.worldFromCamera)];
  }

  /** Up is where cameras have their upper edge, corrected by what is level in the map. */
  #level() {
    const up = new THREE.Vector3();
    for (const pose of this.#cameras()) up.sub(new THREE.Vector3().setFromMatrixColumn(pose, 1));
    if (up.lengthSq() === 0) up.set(0, -1, 0);
    this.scene.level(up, [...this.mesh.chunks.values()].map(({ geometry }) => geometry.attributes.normal.array));
    this.clip.setBounds(this.#bounds());
  }

  /** Stands a little behind where a keyframe was taken. */
  #standAt(keyframe) {
    const pose = matrix(keyframe.worldFromCamera);
    const eye = new THREE.Vector3(0, 0, -BEHIND_KEYFRAME_METRES).applyMatrix4(pose);
    const at = new THREE.Vector3(0, 0, 1.5).applyMatrix4(pose);
    this.scene.navigation.touched = true;
    this.scene.setView({ eye, at });
  }

  #viewChanged() {
    clearTimeout(this.addressTimer);
    this.addressTimer = setTimeout(() => this.#writeAddress(), 300);
  }

  /** The address names session and view, so that it can be handed on. */
  #writeAddress() {
    if (!this.sessionId) return;
    const parts = [`session=${this.sessionId}`];
    if (this.scene.navigation.touched && !this.view) {
      const { eye, at } = this.scene.view();
      const words = (v) => v.toArray().map((c) => c.toFixed(3)).join(",");
      parts.push(`eye=${words(eye)}`, `at=${words(at)}`);
    }
    history.replaceState(null, "", `#${parts.join("&")}`);
  }

  #readAddress() {
    const wanted = new URLSearchParams(location.hash.slice(1));
    const vector = (name) => {
      const numbers = (wanted.get(name) ?? "").split(",").map(Number);
      return numbers.length === 3 && numbers.every(Number.isFinite) ? new THREE.Vector3(...numbers) : undefined;
    };
    const eye = vector("eye"), at = vector("at");
    this.view = eye && at ? { eye, at } : undefined;
    const session = wanted.get("session") ?? undefined;
    if (session && session === this.sessionId) {
      if (this.view) {
        this.scene.navigation.touched = true;
        this.scene.setView(this.view);
        this.view = undefined;
      }
    } else {
      this.wanted = session;
      this.chosen = session !== undefined;
      if (session && this.sessionId) this.open(session);
    }
  }

  // Words

  #say(words) {
    element("hint").textContent = words;
  }

  #problem(e) {
    if (e.name === "AbortError") return;
    if (e.code === UNAUTHENTICATED) this.#askForToken();
    this.#say(e.message);
  }

  #askForToken() {
    const dialog = element("sign-in-dialog");
    if (!dialog.open && !this.declined) dialog.showModal();
  }

  // Buttons and keys

  #wire() {
    const modes = element("modes");
    for (const [mode, { label }] of Object.entries(MODES)) {
      const input = Object.assign(document.createElement("input"), { type: "radio", name: "mode", value: mode, checked: mode === this.mesh.mode });
      const choice = document.createElement("label");
      choice.append(input, Object.assign(document.createElement("span"), { textContent: label }));
      input.addEventListener("change", () => this.#setMode(mode));
      modes.append(choice);
    }
    this.#legend();
    element("sessions").addEventListener("change", (event) => {
      this.chosen = true;
      if (event.target.value) this.open(event.target.value);
    });
    addEventListener("hashchange", () => this.#readAddress());
    const toggles = {
      fly: (on) => this.scene.navigation.setFlying(on),
      measure: (on) => this.#setMeasuring(on),
      clip: (on) => this.#setClipping(on),
      path: (on) => (this.trajectory.group.visible = on),
    };
    for (const [id, use] of Object.entries(toggles)) {
      element(id).addEventListener("click", () => {
        const on = element(id).getAttribute("aria-pressed") !== "true";
        element(id).setAttribute("aria-pressed", String(on));
        use(on);
        this.scene.invalidate();
      });
    }
    element("fit").addEventListener("click", () => this.#showAll());
    element("level").addEventListener("click", () => this.#level());
    element("screenshot").addEventListener("click", async () => save(await this.scene.screenshot(), "roomfield.png"));
    element("ply").addEventListener("click", () => save(ply(this.mesh), "roomfield.ply"));
    element("glb").addEventListener("click", async () => save(await glb(this.mesh), "roomfield.glb"));
    element("sign-in").addEventListener("click", () => element("sign-in-dialog").showModal());
    element("sign-in-dialog").addEventListener("close", () => this.#signIn());
    addEventListener("keydown", (event) => this.#key(event));
  }

  #signIn() {
    const dialog = element("sign-in-dialog");
    this.declined = dialog.returnValue !== "ok";
    if (this.declined) return;
    this.api.signIn(element("token").value.trim());
    element("token").value = "";
    this.#say("");
    this.listed = undefined;
    if (this.sessionId) this.open(this.sessionId);
    this.#listSessions();
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=radio]), select, dialog")) return;
    const mode = Object.keys(MODES)[Number(event.key) - 1];
    const buttons = { "0": "fit", l: "level", f: "fly", m: "measure", c: "clip", t: "path", p: "screenshot" };
    if (mode) {
      document.querySelector(`input[value="${mode}"]`).click();
    } else if (event.key in buttons) {
      element(buttons[event.key]).click();
    } else if (event.key === "Enter" && event.target === this.scene.canvas && this.measure.active) {
      this.measure.add(0, 0);
    } else if (event.key === "Escape" && this.measure.active) {
      element("measure").click();
    }
  }

  #setMode(mode) {
    this.mesh.setMode(mode);
    element("legend").hidden = mode !== "confidence";
    this.scene.invalidate();
  }

  #legend() {
    const names = ["Rim", "1 keyframe", "2", "3", "4", "5 or more"];
    element("legend").append(...names.map((name, i) => {
      const item = document.createElement("li");
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      for (const [key, value] of Object.entries({ width: "100%", height: "100%", fill: `rgb(${CONFIDENCE[i]})` })) rect.setAttribute(key, value);
      svg.append(rect);
      item.append(svg, name);
      return item;
    }));
  }

  #setMeasuring(on) {
    this.measure.setActive(on);
    element("cross").hidden = !on;
    if (on) this.scene.canvas.focus();
    else this.#say("");
  }

  #setClipping(on) {
    element("clip-box").hidden = !on;
    if (!on) this.clip.reset();
    this.clip.setActive(on);
  }
}

Api.load().then((api) => new App(api).start()).catch((e) => (element("hint").textContent = e.message));

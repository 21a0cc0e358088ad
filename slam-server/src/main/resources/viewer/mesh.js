// The mesh, chunk by chunk as the server sends it, in one of several ways to show it.

import * as THREE from "three";
import { confidenceColour } from "./colours.js";

const LIGHT_GREY = 0xc9cdd2;
const POINT_PIXELS = 2.5;

/** How a mesh can be shown: key, name, material. */
export const MODES = {
  colour: { label: "Colour", material: (options) => new THREE.MeshBasicMaterial({ vertexColors: true, ...options }) },
  shaded: { label: "Shaded", material: (options) => new THREE.MeshStandardMaterial({ color: LIGHT_GREY, roughness: 0.9, metalness: 0, ...options }) },
  normals: { label: "Normals", material: (options) => new THREE.MeshNormalMaterial(options) },
  wireframe: { label: "Wireframe", material: (options) => new THREE.MeshBasicMaterial({ vertexColors: true, wireframe: true, ...options }) },
  points: { label: "Points", material: (options) => new THREE.PointsMaterial({ vertexColors: true, size: POINT_PIXELS, sizeAttenuation: false, ...options }) },
  confidence: { label: "Confidence", material: (options) => new THREE.MeshLambertMaterial({ vertexColors: true, ...options }) },
};

export class MapMesh {
  constructor() {
    this.group = new THREE.Group();
    this.group.name = "mesh";
    this.chunks = new Map();
    this.faces = 0;
    this.vertices = 0;
    this.planes = [];
    this.setMode("colour");
  }

  /** Replaces a chunk by what the server sends; without faces it goes. */
  apply(patch) {
    const key = `${patch.x} ${patch.y} ${patch.z}`;
    this.#remove(key);
    const faces = new Uint32Array(patch.mesh.faces.slice().buffer);
    if (faces.length === 0) return;
    const geometry = new THREE.BufferGeometry();
    geometry.setAttribute("position", attribute(patch.mesh.positions));
    geometry.setAttribute("normal", attribute(patch.mesh.normals));
    geometry.setIndex(new THREE.BufferAttribute(faces, 1));
    const chunk = {
      geometry,
      seen: sRgb(patch.mesh.colours),
      confidence: sRgb(confidenceColours(patch.sightings)),
    };
    this.chunks.set(key, chunk);
    this.faces += faces.length / 3;
    this.vertices += geometry.attributes.position.count;
    this.#show(chunk);
  }

  #remove(key) {
    const chunk = this.chunks.get(key);
    if (!chunk) return;
    this.faces -= chunk.geometry.index.count / 3;
    this.vertices -= chunk.geometry.attributes.position.count;
    this.group.remove(chunk.object);
    chunk.geometry.dispose();
    this.chunks.delete(key);
  }

  setMode(mode) {
    this.mode = mode;
    this.material?.dispose();
    this.material = MODES[mode].material({ clippingPlanes: this.planes });
    this.chunks.forEach((chunk) => this.#show(chunk));
  }

  /** Cuts off what is behind one of the planes. */
  setClipping(planes) {
    this.planes = planes;
    this.material.clippingPlanes = planes;
    this.material.needsUpdate = true;
  }

  #show(chunk) {
    if (chunk.object) this.group.remove(chunk.object);
    chunk.geometry.setAttribute("color", this.mode === "confidence" ? chunk.confidence : chunk.seen);
    chunk.object = this.mode === "points"
      ? new THREE.Points(chunk.geometry, this.material) : new THREE.Mesh(chunk.geometry, this.material);
    this.group.add(chunk.object);
  }

  /** The boxes of the chunks in the map's frame. */
  boxes() {
    return [...this.chunks.values()].map(({ geometry }) => {
      if (!geometry.boundingBox) geometry.computeBoundingBox();
      return geometry.boundingBox;
    });
  }

  /** Where a ray first meets the surface as shown, or null. */
  pick(raycaster) {
    const probe = new THREE.Mesh(undefined, new THREE.MeshBasicMaterial());
    let nearest = null;
    for (const { geometry } of this.chunks.values()) {
      probe.geometry = geometry;
      probe.matrixWorld.copy(this.group.matrixWorld);
      for (const hit of raycaster.intersectObject(probe, false)) {
        const clipped = this.planes.some((plane) => plane.distanceToPoint(hit.point) < 0);
        if (!clipped && (!nearest || hit.distance < nearest.distance)) nearest = hit;
      }
    }
    return nearest?.point ?? null;
  }

  /** One geometry of all chunks, in the map's frame, with the colours that the map gives. */
  merged() {
    const merged = new THREE.BufferGeometry();
    const positions = new Float32Array(3 * this.vertices);
    const normals = new Float32Array(3 * this.vertices);
    const colours = new Float32Array(3 * this.vertices);
    const index = new Uint32Array(3 * this.faces);
    const linear = new THREE.Color();
    let vertex = 0;
    let corner = 0;
    for (const { geometry, seen } of this.chunks.values()) {
      positions.set(geometry.attributes.position.array, 3 * vertex);
      normals.set(geometry.attributes.normal.array, 3 * vertex);
      for (let i = 0; i < seen.count; i++) {
        linear.fromBufferAttribute(seen, i).toArray(colours, 3 * (vertex + i));
      }
      for (const at of geometry.index.array) index[corner++] = at + vertex;
      vertex += seen.count;
    }
    merged.setAttribute("position", new THREE.BufferAttribute(positions, 3));
    merged.setAttribute("normal", new THREE.BufferAttribute(normals, 3));
    merged.setAttribute("color", new THREE.BufferAttribute(colours, 3));
    merged.setIndex(new THREE.BufferAttribute(index, 1));
    return merged;
  }

  clear() {
    [...this.chunks.keys()].forEach((key) => this.#remove(key));
  }
}

function attribute(bytes) {
  const floats = new Float32Array(bytes.slice().buffer);
  return new THREE.BufferAttribute(floats, 3);
}

/** Bytes of sRGB as what materials take: linear light, which needs more than eight bits. */
function sRgb(bytes) {
  const linear = new Uint16Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) linear[i] = LINEAR[bytes[i]];
  return new THREE.BufferAttribute(linear, 3, true);
}

const LINEAR = Uint16Array.from({ length: 256 }, (_, value) => {
  const s = value / 255;
  return Math.round(65535 * (s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4));
});

function confidenceColours(sightings) {
  const colours = new Uint8Array(3 * sightings.length);
  sightings.forEach((count, vertex) => colours.set(confidenceColour(count), 3 * vertex));
  return colours;
}

// What is on the stage as files.

import { Mesh, MeshStandardMaterial } from "three";
import { GLTFExporter } from "three/addons/exporters/GLTFExporter.js";
import { PLYExporter } from "three/addons/exporters/PLYExporter.js";

const URL_LIFE_MILLIS = 60_000;

/** Hands a file to the browser's downloads. */
export function save(blob, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), URL_LIFE_MILLIS);
}

/** Binary PLY, little endian, in the map's frame. */
export function ply(mapMesh) {
  const mesh = new Mesh(mapMesh.merged());
  const bytes = new PLYExporter().parse(mesh, () => {}, { binary: true, littleEndian: true });
  mesh.geometry.dispose();
  return new Blob([bytes], { type: "application/octet-stream" });
}

/** Binary glTF, y up as it is on the stage. */
export async function glb(mapMesh) {
  const mesh = new Mesh(mapMesh.merged(), new MeshStandardMaterial({ vertexColors: true, roughness: 1, metalness: 0 }));
  mesh.quaternion.copy(mapMesh.group.parent.quaternion);
  const bytes = await new GLTFExporter().parseAsync(mesh, { binary: true });
  mesh.geometry.dispose();
  return new Blob([bytes], { type: "model/gltf-binary" });
}

// Colour and depth images of the API on canvases.

import { depthColour } from "./colours.js";

const PNG_SIGNATURE_BYTES = 8;
const SAMPLE_BYTES = 2;

/** Draws a keyframe's colour image. */
export async function drawColour(canvas, colour, { width, height }) {
  if (colour.encoding === "COLOUR_ENCODING_RGB8") {
    drawRgb(canvas, colour.data, width, height);
    return;
  }
  const type = colour.encoding === "COLOUR_ENCODING_PNG" ? "image/png" : "image/jpeg";
  const bitmap = await createImageBitmap(new Blob([colour.data], { type }));
  resize(canvas, width, height).drawImage(bitmap, 0, 0);
  bitmap.close();
}

/** Draws rows of red, green, blue bytes. */
export function drawRgb(canvas, rgb, width, height) {
  const context = resize(canvas, width, height);
  const image = context.createImageData(width, height);
  for (let i = 0, j = 0; i < rgb.length; i += 3, j += 4) {
    image.data[j] = rgb[i];
    image.data[j + 1] = rgb[i + 1];
    image.data[j + 2] = rgb[i + 2];
    image.data[j + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

/** Draws depths; where there is none the canvas stays clear. A limit of the colours is the farthest depth. */
export function drawDepth(canvas, depths, width, height, farthest) {
  const context = resize(canvas, width, height);
  const image = context.createImageData(width, height);
  for (let i = 0; i < depths.length; i++) {
    if (depths[i] > 0) {
      image.data.set(depthColour(depths[i] / farthest), 4 * i);
      image.data[4 * i + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
}

/** The largest of many numbers. */
export function largest(values) {
  let max = 0;
  for (const value of values) max = Math.max(max, value);
  return max;
}

function resize(canvas, width, height) {
  canvas.width = width;
  canvas.height = height;
  return canvas.getContext("2d");
}

/** A keyframe's depth in the sensor's units. */
export async function depthUnits(depth, { width, height }) {
  if (depth.encoding === "DEPTH_ENCODING_RAW16") return new Uint16Array(depth.data.slice().buffer);
  return decodePng16(depth.data, width, height);
}

/** A 16-bit grey PNG (ISO/IEC 15948), which browsers would cut to eight bits. */
async function decodePng16(bytes, width, height) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts = [];
  for (let at = PNG_SIGNATURE_BYTES; at < bytes.length; ) {
    const length = view.getUint32(at);
    const type = new TextDecoder().decode(bytes.subarray(at + 4, at + 8));
    if (type === "IDAT") parts.push(bytes.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const inflated = new Blob(parts).stream().pipeThrough(new DecompressionStream("deflate"));
  return unfilter(new Uint8Array(await new Response(inflated).arrayBuffer()), width, height);
}

function unfilter(rows, width, height) {
  const stride = SAMPLE_BYTES * width;
  const values = new Uint16Array(width * height);
  let above = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (stride + 1)];
    const row = rows.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1));
    for (let i = 0; i < stride; i++) {
      const left = i < SAMPLE_BYTES ? 0 : row[i - SAMPLE_BYTES];
      const corner = i < SAMPLE_BYTES ? 0 : above[i - SAMPLE_BYTES];
      row[i] += predicted(filter, left, above[i], corner);
    }
    for (let x = 0; x < width; x++) values[y * width + x] = (row[2 * x] << 8) | row[2 * x + 1];
    above = row;
  }
  return values;
}

function predicted(filter, left, up, corner) {
  switch (filter) {
    case 0: return 0;
    case 1: return left;
    case 2: return up;
    case 3: return (left + up) >> 1;
    default: { // Paeth
      const estimate = left + up - corner;
      const [l, u, c] = [left, up, corner].map((value) => Math.abs(estimate - value));
      return l <= u && l <= c ? left : u <= c ? up : corner;
    }
  }
}

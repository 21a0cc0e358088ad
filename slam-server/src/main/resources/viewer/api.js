// The service's calls by gRPC-Web over fetch: each frame is a flag, a length (big endian), a message.

import { Codec } from "./protobuf.js";

const HEADER_BYTES = 5;
const TRAILERS_FLAG = 0x80;
const OK = 0;
export const NOT_FOUND = 5;
export const FAILED_PRECONDITION = 9;
export const UNAVAILABLE = 14;
export const UNAUTHENTICATED = 16;

/** A call that ended badly: gRPC's status code, and what the server says. */
export class CallError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

export class Api {
  /** Learns the API from the server. */
  static async load() {
    const answer = await fetch("/api.json");
    if (!answer.ok) throw new Error(`/api.json: ${answer.status} (expected: 200)`);
    return new Api(await answer.json());
  }

  constructor(schema) {
    this.schema = schema;
    this.codec = new Codec(schema);
    this.token = sessionStorage.getItem("token") ?? "";
  }

  /** Takes a bearer token for all calls from now on; it is kept until the tab is closed. */
  signIn(token) {
    this.token = token;
    sessionStorage.setItem("token", token);
  }

  /** A call with one answer. */
  async call(method, request = {}) {
    for await (const answer of this.stream(method, request)) return answer;
    throw new CallError(UNAVAILABLE, `${method}: no answer`);
  }

  /** A call with a stream of answers, until it ends or the signal aborts. */
  async *stream(method, request = {}, signal = undefined) {
    const { request: asked, answer: answered } = this.schema.methods[method];
    const response = await this.#post(method, this.codec.encode(asked, request), signal);
    checkStatus(response.headers);
    if (!response.ok) throw new CallError(UNAVAILABLE, `${method}: HTTP ${response.status}`);
    for await (const { flag, body } of frames(response.body)) {
      if (flag & TRAILERS_FLAG) checkStatus(trailers(body));
      else yield this.codec.decode(answered, body);
    }
  }

  async #post(method, message, signal) {
    const headers = { "content-type": "application/grpc-web+proto", "x-grpc-web": "1" };
    if (this.token) headers.authorization = `Bearer ${this.token}`;
    const body = new Uint8Array(HEADER_BYTES + message.length);
    new DataView(body.buffer).setUint32(1, message.length);
    body.set(message, HEADER_BYTES);
    try {
      return await fetch(`/${this.schema.service}/${method}`, { method: "POST", headers, body, signal });
    } catch (e) {
      if (e.name === "AbortError") throw e;
      throw new CallError(UNAVAILABLE, "the server cannot be reached");
    }
  }
}

/** The frames of a body as their last bytes come. */
async function* frames(body) {
  const reader = body.getReader();
  let pending = new Uint8Array();
  let parts = [];
  let wanted = HEADER_BYTES;
  let have = 0;
  while (true) {
    const { value, done } = await reader.read();
    if (done) return;
    parts.push(value);
    have += value.length;
    if (have < wanted) continue; // joined once, when a frame is whole
    pending = join(parts, have);
    while (pending.length >= HEADER_BYTES) {
      const length = new DataView(pending.buffer, pending.byteOffset).getUint32(1);
      wanted = HEADER_BYTES + length;
      if (pending.length < wanted) break;
      yield { flag: pending[0], body: pending.slice(HEADER_BYTES, wanted) };
      pending = pending.subarray(wanted);
      wanted = HEADER_BYTES;
    }
    parts = [pending];
    have = pending.length;
  }
}

function join(parts, length) {
  const joined = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function trailers(body) {
  const lines = new TextDecoder().decode(body).split("\r\n").filter((line) => line.includes(":"));
  return new Headers(lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]));
}

function checkStatus(headers) {
  const code = Number(headers.get("grpc-status") ?? OK);
  if (code !== OK) throw new CallError(code, decodeURIComponent(headers.get("grpc-message") ?? `status ${code}`));
}

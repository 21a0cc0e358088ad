// Protocol buffers by the schema that the server tells (/api.json): no field number is written here.

const VARINT = 0, FIXED64 = 1, BYTES = 2, FIXED32 = 5;
const VARINT_TYPES = new Set(["BOOL", "ENUM", "INT32", "INT64", "UINT32", "UINT64", "SINT32", "SINT64"]);

function wireType(type) {
  if (VARINT_TYPES.has(type)) return VARINT;
  if (type === "DOUBLE") return FIXED64;
  if (type === "FLOAT") return FIXED32;
  if (type === "STRING" || type === "BYTES" || type === "MESSAGE") return BYTES;
  throw new Error(`field of type ${type} (expected: one that the viewer's codec knows)`);
}

export class Codec {
  constructor(schema) {
    this.schema = schema;
  }

  /** The bytes of a message; fields that the object lacks are left out. */
  encode(messageName, object) {
    const out = [];
    for (const [number, field] of Object.entries(this.schema.messages[messageName])) {
      const value = object[field.name];
      if (value === undefined || value === null) continue;
      for (const one of field.repeated ? value : [value]) this.#writeField(out, Number(number), field, one);
    }
    return Uint8Array.from(out);
  }

  #writeField(out, number, field, value) {
    const wire = wireType(field.type);
    writeVarint(out, BigInt(number << 3 | wire));
    if (wire === VARINT) {
      writeVarint(out, this.#toVarint(field, value));
    } else if (wire === BYTES) {
      const bytes = field.type === "MESSAGE" ? this.encode(field.of, value)
        : field.type === "STRING" ? new TextEncoder().encode(value) : value;
      writeVarint(out, BigInt(bytes.length));
      out.push(...bytes);
    } else {
      const bytes = new DataView(new ArrayBuffer(wire === FIXED64 ? 8 : 4));
      if (wire === FIXED64) bytes.setFloat64(0, value, true);
      else bytes.setFloat32(0, value, true);
      out.push(...new Uint8Array(bytes.buffer));
    }
  }

  #toVarint(field, value) {
    if (field.type === "ENUM") {
      const entry = Object.entries(this.schema.enums[field.of]).find(([, name]) => name === value);
      return BigInt(entry[0]);
    }
    const integer = BigInt(value);
    return field.type.startsWith("SINT") ? integer << 1n ^ integer >> 63n : integer;
  }

  /** A message as an object: enums by name, 64-bit integers as numbers where these are exact. */
  decode(messageName, bytes) {
    const fields = this.schema.messages[messageName];
    const message = this.#defaults(fields);
    const reader = new Reader(bytes);
    while (!reader.atEnd) {
      const tag = Number(reader.varint());
      const field = fields[tag >>> 3];
      if (!field) reader.skip(tag & 7);
      else if (field.repeated) message[field.name].push(this.#readField(reader, field));
      else message[field.name] = this.#readField(reader, field);
    }
    return message;
  }

  #defaults(fields) {
    const message = {};
    for (const field of Object.values(fields)) {
      if (field.repeated) message[field.name] = [];
      else if (!field.presence) message[field.name] = this.#zero(field);
    }
    return message;
  }

  #zero(field) {
    if (field.type === "STRING") return "";
    if (field.type === "BYTES") return new Uint8Array();
    if (field.type === "BOOL") return false;
    return field.type === "ENUM" ? this.schema.enums[field.of][0] : 0;
  }

  #readField(reader, field) {
    switch (wireType(field.type)) {
      case FIXED64: return reader.double();
      case FIXED32: return reader.float();
      case VARINT: return this.#fromVarint(field, reader.varint());
      default: {
        const bytes = reader.bytes();
        if (field.type === "MESSAGE") return this.decode(field.of, bytes);
        return field.type === "STRING" ? new TextDecoder().decode(bytes) : bytes;
      }
    }
  }

  #fromVarint(field, value) {
    if (field.type === "BOOL") return value !== 0n;
    if (field.type === "ENUM") return this.schema.enums[field.of][value] ?? String(value);
    if (field.type.startsWith("SINT")) value = value >> 1n ^ -(value & 1n);
    else if (field.type.startsWith("INT")) value = BigInt.asIntN(64, value);
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
}

function writeVarint(out, value) {
  let rest = BigInt.asUintN(64, value);
  while (rest > 0x7fn) {
    out.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  out.push(Number(rest));
}

class Reader {
  constructor(bytes) {
    this.data = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = 0;
  }

  get atEnd() {
    return this.at >= this.data.length;
  }

  varint() {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.data[this.at++];
      if (byte === undefined) throw new Error("a message that ends within a number");
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  double() {
    this.at += 8;
    return this.view.getFloat64(this.at - 8, true);
  }

  float() {
    this.at += 4;
    return this.view.getFloat32(this.at - 4, true);
  }

  bytes() {
    const length = Number(this.varint());
    if (this.at + length > this.data.length) throw new Error("a message that ends within a field");
    this.at += length;
    return this.data.subarray(this.at - length, this.at);
  }

  skip(wire) {
    if (wire === VARINT) this.varint();
    else if (wire === FIXED64) this.at += 8;
    else if (wire === BYTES) this.bytes();
    else if (wire === FIXED32) this.at += 4;
    else throw new Error(`wire type ${wire} (expected: 0, 1, 2 or 5)`);
  }
}

// The JSON and protobuf forms of a network message (14/WAKU2-MESSAGE). Nanoseconds are BigInt throughout: they exceed 2^53.
import { createHash } from "node:crypto";
import { proto_message as proto } from "@waku/proto";

export class BadRequest extends Error {}

const base64 = /^(?:[A-Za-z0-9+/_-]{4})*(?:[A-Za-z0-9+/_-]{2}(?:==)?|[A-Za-z0-9+/_-]{3}=?)?$/;

/** Reads a REST body; the member "timestamp" becomes a BigInt. */
export function parseBody(text) {
  try {
    // A quoted key in this form cannot occur inside a JSON string: its quotes would be escaped.
    const exact = text.replace(/"timestamp"\s*:\s*(-?\d+)(?=\s*[,}])/g, '"timestamp":"$1"');
    return JSON.parse(exact);
  } catch {
    throw new BadRequest("Invalid content body, could not decode. Unable to deserialize data");
  }
}

/** Checks the JSON form and gives the protobuf fields. A missing or zero timestamp means now. */
export function fromJson(json, maxBytes) {
  const fail = (what) => {
    throw new BadRequest(`Invalid content body, could not decode. ${what}`);
  };
  if (json === null || typeof json !== "object" || Array.isArray(json)) fail("A message is an object");
  const bytes = (name) => {
    if (typeof json[name] !== "string" || !base64.test(json[name])) fail(`Field ${name} is not base64`);
    return new Uint8Array(Buffer.from(json[name], "base64"));
  };
  if (json.payload === undefined) fail("Field payload is missing");
  if (typeof json.contentTopic !== "string" || json.contentTopic === "") fail("Field contentTopic is missing");
  const payload = bytes("payload");
  if (payload.length === 0) fail("Field payload is empty");
  if (payload.length > maxBytes) throw new BadRequest(`Failed to publish: Message size exceeded maximum of ${maxBytes} bytes`);
  const version = json.version ?? 0;
  if (!Number.isInteger(version) || version < 0 || version > 0xffffffff) fail("Field version is not a number");
  if (json.timestamp !== undefined && json.timestamp !== null && !/^-?\d{1,19}$/.test(String(json.timestamp))) {
    fail("Field timestamp is not a number");
  }
  const given = BigInt(json.timestamp ?? 0);
  return {
    payload,
    contentTopic: json.contentTopic,
    version,
    timestamp: given === 0n ? BigInt(Date.now()) * 1_000_000n : given,
    meta: json.meta === undefined || json.meta === null ? undefined : bytes("meta"),
    ephemeral: json.ephemeral === undefined || json.ephemeral === null ? undefined : json.ephemeral === true,
  };
}

/** JSON text rather than an object: JSON.stringify cannot write a BigInt as a number. */
export function toJson(message) {
  const fields = [
    `"payload":${JSON.stringify(Buffer.from(message.payload).toString("base64"))}`,
    `"contentTopic":${JSON.stringify(message.contentTopic)}`,
    `"version":${message.version ?? 0}`,
    `"timestamp":${message.timestamp ?? 0n}`,
    `"ephemeral":${message.ephemeral === true}`,
  ];
  if (message.meta?.length > 0) fields.push(`"meta":${JSON.stringify(Buffer.from(message.meta).toString("base64"))}`);
  return `{${fields.join(",")}}`;
}

export const encode = (message) => proto.WakuMessage.encode(message);

export const decode = (bytes) => proto.WakuMessage.decode(bytes);

/** SHA-256(pubsub topic | payload | content topic | meta | timestamp, 64 bits big-endian), 14/WAKU2-MESSAGE. */
export function hash(pubsubTopic, message) {
  const timestamp = Buffer.alloc(8);
  timestamp.writeBigInt64BE(message.timestamp ?? 0n);
  return (
    "0x" +
    createHash("sha256")
      .update(pubsubTopic)
      .update(message.payload)
      .update(message.contentTopic)
      .update(message.meta ?? new Uint8Array(0))
      .update(timestamp)
      .digest("hex")
  );
}

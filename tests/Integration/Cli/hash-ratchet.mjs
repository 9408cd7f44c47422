// Reads and writes encrypted archives from the description of the format alone: no code of the product, and of Node only SHA-1 and AES-GCM.
// node hash-ratchet.mjs keys KEYS                 the id of each key and its ratchet after 1, 2 and 1000 turns
// node hash-ratchet.mjs open KEYS DIR             every message of a community's encrypted folder, one JSON object a line
// node hash-ratchet.mjs seal KEYS FIRST DIR OUT   a folder in the clear becomes an encrypted one, the way status-go writes it
import { createCipheriv, createDecipheriv, createHash, randomBytes, randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const PIECE = 102400;
const M = (1n << 64n) - 1n;
const rol = (x, n) => (n === 0n ? x : ((x << n) | (x >> (64n - n))) & M);
const ROUNDS = [
  0x1n, 0x8082n, 0x800000000000808an, 0x8000000080008000n, 0x808bn, 0x80000001n, 0x8000000080008081n, 0x8000000000008009n, 0x8an, 0x88n,
  0x80008009n, 0x8000000an, 0x8000808bn, 0x800000000000008bn, 0x8000000000008089n, 0x8000000000008003n, 0x8000000000008002n,
  0x8000000000000080n, 0x800an, 0x800000008000000an, 0x8000000080008081n, 0x8000000000008080n, 0x80000001n, 0x8000000080008008n,
];

function keccak(input) {
  const padded = Buffer.concat([input, Buffer.alloc(136 - (input.length % 136))]);
  padded[input.length] |= 1;
  padded[padded.length - 1] |= 0x80;
  const a = Array(25).fill(0n);
  for (let block = 0; block < padded.length; block += 136) {
    for (let i = 0; i < 17; i++) a[i] ^= padded.readBigUInt64LE(block + 8 * i);
    for (const round of ROUNDS) {
      const c = [0, 1, 2, 3, 4].map((x) => a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20]);
      for (let i = 0; i < 25; i++) a[i] ^= c[(i + 4) % 5] ^ rol(c[(i + 1) % 5], 1n);
      let [x, y, moved] = [1, 0, a[1]];
      for (let t = 0; t < 24; t++) {
        [x, y] = [y, (2 * x + 3 * y) % 5];
        [moved, a[x + 5 * y]] = [a[x + 5 * y], rol(moved, BigInt((((t + 1) * (t + 2)) / 2) % 64))];
      }
      for (let row = 0; row < 25; row += 5) {
        const r = a.slice(row, row + 5);
        for (let i = 0; i < 5; i++) a[row + i] = r[i] ^ (~r[(i + 1) % 5] & M & r[(i + 2) % 5]);
      }
      a[0] ^= round;
    }
  }
  const out = Buffer.alloc(32);
  for (let i = 0; i < 4; i++) out.writeBigUInt64LE(a[i], 8 * i);
  return out;
}

const hex = (text) => Buffer.from(text.slice(2), "hex");
const varint = (n) => {
  const bytes = [];
  for (n = BigInt(n); n >= 128n; n >>= 7n) bytes.push(Number(n & 127n) | 128);
  return Buffer.from([...bytes, Number(n)]);
};
const bytesField = (no, b) => Buffer.concat([varint((no << 3) | 2), varint(b.length), b]);
const numberField = (no, n) => (BigInt(n) === 0n ? Buffer.alloc(0) : Buffer.concat([varint(no << 3), varint(n)]));

function fields(b) {
  const out = [];
  let i = 0;
  const read = () => {
    for (let [n, shift] = [0n, 0n]; ; shift += 7n) {
      const c = b[i++];
      if (c === undefined) throw new Error("a number has no end");
      n |= BigInt(c & 127) << shift;
      if (c < 128) return n;
    }
  };
  while (i < b.length) {
    const tag = Number(read());
    if ((tag & 7) === 0) out.push([tag >> 3, read()]);
    else if ((tag & 7) === 2) {
      const length = Number(read());
      if (i + length > b.length) throw new Error("a field has no end");
      out.push([tag >> 3, b.subarray(i, (i += length))]);
    } else throw new Error(`wire type ${tag & 7}`);
  }
  return out;
}
const one = (b, no) => fields(b).findLast(([n]) => n === no)?.[1];
const all = (b, no) => fields(b).filter(([n]) => n === no).map(([, value]) => value);

const keys = JSON.parse(readFileSync(process.argv[3], "utf8")).map((key) => {
  const time = Buffer.alloc(8);
  time.writeBigUInt64LE(BigInt(key.timestamp));
  const [group, secret] = [hex(key.communityId), hex(key.key)];
  return { ...key, group, secret, id: keccak(Buffer.concat([group, time, secret])) };
});
const turn = (secret, times) => {
  for (let i = 0; i < times; i++) secret = keccak(secret);
  return secret;
};

function open(sealed) {
  const entries = all(sealed, 101);
  if (entries.length !== 1 || one(entries[0], 1).toString() !== "none") throw new Error("no message for all");
  const message = one(entries[0], 2);
  const header = one(message, 102);
  const [seqNo, keyId] = [Number(one(header, 2)), one(header, 4)];
  const key = keys.find((held) => held.id.equals(keyId) && held.group.equals(one(header, 3)));
  if (!key) throw new Error(`no key ${keyId.toString("hex")}`);
  if (Number(one(header, 1)) !== Number(BigInt(key.timestamp) & 0xffffffffn)) throw new Error("deprecated_key_id");
  const payload = one(message, 3);
  const cipher = createDecipheriv("aes-256-gcm", turn(key.secret, seqNo), payload.subarray(-12));
  cipher.setAuthTag(payload.subarray(-28, -12));
  const plain = Buffer.concat([cipher.update(payload.subarray(0, -28)), cipher.final()]);
  return { seqNo, plain, installationId: one(sealed, 2).toString() };
}

function seal(plain, seqNo) {
  const key = keys[0];
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", turn(key.secret, seqNo), nonce);
  const payload = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag(), nonce]);
  const header = Buffer.concat([
    numberField(1, BigInt(key.timestamp) & 0xffffffffn),
    numberField(2, seqNo),
    bytesField(3, key.group),
    bytesField(4, key.id),
  ]);
  const message = Buffer.concat([bytesField(3, payload), bytesField(102, header)]);
  const entry = Buffer.concat([bytesField(1, Buffer.from("none")), bytesField(2, message)]);
  return Buffer.concat([bytesField(2, Buffer.from(randomUUID())), bytesField(101, entry)]);
}

const entriesOf = (index) =>
  all(index, 1)
    .map((entry) => ({ id: one(entry, 1).toString(), value: one(entry, 2) }))
    .map(({ id, value }) => ({
      id,
      value,
      metadata: one(value, 2),
      offset: Number(one(value, 3) ?? 0n),
      size: Number(one(value, 4)),
      padding: Number(one(value, 5) ?? 0n),
    }))
    .sort((left, right) => left.offset - right.offset);

function bencode(value) {
  if (Buffer.isBuffer(value)) return Buffer.concat([Buffer.from(`${value.length}:`), value]);
  if (typeof value === "string") return bencode(Buffer.from(value));
  if (typeof value === "number") return Buffer.from(`i${value}e`);
  if (Array.isArray(value)) return Buffer.concat([Buffer.from("l"), ...value.map(bencode), Buffer.from("e")]);
  const pairs = Object.keys(value).sort().flatMap((key) => [bencode(key), bencode(value[key])]);
  return Buffer.concat([Buffer.from("d"), ...pairs, Buffer.from("e")]);
}

const print = (value) => console.log(JSON.stringify(value));
const [verb, , ...rest] = process.argv.slice(2);
if (verb === "keys")
  for (const key of keys)
    print({ id: key.id.toString("hex"), ratchet: [1, 2, 1000].map((times) => turn(key.secret, times).toString("hex")) });
else if (verb === "open") {
  const name = readdirSync(rest[0]).find((file) => file.endsWith(".torrent")).slice(0, -8);
  const data = readFileSync(join(rest[0], name, "data"));
  const index = open(readFileSync(join(rest[0], name, "index")));
  print({ index: index.seqNo, installationId: index.installationId });
  for (const entry of entriesOf(index.plain)) {
    if (entry.id !== `0x${keccak(entry.value).toString("hex")}`) throw new Error(`the id of ${entry.id}`);
    const archive = open(data.subarray(entry.offset, entry.offset + entry.size - entry.padding));
    if (!one(archive.plain, 2).equals(entry.metadata)) throw new Error(`the metadata of ${entry.id}`);
    for (const message of all(archive.plain, 3))
      print({
        seqNo: archive.seqNo,
        hash: `0x${one(message, 6).toString("hex")}`,
        payload: `0x${(one(message, 4) ?? Buffer.alloc(0)).toString("hex")}`,
      });
  }
} else {
  const [first, from, to] = rest;
  const name = readdirSync(from).find((file) => file.endsWith(".torrent")).slice(0, -8);
  const data = readFileSync(join(from, name, "data"));
  let seqNo = Number(first);
  const [slots, entries] = [[], []];
  let offset = 0;
  for (const entry of entriesOf(readFileSync(join(from, name, "index")))) {
    const raw = seal(data.subarray(entry.offset, entry.offset + entry.size - entry.padding), seqNo++);
    const size = raw.length > PIECE ? raw.length + PIECE - (raw.length % PIECE) : PIECE;
    const padding = size - raw.length;
    const value = Buffer.concat([bytesField(2, entry.metadata), numberField(3, offset), numberField(4, size), numberField(5, padding)]);
    slots.push(raw, Buffer.alloc(padding));
    entries.push(bytesField(1, Buffer.concat([bytesField(1, Buffer.from(`0x${keccak(value).toString("hex")}`)), bytesField(2, value)])));
    offset += size;
  }
  const index = seal(Buffer.concat(entries), seqNo);
  const bytes = Buffer.concat([...slots, index]);
  const pieces = [];
  for (let i = 0; i < bytes.length; i += PIECE) pieces.push(createHash("sha1").update(bytes.subarray(i, i + PIECE)).digest());
  const info = {
    files: [
      { length: offset, path: ["data"] },
      { length: index.length, path: ["index"] },
    ],
    name,
    "piece length": PIECE,
    pieces: Buffer.concat(pieces),
  };
  mkdirSync(join(to, name), { recursive: true });
  writeFileSync(join(to, name, "data"), bytes.subarray(0, offset));
  writeFileSync(join(to, name, "index"), index);
  writeFileSync(join(to, `${name}.torrent`), bencode({ info }));
}

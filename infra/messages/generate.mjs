// Writes the bundled community to standard output: node infra/messages/generate.mjs > infra/messages/community.json
// Everything follows from the constants below, so every run writes the same bytes; nobody wrote these messages.
import { createECDH, createHash } from "node:crypto";

const seed = 20250303;
const startDate = Date.UTC(2025, 2, 3) / 1000; // a Monday
const partitionSeconds = 604_800;
const messageCount = 5_200;
const memberCount = 40;
const shortestBytes = 80;
const longestBytes = 600;

// Relative traffic: a launch in week 4, a holiday in week 8, a meeting in week 11.
const weeks = [5, 6, 7, 14, 10, 8, 6, 2, 6, 9, 15, 8];
const weekdays = [8, 9, 9, 8, 10, 6, 5];
const hours = [2, 1, 1, 1, 1, 2, 3, 5, 7, 8, 8, 9, 10, 9, 9, 10, 11, 12, 14, 16, 15, 12, 8, 4];
const channels = [
  { name: "general", weight: 11 },
  { name: "help", weight: 6 },
  { name: "garden", weight: 4 },
  { name: "notices", weight: 1 },
];

// mulberry32: 32-bit integer steps only, the same on every machine.
let state = seed;
function next(limit) {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % limit;
}

const pick = (list) => list[next(list.length)];
const hex = (bytes) => `0x${Buffer.from(bytes).toString("hex")}`;
const digest = (text) => createHash("sha256").update(text).digest();

function pickWeighted(weights) {
  let at = next(weights.reduce((sum, weight) => sum + weight, 0));
  return weights.findIndex((weight) => (at -= weight) < 0);
}

function publicKey(privateKey, format) {
  const curve = createECDH("secp256k1");
  curve.setPrivateKey(privateKey);
  return curve.getPublicKey(null, format);
}

const who = ["my neighbour", "the group", "our treasurer", "someone from the north side", "the new volunteer", "a friend", "the school", "nobody here"];
const did = ["mended", "painted", "measured", "forgot", "borrowed", "counted", "moved", "found", "photographed", "watered"];
const what = ["the green bench", "the rain barrel", "two crates of seedlings", "the tool shed key", "the old notice board", "the apple trees", "the long ladder", "the compost heap", "the map of the beds"];
const when = ["this morning", "last night", "before the rain", "on the way home", "after lunch", "at the weekend", "in the first hour of light", "while it was quiet"];
const asks = ["who can bring", "has anybody seen", "do we still need", "may I take home", "where should I leave", "how do you clean"];
const says = ["I think that works", "thanks for that", "good idea", "that is not how I remember it", "count me in", "please wait until Friday", "I have a photograph of it", "let us vote on it"];
const because = ["because the path floods", "since the gate is locked at eight", "so that the children can reach it", "and the wind took half of it", "although it was dry all week", "and it took three of us"];

function sentence() {
  const text = [
    () => `${pick(who)} ${pick(did)} ${pick(what)} ${pick(when)}.`,
    () => `${pick(asks)} ${pick(what)}?`,
    () => `${pick(says)}, ${pick(because)}.`,
    () => `${pick(who)} ${pick(did)} ${pick(what)} ${pick(because)}.`,
    () => `bed ${1 + next(48)} gets ${2 + next(9)} litres ${pick(when)}, ${pick(says)}.`,
  ][next(5)]();
  return text[0].toUpperCase() + text.slice(1);
}

function text() {
  // Most messages are short: the smallest of three throws.
  const spread = longestBytes - shortestBytes - 120;
  const wanted = shortestBytes + Math.min(next(spread), next(spread), next(spread));
  let words = sentence();
  while (words.length < wanted) words += ` ${sentence()}`;
  return words;
}

const communityPrivateKey = digest("eventarchive demo community");
const communityId = hex(publicKey(communityPrivateKey, "compressed"));
const members = Array.from({ length: memberCount }, (_, i) => hex(publicKey(digest(`eventarchive demo member ${i}`), "uncompressed")));
const chatIds = channels.map(({ name }) => {
  const id = digest(`eventarchive demo channel ${name}`).toString("hex");
  return `${communityId}${id.slice(0, 8)}-${id.slice(8, 12)}-4${id.slice(13, 16)}-a${id.slice(17, 20)}-${id.slice(20, 32)}`;
});
const endDate = startDate + weeks.length * partitionSeconds;

// Talk comes in conversations: a few members, a few messages, seconds to minutes apart.
function conversation() {
  let at = startDate + pickWeighted(weeks) * partitionSeconds + pickWeighted(weekdays) * 86_400 + pickWeighted(hours) * 3_600 + next(3_600);
  const chatId = chatIds[pickWeighted(channels.map(({ weight }) => weight))];
  const speakers = Array.from({ length: 1 + next(5) }, () => pick(members));
  return Array.from({ length: 1 + next(14) }, () => {
    at += 4 + next(150);
    return { at, chatId, sig: pick(speakers) };
  });
}

const planned = [];
while (planned.length < messageCount) {
  planned.push(...conversation().filter(({ at }) => at < endDate));
}
planned.length = messageCount;
planned.sort((one, other) => one.at - other.at);

const messages = planned.map(({ at, chatId, sig }, i) => {
  const payload = Buffer.from(text());
  const padding = digest(`padding ${i}`).subarray(0, 1 + next(24));
  // A few were brought along from an older forum and kept their id there.
  const thirdPartyId = next(50) === 0 ? `${communityId}${1_000_000_000 + i}` : "";
  const hash = digest(`${i} ${at} ${chatId} ${payload}`);
  return { sig, timestamp: at, chatId, payload: hex(payload), padding: hex(padding), hash: hex(hash), thirdPartyId };
});

const head = { communityPrivateKey: hex(communityPrivateKey), chatIds, startDate, endDate, partitionSeconds };
const fields = Object.entries(head).map(([name, value]) => `"${name}": ${JSON.stringify(value)},`);
const lines = messages.map((message) => JSON.stringify(message)).join(",\n");
process.stdout.write(`{\n${fields.join("\n")}\n"messages": [\n${lines}\n]\n}\n`);

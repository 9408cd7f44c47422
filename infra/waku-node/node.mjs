// A Waku node for development and tests: one gossipsub mesh over TCP on loopback, nwaku's REST calls in front of it.
// It finds no peers by itself: no bootstrap list, no DNS, no peer exchange. Real deployments run nwaku.
import "./polyfill.mjs";
import { parseArgs } from "node:util";
import { tcp } from "@libp2p/tcp";
import { multiaddr } from "@multiformats/multiaddr";
import { createRelayNode } from "@waku/sdk/relay";
import { MessageStore, PollCache } from "./caches.mjs";
import { decode, encode } from "./messages.mjs";
import { createRest } from "./rest.mjs";

const maxPayloadBytes = 150 * 1024;
const protocols = ["relay", "filter", "lightpush", "store"];
const redialMilliseconds = 250;
const dialTimeoutMilliseconds = 5_000;
const version = "eventarchive-waku-node 0.1.0";

const usage = `usage: node node.mjs [--rest HOST:PORT] [--listen PORT] [--connect MULTIADDR]... [--cluster N] [--shard N]...
  --rest HOST:PORT      where the REST calls are served; port 0 takes a free one (default 127.0.0.1:0)
  --listen PORT         TCP port of the mesh on 127.0.0.1 (default 0, a free one)
  --connect MULTIADDR   a peer to dial and to dial again when it is lost, e.g. /ip4/127.0.0.1/tcp/60000
  --cluster N           default 16
  --shard N             a shard to relay from the start (default 32)
  --cache-capacity N    messages kept for polling, of all topics together (default 1000; nwaku's own default is 50)
  --store-capacity N    messages kept for the store (default 20000)
  --protocols LIST      which of relay,filter,lightpush,store the REST calls offer (default all); the mesh is joined all the same
  --exit-with-parent    end when standard input is closed`;

const options = {
  rest: { type: "string", default: "127.0.0.1:0" },
  listen: { type: "string", default: "0" },
  connect: { type: "string", multiple: true, default: [] },
  cluster: { type: "string", default: "16" },
  shard: { type: "string", multiple: true, default: ["32"] },
  "cache-capacity": { type: "string", default: "1000" },
  "store-capacity": { type: "string", default: "20000" },
  protocols: { type: "string", default: protocols.join(",") },
  "exit-with-parent": { type: "boolean", default: false },
  help: { type: "boolean", default: false },
};

function fail(reason) {
  process.stderr.write(`${reason}\n`);
  process.exit(2);
}

function number(name, text, most) {
  if (!/^\d+$/.test(text) || Number(text) > most) fail(`--${name} takes a number from 0 to ${most}, not "${text}".\n${usage}`);
  return Number(text);
}

let values;
try {
  ({ values } = parseArgs({ options }));
} catch (fault) {
  fail(`${fault.message}\n${usage}`);
}
if (values.help) {
  process.stdout.write(`${usage}\n`);
  process.exit(0);
}
const at = values.rest.lastIndexOf(":");
if (at < 1) fail(`--rest takes HOST:PORT, not "${values.rest}".\n${usage}`);
const restHost = values.rest.slice(0, at);
const restPort = number("rest", values.rest.slice(at + 1), 65535);
const listenPort = number("listen", values.listen, 65535);
const clusterId = number("cluster", values.cluster, 65535);
const shards = values.shard.map((shard) => number("shard", shard, 65535));
const storeCapacity = number("store-capacity", values["store-capacity"], 10_000_000);
const offered = values.protocols.split(",").filter(Boolean);
for (const one of offered) if (!protocols.includes(one)) fail(`--protocols takes ${protocols.join(",")}, not "${one}".\n${usage}`);
const cacheCapacity = number("cache-capacity", values["cache-capacity"], 1_000_000);

if (values["exit-with-parent"]) {
  process.stdin.resume();
  process.stdin.on("end", () => process.exit(0));
  process.stdin.on("error", () => process.exit(0));
}
// Standard output carries one line for whoever started this; everything a library prints goes to standard error.
console.log = console.info = console.debug = console.error;

const topicOf = (shard) => `/waku/2/rs/${clusterId}/${shard}`;

const waku = await createRelayNode({
  networkConfig: { clusterId, shards },
  defaultBootstrap: false,
  emitSelf: true,
  allowPublishToZeroTopicPeers: true,
  ignoreDuplicatePublishError: true,
  pingKeepAlive: 0,
  relayKeepAlive: 0,
  libp2p: {
    hideWebSocketInfo: true,
    addresses: { listen: [`/ip4/127.0.0.1/tcp/${listenPort}`] },
    transports: [tcp()],
    connectionManager: { minConnections: 0 },
    // Its ping waits two seconds: on a busy machine it would cut connections that are sound.
    connectionMonitor: { enabled: false },
  },
}).catch((fault) => fail(`The node could not start: ${fault.message}`));
await waku.start();

const libp2p = waku.libp2p;
const pubsub = libp2p.services.pubsub;
const cache = new PollCache(cacheCapacity);
const store = new MessageStore(storeCapacity);
const subscriptions = new Set();
const filters = new Set();
const joined = new Set(shards.map(topicOf));

pubsub.addEventListener("gossipsub:message", ({ detail: { msg } }) => {
  let message;
  try {
    message = decode(msg.data);
  } catch {
    return; // The validator of the relay has refused it already.
  }
  store.add(msg.topic, message);
  if (subscriptions.has(msg.topic)) cache.add(`relay ${msg.topic}`, msg.topic, message);
  if (filters.has(message.contentTopic)) cache.add(`filter ${message.contentTopic}`, msg.topic, message);
});

function join(topic) {
  if (joined.has(topic)) return;
  joined.add(topic);
  pubsub.subscribe(topic);
}

async function dial(address) {
  try {
    // A node that was started anew has another peer id, so an address counts here without it.
    const place = multiaddr(address).decapsulateCode(421);
    const open = libp2p.getConnections().some((connection) => connection.remoteAddr.decapsulateCode(421).equals(place));
    if (!open) await libp2p.dial(place, { signal: AbortSignal.timeout(dialTimeoutMilliseconds) });
    return true;
  } catch (fault) {
    if (process.env.WAKU_NODE_VERBOSE) console.error(`dial ${address}: ${fault.message}`);
    return false;
  }
}

const node = {
  version,
  cache,
  store,
  filters,
  subscriptions,
  defaultTopic: topicOf(shards[0]),
  dial,
  subscribe(topic) {
    join(topic);
    subscriptions.add(topic);
  },
  unsubscribe(topic, key) {
    subscriptions.delete(topic);
    cache.drop(key);
  },
  async publish(topic, message) {
    join(topic);
    const { recipients } = await pubsub.publish(topic, encode(message));
    return recipients.filter((peer) => !peer.equals(libp2p.peerId)).length;
  },
  multiaddrs: () => libp2p.getMultiaddrs().map(String),
  peers: () =>
    libp2p.getConnections().map((connection) => ({
      multiaddr: `${connection.remoteAddr.decapsulateCode(421)}/p2p/${connection.remotePeer}`,
      protocols: pubsub.multicodecs,
      connected: "Connected",
      origin: connection.direction,
    })),
  mesh: () => [...joined].map((topic) => ({ shard: Number(topic.split("/").at(-1)), peers: pubsub.getMeshPeers(topic) })),
  health() {
    const lonely = [...joined].every((topic) => pubsub.getSubscribers(topic).length === 0);
    return {
      nodeHealth: "READY",
      protocolsHealth: [lonely ? { Relay: "NOT_READY", desc: "No connected peers" } : { Relay: "READY" }],
    };
  },
};

const rest = createRest(node, { maxBytes: maxPayloadBytes, offered });
rest.on("error", (fault) => fail(`REST cannot listen on ${values.rest}: ${fault.message}`));
await new Promise((ready) => rest.listen(restPort, restHost, ready));

let redialling = false;
async function redial() {
  if (redialling) return;
  redialling = true;
  await Promise.all(values.connect.map(dial));
  redialling = false;
}
await redial();
setInterval(redial, redialMilliseconds);

for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(0));

const [address] = node.multiaddrs();
process.stdout.write(`${JSON.stringify({ rest: `http://${restHost}:${rest.address().port}`, multiaddr: address })}\n`);

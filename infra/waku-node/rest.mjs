// The part of nwaku's REST API that EventArchive and its tests use, with nwaku's status codes.
import { createServer } from "node:http";
import { BadRequest, fromJson, parseBody, toJson } from "./messages.mjs";

const json = (status, text) => ({ status, type: "application/json", body: text });
const plain = (status, text) => ({ status, type: "text/plain", body: text });
const unknownPath = () => plain(400, "Bad request initiated. Invalid path or method used.");

export function createRest(node, { maxBytes, offered }) {
  const relayed = (topic) => `relay ${topic}`;
  const filtered = (topic) => `filter ${topic}`;

  const topicsOf = (body) => {
    const topics = parseBody(body);
    if (!Array.isArray(topics) || topics.length === 0 || !topics.every((topic) => /^\/waku\/2\/rs\/\d+\/\d+$/.test(topic))) {
      throw new BadRequest("Invalid pubsub topic(s): expected a list like [\"/waku/2/rs/16/32\"]");
    }
    return topics;
  };

  const filterRequest = (body) => {
    const request = parseBody(body);
    if (typeof request?.requestId !== "string" || request.requestId === "") throw new BadRequest("Field requestId is missing");
    return request;
  };
  const filterAnswer = (status, requestId, statusDesc) => json(status, JSON.stringify({ requestId, statusDesc }));
  const contentFilters = (request) => {
    if (!Array.isArray(request.contentFilters) || request.contentFilters.length === 0) {
      throw new BadRequest("Field contentFilters is missing");
    }
    return request.contentFilters;
  };

  const publishRelay = async (topic, body) => {
    const message = fromJson(parseBody(body), maxBytes);
    if (!node.subscriptions.has(topic)) return plain(400, `Failed to publish: Node not subscribed to topic: ${topic}`);
    await node.publish(topic, message);
    return plain(200, "OK");
  };

  const push = async (body) => {
    const request = parseBody(body);
    const message = fromJson(request?.message, maxBytes);
    const topic = request.pubsubTopic ?? node.defaultTopic;
    const peers = await node.publish(topic, message);
    return peers > 0
      ? json(200, JSON.stringify({ relayPeerCount: peers }))
      : json(503, JSON.stringify({ statusDesc: "No peers for topic, skipping publish" }));
  };

  const store = (query) => {
    const list = (name) => query.get(name)?.split(",").filter(Boolean);
    const time = (name) => (query.has(name) ? BigInt(query.get(name)) : undefined);
    const pageSize = query.has("pageSize") ? Number(query.get("pageSize")) : 20;
    let answer;
    try {
      if (!Number.isInteger(pageSize) || pageSize < 1) throw new SyntaxError("pageSize");
      answer = node.store.query({
        pubsubTopic: query.get("pubsubTopic") ?? undefined,
        contentTopics: list("contentTopics"),
        hashes: list("hashes"),
        startTime: time("startTime"),
        endTime: time("endTime"),
        cursor: query.get("cursor") ?? undefined,
        ascending: query.get("ascending") !== "false",
        pageSize: Math.min(pageSize, 100),
      });
    } catch (fault) {
      if (fault instanceof SyntaxError) return plain(400, "Bad request initiated. A query parameter is not a number.");
      throw fault;
    }
    if (answer === null) return plain(400, "Bad request initiated. The cursor is not known.");
    const withData = query.get("includeData") === "true";
    const rows = answer.page.map(({ messageHash, pubsubTopic, message }) =>
      withData
        ? `{"messageHash":"${messageHash}","message":${toJson(message)},"pubsubTopic":${JSON.stringify(pubsubTopic)}}`
        : `{"messageHash":"${messageHash}"}`,
    );
    const cursor = answer.paginationCursor === undefined ? "" : `,"paginationCursor":"${answer.paginationCursor}"`;
    return json(200, `{"requestId":"","statusCode":200,"statusDesc":"OK","messages":[${rows.join(",")}]${cursor}}`);
  };

  const peers = (wanted) => {
    const known = node.peers();
    if (wanted === "mesh") return json(200, JSON.stringify(node.mesh()));
    return json(200, JSON.stringify(known));
  };

  const route = async (method, path, query, body) => {
    const [area, version, ...rest] = path.split("/").slice(1).map(decodeURIComponent);
    if (["relay", "filter", "lightpush", "store"].includes(area) && !offered.includes(area)) return unknownPath();
    switch (`${method} /${[area, version, rest[0]].filter((part) => part !== undefined).join("/")}`) {
      case "GET /health":
        return json(200, JSON.stringify(node.health()));
      case "GET /info":
      case "GET /debug/v1/info":
        return json(200, JSON.stringify({ listenAddresses: node.multiaddrs(), enrUri: "" }));
      case "GET /version":
      case "GET /debug/v1/version":
        return plain(200, node.version);
      case "POST /relay/v1/subscriptions":
        for (const topic of topicsOf(body)) node.subscribe(topic, relayed(topic));
        return plain(200, "OK");
      case "DELETE /relay/v1/subscriptions":
        for (const topic of topicsOf(body)) node.unsubscribe(topic, relayed(topic));
        return plain(200, "OK");
      case "POST /relay/v1/messages":
        return rest.length === 2 ? publishRelay(rest[1], body) : unknownPath();
      case "GET /relay/v1/messages":
        if (rest.length !== 2) return unknownPath();
        if (!node.subscriptions.has(rest[1])) return plain(404, "");
        return json(200, `[${node.cache.take(relayed(rest[1])).map(toJson).join(",")}]`);
      case "POST /relay/v1/auto":
      case "GET /relay/v1/auto":
      case "DELETE /relay/v1/auto":
        return plain(400, "Autosharding is disabled");
      case "POST /lightpush/v3/message":
      case "POST /lightpush/v1/message":
        return push(body);
      case "GET /store/v3/messages":
        return store(query);
      case "POST /filter/v2/subscriptions":
      case "PUT /filter/v2/subscriptions": {
        const request = filterRequest(body);
        for (const topic of contentFilters(request)) node.filters.add(topic);
        return filterAnswer(200, request.requestId, "OK");
      }
      case "DELETE /filter/v2/subscriptions": {
        const request = filterRequest(body);
        const gone = rest[1] === "all" ? [...node.filters] : contentFilters(request);
        for (const topic of gone) {
          node.filters.delete(topic);
          node.cache.drop(filtered(topic));
        }
        return filterAnswer(200, request.requestId, "OK");
      }
      case "GET /filter/v2/subscriptions":
        return node.filters.size > 0
          ? filterAnswer(200, rest[1] ?? "", "OK")
          : filterAnswer(404, rest[1] ?? "", "NOT_FOUND: peer has no subscriptions");
      case "GET /filter/v2/messages": {
        const topic = rest.at(-1);
        if (!node.filters.has(topic)) return plain(400, "Not subscribed to topic");
        return json(200, `[${node.cache.take(filtered(topic)).map(toJson).join(",")}]`);
      }
      case "GET /admin/v1/peers":
        return peers(rest[1]);
      case "POST /admin/v1/peers": {
        const addresses = parseBody(body);
        if (!Array.isArray(addresses)) return plain(400, "Expected a list of multiaddresses");
        for (const address of addresses) {
          if (!(await node.dial(address))) return plain(400, `Failed to connect to peer: ${address}`);
        }
        return plain(200, "OK");
      }
      default:
        return unknownPath();
    }
  };

  return createServer(async (request, response) => {
    const answer = ({ status, type, body }) => {
      response.writeHead(status, { "content-type": type }).end(body);
    };
    try {
      // The JSON form is a third larger than the payload, and a little more for the other fields.
      const limit = maxBytes * 2;
      const chunks = [];
      let length = 0;
      for await (const chunk of request) {
        length += chunk.length;
        if (length > limit) {
          request.destroy();
          return;
        }
        chunks.push(chunk);
      }
      const url = new URL(request.url, "http://node");
      const path = url.pathname;
      answer(await route(request.method, path, url.searchParams, Buffer.concat(chunks).toString("utf8")));
    } catch (fault) {
      if (response.headersSent || response.destroyed) return;
      if (fault instanceof BadRequest || fault instanceof URIError) answer(plain(400, fault.message));
      else answer(plain(500, `Failed: ${fault.message}`));
    }
  });
}

// What REST readers poll: one bounded cache for everything, as nwaku keeps it, and an in-memory store of what may be asked for later.
import { hash } from "./messages.mjs";

/** Equal messages are merged; when full, the smallest timestamp goes. Reading takes the messages out. */
export class PollCache {
  #entries = new Map();

  constructor(capacity) {
    this.capacity = capacity;
  }

  add(key, pubsubTopic, message) {
    const id = `${key} ${hash(pubsubTopic, message)}`;
    if (this.#entries.has(id)) return;
    this.#entries.set(id, { key, message });
    if (this.#entries.size <= this.capacity) return;
    let oldest;
    for (const [candidate, entry] of this.#entries) {
      if (oldest === undefined || entry.message.timestamp < this.#entries.get(oldest).message.timestamp) oldest = candidate;
    }
    this.#entries.delete(oldest);
  }

  take(key) {
    const taken = [];
    for (const [id, entry] of this.#entries) {
      if (entry.key !== key) continue;
      taken.push(entry.message);
      this.#entries.delete(id);
    }
    return taken;
  }

  drop(key) {
    this.take(key);
  }
}

/** The store protocol's view: messages by hash in the order of (timestamp, hash). Ephemeral messages are not kept. */
export class MessageStore {
  #byHash = new Map();

  constructor(capacity) {
    this.capacity = capacity;
  }

  add(pubsubTopic, message) {
    if (message.ephemeral === true) return;
    const messageHash = hash(pubsubTopic, message);
    if (this.#byHash.has(messageHash)) return;
    this.#byHash.set(messageHash, { messageHash, pubsubTopic, message });
    if (this.#byHash.size > this.capacity) this.#byHash.delete(this.#byHash.keys().next().value);
  }

  /** Gives one page and the cursor of the next one; null when the cursor is unknown. */
  query({ pubsubTopic, contentTopics, startTime, endTime, hashes, cursor, ascending, pageSize }) {
    const rows = [...this.#byHash.values()]
      .filter(
        (row) =>
          (hashes === undefined || hashes.includes(row.messageHash)) &&
          (pubsubTopic === undefined || row.pubsubTopic === pubsubTopic) &&
          (contentTopics === undefined || contentTopics.includes(row.message.contentTopic)) &&
          (startTime === undefined || row.message.timestamp >= startTime) &&
          (endTime === undefined || row.message.timestamp <= endTime),
      )
      .sort((a, b) => {
        if (a.message.timestamp !== b.message.timestamp) return a.message.timestamp < b.message.timestamp ? -1 : 1;
        return a.messageHash < b.messageHash ? -1 : 1;
      });
    if (!ascending) rows.reverse();
    const start = cursor === undefined ? 0 : rows.findIndex((row) => row.messageHash === cursor) + 1;
    if (cursor !== undefined && start === 0) return null;
    const page = rows.slice(start, start + pageSize);
    return { page, paginationCursor: start + pageSize < rows.length ? page.at(-1)?.messageHash : undefined };
  }
}

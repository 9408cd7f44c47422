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
  #hashes = new Set();
  #rows = [];

  constructor(capacity) {
    this.capacity = capacity;
  }

  add(pubsubTopic, message) {
    if (message.ephemeral === true) return;
    const messageHash = hash(pubsubTopic, message);
    if (this.#hashes.has(messageHash)) return;
    this.#hashes.add(messageHash);
    const row = { messageHash, pubsubTopic, message };
    this.#rows.splice(this.#firstNotBefore(message.timestamp, messageHash), 0, row);
    if (this.#rows.length > this.capacity) this.#hashes.delete(this.#rows.shift().messageHash);
  }

  /** Gives one page and the cursor of the next one; null when the cursor is unknown. */
  query({ pubsubTopic, contentTopics, startTime, endTime, hashes, cursor, ascending, pageSize }) {
    if (cursor !== undefined && !this.#hashes.has(cursor)) return null;
    const wanted = (row) =>
      (hashes === undefined || hashes.includes(row.messageHash)) &&
      (pubsubTopic === undefined || row.pubsubTopic === pubsubTopic) &&
      (contentTopics === undefined || contentTopics.includes(row.message.contentTopic));
    let first = startTime === undefined ? 0 : this.#firstNotBefore(startTime, "");
    let end = endTime === undefined ? this.#rows.length : this.#firstNotBefore(endTime + 1n, "");
    if (cursor !== undefined) {
      const at = this.#rows.findIndex((row) => row.messageHash === cursor);
      if (ascending) first = Math.max(first, at + 1);
      else end = Math.min(end, at);
    }
    const page = [];
    for (let step = 0; step < end - first; step++) {
      const row = this.#rows[ascending ? first + step : end - 1 - step];
      if (!wanted(row)) continue;
      if (page.length === pageSize) return { page, paginationCursor: page.at(-1).messageHash };
      page.push(row);
    }
    return { page, paginationCursor: undefined };
  }

  #firstNotBefore(timestamp, messageHash) {
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const row = this.#rows[middle];
      const before = row.message.timestamp < timestamp || (row.message.timestamp === timestamp && row.messageHash < messageHash);
      if (before) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

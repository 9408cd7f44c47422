// A session and what is noted of its torrents.
#ifndef EVENTARCHIVE_SESSION_H
#define EVENTARCHIVE_SESSION_H

#include "guard.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <libtorrent/add_torrent_params.hpp>
#include <libtorrent/error_code.hpp>
#include <libtorrent/session.hpp>
#include <libtorrent/session_params.hpp>
#include <libtorrent/sha1_hash.hpp>
#include <libtorrent/torrent_handle.hpp>

using std::chrono::milliseconds;

// Counters rather than flags, so that two callers may wait for a flush of the same torrent.
struct torrent_notes {
    std::uint64_t flushes = 0;
    std::int64_t total_bytes = 0;      // of the torrent; 0 without metadata
    std::int64_t uploaded_before = 0;  // by earlier sessions
    std::string file_error;
    bool piece_differs = false;  // one that was trusted
    bool unreadable = false;     // a seed, which nothing but a read can have failed for
    bool seed_only = false;
    bool metadata_only = false;
    bool metadata_failed = false;
    std::int64_t received_before = 0;  // before it was loaded anew, like uploaded_before
    std::shared_ptr<lt::add_torrent_params const> params;  // of one that is fetched: what loads it anew
    bool to_resume = false;  // added at rest: it is to begin once its files are checked
};

struct ea_session {
    explicit ea_session(lt::session_params params) : session(std::move(params)) {}

    lt::session session;
    std::vector<std::string> trackers;
    bool dht = false;
    bool peer_exchange = false;
    int max_torrent_connections = -1;
    std::mutex pumping;  // one thread pops alerts at a time: popped alerts live only until the next pop
    std::mutex replacing;  // while a torrent leaves, or is loaded anew
    std::mutex noting;
    std::map<lt::sha1_hash, torrent_notes> notes;
    bool listening = false;
    std::string listen_error;
};

lt::sha1_hash to_hash(uint8_t const* bytes);

// Throws EA_NOT_FOUND.
lt::torrent_handle find(ea_session& s, lt::sha1_hash const& hash);

torrent_notes notes_of(ea_session& s, lt::sha1_hash const& hash);

// Takes what alerts there are, in one batch, after waiting for the first.
void pump(ea_session& s, milliseconds wait);

template <typename Done>
bool pump_until(ea_session& s, milliseconds limit, Done done) {
    constexpr milliseconds slice{50};
    auto const deadline = std::chrono::steady_clock::now() + limit;
    for (;;) {
        pump(s, milliseconds{0});
        if (done()) return true;
        if (std::chrono::steady_clock::now() >= deadline) return false;
        pump(s, slice);
    }
}

// A handle may lose its torrent between two calls: libtorrent then throws invalid_torrent_handle.
template <typename Body>
int32_t on_torrent(ea_session* session, uint8_t const* info_hash, Body body) {
    auto& s = given(session, "the session");
    auto const hash = to_hash(info_hash);
    try {
        return body(s, find(s, hash), hash);
    } catch (lt::system_error const& e) {
        if (e.code() == lt::error_code(lt::errors::invalid_torrent_handle))
            throw failure(EA_NOT_FOUND, "no torrent with this info-hash is loaded");
        throw;
    }
}

#endif

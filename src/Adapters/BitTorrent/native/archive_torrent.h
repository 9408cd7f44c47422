// Reading a .torrent within bounds.
#ifndef EVENTARCHIVE_ARCHIVE_TORRENT_H
#define EVENTARCHIVE_ARCHIVE_TORRENT_H

#include <cstdint>
#include <memory>

#include <libtorrent/torrent_info.hpp>

constexpr int max_torrent_bytes = 64 * 1024 * 1024;
constexpr int max_pieces = 2'097'152;
constexpr int max_decode_depth = 32;
constexpr int max_decode_tokens = 3'000'000;

struct archive_torrent {
    std::shared_ptr<lt::torrent_info> info;
    lt::file_index_t data{0};
    lt::file_index_t index{1};
};

// Throws a failure with EA_INVALID for what is no archive torrent. Only the info dictionary is kept: what else the file says (trackers, web
// seeds, DHT nodes) must not make the engine contact anyone.
archive_torrent read_torrent(uint8_t const* bytes, int64_t length);

#endif

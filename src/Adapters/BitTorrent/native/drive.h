// What the steps of the driver share (drive.cpp).
#ifndef EVENTARCHIVE_DRIVE_H
#define EVENTARCHIVE_DRIVE_H

#include "eventarchive_torrent.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <openssl/sha.h>

using steady = std::chrono::steady_clock;
namespace fs = std::filesystem;

constexpr std::size_t piece_bytes = 102'400;
constexpr int limit_seconds = 120;
constexpr char name[] = "0x02abababababababababababababababababababababababababababababababab";
inline char text[512];

[[noreturn]] inline void fail(char const* step, int code) {
    std::fprintf(stderr, "%s: code %d, %s\n", step, code, text);
    std::exit(1);
}

inline void expect(char const* step, int code, int wanted = EA_OK) {
    if (code != wanted) fail(step, code);
}

template <typename Done>
void wait(char const* step, Done done) {
    auto const deadline = steady::now() + std::chrono::seconds(limit_seconds);
    while (!done()) {
        if (steady::now() > deadline) fail(step, EA_TIMEOUT);
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}

inline double seconds_since(steady::time_point start) { return std::chrono::duration<double>(steady::now() - start).count(); }

inline std::string random_bytes(std::size_t length, unsigned seed) {
    std::mt19937_64 random(seed);
    std::string bytes(length, '\0');
    for (std::size_t at = 0; at < length; at += 8) {
        auto const word = random();
        std::memcpy(&bytes[at], &word, std::min<std::size_t>(8, length - at));
    }
    return bytes;
}

inline std::string make_torrent(std::string const& data, std::string const& index) {
    auto const all = data + index;
    std::string hashes;
    for (std::size_t at = 0; at < all.size(); at += piece_bytes) {
        unsigned char hash[SHA_DIGEST_LENGTH];
        SHA1(reinterpret_cast<unsigned char const*>(all.data()) + at, std::min(piece_bytes, all.size() - at), hash);
        hashes.append(reinterpret_cast<char const*>(hash), sizeof hash);
    }
    return "d4:infod5:filesld6:lengthi" + std::to_string(data.size()) + "e4:pathl4:dataeed6:lengthi" + std::to_string(index.size()) +
           "e4:pathl5:indexeee4:name68:" + name + "12:piece lengthi102400e6:pieces" + std::to_string(hashes.size()) + ":" + hashes + "ee";
}

inline void write(fs::path const& path, std::string const& bytes) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
}

inline std::string read(fs::path const& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline ea_session* open(int disk, int32_t& port, int64_t min_free_bytes = 0) {
    ea_session_options options{};
    options.listen = "127.0.0.1:0";
    options.trackers = "";
    options.user_agent = "drive";
    options.discovery = EA_DISCOVERY_OFF;
    options.disk = disk;
    options.max_connections = 50;
    options.max_torrent_connections = 50;
    options.max_metadata_bytes = 48'000'000;
    options.min_free_bytes = min_free_bytes;
    ea_session* session = nullptr;
    expect("open", ea_session_create(&options, &session, &port, text, sizeof text));
    return session;
}

// A torrent that failed leaves its reason in the text.
inline ea_status look_at(ea_session* session, uint8_t const* hash) {
    ea_status status{};
    expect("status", ea_torrent_status(session, hash, &status, nullptr, 0, text, sizeof text));
    return status;
}

inline ea_status status_of(ea_session* session, uint8_t const* hash) {
    auto const status = look_at(session, hash);
    if ((status.flags & EA_FLAG_FAILED) != 0) fail("torrent", EA_ERROR);
    return status;
}

inline int add(ea_session* session, std::string const& torrent, fs::path const& root, int flags, std::string const& peers = "") {
    auto const* bytes = reinterpret_cast<uint8_t const*>(torrent.data());
    return ea_torrent_add(session, bytes, static_cast<int64_t>(torrent.size()), root.c_str(), (std::string(name) + "/data").c_str(),
                          (std::string(name) + "/index.1").c_str(), flags, 0, peers.c_str(), "", text, sizeof text);
}

inline int spot_check(std::string const& torrent, fs::path const& root) {
    auto const* bytes = reinterpret_cast<uint8_t const*>(torrent.data());
    return ea_torrent_spot_check(bytes, static_cast<int64_t>(torrent.size()), root.c_str(), (std::string(name) + "/data").c_str(),
                                 (std::string(name) + "/index.1").c_str(), 1'000, 1, text, sizeof text);
}

// Disk reads fail with EIO while this is set (drive.sh links pread to us).
extern std::atomic<bool> disk_fails;

// What a torrent's files are trusted for: served without being hashed first, never a wrong piece, and taken out when they differ or cannot be read.
void serve_trusted(std::string const& torrent, uint8_t const* hash, int32_t pieces, std::string const& data, fs::path const& root);

#endif

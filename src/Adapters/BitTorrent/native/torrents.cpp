#include "session.h"

#include "archive_torrent.h"

#include <cstdlib>
#include <sstream>
#include <unistd.h>

#include <libtorrent/announce_entry.hpp>
#include <libtorrent/peer_info.hpp>
#include <libtorrent/torrent_flags.hpp>
#include <libtorrent/torrent_status.hpp>

namespace {

lt::torrent_flags_t common_flags(ea_session const& s) {
    auto flags = lt::torrent_flags::duplicate_is_error | lt::torrent_flags::disable_lsd | lt::torrent_flags::apply_ip_filter;
    if (!s.dht) flags |= lt::torrent_flags::disable_dht;
    if (!s.peer_exchange) flags |= lt::torrent_flags::disable_pex;
    return flags;
}

lt::tcp::endpoint to_endpoint(std::string const& address, int port) {
    lt::error_code error;
    auto const ip = lt::make_address(address, error);
    if (error || port <= 0 || port > 65'535) throw failure(EA_INVALID, "a peer is an IP address and a port");
    return {ip, static_cast<std::uint16_t>(port)};
}

std::vector<std::string> read_lines(char const* text, char const* name) {
    std::istringstream lines(&given(text, name));
    std::vector<std::string> all;
    for (std::string line; std::getline(lines, line);) all.push_back(line);
    return all;
}

std::vector<lt::tcp::endpoint> read_peers(char const* peers) {
    std::vector<lt::tcp::endpoint> endpoints;
    for (auto const& line : read_lines(peers, "the list of peers")) {
        auto const colon = line.rfind(':');
        if (colon == std::string::npos) throw failure(EA_INVALID, "a peer is an IP address and a port");
        auto address = line.substr(0, colon);
        if (address.size() > 2 && address.front() == '[') address = address.substr(1, address.size() - 2);
        endpoints.push_back(to_endpoint(address, std::atoi(line.c_str() + colon + 1)));
    }
    return endpoints;
}

constexpr milliseconds replace_limit{5'000};

// Peers that it knows are called at once when a torrent is resumed, and otherwise only at the session's next tick, up to a second later.
void load(ea_session& s, lt::add_torrent_params params) {
    params.flags |= common_flags(s);
    params.trackers.insert(params.trackers.end(), s.trackers.begin(), s.trackers.end());
    params.max_connections = s.max_torrent_connections;
    lt::error_code error;
    s.session.add_torrent(std::move(params), error);
    if (error == lt::error_code(lt::errors::duplicate_torrent))
        throw failure(EA_DUPLICATE, "a torrent with this info-hash is loaded already");
    if (error) throw failure(EA_ERROR, error.message());
}

void add(ea_session& s, lt::add_torrent_params params, lt::sha1_hash const& hash, torrent_notes const& notes) {
    {
        std::lock_guard<std::mutex> lock(s.noting);
        if (!s.notes.emplace(hash, notes).second) throw failure(EA_DUPLICATE, "a torrent with this info-hash is loaded already");
    }
    try {
        load(s, std::move(params));
    } catch (...) {
        std::lock_guard<std::mutex> lock(s.noting);
        s.notes.erase(hash);
        throw;
    }
}

// A connection that has come to rest is slow to begin again: the peer has choked us, and takes its requests two at a time. So the torrent
// begins anew, with the pieces that it has and peers that it knows.
void begin_anew(ea_session& s, lt::torrent_handle const& handle, lt::sha1_hash const& hash, lt::torrent_status const& status,
                std::vector<lt::download_priority_t> wanted) {
    std::lock_guard<std::mutex> alone(s.replacing);
    auto const notes = notes_of(s, hash);
    if (!notes.params) throw failure(EA_NOT_FOUND, "no torrent with this info-hash is fetched");
    lt::add_torrent_params params = *notes.params;
    params.have_pieces = status.pieces;
    params.piece_priorities = std::move(wanted);
    params.flags |= lt::torrent_flags::paused;
    std::vector<lt::peer_info> peers;
    handle.get_peer_info(peers);
    for (auto const& peer : peers)
        if (peer.flags & lt::peer_info::local_connection) params.peers.push_back(peer.ip);
    s.session.remove_torrent(handle);
    if (!pump_until(s, replace_limit, [&] { return !handle.is_valid(); })) throw failure(EA_TIMEOUT, "the torrent is still closing its files");
    {
        std::lock_guard<std::mutex> lock(s.noting);
        auto& kept = s.notes[hash];
        kept.received_before += status.total_payload_download;
        kept.uploaded_before += status.total_payload_upload;
        kept.to_resume = true;
    }
    load(s, std::move(params));
    pump_until(s, replace_limit, [&] { return !notes_of(s, hash).to_resume; });
}

int32_t to_state(lt::torrent_status const& status) {
    switch (status.state) {
        case lt::torrent_status::downloading_metadata: return EA_STATE_METADATA;
        case lt::torrent_status::downloading: return EA_STATE_DOWNLOADING;
        case lt::torrent_status::finished: return EA_STATE_FINISHED;
        case lt::torrent_status::seeding: return EA_STATE_SEEDING;
        default: return EA_STATE_CHECKING;
    }
}

void count_pieces(lt::torrent_status const& status, lt::torrent_info const& info, ea_status& out, uint8_t* pieces) {
    auto const& files = info.orig_files();
    int64_t index_begin = 0;
    for (auto const i : files.file_range()) {
        if (files.file_name(i) != "index") continue;
        index_begin = files.file_offset(i);
        out.index_bytes = files.file_size(i);
    }
    out.piece_count = info.num_pieces();
    out.done_bytes = 0;
    out.total_bytes = info.total_size();
    bool const whole = status.state == lt::torrent_status::seeding;
    for (lt::piece_index_t piece{0}; piece < info.end_piece(); ++piece) {
        bool const have = whole || (piece < status.pieces.end_index() && status.pieces[piece]);
        if (pieces != nullptr) pieces[static_cast<int>(piece)] = have ? 1 : 0;
        if (!have) continue;
        int64_t const begin = int64_t{info.piece_length()} * static_cast<int>(piece);
        int64_t const end = begin + info.piece_size(piece);
        out.done_bytes += end - begin;
        out.index_done_bytes += std::max<int64_t>(0, std::min(end, index_begin + out.index_bytes) - std::max(begin, index_begin));
    }
}

std::string error_of(lt::torrent_status const& status, std::string const& file_error) {
    if (!file_error.empty()) return file_error;
    return status.errc ? status.errc.message() : "the disk refused a write";
}

void describe(lt::torrent_status const& status, torrent_notes const& notes, ea_status& out) {
    out = {};
    std::memcpy(out.info_hash, status.info_hashes.v1.data(), EA_HASH_BYTES);
    out.state = to_state(status);
    out.done_bytes = status.total_done;
    out.total_bytes = notes.total_bytes;
    out.received_bytes = notes.received_before + status.total_payload_download;
    out.uploaded_bytes = notes.uploaded_before + status.total_payload_upload;
    out.failed_bytes = status.total_failed_bytes;
    out.peers = status.num_peers;
    out.checked_per_mille = status.progress_ppm / 1000;
    out.upload_rate = status.upload_payload_rate;
    out.download_rate = status.download_payload_rate;
    auto const active = std::max(status.last_upload, status.last_download);
    auto const idle = std::chrono::duration_cast<std::chrono::seconds>(lt::clock_type::now() - active).count();
    out.idle_seconds = active == lt::time_point{} ? -1 : static_cast<int32_t>(idle);
    if (notes.seed_only) out.flags |= EA_FLAG_SEED_ONLY;
    if (notes.metadata_only) out.flags |= EA_FLAG_METADATA_ONLY;
    if (status.has_metadata) out.flags |= EA_FLAG_HAS_METADATA;
    // A full disk does not stop a torrent, it only turns it into one that uploads.
    bool const gave_up = !notes.seed_only && !notes.metadata_only && (status.flags & lt::torrent_flags::upload_mode);
    // Nor does a failed read: it only refuses one peer one block.
    if (status.errc || gave_up || notes.piece_differs || notes.unreadable) out.flags |= EA_FLAG_FAILED;
    if (notes.piece_differs) out.flags |= EA_FLAG_DIFFERS;
}

}  // namespace

int32_t ea_torrent_add(ea_session* session, uint8_t const* torrent, int64_t bytes, char const* save_path, char const* data_file,
                       char const* index_file, int32_t flags, int64_t uploaded_before, char const* peers, char const* trackers, char* text,
                       int32_t text_bytes) {
    return guarded(text, text_bytes, [&]() -> int32_t {
        auto& s = given(session, "the session");
        auto const read = read_torrent(torrent, bytes);
        lt::add_torrent_params params;
        params.ti = read.info;
        params.save_path = &given(save_path, "the save path");
        params.renamed_files[read.data] = &given(data_file, "the data file");
        params.renamed_files[read.index] = &given(index_file, "the index file");
        params.flags = {};
        if ((flags & EA_ADD_SEED) != 0) {
            params.flags |= lt::torrent_flags::upload_mode;
            // Not libtorrent's seed mode: for each block it sends it walks all that the peer has asked for, with a lock for each. Our disk hashes as it reads.
            if ((flags & EA_ADD_VERIFIED) != 0) params.have_pieces.resize(read.info->num_pieces(), true);
        } else {
            // By pieces alone: libtorrent would make these anew of the priorities of files whenever those change.
            auto const& files = read.info->orig_files();
            auto const first = files.file_offset(read.index) / read.info->piece_length();
            auto const last = (files.file_offset(read.index) + files.file_size(read.index) - 1) / read.info->piece_length();
            params.piece_priorities.resize(static_cast<std::size_t>(read.info->num_pieces()), lt::dont_download);
            for (auto piece = first; piece <= last; ++piece) params.piece_priorities[static_cast<std::size_t>(piece)] = lt::top_priority;
        }
        params.peers = read_peers(peers);
        params.trackers = read_lines(trackers, "the list of trackers");
        torrent_notes notes;
        notes.total_bytes = read.info->total_size();
        notes.uploaded_before = uploaded_before;
        notes.seed_only = (flags & EA_ADD_SEED) != 0;
        if (!notes.seed_only) {
            notes.params = std::make_shared<lt::add_torrent_params>(params);
            auto const exists = [&](char const* file) { return ::access((params.save_path + "/" + file).c_str(), F_OK) == 0; };
            // What is there is only checked while it is not at rest.
            notes.to_resume = !exists(data_file) && !exists(index_file);
            if (notes.to_resume) params.flags |= lt::torrent_flags::paused;
        }
        add(s, std::move(params), read.info->info_hashes().v1, notes);
        return EA_OK;
    });
}

int32_t ea_torrent_seed_only(ea_session* session, uint8_t const* info_hash, char* text, int32_t text_bytes) {
    return guarded(text, text_bytes, [&]() -> int32_t {
        return on_torrent(session, info_hash, [&](ea_session& s, lt::torrent_handle const& handle, lt::sha1_hash const& hash) -> int32_t {
            bool others = false;
            {
                std::lock_guard<std::mutex> lock(s.noting);
                if (auto const found = s.notes.find(hash); found != s.notes.end()) {
                    others = found->second.params && !found->second.params->trackers.empty();
                    found->second.seed_only = true;
                    found->second.params = nullptr;
                    found->second.file_error.clear();
                }
            }
            if (others) handle.replace_trackers(std::vector<lt::announce_entry>(s.trackers.begin(), s.trackers.end()));
            handle.set_flags(lt::torrent_flags::upload_mode);
            return EA_OK;
        });
    });
}

int32_t ea_torrent_want(ea_session* session, uint8_t const* info_hash, uint8_t const* priorities, int32_t pieces, char* text,
                        int32_t text_bytes) {
    return guarded(text, text_bytes, [&]() -> int32_t {
        auto const* first = &given(priorities, "the priorities");
        return on_torrent(session, info_hash, [&](ea_session& s, lt::torrent_handle const& handle, lt::sha1_hash const& hash) -> int32_t {
            auto const info = handle.torrent_file();
            if (!info || !info->is_valid()) throw failure(EA_NOT_YET, "the metadata has not arrived");
            if (pieces != info->num_pieces()) throw failure(EA_INVALID, "there is one priority for each piece");
            std::vector<lt::download_priority_t> wanted;
            wanted.reserve(static_cast<std::size_t>(pieces));
            for (int32_t i = 0; i < pieces; ++i)
                wanted.push_back(std::min(lt::download_priority_t(first[i]), lt::top_priority));
            auto const status = handle.status(lt::torrent_handle::query_pieces);
            bool more = false;
            for (lt::piece_index_t piece{0}; piece < status.pieces.end_index(); ++piece)
                more = more || (!status.pieces[piece] && wanted[static_cast<std::size_t>(static_cast<int>(piece))] != lt::dont_download);
            if (more && status.state == lt::torrent_status::finished)
                begin_anew(s, handle, hash, status, std::move(wanted));
            else
                handle.prioritize_pieces(wanted);
            return EA_OK;
        });
    });
}

int32_t ea_torrent_connect(ea_session* session, uint8_t const* info_hash, char const* address, int32_t port, char* text, int32_t text_bytes) {
    return guarded(text, text_bytes, [&]() -> int32_t {
        auto const peer = to_endpoint(&given(address, "the address"), port);
        return on_torrent(session, info_hash, [&](ea_session&, lt::torrent_handle const& handle, lt::sha1_hash const&) -> int32_t {
            // Only a peer that a tracker names is forgiven an earlier failure, and this one is as good as named.
            handle.connect_peer(peer, lt::peer_info::tracker, lt::pex_encryption);
            return EA_OK;
        });
    });
}

int32_t ea_torrent_status(ea_session* session, uint8_t const* info_hash, ea_status* status, uint8_t* pieces, int32_t pieces_bytes, char* text,
                          int32_t text_bytes) {
    return guarded(text, text_bytes, [&]() -> int32_t {
        auto& out = given(status, "the status");
        out = {};
        return on_torrent(session, info_hash, [&](ea_session& s, lt::torrent_handle const& handle, lt::sha1_hash const& hash) -> int32_t {
            pump(s, milliseconds{0});
            auto const notes = notes_of(s, hash);
            auto const now = handle.status(lt::torrent_handle::query_pieces);
            auto const info = handle.torrent_file();
            describe(now, notes, out);
            if (info && info->is_valid()) {
                bool const fits = pieces != nullptr && pieces_bytes >= info->num_pieces();
                count_pieces(now, *info, out, fits ? pieces : nullptr);
                if (pieces != nullptr && !fits) throw failure(EA_TOO_SMALL, "the buffer for the pieces is too small");
            }
            if ((out.flags & EA_FLAG_FAILED) != 0) {
                // It may have failed since the notes were read: the reason comes apart from the failure.
                pump(s, milliseconds{0});
                write_text(text, text_bytes, error_of(now, notes_of(s, hash).file_error).c_str());
            }
            return EA_OK;
        });
    });
}

int32_t ea_torrent_flush(ea_session* session, uint8_t const* info_hash, int32_t timeout_ms, char* text, int32_t text_bytes) {
    return guarded(text, text_bytes, [&]() -> int32_t {
        return on_torrent(session, info_hash, [&](ea_session& s, lt::torrent_handle const& handle, lt::sha1_hash const& hash) -> int32_t {
            auto const flushes = [&] {
                std::lock_guard<std::mutex> lock(s.noting);
                auto const found = s.notes.find(hash);
                return found == s.notes.end() ? std::uint64_t{0} : found->second.flushes;
            };
            pump(s, milliseconds{0});
            auto const before = flushes();
            handle.flush_cache();
            if (!pump_until(s, milliseconds(timeout_ms), [&] { return flushes() != before; }))
                throw failure(EA_TIMEOUT, "the disk has not taken everything in time");
            return EA_OK;
        });
    });
}

int32_t ea_torrent_remove(ea_session* session, uint8_t const* info_hash, int32_t timeout_ms, char* text, int32_t text_bytes) {
    return guarded(text, text_bytes, [&]() -> int32_t {
        auto& s = given(session, "the session");
        auto const hash = to_hash(info_hash);
        std::lock_guard<std::mutex> alone(s.replacing);
        auto const handle = s.session.find_torrent(hash);
        if (handle.is_valid()) s.session.remove_torrent(handle);
        // The torrent object goes last, after its files are closed.
        bool const gone = pump_until(s, milliseconds(timeout_ms), [&] { return !handle.is_valid(); });
        std::lock_guard<std::mutex> lock(s.noting);
        if (s.notes.erase(hash) == 0) throw failure(EA_NOT_FOUND, "no torrent with this info-hash is loaded");
        if (!gone) throw failure(EA_TIMEOUT, "the torrent is still closing its files");
        return EA_OK;
    });
}

int32_t ea_session_torrents(ea_session* session, ea_status* torrents, int32_t capacity, int32_t* count, char* text, int32_t text_bytes) {
    return guarded(text, text_bytes, [&]() -> int32_t {
        auto& s = given(session, "the session");
        given(count, "the count") = 0;
        pump(s, milliseconds{0});
        auto const all = s.session.get_torrent_status([](lt::torrent_status const&) { return true; }, {});
        *count = static_cast<int32_t>(all.size());
        for (std::size_t i = 0; i < std::min(all.size(), static_cast<std::size_t>(std::max(0, capacity))); ++i)
            describe(all[i], notes_of(s, all[i].info_hashes.v1), *(&given(torrents, "the buffer") + i));
        return EA_OK;
    });
}

int32_t ea_metadata_start(ea_session* session, uint8_t const* info_hash, char const* peers, char const* trackers, char* text,
                          int32_t text_bytes) {
    return guarded(text, text_bytes, [&]() -> int32_t {
        auto& s = given(session, "the session");
        auto const hash = to_hash(info_hash);
        lt::add_torrent_params params;
        params.info_hashes = lt::info_hash_t(hash);
        // When the metadata is there libtorrent looks for files to check: below a folder that nobody made it finds none.
        params.save_path = "/proc/self/no-such-folder";
        params.flags = lt::torrent_flags::default_dont_download | lt::torrent_flags::paused;
        params.peers = read_peers(peers);
        params.trackers = read_lines(trackers, "the list of trackers");
        torrent_notes notes;
        notes.metadata_only = true;
        add(s, std::move(params), hash, notes);
        find(s, hash).resume();
        return EA_OK;
    });
}

int32_t ea_metadata_copy(ea_session* session, uint8_t const* info_hash, uint8_t* info, int64_t info_bytes, int64_t* needed, char* text,
                         int32_t text_bytes) {
    return guarded(text, text_bytes, [&]() -> int32_t {
        given(needed, "the needed size") = 0;
        return on_torrent(session, info_hash, [&](ea_session& s, lt::torrent_handle const& handle, lt::sha1_hash const& hash) -> int32_t {
            pump(s, milliseconds{0});
            auto const torrent = handle.torrent_file();
            if (!torrent || !torrent->is_valid()) {
                if (notes_of(s, hash).metadata_failed) throw failure(EA_WRONG, "what came as metadata was not the torrent's");
                throw failure(EA_NOT_YET, "the metadata has not arrived");
            }
            auto const section = torrent->info_section();
            *needed = section.size();
            if (info_bytes < section.size()) throw failure(EA_TOO_SMALL, "the buffer for the metadata is too small");
            std::memcpy(&given(info, "the buffer"), section.data(), static_cast<std::size_t>(section.size()));
            return EA_OK;
        });
    });
}

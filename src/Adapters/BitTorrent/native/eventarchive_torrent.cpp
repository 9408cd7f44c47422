#include "eventarchive_torrent.h"

#include "file_disk.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <libtorrent/add_torrent_params.hpp>
#include <libtorrent/alert_types.hpp>
#include <libtorrent/error_code.hpp>
#include <libtorrent/extensions/smart_ban.hpp>
#include <libtorrent/extensions/ut_metadata.hpp>
#include <libtorrent/extensions/ut_pex.hpp>
#include <libtorrent/file_storage.hpp>
#include <libtorrent/fingerprint.hpp>
#include <libtorrent/ip_filter.hpp>
#include <libtorrent/posix_disk_io.hpp>
#include <libtorrent/session.hpp>
#include <libtorrent/session_params.hpp>
#include <libtorrent/settings_pack.hpp>
#include <libtorrent/torrent_flags.hpp>
#include <libtorrent/torrent_info.hpp>
#include <libtorrent/torrent_status.hpp>

using clock_type = std::chrono::steady_clock;
using std::chrono::milliseconds;

// Counters rather than flags, so that two callers may wait for a flush of the same torrent.
struct torrent_notes {
    std::uint64_t flushes = 0;
    std::int64_t total_bytes = 0;      // of the torrent; 0 without metadata
    std::int64_t uploaded_before = 0;  // by earlier sessions
    std::string file_error;
    bool seed_only = false;
    bool metadata_only = false;
};

struct ea_session {
    explicit ea_session(lt::session_params params) : session(std::move(params)) {}

    lt::session session;
    std::vector<std::string> trackers;
    bool dht = false;
    bool peer_exchange = false;
    int max_torrent_connections = -1;
    std::mutex pumping;  // one thread pops alerts at a time: popped alerts live only until the next pop
    std::mutex noting;
    std::map<lt::sha1_hash, torrent_notes> notes;
    bool listening = false;
    std::string listen_error;
};

namespace {

constexpr int max_torrent_bytes = 64 * 1024 * 1024;
constexpr int max_pieces = 2'097'152;
constexpr int max_decode_depth = 32;
constexpr int max_decode_tokens = 3'000'000;
constexpr int min_announce_seconds = 5;
constexpr int handshake_seconds = 5;
constexpr int inactive_seconds = 60;  // of a peer that neither has nor wants anything
constexpr milliseconds listen_limit{10'000};
constexpr milliseconds pump_slice{50};

struct failure : std::runtime_error {
    failure(ea_code c, std::string const& what) : std::runtime_error(what), code(c) {}
    ea_code code;
};

void write_text(char* text, int32_t bytes, char const* what) noexcept {
    if (text == nullptr || bytes <= 0) return;
    auto const length = std::min<std::size_t>(std::strlen(what), static_cast<std::size_t>(bytes) - 1);
    std::memcpy(text, what, length);
    text[length] = '\0';
}

template <typename Body>
int32_t guarded(char* text, int32_t text_bytes, Body body) noexcept {
    write_text(text, text_bytes, "");
    try {
        return body();
    } catch (failure const& e) {
        write_text(text, text_bytes, e.what());
        return e.code;
    } catch (std::bad_alloc const&) {
        write_text(text, text_bytes, "there is not enough memory");
        return EA_ERROR;
    } catch (std::exception const& e) {
        write_text(text, text_bytes, e.what());
        return EA_ERROR;
    } catch (...) {
        write_text(text, text_bytes, "libtorrent threw something that is no exception");
        return EA_ERROR;
    }
}

template <typename T>
T& given(T* pointer, char const* name) {
    if (pointer == nullptr) throw failure(EA_INVALID, std::string(name) + " is null");
    return *pointer;
}

lt::sha1_hash to_hash(uint8_t const* bytes) {
    given(bytes, "the info-hash");
    lt::sha1_hash hash;
    std::memcpy(hash.data(), bytes, EA_HASH_BYTES);
    return hash;
}

lt::torrent_handle find(ea_session& s, lt::sha1_hash const& hash) {
    auto handle = s.session.find_torrent(hash);
    if (!handle.is_valid()) throw failure(EA_NOT_FOUND, "no torrent with this info-hash is loaded");
    return handle;
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

void note(ea_session& s, lt::alert const* alert) {
    std::lock_guard<std::mutex> lock(s.noting);
    auto const at = [&](lt::torrent_handle const& handle) -> torrent_notes* {
        auto const found = s.notes.find(handle.info_hashes().v1);
        return found == s.notes.end() ? nullptr : &found->second;
    };
    if (auto const* listening = lt::alert_cast<lt::listen_succeeded_alert>(alert)) {
        if (listening->socket_type == lt::socket_type_t::tcp) s.listening = true;
    } else if (auto const* failed = lt::alert_cast<lt::listen_failed_alert>(alert)) {
        s.listen_error = failed->error.message();
    } else if (auto const* flushed = lt::alert_cast<lt::cache_flushed_alert>(alert)) {
        if (auto* notes = at(flushed->handle)) notes->flushes++;
    } else if (auto const* broken = lt::alert_cast<lt::file_error_alert>(alert)) {
        if (auto* notes = at(broken->handle)) notes->file_error = std::string(broken->filename()) + ": " + broken->error.message();
    }
}

void pump(ea_session& s, milliseconds wait) {
    std::lock_guard<std::mutex> lock(s.pumping);
    if (wait.count() > 0) s.session.wait_for_alert(wait);
    std::vector<lt::alert*> alerts;
    s.session.pop_alerts(&alerts);
    for (auto const* alert : alerts) note(s, alert);
}

template <typename Done>
bool pump_until(ea_session& s, milliseconds limit, Done done) {
    auto const deadline = clock_type::now() + limit;
    for (;;) {
        pump(s, milliseconds{0});
        if (done()) return true;
        if (clock_type::now() >= deadline) return false;
        pump(s, pump_slice);
    }
}

lt::load_torrent_limits load_limits() {
    lt::load_torrent_limits limits;
    limits.max_buffer_size = max_torrent_bytes;
    limits.max_pieces = max_pieces;
    limits.max_decode_depth = max_decode_depth;
    limits.max_decode_tokens = max_decode_tokens;
    return limits;
}

struct archive_torrent {
    std::shared_ptr<lt::torrent_info> info;
    lt::file_index_t data{0};
    lt::file_index_t index{1};
};

// Only the info dictionary is kept: what else the file says (trackers, web seeds, DHT nodes) must not make the engine contact anyone.
archive_torrent read_torrent(uint8_t const* bytes, int64_t length) {
    given(bytes, "the torrent");
    if (length <= 0 || length > max_torrent_bytes) throw failure(EA_INVALID, "a .torrent has 1 byte to 64 MiB");
    lt::span<char const> const buffer(reinterpret_cast<char const*>(bytes), static_cast<std::ptrdiff_t>(length));
    try {
        lt::torrent_info const whole(buffer, load_limits(), lt::from_span);
        auto const section = whole.info_section();
        std::string bare = "d4:info";
        bare.append(section.data(), static_cast<std::size_t>(section.size()));
        bare += 'e';
        archive_torrent torrent;
        torrent.info = std::make_shared<lt::torrent_info>(lt::span<char const>(bare), load_limits(), lt::from_span);
        if (!torrent.info->info_hashes().has_v1() || torrent.info->info_hashes().has_v2())
            throw failure(EA_INVALID, "it is not a version 1 torrent");
        auto const& files = torrent.info->orig_files();
        int found = 0;
        for (auto const i : files.file_range()) {
            auto const name = files.file_path(i);
            auto const plain = files.file_flags(i) == lt::file_flags_t{} && files.file_size(i) > 0;
            if (plain && name == files.name() + "/data") torrent.data = i, found += 1;
            if (plain && name == files.name() + "/index") torrent.index = i, found += 2;
        }
        if (files.num_files() != 2 || found != 3) throw failure(EA_INVALID, "its files are not exactly data and index");
        return torrent;
    } catch (lt::system_error const& e) {
        throw failure(EA_INVALID, "it is not a torrent: " + e.code().message());
    }
}

lt::settings_pack settings_of(ea_session_options const& options) {
    bool const open = options.discovery == EA_DISCOVERY_PUBLIC;
    std::string const listen = options.listen;
    lt::settings_pack pack;
    pack.set_str(lt::settings_pack::listen_interfaces, listen);
    // A listener on loopback sends from loopback too: then nothing can leave the machine, whatever address a magnet names.
    if (listen.rfind("127.", 0) == 0) pack.set_str(lt::settings_pack::outgoing_interfaces, listen.substr(0, listen.rfind(':')));
    pack.set_str(lt::settings_pack::user_agent, options.user_agent);
    pack.set_str(lt::settings_pack::peer_fingerprint, lt::generate_fingerprint("EA", 0, 1));
    pack.set_str(lt::settings_pack::handshake_client_version, options.user_agent);
    bool const dht = open && options.dht != 0, ports = open && options.port_mapping != 0;
    if (!dht) pack.set_str(lt::settings_pack::dht_bootstrap_nodes, "");
    pack.set_bool(lt::settings_pack::enable_dht, dht);
    pack.set_bool(lt::settings_pack::enable_lsd, false);
    pack.set_bool(lt::settings_pack::enable_upnp, ports);
    pack.set_bool(lt::settings_pack::enable_natpmp, ports);
    // uTP reaches 13 MB/s on loopback where TCP reaches 300: it only pays through home routers.
    pack.set_bool(lt::settings_pack::enable_incoming_utp, open);
    pack.set_bool(lt::settings_pack::enable_outgoing_utp, open);
    pack.set_bool(lt::settings_pack::allow_multiple_connections_per_ip, true);
    // A seeder that nobody may lead to others calls nobody: members come to it.
    pack.set_bool(lt::settings_pack::seeding_outgoing_connections, options.discovery != EA_DISCOVERY_OFF);
    pack.set_bool(lt::settings_pack::listen_system_port_fallback, false);
    pack.set_int(lt::settings_pack::max_retry_port_bind, 0);
    pack.set_bool(lt::settings_pack::announce_to_all_trackers, true);
    pack.set_bool(lt::settings_pack::announce_to_all_tiers, true);
    pack.set_int(lt::settings_pack::stop_tracker_timeout, 1);
    // Our own trackers say themselves how often they want to be asked; libtorrent would wait five minutes at least.
    if (!open) pack.set_int(lt::settings_pack::min_announce_interval, min_announce_seconds);
    pack.set_int(lt::settings_pack::connections_limit, options.max_connections);
    pack.set_int(lt::settings_pack::upload_rate_limit, options.upload_limit);
    pack.set_int(lt::settings_pack::download_rate_limit, options.download_limit);
    // Whoever is connected is served: with few slots, peers that ask for nothing would keep out those that do.
    pack.set_int(lt::settings_pack::unchoke_slots_limit, -1);
    pack.set_int(lt::settings_pack::handshake_timeout, handshake_seconds);
    pack.set_int(lt::settings_pack::inactivity_timeout, inactive_seconds);
    // Blocks of a begun piece come first: what a kill in the middle of a piece wastes is then one piece, not one for each peer.
    pack.set_bool(lt::settings_pack::prioritize_partial_pieces, true);
    pack.set_int(lt::settings_pack::max_metadata_size, options.max_metadata_bytes);
    pack.set_int(lt::settings_pack::metadata_token_limit, max_decode_tokens);
    pack.set_int(lt::settings_pack::max_piece_count, max_pieces);
    // The caller offers known peers again each second while it downloads; strangers are left alone for longer.
    pack.set_int(lt::settings_pack::min_reconnect_time, open ? 10 : 1);
    pack.set_int(lt::settings_pack::max_failcount, open ? 3 : 30);
    pack.set_int(lt::settings_pack::alert_mask,
                 lt::alert_category::status | lt::alert_category::error | lt::alert_category::storage);
    return pack;
}

lt::session_params params_of(ea_session_options const& options) {
    lt::session_params params(settings_of(options), std::vector<std::shared_ptr<lt::plugin>>{});
    auto const ours = [min_free = options.min_free_bytes](lt::io_context& context, lt::settings_interface const&, lt::counters&) {
        return make_file_disk(context, min_free);
    };
    if (options.disk == EA_DISK_FILES) params.disk_io_constructor = ours;
    if (options.disk == EA_DISK_MAPPED) params.disk_io_constructor = lt::default_disk_io_constructor;
    if (options.disk == EA_DISK_POSIX) params.disk_io_constructor = lt::posix_disk_io_constructor;
    return params;
}

// libtorrent leaves peers of the local network out of the rate limits.
void limit_everybody(lt::session& session) {
    constexpr std::uint32_t global = 1U << static_cast<std::uint32_t>(lt::session::global_peer_class_id);
    lt::ip_filter filter;
    filter.add_rule(lt::address_v4::any(), lt::address_v4::broadcast(), global);
    lt::address_v6::bytes_type last;
    last.fill(0xff);
    filter.add_rule(lt::address_v6::any(), lt::address_v6(last), global);
    session.set_peer_class_filter(filter);
}

lt::torrent_flags_t common_flags(ea_session const& s) {
    auto flags = lt::torrent_flags::duplicate_is_error | lt::torrent_flags::disable_lsd;
    if (!s.dht) flags |= lt::torrent_flags::disable_dht;
    if (!s.peer_exchange) flags |= lt::torrent_flags::disable_pex;
    return flags;
}

void add(ea_session& s, lt::add_torrent_params params, lt::sha1_hash const& hash, bool seed_only, bool metadata_only) {
    params.flags |= common_flags(s);
    params.trackers = s.trackers;
    params.max_connections = s.max_torrent_connections;
    std::unique_lock<std::mutex> lock(s.noting);
    auto const [position, fresh] = s.notes.try_emplace(hash);
    if (!fresh) throw failure(EA_DUPLICATE, "a torrent with this info-hash is loaded already");
    position->second.seed_only = seed_only;
    position->second.metadata_only = metadata_only;
    if (params.ti) position->second.total_bytes = params.ti->total_size();
    lock.unlock();
    lt::error_code error;
    s.session.add_torrent(std::move(params), error);
    if (!error) return;
    lock.lock();
    s.notes.erase(hash);
    if (error == lt::error_code(lt::errors::duplicate_torrent))
        throw failure(EA_DUPLICATE, "a torrent with this info-hash is loaded already");
    throw failure(EA_ERROR, error.message());
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

torrent_notes notes_of(ea_session& s, lt::sha1_hash const& hash) {
    std::lock_guard<std::mutex> lock(s.noting);
    auto const found = s.notes.find(hash);
    return found == s.notes.end() ? torrent_notes{} : found->second;
}

void describe(lt::torrent_status const& status, torrent_notes const& notes, ea_status& out) {
    out = {};
    std::memcpy(out.info_hash, status.info_hashes.v1.data(), EA_HASH_BYTES);
    out.state = to_state(status);
    out.done_bytes = status.total_done;
    out.total_bytes = notes.total_bytes;
    out.received_bytes = status.total_payload_download;
    out.uploaded_bytes = notes.uploaded_before + status.total_payload_upload;
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
    if (status.errc || gave_up) out.flags |= EA_FLAG_FAILED;
}

}  // namespace

int32_t ea_abi_version(void) { return EA_ABI_VERSION; }

int32_t ea_session_create(ea_session_options const* options, ea_session** session, int32_t* port, char* text, int32_t text_bytes) {
    return guarded(text, text_bytes, [&]() -> int32_t {
        auto const& o = given(options, "the options");
        given(o.listen, "the listen address");
        given(o.trackers, "the tracker list");
        given(o.user_agent, "the user agent");
        given(port, "the port");
        given(session, "the session") = nullptr;
        auto s = std::make_unique<ea_session>(params_of(o));
        s->dht = o.discovery == EA_DISCOVERY_PUBLIC && o.dht != 0;
        s->peer_exchange = o.discovery == EA_DISCOVERY_PUBLIC && o.peer_exchange != 0;
        s->max_torrent_connections = o.max_torrent_connections;
        limit_everybody(s->session);
        std::istringstream lines(o.trackers);
        for (std::string line; std::getline(lines, line);)
            if (!line.empty() && o.discovery != EA_DISCOVERY_OFF) s->trackers.push_back(line);
        s->session.add_extension(&lt::create_ut_metadata_plugin);
        s->session.add_extension(&lt::create_smart_ban_plugin);
        if (s->peer_exchange) s->session.add_extension(&lt::create_ut_pex_plugin);
        auto const settled = [&] {
            std::lock_guard<std::mutex> lock(s->noting);
            return s->listening || !s->listen_error.empty();
        };
        bool const answered = pump_until(*s, listen_limit, settled);
        if (!s->listening) throw failure(EA_ERROR, answered ? s->listen_error : "the listener did not come up");
        *port = s->session.listen_port();
        *session = s.release();
        return EA_OK;
    });
}

int32_t ea_session_close(ea_session* session, int32_t timeout_ms, char* text, int32_t text_bytes) {
    return guarded(text, text_bytes, [&]() -> int32_t {
        given(session, "the session");
        auto closed = std::make_shared<std::promise<void>>();
        auto waiting = closed->get_future();
        std::thread([session, closed] {
            {
                auto const proxy = session->session.abort();
                delete session;
            }
            closed->set_value();
        }).detach();
        if (waiting.wait_for(milliseconds(timeout_ms)) != std::future_status::ready)
            throw failure(EA_TIMEOUT, "the session is still closing, it ends in the background");
        return EA_OK;
    });
}

int32_t ea_session_setting(ea_session* session, char const* name, char* value, int32_t value_bytes, char* text, int32_t text_bytes) {
    return guarded(text, text_bytes, [&]() -> int32_t {
        auto& s = given(session, "the session");
        int const setting = lt::setting_by_name(&given(name, "the name"));
        if (setting < 0) throw failure(EA_INVALID, "libtorrent has no setting of this name");
        auto const pack = s.session.get_settings();
        std::string found;
        switch (setting & lt::settings_pack::type_mask) {
            case lt::settings_pack::string_type_base: found = pack.get_str(setting); break;
            case lt::settings_pack::int_type_base: found = std::to_string(pack.get_int(setting)); break;
            default: found = pack.get_bool(setting) ? "1" : "0"; break;
        }
        write_text(value, value_bytes, found.c_str());
        return EA_OK;
    });
}

int32_t ea_torrent_inspect(uint8_t const* torrent, int64_t bytes, ea_torrent_shape* shape, char* text, int32_t text_bytes) {
    return guarded(text, text_bytes, [&]() -> int32_t {
        auto& out = given(shape, "the shape");
        out = {};
        auto const read = read_torrent(torrent, bytes);
        auto const& files = read.info->orig_files();
        std::memcpy(out.info_hash, read.info->info_hashes().v1.data(), EA_HASH_BYTES);
        out.piece_bytes = read.info->piece_length();
        out.piece_count = read.info->num_pieces();
        out.data_bytes = files.file_size(read.data);
        out.index_bytes = files.file_size(read.index);
        write_text(out.name, sizeof out.name, files.name().c_str());
        return EA_OK;
    });
}

int32_t ea_torrent_add(ea_session* session, uint8_t const* torrent, int64_t bytes, char const* save_path, char const* data_file,
                       char const* index_file, int32_t flags, char* text, int32_t text_bytes) {
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
        } else {
            params.file_priorities.resize(2, lt::default_priority);
            params.file_priorities[static_cast<std::size_t>(static_cast<int>(read.data))] = lt::dont_download;
        }
        add(s, std::move(params), read.info->info_hashes().v1, (flags & EA_ADD_SEED) != 0, false);
        return EA_OK;
    });
}

int32_t ea_torrent_want(ea_session* session, uint8_t const* info_hash, int32_t data, int32_t index, char* text, int32_t text_bytes) {
    return guarded(text, text_bytes, [&]() -> int32_t {
        return on_torrent(session, info_hash, [&](ea_session&, lt::torrent_handle const& handle, lt::sha1_hash const&) -> int32_t {
            auto const info = handle.torrent_file();
            if (!info) throw failure(EA_NOT_YET, "the metadata has not arrived");
            std::vector<lt::download_priority_t> priorities;
            for (auto const i : info->orig_files().file_range()) {
                bool const wanted = (info->orig_files().file_name(i) == "index" ? index : data) != 0;
                priorities.push_back(wanted ? lt::default_priority : lt::dont_download);
            }
            handle.prioritize_files(priorities);
            return EA_OK;
        });
    });
}

int32_t ea_torrent_connect(ea_session* session, uint8_t const* info_hash, char const* address, int32_t port, char* text, int32_t text_bytes) {
    return guarded(text, text_bytes, [&]() -> int32_t {
        lt::error_code error;
        auto const ip = lt::make_address(&given(address, "the address"), error);
        if (error || port <= 0 || port > 65'535) throw failure(EA_INVALID, "a peer is an IP address and a port");
        return on_torrent(session, info_hash, [&](ea_session&, lt::torrent_handle const& handle, lt::sha1_hash const&) -> int32_t {
            // Only a peer that a tracker names is forgiven an earlier failure, and this one is as good as named.
            handle.connect_peer({ip, static_cast<std::uint16_t>(port)}, lt::peer_info::tracker, lt::pex_encryption);
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
            if ((out.flags & EA_FLAG_FAILED) != 0) write_text(text, text_bytes, error_of(now, notes.file_error).c_str());
            return EA_OK;
        });
    });
}

int32_t ea_torrent_recheck(ea_session* session, uint8_t const* info_hash, char* text, int32_t text_bytes) {
    return guarded(text, text_bytes, [&]() -> int32_t {
        return on_torrent(session, info_hash, [&](ea_session&, lt::torrent_handle const& handle, lt::sha1_hash const&) -> int32_t {
            handle.force_recheck();
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
        return on_torrent(session, info_hash, [&](ea_session& s, lt::torrent_handle const& handle, lt::sha1_hash const& hash) -> int32_t {
            s.session.remove_torrent(handle);
            // The torrent object goes last, after its files are closed.
            bool const gone = pump_until(s, milliseconds(timeout_ms), [&] { return !handle.is_valid(); });
            std::lock_guard<std::mutex> lock(s.noting);
            s.notes.erase(hash);
            if (!gone) throw failure(EA_TIMEOUT, "the torrent is still closing its files");
            return EA_OK;
        });
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

int32_t ea_metadata_start(ea_session* session, uint8_t const* info_hash, char* text, int32_t text_bytes) {
    return guarded(text, text_bytes, [&]() -> int32_t {
        auto& s = given(session, "the session");
        auto const hash = to_hash(info_hash);
        lt::add_torrent_params params;
        params.info_hashes = lt::info_hash_t(hash);
        // When the metadata is there libtorrent looks for files to check: below a folder that nobody made it finds none.
        params.save_path = "/proc/self/no-such-folder";
        params.flags = lt::torrent_flags::default_dont_download;
        add(s, std::move(params), hash, false, true);
        return EA_OK;
    });
}

int32_t ea_metadata_copy(ea_session* session, uint8_t const* info_hash, uint8_t* info, int64_t info_bytes, int64_t* needed, char* text,
                         int32_t text_bytes) {
    return guarded(text, text_bytes, [&]() -> int32_t {
        given(needed, "the needed size") = 0;
        return on_torrent(session, info_hash, [&](ea_session& s, lt::torrent_handle const& handle, lt::sha1_hash const&) -> int32_t {
            pump(s, milliseconds{0});
            auto const torrent = handle.torrent_file();
            if (!torrent || !torrent->is_valid()) throw failure(EA_NOT_YET, "the metadata has not arrived");
            auto const section = torrent->info_section();
            *needed = section.size();
            if (info_bytes < section.size()) throw failure(EA_TOO_SMALL, "the buffer for the metadata is too small");
            std::memcpy(&given(info, "the buffer"), section.data(), static_cast<std::size_t>(section.size()));
            return EA_OK;
        });
    });
}

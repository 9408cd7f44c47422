#include "session.h"

#include "archive_torrent.h"
#include "file_disk.h"

#include <future>
#include <memory>
#include <sstream>
#include <thread>

#include <libtorrent/alert_types.hpp>
#include <libtorrent/extensions/smart_ban.hpp>
#include <libtorrent/extensions/ut_metadata.hpp>
#include <libtorrent/extensions/ut_pex.hpp>
#include <libtorrent/fingerprint.hpp>
#include <libtorrent/ip_filter.hpp>
#include <libtorrent/posix_disk_io.hpp>
#include <libtorrent/settings_pack.hpp>

namespace {

constexpr int min_announce_seconds = 5;
constexpr int handshake_seconds = 5;
constexpr int waiting_connections = 512;  // that the system keeps for us; with libtorrent's five, a crowd keeps honest peers from being heard
constexpr int inactive_seconds = 60;  // of a peer that neither has nor wants anything
constexpr milliseconds listen_limit{10'000};

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
    } else if (auto const* checked = lt::alert_cast<lt::torrent_checked_alert>(alert)) {
        auto* notes = at(checked->handle);
        if (notes != nullptr && notes->to_resume) checked->handle.resume(), notes->to_resume = false;
    } else if (auto const* lied = lt::alert_cast<lt::metadata_failed_alert>(alert)) {
        if (auto* notes = at(lied->handle)) notes->metadata_failed = true;
    } else if (auto const* broken = lt::alert_cast<lt::file_error_alert>(alert)) {
        // The first says why; what follows from it (the hash of a piece that could not be written) does not.
        auto* notes = at(broken->handle);
        if (notes == nullptr) return;
        bool const differs = broken->error == lt::error_code(lt::errors::failed_hash_check);
        notes->piece_differs = notes->piece_differs || differs;
        notes->unreadable = notes->unreadable || (notes->seed_only && !differs);
        if (notes->file_error.empty()) notes->file_error = std::string(broken->filename()) + ": " + broken->error.message();
    }
}

bool is_loopback(std::string const& listen) { return listen.rfind("127.", 0) == 0; }

lt::settings_pack settings_of(ea_session_options const& options) {
    bool const open = options.discovery == EA_DISCOVERY_PUBLIC;
    std::string const listen = options.listen;
    lt::settings_pack pack;
    pack.set_str(lt::settings_pack::listen_interfaces, listen);
    // A listener on loopback sends from loopback too: then nothing can leave the machine, whatever address a magnet names.
    if (is_loopback(listen)) pack.set_str(lt::settings_pack::outgoing_interfaces, listen.substr(0, listen.rfind(':')));
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
    pack.set_int(lt::settings_pack::listen_queue_size, waiting_connections);
    pack.set_int(lt::settings_pack::handshake_timeout, handshake_seconds);
    pack.set_int(lt::settings_pack::inactivity_timeout, inactive_seconds);
    // Blocks of a begun piece come first: what a kill in the middle of a piece wastes is then one piece, not one for each peer.
    pack.set_bool(lt::settings_pack::prioritize_partial_pieces, true);
    // Pieces come by their priority, so that the first archive is whole first: not the first ones by chance, not all in the order of the file when
    // there are seeds alone, and not the neighbours of a piece for as much as arrives in some seconds.
    pack.set_int(lt::settings_pack::initial_picker_threshold, 0);
    pack.set_bool(lt::settings_pack::auto_sequential, false);
    pack.set_int(lt::settings_pack::whole_pieces_threshold, 0);
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

// Peers come from strangers too (trackers, DHT, peer exchange), and trackers from their magnets: they must not lead a public node into its own
// network. The same ranges as in PeerChoice.cs: RFC 1918, 3927, 4193, 4291, 6598, and those that are nobody's.
void refuse_private_addresses(lt::session& session) {
    lt::ip_filter filter;
    auto const refuse = [&](char const* first, char const* last) {
        filter.add_rule(lt::make_address(first), lt::make_address(last), lt::ip_filter::blocked);
    };
    refuse("0.0.0.0", "0.255.255.255");
    refuse("10.0.0.0", "10.255.255.255");
    refuse("100.64.0.0", "100.127.255.255");
    refuse("127.0.0.0", "127.255.255.255");
    refuse("169.254.0.0", "169.254.255.255");
    refuse("172.16.0.0", "172.31.255.255");
    refuse("192.168.0.0", "192.168.255.255");
    refuse("224.0.0.0", "255.255.255.255");
    refuse("::", "::1");
    refuse("::ffff:0.0.0.0", "::ffff:255.255.255.255");
    refuse("fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
    refuse("fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
    refuse("ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
    session.set_ip_filter(filter);
}

}  // namespace

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

torrent_notes notes_of(ea_session& s, lt::sha1_hash const& hash) {
    std::lock_guard<std::mutex> lock(s.noting);
    auto const found = s.notes.find(hash);
    return found == s.notes.end() ? torrent_notes{} : found->second;
}

void pump(ea_session& s, milliseconds wait) {
    std::lock_guard<std::mutex> lock(s.pumping);
    if (wait.count() > 0) s.session.wait_for_alert(wait);
    std::vector<lt::alert*> alerts;
    s.session.pop_alerts(&alerts);
    for (auto const* alert : alerts) note(s, alert);
}

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
        if (o.discovery == EA_DISCOVERY_PUBLIC && !is_loopback(o.listen)) refuse_private_addresses(s->session);
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

int32_t ea_abi_version(void) { return EA_ABI_VERSION; }

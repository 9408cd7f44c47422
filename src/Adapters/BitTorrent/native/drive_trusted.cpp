#include "drive.h"

#include <cerrno>

#include <sys/types.h>

std::atomic<bool> disk_fails{false};

extern "C" {
ssize_t __real_pread(int file, void* bytes, size_t length, off_t at);

ssize_t __wrap_pread(int file, void* bytes, size_t length, off_t at) {
    if (!disk_fails) return __real_pread(file, bytes, length, at);
    errno = EIO;
    return -1;
}
}

namespace {

constexpr int failed_and_differs = EA_FLAG_FAILED | EA_FLAG_DIFFERS;

// A member that has asked for all of the torrent.
ea_session* fetch(std::string const& torrent, uint8_t const* hash, int32_t pieces, int32_t from, fs::path const& root) {
    int32_t port = 0;
    auto* member = open(EA_DISK_FILES, port);
    fs::create_directories(root);
    expect("fetch", add(member, torrent, root, 0, "127.0.0.1:" + std::to_string(from)));
    std::vector<uint8_t> const all(static_cast<std::size_t>(pieces), 4);
    expect("want all", ea_torrent_want(member, hash, all.data(), pieces, text, sizeof text));
    return member;
}

void fetch_whole(std::string const& torrent, uint8_t const* hash, int32_t pieces, int32_t from, std::string const& data, fs::path const& root) {
    auto* member = fetch(torrent, hash, pieces, from, root);
    wait("all that is trusted", [&] { return status_of(member, hash).state == EA_STATE_SEEDING; });
    expect("flush", ea_torrent_flush(member, hash, 60'000, text, sizeof text));
    if (read(root / name / "data") != data) fail("trusted bytes", EA_ERROR);
    expect("close member", ea_session_close(member, 10'000, text, sizeof text));
    fs::remove_all(root);
}

// A member asks until the seeder is taken out of service for the reason.
void fetch_until_failed(ea_session* seeder, std::string const& torrent, uint8_t const* hash, int32_t pieces, int32_t from, int flags, char const* reason,
                        fs::path const& root) {
    auto* member = fetch(torrent, hash, pieces, from, root);
    wait(reason, [&] {
        if (status_of(member, hash).failed_bytes != 0) fail("a wrong piece was sent", EA_ERROR);
        return (look_at(seeder, hash).flags & EA_FLAG_FAILED) != 0;
    });
    if ((look_at(seeder, hash).flags & failed_and_differs) != flags || std::strstr(text, reason) == nullptr) fail(reason, EA_ERROR);
    expect("close member", ea_session_close(member, 10'000, text, sizeof text));
    fs::remove_all(root);
    expect("take out", ea_torrent_remove(seeder, hash, 5'000, text, sizeof text));
}

}  // namespace

void serve_trusted(std::string const& torrent, uint8_t const* hash, int32_t pieces, std::string const& data, fs::path const& root) {
    int32_t port = 0;
    auto* seeder = open(EA_DISK_FILES, port);
    auto const files = root / "trusted", copy = root / "copy";
    fs::copy(root / "seeder", files, fs::copy_options::recursive);
    auto const trust = [&] { expect("trust", add(seeder, torrent, files, EA_ADD_SEED | EA_ADD_VERIFIED)); };

    trust();
    fetch_whole(torrent, hash, pieces, port, data, copy);
    disk_fails = true;
    fetch_until_failed(seeder, torrent, hash, pieces, port, EA_FLAG_FAILED, "Input/output error", copy);
    trust();
    fetch_until_failed(seeder, torrent, hash, pieces, port, EA_FLAG_FAILED, "Input/output error", copy);
    disk_fails = false;

    auto changed = data;
    changed[changed.size() / 2] ^= 1;
    write(files / name / "data", changed);
    trust();
    fetch_until_failed(seeder, torrent, hash, pieces, port, failed_and_differs, "hash check failed", copy);

    write(files / name / "data", data);
    trust();
    fetch_whole(torrent, hash, pieces, port, data, copy);
    expect("close trusted", ea_session_close(seeder, 10'000, text, sizeof text));
}

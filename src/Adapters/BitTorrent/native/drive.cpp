// Drives the C ABI without .NET, so that it can run under AddressSanitizer (native/drive.sh). Arguments: folder of the program's own,
// disk (ea_disk), MiB of data. Ends with 0 and one line of numbers, or with 1 and the step that failed.
#include "drive.h"

namespace {

// A disk with less room than the floor takes nothing, and says so.
void download_below_floor(std::string const& torrent, uint8_t const* hash, int32_t seeder_port, fs::path const& root) {
    int32_t port = 0;
    auto* session = open(EA_DISK_FILES, port, INT64_MAX);
    fs::create_directories(root);
    expect("download below the floor", add(session, torrent, root, 0));
    expect("connect", ea_torrent_connect(session, hash, "127.0.0.1", seeder_port, text, sizeof text));
    wait("stopped below the floor", [&] { return (look_at(session, hash).flags & EA_FLAG_FAILED) != 0; });
    if (fs::exists(root / name / "index.1")) fail("written below the floor", EA_ERROR);
    expect("close", ea_session_close(session, 10'000, text, sizeof text));
}

// How many pieces are the torrent's.
int64_t verify(std::string const& torrent, fs::path const& root, int32_t pieces) {
    std::vector<uint8_t> found(static_cast<std::size_t>(pieces));
    auto const check = [&](int32_t first, int32_t count) {
        auto const* bytes = reinterpret_cast<uint8_t const*>(torrent.data());
        return ea_torrent_verify(bytes, static_cast<int64_t>(torrent.size()), root.c_str(), (std::string(name) + "/data").c_str(),
                                 (std::string(name) + "/index.1").c_str(), first, &found[static_cast<std::size_t>(first)], count, text, sizeof text);
    };
    expect("verify more than there is", check(0, pieces + 1), EA_INVALID);
    expect("verify one", check(0, 1));
    expect("verify the others", check(1, pieces - 1));
    return std::count(found.begin(), found.end(), EA_PIECE_WHOLE);
}

void feed_garbage(ea_session* session, std::string const& torrent, fs::path const& root) {
    uint8_t hash[EA_HASH_BYTES] = {1};
    ea_status status{};
    int64_t needed = 0;
    int32_t count = 0;
    char small[1];
    std::mt19937 random(1);
    for (int round = 0; round < 20'000; ++round) {
        auto changed = torrent.substr(0, round % 3 == 0 ? random() % torrent.size() : torrent.size());
        for (unsigned change = random() % 8; change > 0 && !changed.empty(); --change)
            changed[random() % std::min<std::size_t>(changed.size(), 400)] = static_cast<char>(random());
        ea_torrent_shape shape{};
        ea_torrent_inspect(reinterpret_cast<uint8_t const*>(changed.data()), static_cast<int64_t>(changed.size()), &shape, text, sizeof text);
    }
    expect("bomb", add(session, std::string(1'000'000, 'l'), root, 0), EA_INVALID);
    expect("no torrent", add(session, "", root, 0), EA_INVALID);
    expect("no session", add(nullptr, torrent, root, 0), EA_INVALID);
    expect("unknown", ea_torrent_status(session, hash, &status, nullptr, 0, small, sizeof small), EA_NOT_FOUND);
    expect("unknown remove", ea_torrent_remove(session, hash, 100, nullptr, 0), EA_NOT_FOUND);
    expect("null hash", ea_torrent_remove(session, nullptr, 100, text, sizeof text), EA_INVALID);
    expect("bad peer", ea_torrent_connect(session, hash, "nowhere", 1, text, sizeof text), EA_INVALID);
    expect("bad port", ea_torrent_connect(session, hash, "127.0.0.1", 70'000, text, sizeof text), EA_INVALID);
    expect("metadata", ea_metadata_start(session, hash, "", "", text, sizeof text));
    expect("metadata twice", ea_metadata_start(session, hash, "", "", text, sizeof text), EA_DUPLICATE);
    expect("no metadata", ea_metadata_copy(session, hash, nullptr, 0, &needed, text, sizeof text), EA_NOT_YET);
    expect("list", ea_session_torrents(session, nullptr, 0, &count, text, sizeof text));
    if (count != 1) fail("list count", count);
    expect("list one", ea_session_torrents(session, &status, 1, &count, text, sizeof text));
    if (std::memcmp(status.info_hash, hash, sizeof hash) != 0 || status.idle_seconds != -1) fail("listed", count);
    expect("remove", ea_torrent_remove(session, hash, 5'000, text, sizeof text));
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 4) {
        std::fprintf(stderr, "usage: drive FOLDER DISK MIB\n");
        return 2;
    }
    fs::path const root = arguments[1];
    int const disk = std::atoi(arguments[2]);
    auto const data = random_bytes(piece_bytes * (std::strtoul(arguments[3], nullptr, 10) * 1'048'576 / piece_bytes + 1), 1);
    auto const index = random_bytes(5'000, 2);
    auto const torrent = make_torrent(data, index);
    write(root / "seeder" / name / "data", data);
    write(root / "seeder" / name / "index.1", index);
    fs::create_directories(root / "leecher");  // a missing root is never made
    ea_torrent_shape shape{};
    expect("inspect", ea_torrent_inspect(reinterpret_cast<uint8_t const*>(torrent.data()), static_cast<int64_t>(torrent.size()), &shape, text, sizeof text));

    int32_t port = 0, other_port = 0;
    auto* seeder = open(disk, port);
    auto* leecher = open(disk, other_port);
    feed_garbage(leecher, torrent, root / "leecher");

    auto start = steady::now();
    expect("seed", add(seeder, torrent, root / "seeder", EA_ADD_SEED));
    expect("seed twice", add(seeder, torrent, root / "seeder", EA_ADD_SEED), EA_DUPLICATE);
    wait("check", [&] { return status_of(seeder, shape.info_hash).state == EA_STATE_SEEDING; });
    auto const checked = seconds_since(start);

    auto const peer = "127.0.0.1:" + std::to_string(port);
    expect("ask metadata", ea_metadata_start(leecher, shape.info_hash, peer.c_str(), "", text, sizeof text));
    std::vector<uint8_t> info;
    wait("metadata", [&] {
        int64_t needed = 0;
        auto const code = ea_metadata_copy(leecher, shape.info_hash, info.data(), static_cast<int64_t>(info.size()), &needed, text, sizeof text);
        if (code == EA_TOO_SMALL) info.resize(static_cast<std::size_t>(needed));
        return code == EA_OK;
    });
    expect("forget", ea_torrent_remove(leecher, shape.info_hash, 5'000, text, sizeof text));

    expect("download", add(leecher, torrent, root / "leecher", 0, peer));
    auto const at_rest = [&] { return status_of(leecher, shape.info_hash).state == EA_STATE_FINISHED; };
    wait("index", at_rest);
    if (fs::exists(root / "leecher" / name / "data")) fail("data that nobody wants yet", EA_ERROR);
    std::vector<uint8_t> wanted(static_cast<std::size_t>(shape.piece_count), 0);
    expect("too few priorities", ea_torrent_want(leecher, shape.info_hash, wanted.data(), 1, text, sizeof text), EA_INVALID);
    wanted.front() = wanted.back() = 1;
    expect("want the first piece", ea_torrent_want(leecher, shape.info_hash, wanted.data(), shape.piece_count, text, sizeof text));
    wait("the first piece", [&] {
        std::vector<uint8_t> pieces(wanted.size());
        ea_status status{};
        expect("pieces", ea_torrent_status(leecher, shape.info_hash, &status, pieces.data(), shape.piece_count, text, sizeof text));
        if (std::count(pieces.begin(), pieces.end(), 1) > 2) fail("pieces that nobody wants", EA_ERROR);
        return pieces == wanted;
    });
    std::fill(wanted.begin(), wanted.end(), static_cast<uint8_t>(4));
    expect("want", ea_torrent_want(leecher, shape.info_hash, wanted.data(), shape.piece_count, text, sizeof text));
    expect("connect", ea_torrent_connect(leecher, shape.info_hash, "127.0.0.1", port, text, sizeof text));
    auto const before = status_of(leecher, shape.info_hash).received_bytes;
    wait("first byte", [&] { return status_of(leecher, shape.info_hash).received_bytes > before; });
    start = steady::now();
    wait("all", [&] { return status_of(leecher, shape.info_hash).state == EA_STATE_SEEDING; });
    auto const fetched = seconds_since(start);
    expect("flush", ea_torrent_flush(leecher, shape.info_hash, 60'000, text, sizeof text));
    if (read(root / "leecher" / name / "data") != data || read(root / "leecher" / name / "index.1") != index) fail("bytes", EA_ERROR);
    if (verify(torrent, root / "leecher", shape.piece_count) != shape.piece_count) fail("verify", EA_ERROR);

    expect("remove", ea_torrent_remove(leecher, shape.info_hash, 5'000, text, sizeof text));
    expect("spot check", spot_check(torrent, root / "leecher"));
    auto changed = data;
    changed.back() ^= 1;
    write(root / "leecher" / name / "data", changed);
    expect("spot check of a changed file", spot_check(torrent, root / "leecher"), EA_INVALID);
    if (verify(torrent, root / "leecher", shape.piece_count) != shape.piece_count - 1) fail("verify a changed file", EA_ERROR);
    if (disk == EA_DISK_FILES) {
        download_below_floor(torrent, shape.info_hash, port, root / "full");
        serve_trusted(torrent, shape.info_hash, shape.piece_count, data, root);
        expect("seed verified", add(leecher, torrent, root / "leecher", EA_ADD_SEED | EA_ADD_VERIFIED));
        wait("known files are not hashed", [&] { return status_of(leecher, shape.info_hash).state == EA_STATE_SEEDING; });
    }
    // The other session still serves: closing must cope with that.
    expect("close leecher", ea_session_close(leecher, 10'000, text, sizeof text));
    expect("close seeder", ea_session_close(seeder, 10'000, text, sizeof text));
    auto const megabytes = static_cast<double>(data.size()) / 1e6;
    std::printf("disk %d: %.0f MB checked at %.0f MB/s, downloaded at %.0f MB/s\n", disk, megabytes, megabytes / checked, megabytes / fetched);
    return 0;
}

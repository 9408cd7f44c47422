#include "archive_torrent.h"

#include "guard.h"

#include <algorithm>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include <libtorrent/error_code.hpp>
#include <libtorrent/file_storage.hpp>
#include <libtorrent/hasher.hpp>

namespace {

lt::load_torrent_limits load_limits() {
    lt::load_torrent_limits limits;
    limits.max_buffer_size = max_torrent_bytes;
    limits.max_pieces = max_pieces;
    limits.max_decode_depth = max_decode_depth;
    limits.max_decode_tokens = max_decode_tokens;
    return limits;
}

// A torrent's files as they lie on disk.
class archive_pieces {
public:
    archive_pieces(archive_torrent of, char const* save_path, char const* data_file, char const* index_file)
        : torrent(std::move(of)),
          root(std::string(&given(save_path, "the save path")) + "/"),
          data(root + &given(data_file, "the data file"), std::ios::binary),
          index(root + &given(index_file, "the index file"), std::ios::binary) {}

    int count() const { return torrent.info->num_pieces(); }

    int last_of_data() const {
        auto const bytes = torrent.info->orig_files().file_size(torrent.data);
        return static_cast<int>(std::max<std::int64_t>(0, bytes - 1) / torrent.info->piece_length());
    }

    ea_piece look(int number) {
        auto const& files = torrent.info->orig_files();
        lt::piece_index_t const piece(number);
        content.resize(static_cast<std::size_t>(files.piece_size(piece)));
        auto* to = content.data();
        for (auto const& slice : files.map_block(piece, 0, files.piece_size(piece))) {
            auto& file = slice.file_index == torrent.data ? data : index;
            file.clear();  // of what an earlier piece met
            if (!file.seekg(slice.offset) || !file.read(to, slice.size)) return EA_PIECE_UNREADABLE;
            to += slice.size;
        }
        return lt::hasher(content).final() == torrent.info->hash_for_piece(piece) ? EA_PIECE_WHOLE : EA_PIECE_DIFFERS;
    }

private:
    archive_torrent const torrent;
    std::string const root;
    std::ifstream data, index;
    std::vector<char> content;
};

}  // namespace

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

int32_t ea_torrent_spot_check(uint8_t const* torrent, int64_t bytes, char const* save_path, char const* data_file, char const* index_file,
                              int32_t pieces, uint64_t seed, char* text, int32_t text_bytes) {
    return guarded(text, text_bytes, [&]() -> int32_t {
        archive_pieces content(read_torrent(torrent, bytes), save_path, data_file, index_file);
        auto const check = [&](int piece) {
            auto const found = content.look(piece);
            if (found == EA_PIECE_UNREADABLE) throw failure(EA_INVALID, "piece " + std::to_string(piece) + " cannot be read");
            if (found == EA_PIECE_DIFFERS) throw failure(EA_INVALID, "piece " + std::to_string(piece) + " differs");
        };
        check(content.count() - 1);
        check(content.last_of_data());
        std::mt19937_64 random(seed);
        for (int i = 0; i < pieces; ++i) check(static_cast<int>(random() % static_cast<std::uint64_t>(content.count())));
        return EA_OK;
    });
}

int32_t ea_torrent_verify(uint8_t const* torrent, int64_t bytes, char const* save_path, char const* data_file, char const* index_file,
                          int32_t first, uint8_t* pieces, int32_t count, char* text, int32_t text_bytes) {
    return guarded(text, text_bytes, [&]() -> int32_t {
        auto* const out = &given(pieces, "the buffer for the pieces");
        archive_pieces content(read_torrent(torrent, bytes), save_path, data_file, index_file);
        if (first < 0 || count < 0 || first > content.count() - count) throw failure(EA_INVALID, "the torrent has no such pieces");
        for (int32_t i = 0; i < count; ++i) out[i] = static_cast<uint8_t>(content.look(first + i));
        return EA_OK;
    });
}

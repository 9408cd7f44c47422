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
        auto const read = read_torrent(torrent, bytes);
        auto const& files = read.info->orig_files();
        auto const root = std::string(&given(save_path, "the save path")) + "/";
        std::ifstream data(root + &given(data_file, "the data file"), std::ios::binary);
        std::ifstream index(root + &given(index_file, "the index file"), std::ios::binary);
        auto const check = [&](int piece) {
            std::vector<char> content;
            for (auto const& slice : files.map_block(lt::piece_index_t(piece), 0, files.piece_size(lt::piece_index_t(piece)))) {
                auto& file = slice.file_index == read.data ? data : index;
                auto const begin = content.size();
                content.resize(begin + static_cast<std::size_t>(slice.size));
                file.seekg(slice.offset);
                if (!file.read(content.data() + begin, slice.size)) throw failure(EA_INVALID, "piece " + std::to_string(piece) + " cannot be read");
            }
            if (lt::hasher(content).final() != read.info->hash_for_piece(lt::piece_index_t(piece)))
                throw failure(EA_INVALID, "piece " + std::to_string(piece) + " differs");
        };
        check(read.info->num_pieces() - 1);
        check(static_cast<int>(std::max<std::int64_t>(0, files.file_size(read.data) - 1) / read.info->piece_length()));
        std::mt19937_64 random(seed);
        for (int i = 0; i < pieces; ++i) check(static_cast<int>(random() % static_cast<std::uint64_t>(read.info->num_pieces())));
        return EA_OK;
    });
}

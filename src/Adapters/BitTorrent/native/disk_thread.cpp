#include "disk_thread.h"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <libtorrent/error_code.hpp>
#include <libtorrent/file_storage.hpp>

namespace {

constexpr std::size_t open_files_per_thread = 256;
constexpr std::size_t begun_pieces_per_torrent = 1'024;  // of more, the bytes are read again when they are hashed
constexpr int writes_between_space_checks = 64;          // 1 MiB
constexpr std::size_t jobs_told_at_once = 16;            // 256 KiB of blocks
constexpr mode_t file_mode = 0644, folder_mode = 0700;   // as status-go makes them

}  // namespace

lt::storage_error failed(int number, int file, lt::operation_t operation) {
    return {lt::error_code(number, boost::system::system_category()), lt::file_index_t(file), operation};
}

archive_storage::archive_storage(lt::storage_params const& params)
    : root(params.path), piece_bytes(params.files.piece_length()), total_bytes(params.files.total_size()) {
    auto const& named = params.mapped_files != nullptr ? *params.mapped_files : params.files;
    for (auto const i : params.files.file_range()) {
        archive_file file;
        file.path = named.file_path(i, params.path);
        file.offset = params.files.file_offset(i);
        file.size = params.files.file_size(i);
        files.push_back(std::move(file));
    }
}

archive_storage::~archive_storage() {
    for (auto const& file : files)
        if (file.fd >= 0) ::close(file.fd);
}

int archive_storage::piece_size(lt::piece_index_t piece) const {
    return static_cast<int>(std::min<std::int64_t>(piece_bytes, total_bytes - begin_of(piece)));
}

disk_thread::disk_thread(lt::io_context& io, std::int64_t min_free) : context(io), min_free_bytes(min_free), thread([this] { run(); }) {}

disk_thread::~disk_thread() {
    {
        std::lock_guard<std::mutex> lock(mutex);
        ending = true;
    }
    arrived.notify_one();
    thread.join();
}

void disk_thread::add(std::unique_ptr<disk_job> job) {
    bool wake;
    {
        std::lock_guard<std::mutex> lock(mutex);
        jobs.push_back(std::move(job));
        wake = std::exchange(waiting, false);
    }
    if (wake) arrived.notify_one();
}

lt::storage_error disk_thread::read(archive_storage& storage, lt::peer_request const& r, char* bytes) {
    auto const piece = static_cast<std::size_t>(static_cast<int>(r.piece));
    if (storage.unproven && !storage.proven[piece])
        if (auto const error = prove(storage, r.piece)) return error;
    // Peers ask for one block of a piece after the other.
    if (&storage != proven_storage || r.piece != proven_piece) return transfer(storage, storage.begin_of(r.piece) + r.start, bytes, r.length, false);
    std::copy_n(proven_bytes.begin() + r.start, r.length, bytes);
    return {};
}

lt::storage_error disk_thread::write(archive_storage& storage, lt::peer_request const& r, char* bytes) {
    if (&storage == proven_storage) forget_proven();
    if (auto const error = transfer(storage, storage.begin_of(r.piece) + r.start, bytes, r.length, true)) {
        storage.begun.erase(r.piece);
        return error;
    }
    auto begun = storage.begun.find(r.piece);
    if (begun == storage.begun.end()) {
        if (r.start != 0 || storage.begun.size() >= begun_pieces_per_torrent) return {};
        begun = storage.begun.emplace(r.piece, begun_piece{}).first;
    }
    if (r.start < begun->second.bytes) {
        storage.begun.erase(begun);  // written anew: what was hashed is no longer what is there
    } else if (r.start == begun->second.bytes) {
        begun->second.hash.update(bytes, r.length);
        begun->second.bytes += r.length;
    }
    return {};
}

lt::storage_error disk_thread::hash(archive_storage& storage, lt::piece_index_t piece, lt::sha1_hash& hash) {
    begun_piece begun;
    if (auto const found = storage.begun.find(piece); found != storage.begun.end()) {
        begun = found->second;
        storage.begun.erase(found);
    }
    for (auto const size = storage.piece_size(piece); begun.bytes < size;) {
        auto const part = std::min(static_cast<int>(chunk.size()), size - begun.bytes);
        if (auto const error = transfer(storage, storage.begin_of(piece) + begun.bytes, chunk.data(), part, false)) return error;
        begun.hash.update(chunk.data(), part);
        begun.bytes += part;
    }
    hash = begun.hash.final();
    return {};
}

void disk_thread::forget(archive_storage& storage, lt::piece_index_t piece) { storage.begun.erase(piece); }

void disk_thread::close(archive_storage& storage) {
    if (&storage == proven_storage) forget_proven();
    storage.begun.clear();
    for (auto& file : storage.files) close(file);
}

lt::storage_error disk_thread::prove(archive_storage& storage, lt::piece_index_t piece) {
    proven_storage = nullptr;
    auto const begin = storage.begin_of(piece);
    proven_bytes.resize(static_cast<std::size_t>(storage.piece_size(piece)));
    if (auto const error = transfer(storage, begin, proven_bytes.data(), storage.piece_size(piece), false)) return error;
    if (lt::hasher(proven_bytes).final() != storage.unproven->hash_for_piece(piece)) {
        auto const holds = [begin](archive_file const& file) { return begin < file.offset + file.size; };
        auto const file = std::find_if(storage.files.begin(), storage.files.end(), holds) - storage.files.begin();
        return {lt::errors::make_error_code(lt::errors::failed_hash_check), lt::file_index_t(static_cast<int>(file)), lt::operation_t::file_read};
    }
    storage.proven[static_cast<std::size_t>(static_cast<int>(piece))] = true;
    proven_storage = &storage, proven_piece = piece;
    return {};
}

void disk_thread::forget_proven() {
    proven_storage = nullptr;
    proven_bytes = {};
}

lt::storage_error disk_thread::transfer(archive_storage& storage, std::int64_t at, char* bytes, std::int64_t length, bool write) {
    if (write && storage.writes++ % writes_between_space_checks == 0)
        if (auto const error = check_space(storage)) return error;
    for (std::size_t i = 0; i < storage.files.size() && length > 0; ++i) {
        auto& file = storage.files[i];
        if (at >= file.offset + file.size) continue;
        auto const part = std::min(length, file.offset + file.size - at);
        if (auto const error = transfer(storage, static_cast<int>(i), at - file.offset, bytes, part, write)) return error;
        at += part, bytes += part, length -= part;
    }
    return {};
}

lt::storage_error disk_thread::transfer(archive_storage& storage, int index, std::int64_t at, char* bytes, std::int64_t length, bool write) {
    if (auto const error = open(storage, index, write)) return error;
    auto const fd = storage.files[static_cast<std::size_t>(index)].fd;
    while (length > 0) {
        auto const size = static_cast<std::size_t>(length);
        auto const done = write ? ::pwrite(fd, bytes, size, at) : ::pread(fd, bytes, size, at);
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) return failed(errno, index, write ? lt::operation_t::file_write : lt::operation_t::file_read);
        if (done == 0) return {lt::error_code(boost::asio::error::eof), lt::file_index_t(index), lt::operation_t::file_read};
        at += done, bytes += done, length -= done;
    }
    return {};
}

lt::storage_error disk_thread::open(archive_storage& storage, int index, bool write) {
    auto& file = storage.files[static_cast<std::size_t>(index)];
    if (file.fd >= 0 && (file.writable || !write)) {
        uses.splice(uses.begin(), uses, file.use);
        return {};
    }
    close(file);
    auto const flags = O_CLOEXEC | O_NOFOLLOW | (write ? O_RDWR | O_CREAT : O_RDONLY);
    int fd = ::open(file.path.c_str(), flags, file_mode);
    if (fd < 0 && errno == ENOENT && write) {
        // One folder below the root is made, the root itself never: where it is missing, a disk is not mounted.
        auto const folder = file.path.substr(0, file.path.rfind('/'));
        if (::mkdir(folder.c_str(), folder_mode) != 0 && errno != EEXIST) return failed(errno, index, lt::operation_t::mkdir);
        fd = ::open(file.path.c_str(), flags, file_mode);
    }
    if (fd < 0) return failed(errno, index, lt::operation_t::file_open);
    file.fd = fd;
    file.writable = write;
    file.use = uses.insert(uses.begin(), &file);
    if (uses.size() > open_files_per_thread) close(*uses.back());
    return {};
}

void disk_thread::close(archive_file& file) {
    if (file.fd < 0) return;
    ::close(file.fd);
    file.fd = -1;
    uses.erase(file.use);
}

lt::storage_error disk_thread::check_space(archive_storage const& storage) const {
    struct statvfs disk {};
    if (min_free_bytes <= 0 || ::statvfs(storage.root.c_str(), &disk) != 0) return {};
    auto const free = static_cast<std::int64_t>(disk.f_bavail) * static_cast<std::int64_t>(disk.f_frsize);
    return free < min_free_bytes ? failed(ENOSPC, 0, lt::operation_t::file_write) : lt::storage_error{};
}

void disk_thread::run() {
    std::vector<std::unique_ptr<disk_job>> taken, done;
    for (;;) {
        {
            std::unique_lock<std::mutex> lock(mutex);
            while (jobs.empty()) {
                if (ending) return;
                waiting = true;
                arrived.wait(lock);
            }
            waiting = false;
            taken.swap(jobs);
        }
        for (auto& job : taken) {
            job->perform(*this);
            done.push_back(std::move(job));
            if (done.size() >= jobs_told_at_once) tell(done);
        }
        taken.clear();
        if (!done.empty()) tell(done);
    }
}

void disk_thread::tell(std::vector<std::unique_ptr<disk_job>>& done) {
    boost::asio::post(context, [told = std::move(done)]() mutable {
        for (auto& job : told) {
            job->tell();
            job = nullptr;
        }
    });
    done.clear();
}

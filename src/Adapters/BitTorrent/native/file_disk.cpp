#include "file_disk.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <libtorrent/add_torrent_params.hpp>
#include <libtorrent/disk_buffer_holder.hpp>
#include <libtorrent/disk_observer.hpp>
#include <libtorrent/error_code.hpp>
#include <libtorrent/file_storage.hpp>
#include <libtorrent/hasher.hpp>
#include <libtorrent/peer_request.hpp>
#include <libtorrent/storage_defs.hpp>
#include <libtorrent/torrent_info.hpp>

namespace {

constexpr unsigned max_threads = 4;
constexpr std::size_t open_files_per_thread = 256;
// What is received faster than the disk takes it waits in memory up to here; then peers are not read from until half of it is written.
constexpr std::int64_t max_queued_bytes = 1024 * 1024;
constexpr int writes_between_space_checks = 64;  // 1 MiB
constexpr mode_t file_mode = 0644, folder_mode = 0700;  // as status-go makes them

lt::storage_error failed(int number, int file, lt::operation_t operation) {
    return {lt::error_code(number, boost::system::system_category()), lt::file_index_t(file), operation};
}

struct archive_file {
    std::string path;
    std::int64_t offset = 0, size = 0;
    int fd = -1;
    bool writable = false;
    std::list<archive_file*>::iterator use;  // valid while it is open
};

// One torrent's files. Only the thread that the torrent belongs to touches it, so its jobs happen in the order they were asked for.
struct archive_storage {
    explicit archive_storage(lt::storage_params const& params)
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
    archive_storage(archive_storage const&) = delete;
    archive_storage& operator=(archive_storage const&) = delete;
    ~archive_storage() {
        for (auto const& file : files)
            if (file.fd >= 0) ::close(file.fd);
    }

    int piece_size(lt::piece_index_t piece) const {
        return static_cast<int>(std::min<std::int64_t>(piece_bytes, total_bytes - begin_of(piece)));
    }
    std::int64_t begin_of(lt::piece_index_t piece) const { return std::int64_t{piece_bytes} * static_cast<int>(piece); }

    std::string root;
    int piece_bytes;
    std::int64_t total_bytes;
    std::vector<archive_file> files;
    int writes = 0;
    // Files that are trusted for now: each piece is hashed when something of it is first read. Null: all that libtorrent has was hashed here.
    std::shared_ptr<lt::torrent_info const> unproven;
    std::vector<bool> proven;
};

class disk_thread {
public:
    explicit disk_thread(std::int64_t min_free) : min_free_bytes(min_free), thread([this] { run(); }) {}

    ~disk_thread() {
        {
            std::lock_guard<std::mutex> lock(mutex);
            ending = true;
        }
        arrived.notify_one();
        thread.join();
    }

    void add(std::function<void()> job) {
        bool idle;
        {
            std::lock_guard<std::mutex> lock(mutex);
            idle = jobs.empty();
            jobs.push_back(std::move(job));
        }
        if (idle) arrived.notify_one();
    }

    // Below: called by jobs.
    lt::storage_error read(archive_storage& storage, lt::peer_request const& r, char* bytes) {
        auto const piece = static_cast<std::size_t>(static_cast<int>(r.piece));
        if (storage.unproven && !storage.proven[piece])
            if (auto const error = prove(storage, r.piece)) return error;
        // Peers ask for one block of a piece after the other.
        if (&storage != proven_storage || r.piece != proven_piece) return transfer(storage, storage.begin_of(r.piece) + r.start, bytes, r.length, false);
        std::copy_n(proven_bytes.begin() + r.start, r.length, bytes);
        return {};
    }

    lt::storage_error write(archive_storage& storage, lt::peer_request const& r, char* bytes) {
        if (&storage == proven_storage) forget_piece();
        return transfer(storage, storage.begin_of(r.piece) + r.start, bytes, r.length, true);
    }

    lt::storage_error transfer(archive_storage& storage, std::int64_t at, char* bytes, std::int64_t length, bool write) {
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

    void close(archive_storage& storage) {
        if (&storage == proven_storage) forget_piece();
        for (auto& file : storage.files) close(file);
    }

private:
    lt::storage_error prove(archive_storage& storage, lt::piece_index_t piece) {
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

    void forget_piece() {
        proven_storage = nullptr;
        proven_bytes = {};
    }

    lt::storage_error transfer(archive_storage& storage, int index, std::int64_t at, char* bytes, std::int64_t length, bool write) {
        auto& file = storage.files[static_cast<std::size_t>(index)];
        if (auto const error = open(storage, index, write)) return error;
        while (length > 0) {
            auto const size = static_cast<std::size_t>(length);
            auto const done = write ? ::pwrite(file.fd, bytes, size, at) : ::pread(file.fd, bytes, size, at);
            if (done < 0 && errno == EINTR) continue;
            if (done < 0) return failed(errno, index, write ? lt::operation_t::file_write : lt::operation_t::file_read);
            if (done == 0) return {lt::error_code(boost::asio::error::eof), lt::file_index_t(index), lt::operation_t::file_read};
            at += done, bytes += done, length -= done;
        }
        return {};
    }

    lt::storage_error open(archive_storage const& storage, int index, bool write) {
        auto& file = const_cast<archive_storage&>(storage).files[static_cast<std::size_t>(index)];
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

    void close(archive_file& file) {
        if (file.fd < 0) return;
        ::close(file.fd);
        file.fd = -1;
        uses.erase(file.use);
    }

    lt::storage_error check_space(archive_storage const& storage) const {
        struct statvfs disk {};
        if (min_free_bytes <= 0 || ::statvfs(storage.root.c_str(), &disk) != 0) return {};
        auto const free = static_cast<std::int64_t>(disk.f_bavail) * static_cast<std::int64_t>(disk.f_frsize);
        return free < min_free_bytes ? failed(ENOSPC, 0, lt::operation_t::file_write) : lt::storage_error{};
    }

    void run() {
        std::unique_lock<std::mutex> lock(mutex);
        for (;;) {
            arrived.wait(lock, [this] { return ending || !jobs.empty(); });
            if (jobs.empty()) return;
            auto job = std::move(jobs.front());
            lock.unlock();
            job();
            job = nullptr;
            lock.lock();
            // Taken off only now, so that whoever adds one meanwhile need not wake this thread.
            jobs.pop_front();
        }
    }

    std::int64_t const min_free_bytes;
    std::list<archive_file*> uses;  // open files, the last used first
    archive_storage const* proven_storage = nullptr;  // whose piece was hashed last
    lt::piece_index_t proven_piece{0};
    std::vector<char> proven_bytes;  // of that piece
    std::mutex mutex;
    std::condition_variable arrived;
    std::deque<std::function<void()>> jobs;
    bool ending = false;
    std::thread thread;
};

class file_disk final : public lt::disk_interface, public lt::buffer_allocator_interface {
public:
    file_disk(lt::io_context& io, std::int64_t min_free) : context(io) {
        auto const count = std::min(max_threads, std::max(1U, std::thread::hardware_concurrency()));
        for (unsigned i = 0; i < count; ++i) threads.push_back(std::make_unique<disk_thread>(min_free));
    }

    lt::storage_holder new_torrent(lt::storage_params const& params, std::shared_ptr<void> const&) override {
        auto storage = std::make_shared<archive_storage>(params);
        std::size_t slot = storages.size();
        if (free_slots.empty()) {
            storages.push_back(std::move(storage));
        } else {
            slot = free_slots.back();
            free_slots.pop_back();
            storages[slot] = std::move(storage);
        }
        return lt::storage_holder(lt::storage_index_t(static_cast<std::uint32_t>(slot)), *this);
    }

    void remove_torrent(lt::storage_index_t index) override {
        auto const slot = static_cast<std::size_t>(static_cast<std::uint32_t>(index));
        auto& thread = *threads[slot % threads.size()];
        thread.add([&thread, storage = std::move(storages[slot])] { thread.close(*storage); });
        free_slots.push_back(slot);
    }

    void async_read(lt::storage_index_t index, lt::peer_request const& r, std::function<void(lt::disk_buffer_holder, lt::storage_error const&)> handler,
                    lt::disk_job_flags_t) override {
        start(index, [this, r, handler = std::move(handler)](disk_thread& thread, archive_storage& storage) mutable {
            lt::disk_buffer_holder bytes(*this, new (std::nothrow) char[static_cast<std::size_t>(r.length)], r.length);
            auto const error = bytes ? thread.read(storage, r, bytes.data()) : failed(ENOMEM, 0, lt::operation_t::file_read);
            finish([handler = std::move(handler), bytes = std::move(bytes), error]() mutable { handler(std::move(bytes), error); });
        });
    }

    bool async_write(lt::storage_index_t index, lt::peer_request const& r, char const* block, std::shared_ptr<lt::disk_observer> observer,
                     std::function<void(lt::storage_error const&)> handler, lt::disk_job_flags_t) override {
        auto bytes = std::make_shared<std::vector<char>>(block, block + r.length);
        bool const full = (queued_bytes += r.length) > max_queued_bytes;
        if (full && observer) {
            std::lock_guard<std::mutex> lock(observing);
            observers.push_back(observer);
        }
        start(index, [this, r, bytes, handler = std::move(handler)](disk_thread& thread, archive_storage& storage) mutable {
            auto const error = thread.write(storage, r, bytes->data());
            if ((queued_bytes -= r.length) <= max_queued_bytes / 2) wake_observers();
            finish([handler = std::move(handler), error] { handler(error); });
        });
        return full;
    }

    void async_hash(lt::storage_index_t index, lt::piece_index_t piece, lt::span<lt::sha256_hash>, lt::disk_job_flags_t,
                    std::function<void(lt::piece_index_t, lt::sha1_hash const&, lt::storage_error const&)> handler) override {
        start(index, [this, piece, handler = std::move(handler)](disk_thread& thread, archive_storage& storage) mutable {
            auto const size = storage.piece_size(piece);
            std::unique_ptr<char[]> const bytes(new (std::nothrow) char[static_cast<std::size_t>(size)]);
            auto const error = bytes ? thread.transfer(storage, storage.begin_of(piece), bytes.get(), size, false)
                                     : failed(ENOMEM, 0, lt::operation_t::file_read);
            auto const hash = error ? lt::sha1_hash() : lt::hasher(bytes.get(), size).final();
            finish([handler = std::move(handler), piece, hash, error] { handler(piece, hash, error); });
        });
    }

    // Where there are no files there is nothing to check, nor where the caller knows them. Of a torrent that is loaded anew in this process he knows some
    // pieces, which were hashed; all at once he only knows from an earlier process.
    void async_check_files(lt::storage_index_t index, lt::add_torrent_params const* params, lt::aux::vector<std::string, lt::file_index_t>,
                           std::function<void(lt::status_t, lt::storage_error const&)> handler) override {
        bool const some = params != nullptr && !params->have_pieces.empty(), all = some && params->have_pieces.all_set();
        auto const unproven = all ? params->ti : nullptr;
        bool const known = all ? unproven != nullptr : some;
        start(index, [this, known, unproven, handler = std::move(handler)](disk_thread&, archive_storage& storage) mutable {
            storage.unproven = unproven;
            if (unproven) storage.proven.assign(static_cast<std::size_t>(unproven->num_pieces()), false);
            auto const exists = [](archive_file const& file) { return ::access(file.path.c_str(), F_OK) == 0; };
            bool const check = !known && std::any_of(storage.files.begin(), storage.files.end(), exists);
            finish([handler = std::move(handler), check] { handler(check ? lt::status_t::need_full_check : lt::status_t::no_error, {}); });
        });
    }

    void async_release_files(lt::storage_index_t index, std::function<void()> handler) override {
        start(index, [this, handler = std::move(handler)](disk_thread& thread, archive_storage& storage) mutable {
            thread.close(storage);
            if (handler) finish(std::move(handler));
        });
    }

    void async_stop_torrent(lt::storage_index_t index, std::function<void()> handler) override {
        async_release_files(index, std::move(handler));
    }

    void async_clear_piece(lt::storage_index_t index, lt::piece_index_t piece, std::function<void(lt::piece_index_t)> handler) override {
        start(index, [this, piece, handler = std::move(handler)](disk_thread&, archive_storage&) mutable {
            finish([handler = std::move(handler), piece] { handler(piece); });
        });
    }

    // Every file has its place from the start, wanted or not.
    void async_set_file_priority(lt::storage_index_t, lt::aux::vector<lt::download_priority_t, lt::file_index_t> priorities,
                                 std::function<void(lt::storage_error const&, lt::aux::vector<lt::download_priority_t, lt::file_index_t>)> handler) override {
        finish([handler = std::move(handler), priorities = std::move(priorities)] { handler({}, priorities); });
    }

    // What archives never need: other hashes, other places, and least of all the removal of files.
    void async_hash2(lt::storage_index_t, lt::piece_index_t piece, int, lt::disk_job_flags_t,
                     std::function<void(lt::piece_index_t, lt::sha256_hash const&, lt::storage_error const&)> handler) override {
        finish([handler = std::move(handler), piece] { handler(piece, {}, failed(ENOTSUP, 0, lt::operation_t::file_read)); });
    }
    void async_move_storage(lt::storage_index_t, std::string path, lt::move_flags_t,
                            std::function<void(lt::status_t, std::string const&, lt::storage_error const&)> handler) override {
        finish([handler = std::move(handler), path = std::move(path)] {
            handler(lt::status_t::fatal_disk_error, path, failed(ENOTSUP, 0, lt::operation_t::file_rename));
        });
    }
    void async_rename_file(lt::storage_index_t, lt::file_index_t file, std::string name,
                           std::function<void(std::string const&, lt::file_index_t, lt::storage_error const&)> handler) override {
        finish([handler = std::move(handler), file, name = std::move(name)] {
            handler(name, file, failed(ENOTSUP, static_cast<int>(file), lt::operation_t::file_rename));
        });
    }
    void async_delete_files(lt::storage_index_t, lt::remove_flags_t, std::function<void(lt::storage_error const&)> handler) override {
        finish([handler = std::move(handler)] { handler(failed(ENOTSUP, 0, lt::operation_t::file_remove)); });
    }

    void update_stats_counters(lt::counters&) const override {}
    std::vector<lt::open_file_state> get_status(lt::storage_index_t) const override { return {}; }
    // Each job keeps the context running until its handler has run: there is nothing to break off.
    void abort(bool) override {}
    void submit_jobs() override {}
    void settings_updated() override {}

private:
    template <typename Job>
    void start(lt::storage_index_t index, Job job) {
        auto const slot = static_cast<std::size_t>(static_cast<std::uint32_t>(index));
        auto& thread = *threads[slot % threads.size()];
        auto const work = boost::asio::make_work_guard(context);
        thread.add([&thread, work, storage = storages[slot], job = std::move(job)]() mutable { job(thread, *storage); });
    }

    // The handler goes with what it holds: the last reference to a torrent must not be dropped outside the network thread.
    template <typename Handler>
    void finish(Handler handler) {
        boost::asio::post(context, std::move(handler));
    }

    void wake_observers() {
        std::vector<std::weak_ptr<lt::disk_observer>> waiting;
        {
            std::lock_guard<std::mutex> lock(observing);
            waiting.swap(observers);
        }
        for (auto& one : waiting)
            finish([one] {
                if (auto const observer = one.lock()) observer->on_disk();
            });
    }

    void free_disk_buffer(char* bytes) override { delete[] bytes; }

    lt::io_context& context;
    std::vector<std::shared_ptr<archive_storage>> storages;  // of the network thread, like free_slots
    std::vector<std::size_t> free_slots;
    std::atomic<std::int64_t> queued_bytes{0};
    std::mutex observing;
    std::vector<std::weak_ptr<lt::disk_observer>> observers;
    std::vector<std::unique_ptr<disk_thread>> threads;  // last: they end before what they use
};

}  // namespace

std::unique_ptr<lt::disk_interface> make_file_disk(lt::io_context& context, std::int64_t min_free_bytes) {
    return std::make_unique<file_disk>(context, min_free_bytes);
}

// The threads that read, write and hash the files of torrents: parts of file_disk.cpp.
#ifndef EVENTARCHIVE_DISK_THREAD_H
#define EVENTARCHIVE_DISK_THREAD_H

#include <array>
#include <condition_variable>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>

#include <libtorrent/hasher.hpp>
#include <libtorrent/io_context.hpp>
#include <libtorrent/peer_request.hpp>
#include <libtorrent/storage_defs.hpp>
#include <libtorrent/torrent_info.hpp>

class disk_thread;

lt::storage_error failed(int number, int file, lt::operation_t operation);

struct archive_file {
    std::string path;
    std::int64_t offset = 0, size = 0;
    int fd = -1;
    bool writable = false;
    std::list<archive_file*>::iterator use;  // valid while it is open
};

// A piece that is being received: its first bytes, hashed while they were at hand.
struct begun_piece {
    lt::hasher hash;
    int bytes = 0;
};

// One torrent's files. Only the thread that the torrent belongs to touches it, so its jobs happen in the order they were asked for.
struct archive_storage {
    explicit archive_storage(lt::storage_params const& params);
    archive_storage(archive_storage const&) = delete;
    archive_storage& operator=(archive_storage const&) = delete;
    ~archive_storage();

    int piece_size(lt::piece_index_t piece) const;
    std::int64_t begin_of(lt::piece_index_t piece) const { return std::int64_t{piece_bytes} * static_cast<int>(piece); }

    std::string root;
    int piece_bytes;
    std::int64_t total_bytes;
    std::vector<archive_file> files;
    int writes = 0;
    std::map<lt::piece_index_t, begun_piece> begun;
    // Files that are trusted for now: each piece is hashed when something of it is first read. Null: all that libtorrent has was hashed here.
    std::shared_ptr<lt::torrent_info const> unproven;
    std::vector<bool> proven;
};

// Something to do with a torrent's files, and then to tell in the network thread. It ends there too, with all it holds: the last reference to a torrent
// must not be dropped elsewhere. Until then it keeps the context running.
struct disk_job {
    disk_job(std::shared_ptr<archive_storage> files, lt::io_context& context) : storage(std::move(files)), work(context.get_executor()) {}
    virtual ~disk_job() = default;
    virtual void perform(disk_thread& thread) = 0;
    virtual void tell() = 0;

    std::shared_ptr<archive_storage> storage;

private:
    boost::asio::executor_work_guard<lt::io_context::executor_type> work;
};

class disk_thread {
public:
    disk_thread(lt::io_context& context, std::int64_t min_free_bytes);
    ~disk_thread();

    void add(std::unique_ptr<disk_job> job);

    // Below: called by jobs.
    lt::storage_error read(archive_storage& storage, lt::peer_request const& r, char* bytes);
    lt::storage_error write(archive_storage& storage, lt::peer_request const& r, char* bytes);
    lt::storage_error hash(archive_storage& storage, lt::piece_index_t piece, lt::sha1_hash& hash);
    void forget(archive_storage& storage, lt::piece_index_t piece);
    void close(archive_storage& storage);

private:
    lt::storage_error prove(archive_storage& storage, lt::piece_index_t piece);
    void forget_proven();
    lt::storage_error transfer(archive_storage& storage, std::int64_t at, char* bytes, std::int64_t length, bool write);
    lt::storage_error transfer(archive_storage& storage, int index, std::int64_t at, char* bytes, std::int64_t length, bool write);
    lt::storage_error open(archive_storage& storage, int index, bool write);
    void close(archive_file& file);
    lt::storage_error check_space(archive_storage const& storage) const;
    void run();
    void tell(std::vector<std::unique_ptr<disk_job>>& done);

    lt::io_context& context;
    std::int64_t const min_free_bytes;
    std::list<archive_file*> uses;                    // open files, the last used first
    archive_storage const* proven_storage = nullptr;  // whose piece was hashed last
    lt::piece_index_t proven_piece{0};
    std::vector<char> proven_bytes;  // of that piece
    std::array<char, 64 * 1024> chunk;
    std::mutex mutex;
    std::condition_variable arrived;
    std::vector<std::unique_ptr<disk_job>> jobs;
    bool waiting = false;  // for a job, and nobody has woken it yet
    bool ending = false;
    std::thread thread;  // last: it uses all of the above
};

#endif

#include "file_disk.h"

#include "disk_thread.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <functional>
#include <mutex>
#include <new>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include <unistd.h>

#include <boost/asio/post.hpp>

#include <libtorrent/add_torrent_params.hpp>
#include <libtorrent/disk_buffer_holder.hpp>
#include <libtorrent/disk_observer.hpp>
#include <libtorrent/error_code.hpp>

namespace {

constexpr unsigned max_threads = 4;
// What is received faster than the disk takes it waits in memory up to here; then peers are not read from until half of it is written.
constexpr std::int64_t max_queued_bytes = 1024 * 1024;
constexpr std::size_t max_spare_blocks = 64;  // 1 MiB

// Memory of blocks, which are made in one thread and end in another: the allocator would give their pages back and fetch new ones all the time.
class block_memory final : public lt::buffer_allocator_interface {
public:
    ~block_memory() {
        for (auto* block : spare) delete[] block;
    }

    lt::disk_buffer_holder take(int length) {
        if (length < 0 || length > lt::default_block_size) return {};
        char* block = nullptr;
        {
            std::lock_guard<std::mutex> lock(mutex);
            if (!spare.empty()) {
                block = spare.back();
                spare.pop_back();
            }
        }
        if (block == nullptr) block = new (std::nothrow) char[static_cast<std::size_t>(lt::default_block_size)];
        return block == nullptr ? lt::disk_buffer_holder() : lt::disk_buffer_holder(*this, block, length);
    }

    void free_disk_buffer(char* block) override {
        {
            std::lock_guard<std::mutex> lock(mutex);
            if (spare.size() < max_spare_blocks) {
                spare.push_back(block);
                return;
            }
        }
        delete[] block;
    }

private:
    std::mutex mutex;
    std::vector<char*> spare;
};

// What a job does gives back what it tells.
template <typename Work>
class job_of final : public disk_job {
public:
    job_of(std::shared_ptr<archive_storage> files, lt::io_context& context, Work does) : disk_job(std::move(files), context), work(std::move(does)) {}
    void perform(disk_thread& thread) override { told.emplace(work(thread, *storage)); }
    void tell() override { (*told)(); }

private:
    Work work;
    std::optional<std::invoke_result_t<Work&, disk_thread&, archive_storage&>> told;
};

class file_disk final : public lt::disk_interface {
public:
    file_disk(lt::io_context& io, std::int64_t min_free) : context(io) {
        auto const count = std::min(max_threads, std::max(1U, std::thread::hardware_concurrency()));
        for (unsigned i = 0; i < count; ++i) threads.push_back(std::make_unique<disk_thread>(io, min_free));
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
        start(index, [](disk_thread& thread, archive_storage& storage) {
            thread.close(storage);
            return [] {};
        });
        auto const slot = slot_of(index);
        storages[slot] = nullptr;
        free_slots.push_back(slot);
    }

    void async_read(lt::storage_index_t index, lt::peer_request const& r, std::function<void(lt::disk_buffer_holder, lt::storage_error const&)> handler,
                    lt::disk_job_flags_t) override {
        start(index, [this, r, handler = std::move(handler)](disk_thread& thread, archive_storage& storage) mutable {
            auto bytes = memory.take(r.length);
            auto const error = bytes ? thread.read(storage, r, bytes.data()) : failed(ENOMEM, 0, lt::operation_t::file_read);
            return [handler = std::move(handler), bytes = std::move(bytes), error]() mutable { handler(std::move(bytes), error); };
        });
    }

    bool async_write(lt::storage_index_t index, lt::peer_request const& r, char const* block, std::shared_ptr<lt::disk_observer> observer,
                     std::function<void(lt::storage_error const&)> handler, lt::disk_job_flags_t) override {
        auto bytes = memory.take(r.length);
        if (bytes) std::copy_n(block, r.length, bytes.data());
        bool const full = (queued_bytes += r.length) > max_queued_bytes;
        if (full && observer) {
            std::lock_guard<std::mutex> lock(observing);
            observers.push_back(observer);
        }
        start(index, [this, r, bytes = std::move(bytes), handler = std::move(handler)](disk_thread& thread, archive_storage& storage) mutable {
            auto const error = bytes ? thread.write(storage, r, bytes.data()) : failed(ENOMEM, 0, lt::operation_t::file_write);
            if ((queued_bytes -= r.length) <= max_queued_bytes / 2) wake_observers();
            return [handler = std::move(handler), error] { handler(error); };
        });
        return full;
    }

    void async_hash(lt::storage_index_t index, lt::piece_index_t piece, lt::span<lt::sha256_hash>, lt::disk_job_flags_t,
                    std::function<void(lt::piece_index_t, lt::sha1_hash const&, lt::storage_error const&)> handler) override {
        start(index, [piece, handler = std::move(handler)](disk_thread& thread, archive_storage& storage) mutable {
            lt::sha1_hash hash;
            auto const error = thread.hash(storage, piece, hash);
            return [handler = std::move(handler), piece, hash, error] { handler(piece, hash, error); };
        });
    }

    // Where there are no files there is nothing to check, nor where the caller knows them. Of a torrent that is loaded anew in this process he knows some
    // pieces, which were hashed; all at once he only knows from an earlier process.
    void async_check_files(lt::storage_index_t index, lt::add_torrent_params const* params, lt::aux::vector<std::string, lt::file_index_t>,
                           std::function<void(lt::status_t, lt::storage_error const&)> handler) override {
        bool const some = params != nullptr && !params->have_pieces.empty(), all = some && params->have_pieces.all_set();
        auto const unproven = all ? params->ti : nullptr;
        bool const known = all ? unproven != nullptr : some;
        start(index, [known, unproven, handler = std::move(handler)](disk_thread&, archive_storage& storage) mutable {
            storage.unproven = unproven;
            if (unproven) storage.proven.assign(static_cast<std::size_t>(unproven->num_pieces()), false);
            auto const exists = [](archive_file const& file) { return ::access(file.path.c_str(), F_OK) == 0; };
            bool const check = !known && std::any_of(storage.files.begin(), storage.files.end(), exists);
            return [handler = std::move(handler), check] { handler(check ? lt::status_t::need_full_check : lt::status_t::no_error, {}); };
        });
    }

    void async_release_files(lt::storage_index_t index, std::function<void()> handler) override {
        start(index, [handler = std::move(handler)](disk_thread& thread, archive_storage& storage) mutable {
            thread.close(storage);
            return [handler = std::move(handler)] {
                if (handler) handler();
            };
        });
    }

    void async_stop_torrent(lt::storage_index_t index, std::function<void()> handler) override {
        async_release_files(index, std::move(handler));
    }

    void async_clear_piece(lt::storage_index_t index, lt::piece_index_t piece, std::function<void(lt::piece_index_t)> handler) override {
        start(index, [piece, handler = std::move(handler)](disk_thread& thread, archive_storage& storage) mutable {
            thread.forget(storage, piece);
            return [handler = std::move(handler), piece] { handler(piece); };
        });
    }

    // Every file has its place from the start, wanted or not.
    void async_set_file_priority(lt::storage_index_t index, lt::aux::vector<lt::download_priority_t, lt::file_index_t> priorities,
                                 std::function<void(lt::storage_error const&, lt::aux::vector<lt::download_priority_t, lt::file_index_t>)> handler) override {
        answer(index, [handler = std::move(handler), priorities = std::move(priorities)] { handler({}, priorities); });
    }

    // What archives never need: other hashes, other places, and least of all the removal of files.
    void async_hash2(lt::storage_index_t index, lt::piece_index_t piece, int, lt::disk_job_flags_t,
                     std::function<void(lt::piece_index_t, lt::sha256_hash const&, lt::storage_error const&)> handler) override {
        answer(index, [handler = std::move(handler), piece] { handler(piece, {}, failed(ENOTSUP, 0, lt::operation_t::file_read)); });
    }
    void async_move_storage(lt::storage_index_t index, std::string path, lt::move_flags_t,
                            std::function<void(lt::status_t, std::string const&, lt::storage_error const&)> handler) override {
        answer(index, [handler = std::move(handler), path = std::move(path)] {
            handler(lt::status_t::fatal_disk_error, path, failed(ENOTSUP, 0, lt::operation_t::file_rename));
        });
    }
    void async_rename_file(lt::storage_index_t index, lt::file_index_t file, std::string name,
                           std::function<void(std::string const&, lt::file_index_t, lt::storage_error const&)> handler) override {
        answer(index, [handler = std::move(handler), file, name = std::move(name)] {
            handler(name, file, failed(ENOTSUP, static_cast<int>(file), lt::operation_t::file_rename));
        });
    }
    void async_delete_files(lt::storage_index_t index, lt::remove_flags_t, std::function<void(lt::storage_error const&)> handler) override {
        answer(index, [handler = std::move(handler)] { handler(failed(ENOTSUP, 0, lt::operation_t::file_remove)); });
    }

    void update_stats_counters(lt::counters&) const override {}
    std::vector<lt::open_file_state> get_status(lt::storage_index_t) const override { return {}; }
    // Each job keeps the context running until it has told: there is nothing to break off.
    void abort(bool) override {}
    // Threads are woken by the first job: waiting for the last that is asked in one go would leave a core idle.
    void submit_jobs() override {}
    void settings_updated() override {}

private:
    static std::size_t slot_of(lt::storage_index_t index) { return static_cast<std::uint32_t>(index); }

    template <typename Work>
    void start(lt::storage_index_t index, Work work) {
        auto const slot = slot_of(index);
        threads[slot % threads.size()]->add(std::make_unique<job_of<Work>>(storages[slot], context, std::move(work)));
    }

    template <typename Tell>
    void answer(lt::storage_index_t index, Tell tell) {
        start(index, [tell = std::move(tell)](disk_thread&, archive_storage&) mutable { return std::move(tell); });
    }

    // At once, not with what else is told: peers wait to be read from.
    void wake_observers() {
        std::vector<std::weak_ptr<lt::disk_observer>> waiting;
        {
            std::lock_guard<std::mutex> lock(observing);
            waiting.swap(observers);
        }
        for (auto& one : waiting)
            boost::asio::post(context, [one] {
                if (auto const observer = one.lock()) observer->on_disk();
            });
    }

    lt::io_context& context;
    block_memory memory;
    // Of the network thread.
    std::vector<std::shared_ptr<archive_storage>> storages;
    std::vector<std::size_t> free_slots;
    // Of all threads.
    std::atomic<std::int64_t> queued_bytes{0};
    std::mutex observing;
    std::vector<std::weak_ptr<lt::disk_observer>> observers;
    std::vector<std::unique_ptr<disk_thread>> threads;  // last: they end before what they use
};

}  // namespace

std::unique_ptr<lt::disk_interface> make_file_disk(lt::io_context& context, std::int64_t min_free_bytes) {
    return std::make_unique<file_disk>(context, min_free_bytes);
}

// Disk I/O for libtorrent by pread and pwrite on a few threads. libtorrent's own choices are memory maps, where a file that is shortened
// while it is served ends the process (SIGBUS), and stdio in the network thread, which is two to three times slower (bench: drive.sh measure).
#ifndef EVENTARCHIVE_FILE_DISK_H
#define EVENTARCHIVE_FILE_DISK_H

#include <cstdint>
#include <memory>

#include <libtorrent/disk_interface.hpp>
#include <libtorrent/io_context.hpp>

// min_free_bytes: a write that meets less free space on its disk fails with ENOSPC, like one that meets none.
std::unique_ptr<lt::disk_interface> make_file_disk(lt::io_context& context, std::int64_t min_free_bytes);

#endif

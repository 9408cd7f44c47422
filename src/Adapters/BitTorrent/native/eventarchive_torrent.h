// C ABI over libtorrent-rasterbar 2 for archive torrents (exactly two files, "data" and "index").
//
// Every function returns an ea_code and never lets an exception out. On anything but EA_OK, "text" holds one sentence in
// UTF-8, cut to text_bytes and always terminated. Sessions may be used from several threads at once, except that ea_session_close
// must be the last call on one. Torrents are named by their 20-byte info-hash: no handle to one can dangle.
#ifndef EVENTARCHIVE_TORRENT_H
#define EVENTARCHIVE_TORRENT_H

#include <stdint.h>

#define EA_API __attribute__((visibility("default")))
#define EA_ABI_VERSION 5
#define EA_HASH_BYTES 20

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ea_session ea_session;

typedef enum ea_code {
    EA_OK = 0,
    EA_ERROR = 1,      // libtorrent or the system refused; the text says why
    EA_NOT_FOUND = 2,  // no torrent with this info-hash in the session
    EA_DUPLICATE = 3,  // a torrent with this info-hash is in the session already
    EA_TIMEOUT = 4,    // not done within the given time; it goes on in the background
    EA_INVALID = 5,    // the input is malformed, or is no archive torrent
    EA_TOO_SMALL = 6,  // the caller's buffer is too small; the needed size was written
    EA_NOT_YET = 7,    // the metadata has not arrived
    EA_WRONG = 8       // what came as metadata was not the torrent's; libtorrent believes no other peer then
} ea_code;

typedef enum ea_discovery {
    EA_DISCOVERY_OFF = 0,       // only peers given by ea_torrent_connect, and whoever connects to us
    EA_DISCOVERY_TRACKERS = 1,  // and the session's own trackers
    EA_DISCOVERY_PUBLIC = 2     // and what the options name
} ea_discovery;

// Measured against each other by drive.sh; the service uses the first.
typedef enum ea_disk {
    EA_DISK_FILES = 0,   // pread and pwrite on threads of ours
    EA_DISK_MAPPED = 1,  // libtorrent's memory maps: a truncated file ends the process with SIGBUS
    EA_DISK_POSIX = 2    // libtorrent's stdio in the network thread
} ea_disk;

typedef struct ea_session_options {
    const char* listen;      // "127.0.0.1:0"; port 0 lets the system choose
    const char* trackers;    // own trackers, one in a line; empty with EA_DISCOVERY_OFF
    const char* user_agent;
    int32_t discovery;       // ea_discovery
    int32_t disk;            // ea_disk
    int32_t dht;             // the next three count only with EA_DISCOVERY_PUBLIC
    int32_t peer_exchange;
    int32_t port_mapping;    // UPnP and NAT-PMP
    int32_t max_connections;
    int32_t max_torrent_connections;
    int32_t max_metadata_bytes;
    int32_t upload_limit;    // bytes a second over all torrents and peers, local ones too; 0: none
    int32_t download_limit;
    int64_t min_free_bytes;  // fetching stops with an error where the disk has less left
} ea_session_options;

typedef struct ea_torrent_shape {
    uint8_t info_hash[EA_HASH_BYTES];
    int32_t piece_bytes;
    int32_t piece_count;
    int64_t data_bytes;
    int64_t index_bytes;
    char name[256];  // of the info dictionary
} ea_torrent_shape;

typedef enum ea_state {
    EA_STATE_CHECKING = 0,
    EA_STATE_METADATA = 1,     // waiting for the info dictionary
    EA_STATE_DOWNLOADING = 2,
    EA_STATE_FINISHED = 3,     // all that is wanted is there, but not all
    EA_STATE_SEEDING = 4
} ea_state;

enum {
    EA_FLAG_FAILED = 1,         // an error stopped it, or a file of one that is seeded cannot be read; the text says which
    EA_FLAG_SEED_ONLY = 2,      // added with EA_ADD_SEED: never downloads
    EA_FLAG_METADATA_ONLY = 4,  // added with ea_metadata_start
    EA_FLAG_HAS_METADATA = 8,
    EA_FLAG_DIFFERS = 16        // with EA_FLAG_FAILED: a piece that was trusted could be read and is not the torrent's
};

typedef struct ea_status {
    int32_t state;  // ea_state
    int32_t flags;
    int64_t done_bytes;   // of verified pieces
    int64_t total_bytes;
    int64_t index_done_bytes;
    int64_t index_bytes;
    int64_t received_bytes;  // payload since the torrent was added
    int64_t uploaded_bytes;  // payload, with what ea_torrent_add was told of earlier
    int32_t peers;           // connected
    int32_t piece_count;
    int32_t checked_per_mille;
    int32_t idle_seconds;    // since payload was last sent or received; -1: never
    int32_t upload_rate;     // payload, bytes a second
    int32_t download_rate;
    uint8_t info_hash[EA_HASH_BYTES];
    int32_t reserved;
    int64_t failed_bytes;  // received for pieces whose hash was then wrong
} ea_status;

enum {
    EA_ADD_SEED = 1,      // it never downloads
    EA_ADD_VERIFIED = 2   // with EA_ADD_SEED: the caller knows the files; each piece is hashed when a peer first asks for it
};

EA_API int32_t ea_abi_version(void);

// Returns when the session listens; its port is written to *port.
EA_API int32_t ea_session_create(const ea_session_options* options, ea_session** session, int32_t* port, char* text, int32_t text_bytes);
// libtorrent's shutdown blocks: after timeout_ms it goes on in the background and EA_TIMEOUT is returned. The pointer is invalid either way.
EA_API int32_t ea_session_close(ea_session* session, int32_t timeout_ms, char* text, int32_t text_bytes);
// A setting as libtorrent holds it, as text ("0", "1" for booleans).
EA_API int32_t ea_session_setting(ea_session* session, const char* name, char* value, int32_t value_bytes, char* text, int32_t text_bytes);

// Reads a .torrent without a session.
EA_API int32_t ea_torrent_inspect(const uint8_t* torrent, int64_t bytes, ea_torrent_shape* shape, char* text, int32_t text_bytes);

// data_file and index_file are relative to save_path. Only the info dictionary counts: trackers, web seeds and nodes in the file are not used.
// Whatever is on disk is verified first, unless EA_ADD_VERIFIED says that it was. Without EA_ADD_SEED the pieces of the index are wanted and no
// others (see ea_torrent_want). uploaded_before: what earlier sessions sent of it. peers: who is asked at once, IP:port, one in a line; may be empty.
// trackers: asked besides the session's own until the torrent is seeded only, one in a line; may be empty.
EA_API int32_t ea_torrent_add(ea_session* session, const uint8_t* torrent, int64_t bytes, const char* save_path, const char* data_file,
                              const char* index_file, int32_t flags, int64_t uploaded_before, const char* peers, const char* trackers,
                              char* text, int32_t text_bytes);
// From now on as if added with EA_ADD_SEED.
EA_API int32_t ea_torrent_seed_only(ea_session* session, const uint8_t* info_hash, char* text, int32_t text_bytes);
// Hashes some pieces of files on disk without a session: the last of each file and others that follow from the seed. EA_INVALID: one differs.
EA_API int32_t ea_torrent_spot_check(const uint8_t* torrent, int64_t bytes, const char* save_path, const char* data_file, const char* index_file,
                                     int32_t pieces, uint64_t seed, char* text, int32_t text_bytes);
typedef enum ea_piece {
    EA_PIECE_DIFFERS = 0,
    EA_PIECE_WHOLE = 1,
    EA_PIECE_UNREADABLE = 2  // or not there
} ea_piece;

// Hashes the pieces from first on without a session, whoever reads the files meanwhile. pieces: an ea_piece for each of count.
EA_API int32_t ea_torrent_verify(const uint8_t* torrent, int64_t bytes, const char* save_path, const char* data_file, const char* index_file,
                                 int32_t first, uint8_t* pieces, int32_t count, char* text, int32_t text_bytes);
// One priority for each piece: 0 is not wanted, 7 comes first. May be called again and again.
EA_API int32_t ea_torrent_want(ea_session* session, const uint8_t* info_hash, const uint8_t* priorities, int32_t pieces, char* text,
                               int32_t text_bytes);
// May be called again and again: a peer that is connected stays so, one that failed is tried again at once.
EA_API int32_t ea_torrent_connect(ea_session* session, const uint8_t* info_hash, const char* address, int32_t port, char* text, int32_t text_bytes);
// With EA_OK and EA_FLAG_FAILED the text holds the torrent's error. pieces: one byte for each piece, 1 = verified; may be null with pieces_bytes 0.
EA_API int32_t ea_torrent_status(ea_session* session, const uint8_t* info_hash, ea_status* status, uint8_t* pieces, int32_t pieces_bytes,
                                 char* text, int32_t text_bytes);
// Returns when all that was received is written and the files are closed (not synced).
EA_API int32_t ea_torrent_flush(ea_session* session, const uint8_t* info_hash, int32_t timeout_ms, char* text, int32_t text_bytes);
// Returns when the files are closed. They stay.
EA_API int32_t ea_torrent_remove(ea_session* session, const uint8_t* info_hash, int32_t timeout_ms, char* text, int32_t text_bytes);
// Writes the state of up to capacity torrents, and their true number to *count. One question to libtorrent, whatever their number; what
// only a walk over the pieces tells (index bytes, number of pieces) is 0.
EA_API int32_t ea_session_torrents(ea_session* session, ea_status* torrents, int32_t capacity, int32_t* count, char* text, int32_t text_bytes);

// Asks peers (these, and those of ea_torrent_connect and of the trackers) for the info dictionary of a magnet; no file is touched.
// End it with ea_torrent_remove.
EA_API int32_t ea_metadata_start(ea_session* session, const uint8_t* info_hash, const char* peers, const char* trackers, char* text,
                                 int32_t text_bytes);
// The info dictionary, its SHA-1 verified. EA_TOO_SMALL: *needed says how many bytes. EA_WRONG: remove it and start again with another peer.
EA_API int32_t ea_metadata_copy(ea_session* session, const uint8_t* info_hash, uint8_t* info, int64_t info_bytes, int64_t* needed, char* text,
                                int32_t text_bytes);

#ifdef __cplusplus
}
#endif
#endif

-- Who may speak to the service over HTTP. Of a key only the SHA-256 is kept; it is 32 random bytes, so nobody finds it from that.
create table if not exists ea_api_keys (
    name text not null,
    sha256 bytea not null,
    made_at timestamptz not null default clock_timestamp(),
    constraint pkey_ea_api_keys primary key (name),
    constraint ea_api_keys_sha256_key unique (sha256)
);

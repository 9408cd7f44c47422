-- The hash ratchet keys of encrypted communities, encrypted by the service before they come here. highest_seq_no only rises.
create table if not exists ea_ratchet_keys (
    community text not null,
    key_id text not null,
    key_timestamp bigint not null,
    protected bytea not null,
    highest_seq_no bigint not null default 0,
    constraint pkey_ea_ratchet_keys primary key (community, key_id),
    constraint ea_ratchet_keys_seq_no_has_32_bits check (highest_seq_no between 0 and 4294967295)
);

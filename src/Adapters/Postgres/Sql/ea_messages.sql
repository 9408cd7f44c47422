-- The recorded messages. A community's numbers rise in commit order and have no hole.
create table if not exists ea_messages (
    community text not null,
    number bigint not null,
    content_topic bytea not null,
    timestamp bigint not null,
    hash bytea not null,
    sig bytea not null,
    payload bytea not null,
    padding bytea not null,
    third_party_id text not null,
    constraint pkey_ea_messages primary key (community, number),
    constraint ea_messages_hash_once unique (community, hash),
    constraint ea_messages_topic_is_four_bytes check (octet_length(content_topic) = 4),
    constraint ea_messages_timestamp_is_not_negative check (timestamp >= 0)
);

create index if not exists ea_messages_in_archive_order on ea_messages (community, timestamp, number);

-- Communities with recorded messages. The key stands for the 68 characters of the id in every row and index. Whoever records locks the
-- row, so a community's numbers rise in commit order and have no hole; they are never used again, whatever is dropped.
create table if not exists ea_message_communities (
    key integer not null generated always as identity,
    community text not null,
    highest_number bigint not null default 0,
    messages bigint not null default 0,
    constraint pkey_ea_message_communities primary key (key),
    constraint ea_message_communities_id_once unique (community)
);

-- The topics on which something is recorded, so that nobody has to search the messages for it.
create table if not exists ea_message_topics (
    community integer not null,
    content_topic bytea not null,
    oldest_timestamp bigint not null,
    highest_number bigint not null,
    constraint pkey_ea_message_topics primary key (community, content_topic)
);

-- Each hash once for each community: a unique index of a partitioned table would have to hold the month too.
create table if not exists ea_message_hashes (
    community integer not null,
    hash bytea not null,
    constraint pkey_ea_message_hashes primary key (community, hash)
);

-- Messages older than this second were dropped, and are not recorded again. One row.
create table if not exists ea_message_horizon (
    one boolean not null default true,
    dropped_before bigint not null default 0,
    constraint pkey_ea_message_horizon primary key (one),
    constraint ea_message_horizon_has_one_row check (one)
);

insert into ea_message_horizon default values on conflict do nothing;

-- The recorded messages. The month, year * 100 + month, is that of the timestamp in UTC; 0 is for times out of all reason
-- (docs/decisions/0009). It stays what it was when the message was recorded.
create table if not exists ea_messages (
    timestamp bigint not null,
    number bigint not null,
    community integer not null,
    month integer not null,
    imported boolean not null,
    content_topic bytea not null,
    hash bytea not null,
    sig bytea not null,
    payload bytea not null,
    padding bytea not null,
    third_party_id text not null,
    constraint pkey_ea_messages primary key (community, number, month),
    constraint ea_messages_topic_is_four_bytes check (octet_length(content_topic) = 4),
    constraint ea_messages_timestamp_is_not_negative check (timestamp >= 0)
) partition by list (month);

-- Payloads are mostly encrypted: trying to compress them costs time and gains nothing.
alter table ea_messages alter sig set storage external, alter payload set storage external, alter padding set storage external;

-- What is late is found in this index alone.
create index if not exists ea_messages_in_archive_order on ea_messages (community, timestamp, number) include (content_topic, imported);

-- A row stays whole in its page as long as it fits: reading a payload from a second table costs more than the page's unused end.
create table if not exists ea_messages_other partition of ea_messages for values in (0) with (toast_tuple_target = 8160);

-- Runs as its owner: a service that must not change tables adds months all the same. A partition that is made apart and attached
-- stands in nobody's way, and the lock makes a second node wait for the first.
create or replace function ea_add_message_month(month integer) returns void language plpgsql security definer
set search_path = public, pg_temp as $$
declare
    name text := 'ea_messages_' || month;
begin
    if month not between 190001 and 999912 or month % 100 not between 1 and 12 then
        raise exception '% is no month', month using errcode = 'invalid_parameter_value';
    end if;
    perform pg_advisory_xact_lock(hashtextextended('ea_add_message_month', 0));
    if to_regclass(name) is null then
        execute format('create table %I (like ea_messages including defaults including constraints including storage) with (toast_tuple_target = 8160)', name);
        execute format('alter table ea_messages attach partition %I for values in (%s)', name, month);
    end if;
end
$$;

-- Only what the horizon has left behind can be dropped.
create or replace function ea_drop_message_month(month integer) returns void language plpgsql security definer
set search_path = public, pg_temp as $$
begin
    if extract(epoch from make_timestamptz(month / 100, month % 100, 1, 0, 0, 0, 'UTC') + interval '1 month')
        > (select dropped_before from ea_message_horizon) then
        raise exception 'the month % is not over the horizon', month using errcode = 'object_not_in_prerequisite_state';
    end if;
    execute format('drop table if exists %I', 'ea_messages_' || month);
end
$$;

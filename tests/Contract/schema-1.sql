-- The schema of the release before schema versions: version 1. Kept as it was, so that the way from it stays tested.

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

create table if not exists ea_pending_work (
    community text not null,
    effect text not null,
    cause_id uuid not null,
    cause_seq bigint not null,
    since timestamptz not null,
    attempts integer not null default 0,
    next_due timestamptz not null,
    lease_node text null,
    lease_until timestamptz null,
    fence bigint not null default 0,
    parked_reason text null,
    last_error text null,
    constraint pkey_ea_pending_work primary key (community, effect)
);

create table if not exists ea_magnetlink_clocks (
    community text not null,
    published numeric(20, 0) null,
    published_magnetlink text null,
    received numeric(20, 0) null,
    received_magnetlink text null,
    constraint pkey_ea_magnetlink_clocks primary key (community)
);

create table if not exists ea_community_keys (
    community text not null,
    protected bytea not null,
    constraint pkey_ea_community_keys primary key (community)
);

create table if not exists ea_inbox (
    message_id uuid not null,
    command text not null,
    event_ids uuid[] not null,
    refusal_code text null,
    refusal_reason text null,
    handled_at timestamptz not null,
    constraint pkey_ea_inbox primary key (message_id)
);

create table if not exists mt_streams (
    id varchar not null,
    type varchar null,
    version bigint null,
    timestamp timestamptz not null default now(),
    snapshot jsonb null,
    snapshot_version integer null,
    created timestamptz not null default now(),
    tenant_id varchar null default '*DEFAULT*',
    is_archived boolean null default false,
    constraint pkey_mt_streams_id primary key (id)
);

create table if not exists mt_events (
    seq_id bigint not null,
    id uuid not null,
    stream_id varchar null,
    version bigint not null,
    data jsonb not null,
    type varchar(500) not null,
    timestamp timestamptz not null default now(),
    tenant_id varchar null default '*DEFAULT*',
    mt_dotnet_type varchar null,
    correlation_id varchar null,
    causation_id varchar null,
    headers jsonb null,
    is_archived boolean null default false,
    constraint pkey_mt_events_seq_id primary key (seq_id),
    constraint fkey_mt_events_stream_id foreign key (stream_id) references mt_streams (id) on delete cascade
);

create unique index if not exists pk_mt_events_stream_and_version on mt_events (stream_id, version);

create sequence if not exists mt_events_sequence;

alter sequence mt_events_sequence owned by mt_events.seq_id;

create table if not exists mt_event_progression (
    name varchar not null,
    last_seq_id bigint null,
    last_updated timestamptz null default transaction_timestamp(),
    constraint pk_mt_event_progression primary key (name)
);

create or replace function mt_mark_event_progression(name varchar, last_encountered bigint)
returns void
language plpgsql
as $function$
begin
    insert into mt_event_progression (name, last_seq_id, last_updated)
    values ($1, $2, transaction_timestamp())
    on conflict on constraint pk_mt_event_progression
    do update set last_seq_id = excluded.last_seq_id, last_updated = excluded.last_updated;
end;
$function$;

create or replace function ea_append(
    p_stream_id text,
    p_expected_version bigint,
    p_message_id uuid,
    p_command text,
    p_event_ids uuid[],
    p_types text[],
    p_dotnet_types text[],
    p_data jsonb[],
    p_correlation_id text,
    p_refusal_code text,
    p_refusal_reason text
)
returns table (
    result text,
    stream_version bigint,
    recorded_command text,
    recorded_event_ids uuid[],
    recorded_refusal_code text,
    recorded_refusal_reason text,
    recorded_at timestamptz
)
language plpgsql
as $function$
declare
    v_count int := cardinality(p_event_ids);
    v_version bigint;
    v_now timestamptz;
    v_numbers bigint[];
begin
    -- Numbers are taken under this lock and it ends with the commit: commit order is number order. The key spells 'EAappend'.
    perform pg_advisory_xact_lock(x'4541617070656e64'::bigint);

    return query
        select 'duplicate'::text, null::bigint, i.command, i.event_ids, i.refusal_code, i.refusal_reason, i.handled_at
        from ea_inbox i
        where i.message_id = p_message_id;
    if found then
        return;
    end if;

    select s.version into v_version from mt_streams s where s.id = p_stream_id;
    v_version := coalesce(v_version, 0);
    if v_version <> p_expected_version then
        return query
            select 'conflict'::text, v_version, null::text, null::uuid[], null::text, null::text, null::timestamptz;
        return;
    end if;

    v_now := clock_timestamp();
    if v_count > 0 then
        insert into mt_streams as s (id, type, version, timestamp, created, tenant_id, is_archived)
        values (p_stream_id, 'community', v_version + v_count, v_now, v_now, '*DEFAULT*', false)
        on conflict on constraint pkey_mt_streams_id
        do update set version = excluded.version, timestamp = excluded.timestamp;

        v_numbers := array(select nextval('mt_events_sequence') from generate_series(1, v_count));
        insert into mt_events (
            seq_id, id, stream_id, version, data, type, timestamp, tenant_id,
            mt_dotnet_type, correlation_id, causation_id, headers, is_archived
        )
        select
            v_numbers[n], p_event_ids[n], p_stream_id, v_version + n, p_data[n], p_types[n], v_now, '*DEFAULT*',
            p_dotnet_types[n], p_correlation_id, p_message_id::text, 'null'::jsonb, false
        from generate_series(1, v_count) n;

        perform pg_notify('ea_events', v_numbers[v_count]::text);
    end if;

    insert into ea_inbox (message_id, command, event_ids, refusal_code, refusal_reason, handled_at)
    values (p_message_id, p_command, p_event_ids, p_refusal_code, p_refusal_reason, v_now);

    return query
        select 'appended'::text, v_version + v_count, p_command, p_event_ids, p_refusal_code, p_refusal_reason, v_now;
end;
$function$;

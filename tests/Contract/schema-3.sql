-- The schema of version 3. Kept as it was, so that the way from it stays tested.

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

-- Projection PendingWork: effects that are decided and not yet reported, with who holds them.
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

-- Projection MagnetlinkClocks: docs/projections.md.
create table if not exists ea_magnetlink_clocks (
    key text collate "C" not null,
    row jsonb not null,
    constraint pkey_ea_magnetlink_clocks primary key (key)
);

-- Projection Communities: docs/projections.md.
create table if not exists ea_communities (
    key text collate "C" not null,
    row jsonb not null,
    constraint pkey_ea_communities primary key (key)
);

-- Projection Archives: docs/projections.md.
create table if not exists ea_archives (
    key text collate "C" not null,
    row jsonb not null,
    constraint pkey_ea_archives primary key (key)
);

-- Projection Seeding: docs/projections.md.
create table if not exists ea_seeding (
    key text collate "C" not null,
    row jsonb not null,
    constraint pkey_ea_seeding primary key (key)
);

-- Projection Downloads: docs/projections.md.
create table if not exists ea_downloads (
    key text collate "C" not null,
    row jsonb not null,
    constraint pkey_ea_downloads primary key (key)
);

-- Projection Timeline: docs/projections.md.
create table if not exists ea_timeline (
    key text collate "C" not null,
    row jsonb not null,
    constraint pkey_ea_timeline primary key (key)
);

-- Subscriptions that stopped at an event: while the row is there, no node runs the subscription.
create table if not exists ea_subscription_faults (
    name text not null,
    seq_id bigint not null,
    reason text not null,
    at timestamptz not null default clock_timestamp(),
    constraint pkey_ea_subscription_faults primary key (name)
);

-- Events that someone decided to pass over, for one subscription each. Never deleted: a rebuild passes them over too.
create table if not exists ea_skipped_events (
    name text not null,
    seq_id bigint not null,
    reason text not null,
    skipped_by text not null,
    at timestamptz not null default clock_timestamp(),
    constraint pkey_ea_skipped_events primary key (name, seq_id)
);

-- Private keys, encrypted by the service before they come here.
create table if not exists ea_community_keys (
    community text not null,
    protected bytea not null,
    constraint pkey_ea_community_keys primary key (community)
);

-- The folded state of a community at a version of its stream. Derived: any row may be deleted at any time.
create table if not exists ea_community_states (
    stream_id text not null,
    version bigint not null,
    fold text not null,
    state jsonb not null,
    saved_at timestamptz not null,
    constraint pkey_ea_community_states primary key (stream_id)
);

-- Keys that sign for this deployment, encrypted by the service before they come here.
create table if not exists ea_signing_keys (
    name text not null,
    protected bytea not null,
    made_at timestamptz not null default clock_timestamp(),
    constraint pkey_ea_signing_keys primary key (name)
);

-- Signed heads as they were printed. Rows are only ever added.
create table if not exists ea_signed_heads (
    number bigint generated always as identity,
    seq_id bigint not null,
    document text not null,
    signed_at timestamptz not null default clock_timestamp(),
    constraint pkey_ea_signed_heads primary key (number)
);

-- What became of each command. Written with its events, or neither is.
create table if not exists ea_inbox (
    message_id uuid not null,
    command text not null,
    event_ids uuid[] not null,
    refusal_code text null,
    refusal_reason text null,
    handled_at timestamptz not null,
    constraint pkey_ea_inbox primary key (message_id)
);

-- Marten 8, string stream identity. No column or index of our own: a Marten store that may alter would drop it.
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

-- Marten 8, string stream identity, metadata columns correlation_id, causation_id and headers.
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

-- Marten's daemon calls it, with this name and these parameters.
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

-- Marten's Append without an expected version calls it when its append mode is Quick: name, parameters, their order and what is
-- returned (the stream's new version, then each event's number) are those of a store with string streams, correlation id,
-- causation id and headers. The body is ours.
create or replace function mt_quick_append_events(
    stream varchar,
    stream_type varchar,
    tenantid varchar,
    event_ids uuid[],
    event_types varchar[],
    dotnet_types varchar[],
    bodies jsonb[],
    causation_ids varchar[],
    correlation_ids varchar[],
    headers jsonb[]
)
returns int[]
language plpgsql
as $function$
declare
    v_count int := coalesce(array_length(event_ids, 1), 0);
    v_stream mt_streams%rowtype;
    v_version bigint;
    v_numbers bigint[];
    v_now timestamptz;
begin
    -- The lock of ea_append: numbers taken under it are in the order of commits, whoever appends.
    perform pg_advisory_xact_lock(x'4541617070656e64'::bigint);
    -- Time order is number order too, even when the clock was set back.
    v_now := greatest(clock_timestamp(), (select e.timestamp from mt_events e order by e.seq_id desc limit 1));

    select * into v_stream from mt_streams s where s.id = stream;
    if found then
        if v_stream.is_archived then
            raise exception 'Stream ''%'' is archived and takes no more events.', stream using errcode = 'MT001';
        end if;
        if v_stream.tenant_id <> tenantid then
            raise exception 'Stream ''%'' belongs to tenant ''%'', not to ''%''.', stream, v_stream.tenant_id, tenantid;
        end if;
        v_version := v_stream.version + v_count;
        update mt_streams s set version = v_version, timestamp = v_now where s.id = stream;
    else
        v_version := v_count;
        insert into mt_streams (id, type, version, timestamp, created, tenant_id, is_archived)
        values (stream, stream_type, v_version, v_now, v_now, tenantid, false);
    end if;

    v_numbers := array(select nextval('mt_events_sequence') from generate_series(1, v_count));
    insert into mt_events (
        seq_id, id, stream_id, version, data, type, timestamp, tenant_id,
        mt_dotnet_type, correlation_id, causation_id, headers, is_archived
    )
    select
        v_numbers[n], event_ids[n], stream, v_version - v_count + n, bodies[n], event_types[n], v_now, tenantid,
        dotnet_types[n], correlation_ids[n], causation_ids[n], headers[n], false
    from generate_series(1, v_count) n;

    if v_count > 0 then
        perform pg_notify('ea_events', v_numbers[v_count]::text);
    end if;
    return v_version || v_numbers;
end;
$function$;

-- Marten's ArchiveStream calls it, with this name and this parameter.
create or replace function mt_archive_stream(streamid varchar)
returns void
language plpgsql
as $function$
begin
    -- The stream's row first: an append that is under way keeps it until its commit, and its events are then found below.
    update mt_streams s set is_archived = true where s.id = $1;
    update mt_events e set is_archived = true where e.stream_id = $1;
end;
$function$;

-- Marten's daemon stores a document here for an event that it skips because of an error.
create table if not exists mt_doc_deadletterevent (
    id uuid not null,
    data jsonb not null,
    mt_last_modified timestamptz null default transaction_timestamp(),
    mt_version uuid not null default (md5(random()::text || clock_timestamp()::text)::uuid),
    mt_dotnet_type varchar null,
    constraint pkey_mt_doc_deadletterevent_id primary key (id)
);

-- Marten's, with this name and these parameters; it answers with the document's version.
create or replace function mt_insert_deadletterevent(doc jsonb, docdotnettype varchar, docid uuid, docversion uuid)
returns uuid
language plpgsql
as $function$
begin
    insert into mt_doc_deadletterevent (id, data, mt_dotnet_type, mt_version, mt_last_modified)
    values (docid, doc, docdotnettype, docversion, transaction_timestamp());
    return docversion;
end;
$function$;

-- Marten's, with this name and these parameters; it answers with the document's version, or null where there is no document.
create or replace function mt_update_deadletterevent(doc jsonb, docdotnettype varchar, docid uuid, docversion uuid)
returns uuid
language plpgsql
as $function$
begin
    update mt_doc_deadletterevent d
    set data = doc, mt_dotnet_type = docdotnettype, mt_version = docversion, mt_last_modified = transaction_timestamp()
    where d.id = docid;
    return case when found then docversion end;
end;
$function$;

-- Marten's, with this name and these parameters; it answers with the document's version.
create or replace function mt_upsert_deadletterevent(doc jsonb, docdotnettype varchar, docid uuid, docversion uuid)
returns uuid
language plpgsql
as $function$
begin
    insert into mt_doc_deadletterevent as d (id, data, mt_dotnet_type, mt_version, mt_last_modified)
    values (docid, doc, docdotnettype, docversion, transaction_timestamp())
    on conflict (id) do update
    set data = excluded.data, mt_dotnet_type = excluded.mt_dotnet_type, mt_version = excluded.mt_version,
        mt_last_modified = excluded.mt_last_modified;
    return docversion;
end;
$function$;

-- A batch of appends: lock, inbox, expected versions, numbers, streams, events, outcomes. One statement of the client, so that a client
-- that is paused or cut off never holds the lock. Each append gets its own answer in p_results: a(ppended), c(onflict), d(uplicate).
-- Within a batch no stream and no message id stands twice.
create or replace function ea_append(
    -- One element for each append; its events are event_counts[n] from first_events[n] on.
    stream_ids text[],
    expected_versions bigint[],
    message_ids uuid[],
    commands text[],
    correlations text[],
    causations text[],
    refusal_codes text[],
    refusal_reasons text[],
    first_events int[],
    event_counts int[],
    -- One element for each type among the events.
    types text[],
    dotnet_types text[],
    -- One element for each event: the places of its append and its type, then what is its own.
    event_appends int[],
    event_types int[],
    event_ids uuid[],
    event_versions bigint[],
    event_data jsonb[],
    event_headers jsonb[],
    -- The versions of the streams as they were found, and the numbers of the stored events in their order.
    out results "char"[],
    out found_versions bigint[],
    out numbers bigint[],
    out at timestamptz
)
language plpgsql
-- A plan that is made anew for each batch costs more than the batch; a plan made on empty tables must not scan them when they are full.
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $function$
declare
    v_count bigint;
begin
    -- Numbers are taken under this lock and it ends with the commit: commit order is number order. The key spells 'EAappend'.
    perform pg_advisory_xact_lock(x'4541617070656e64'::bigint);

    -- Scalar subqueries: what is written as exists() may be planned as a hash of the whole inbox.
    select
        array_agg(
            case
                when known.inbox then 'd'::"char"
                when known.version <> known.expected then 'c'::"char"
                else 'a'::"char"
            end
            order by known.place
        ),
        array_agg(known.version order by known.place),
        coalesce(sum(known.events) filter (where known.inbox is null and known.version = known.expected), 0)
    into results, found_versions, v_count
    from (
        select
            a.place,
            a.expected,
            a.events,
            (select true from ea_inbox i where i.message_id = a.message_id) as inbox,
            coalesce((select s.version from mt_streams s where s.id = a.stream_id), 0) as version
        from (
            select
                generate_series(1, cardinality(stream_ids)) as place,
                unnest(stream_ids) as stream_id,
                unnest(expected_versions) as expected,
                unnest(message_ids) as message_id,
                unnest(event_counts) as events
        ) a
    ) known;

    -- Time order is number order too, even when the clock was set back.
    at := greatest(clock_timestamp(), (select e.timestamp from mt_events e order by e.seq_id desc limit 1));

    if v_count > 0 then
        insert into mt_streams as s (id, type, version, timestamp, created, tenant_id, is_archived)
        select a.stream_id, 'community', a.expected + a.events, at, at, '*DEFAULT*', false
        from (
            select
                generate_series(1, cardinality(stream_ids)) as place,
                unnest(stream_ids) as stream_id,
                unnest(expected_versions) as expected,
                unnest(event_counts) as events
        ) a
        where a.events > 0 and results[a.place] = 'a'
        on conflict on constraint pkey_mt_streams_id
        do update set version = excluded.version, timestamp = excluded.timestamp;

        with stored as (
            insert into mt_events (
                seq_id, id, stream_id, version, data, type, timestamp, tenant_id,
                mt_dotnet_type, correlation_id, causation_id, headers, is_archived
            )
            select
                nextval('mt_events_sequence'), e.id, stream_ids[e.append], e.version, e.data, types[e.type], at, '*DEFAULT*',
                dotnet_types[e.type], correlations[e.append], causations[e.append], e.headers, false
            from (
                -- Unnested side by side and not in FROM, where each array would be written out and read back once more.
                select
                    unnest(event_appends) as append,
                    unnest(event_types) as type,
                    unnest(event_ids) as id,
                    unnest(event_versions) as version,
                    unnest(event_data) as data,
                    unnest(event_headers) as headers
            ) e
            where results[e.append] = 'a'
            returning seq_id
        )
        select array_agg(s.seq_id) into numbers from stored s;

        perform pg_notify('ea_events', numbers[v_count]::text);
    end if;

    insert into ea_inbox (message_id, command, event_ids, refusal_code, refusal_reason, handled_at)
    select a.message_id, a.command, event_ids[a.first : a.first + a.events - 1], a.code, a.reason, at
    from (
        select
            generate_series(1, cardinality(message_ids)) as place,
            unnest(message_ids) as message_id,
            unnest(commands) as command,
            unnest(refusal_codes) as code,
            unnest(refusal_reasons) as reason,
            unnest(first_events) as first,
            unnest(event_counts) as events
    ) a
    where results[a.place] = 'a';
end;
$function$;

-- The last event stored before a moment, 0 if there is none. Time order is number order, so a search by halves finds it without an index.
create or replace function ea_seq_before(moment timestamptz)
returns bigint
language plpgsql
stable
as $function$
declare
    v_low bigint := 0;
    v_high bigint := coalesce((select max(e.seq_id) from mt_events e), 0);
    v_middle bigint;
    v_at timestamptz;
begin
    -- All up to v_low are earlier, all behind v_high are not.
    while v_low < v_high loop
        v_middle := v_low + (v_high - v_low + 1) / 2;
        select e.timestamp into v_at from mt_events e where e.seq_id <= v_middle order by e.seq_id desc limit 1;
        if v_at is null or v_at < moment then
            v_low := v_middle;
        else
            v_high := v_middle - 1;
        end if;
    end loop;
    return v_low;
end;
$function$;

-- Which version of the schema this database has. One row.
create table if not exists ea_schema (
    one boolean not null default true,
    version integer not null,
    applied_at timestamptz not null,
    constraint pkey_ea_schema primary key (one),
    constraint ea_schema_has_one_row check (one)
);

insert into ea_schema (version, applied_at) values (3, clock_timestamp());

-- A database of schema 4, as the release before schema 5 left it (pg_dump --inserts). Kept as it was, so that the way from it stays tested.
SET check_function_bodies = false;

CREATE FUNCTION public.ea_add_message_month(month integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.ea_append(stream_ids text[], expected_versions bigint[], message_ids uuid[], commands text[], correlations text[], causations text[], refusal_codes text[], refusal_reasons text[], first_events integer[], event_counts integer[], types text[], dotnet_types text[], event_appends integer[], event_types integer[], event_ids uuid[], event_versions bigint[], event_data jsonb[], event_headers jsonb[], OUT results "char"[], OUT found_versions bigint[], OUT numbers bigint[], OUT at timestamp with time zone) RETURNS record
    LANGUAGE plpgsql
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    AS $$
declare
    v_count bigint;
begin
    -- A batch that is written but not committed is not seen by the next, so the two have no stream and no message id in common. Places
    -- instead of names, so that the locks of all nodes together are no more than the server's table of locks holds; in one order, so that
    -- no two wait for each other. The first key spells 'EAap'.
    perform pg_advisory_xact_lock(x'45416170'::int, p.place)
    from (
        select distinct k.hash & 2047 as place
        from (select hashtext(unnest(stream_ids)) as hash union all select uuid_hash(unnest(message_ids))) k
        order by place
    ) p;

    begin
        perform pg_advisory_lock(x'4541617070656e64'::bigint);

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

        -- Time order is number order too, even when the clock was set back; the batch before may not be seen yet, its time is.
        at := greatest(
            clock_timestamp(),
            (select e.timestamp from mt_events e order by e.seq_id desc limit 1),
            (select 'epoch'::timestamptz + c.last_value * interval '1 microsecond' from ea_append_clock c)
        );
        perform setval('ea_append_clock', (extract(epoch from at) * 1000000)::bigint);

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

        perform pg_advisory_xact_lock(x'4541636f6d6d6974'::bigint);
        perform pg_advisory_unlock(x'4541617070656e64'::bigint);
    exception
        -- It belongs to the session, and would outlive the transaction.
        when others or query_canceled or assert_failure then
            perform pg_advisory_unlock(x'4541617070656e64'::bigint);
            raise;
    end;
end;
$$;

CREATE FUNCTION public.ea_append_one(stream_id text, expected_version bigint, message_id uuid, command text, correlation text, causation text, refusal_code text, refusal_reason text, types text[], dotnet_types text[], event_types integer[], event_ids uuid[], event_data jsonb[], event_headers jsonb[], OUT result "char", OUT found_version bigint, OUT number bigint, OUT at timestamp with time zone) RETURNS record
    LANGUAGE plpgsql
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    AS $$
#variable_conflict use_variable
declare
    v_count bigint := cardinality(event_ids);
begin
    -- The locks of ea_append, both to the end. Tested and not performed, which would make a query of it.
    if pg_advisory_xact_lock(x'4541617070656e64'::bigint) is null or pg_advisory_xact_lock(x'4541636f6d6d6974'::bigint) is null then
        null;
    end if;

    select
        coalesce((select s.version from mt_streams s where s.id = stream_id), 0),
        coalesce((select 'd'::"char" from ea_inbox i where i.message_id = ea_append_one.message_id), 'a'),
        greatest(clock_timestamp(), (select e.timestamp from mt_events e order by e.seq_id desc limit 1))
    into found_version, result, at;

    if result = 'd' then
        return;
    elsif found_version <> expected_version then
        result := 'c';
        return;
    end if;

    if v_count > 0 then
        if expected_version > 0 then
            update mt_streams s set version = expected_version + v_count, timestamp = at where s.id = stream_id;
        else
            insert into mt_streams as s (id, type, version, timestamp, created, tenant_id, is_archived)
            values (stream_id, 'community', v_count, at, at, '*DEFAULT*', false)
            on conflict on constraint pkey_mt_streams_id
            do update set version = excluded.version, timestamp = excluded.timestamp;
        end if;

        insert into mt_events (
            seq_id, id, stream_id, version, data, type, timestamp, tenant_id,
            mt_dotnet_type, correlation_id, causation_id, headers, is_archived
        )
        select
            nextval('mt_events_sequence'), e.id, stream_id, expected_version + e.place, e.data, types[e.type], at, '*DEFAULT*',
            dotnet_types[e.type], correlation, causation, e.headers, false
        from (
            select
                generate_series(1, v_count) as place,
                unnest(event_types) as type,
                unnest(event_ids) as id,
                unnest(event_data) as data,
                unnest(event_headers) as headers
        ) e;

        number := currval('mt_events_sequence');
        if pg_notify('ea_events', number::text) is null then
            null;
        end if;
    end if;

    insert into ea_inbox (message_id, command, event_ids, refusal_code, refusal_reason, handled_at)
    values (message_id, command, event_ids, refusal_code, refusal_reason, at);
end;
$$;

CREATE FUNCTION public.ea_drop_message_month(month integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
    if extract(epoch from make_timestamptz(month / 100, month % 100, 1, 0, 0, 0, 'UTC') + interval '1 month')
        > (select dropped_before from ea_message_horizon) then
        raise exception 'the month % is not over the horizon', month using errcode = 'object_not_in_prerequisite_state';
    end if;
    execute format('drop table if exists %I', 'ea_messages_' || month);
end
$$;

CREATE FUNCTION public.ea_seq_before(moment timestamp with time zone) RETURNS bigint
    LANGUAGE plpgsql STABLE
    AS $$
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
$$;

CREATE FUNCTION public.mt_archive_stream(streamid character varying) RETURNS void
    LANGUAGE plpgsql
    AS $_$
begin
    -- The stream's row first: an append that is under way keeps it until its commit, and its events are then found below.
    update mt_streams s set is_archived = true where s.id = $1;
    update mt_events e set is_archived = true where e.stream_id = $1;
end;
$_$;

CREATE FUNCTION public.mt_insert_deadletterevent(doc jsonb, docdotnettype character varying, docid uuid, docversion uuid) RETURNS uuid
    LANGUAGE plpgsql
    AS $$
begin
    insert into mt_doc_deadletterevent (id, data, mt_dotnet_type, mt_version, mt_last_modified)
    values (docid, doc, docdotnettype, docversion, transaction_timestamp());
    return docversion;
end;
$$;

CREATE FUNCTION public.mt_mark_event_progression(name character varying, last_encountered bigint) RETURNS void
    LANGUAGE plpgsql
    AS $_$
begin
    insert into mt_event_progression (name, last_seq_id, last_updated)
    values ($1, $2, transaction_timestamp())
    on conflict on constraint pk_mt_event_progression
    do update set last_seq_id = excluded.last_seq_id, last_updated = excluded.last_updated;
end;
$_$;

CREATE FUNCTION public.mt_quick_append_events(stream character varying, stream_type character varying, tenantid character varying, event_ids uuid[], event_types character varying[], dotnet_types character varying[], bodies jsonb[], causation_ids character varying[], correlation_ids character varying[], headers jsonb[]) RETURNS integer[]
    LANGUAGE plpgsql
    AS $$
declare
    v_count int := coalesce(array_length(event_ids, 1), 0);
    v_stream mt_streams%rowtype;
    v_version bigint;
    v_numbers bigint[];
    v_now timestamptz;
begin
    -- The locks of ea_append: numbers taken under them are in the order of commits, whoever appends.
    perform pg_advisory_xact_lock(x'4541617070656e64'::bigint);
    perform pg_advisory_xact_lock(x'4541636f6d6d6974'::bigint);
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
$$;

CREATE FUNCTION public.mt_update_deadletterevent(doc jsonb, docdotnettype character varying, docid uuid, docversion uuid) RETURNS uuid
    LANGUAGE plpgsql
    AS $$
begin
    update mt_doc_deadletterevent d
    set data = doc, mt_dotnet_type = docdotnettype, mt_version = docversion, mt_last_modified = transaction_timestamp()
    where d.id = docid;
    return case when found then docversion end;
end;
$$;

CREATE FUNCTION public.mt_upsert_deadletterevent(doc jsonb, docdotnettype character varying, docid uuid, docversion uuid) RETURNS uuid
    LANGUAGE plpgsql
    AS $$
begin
    insert into mt_doc_deadletterevent as d (id, data, mt_dotnet_type, mt_version, mt_last_modified)
    values (docid, doc, docdotnettype, docversion, transaction_timestamp())
    on conflict (id) do update
    set data = excluded.data, mt_dotnet_type = excluded.mt_dotnet_type, mt_version = excluded.mt_version,
        mt_last_modified = excluded.mt_last_modified;
    return docversion;
end;
$$;

CREATE TABLE public.ea_api_keys (
    name text NOT NULL,
    sha256 bytea NOT NULL,
    made_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

CREATE SEQUENCE public.ea_append_clock
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE public.ea_archives (
    key text NOT NULL COLLATE pg_catalog."C",
    "row" jsonb NOT NULL
);

CREATE TABLE public.ea_channel_keys (
    chat_id text NOT NULL,
    key bytea NOT NULL
);

CREATE TABLE public.ea_communities (
    key text NOT NULL COLLATE pg_catalog."C",
    "row" jsonb NOT NULL
);

CREATE TABLE public.ea_community_keys (
    community text NOT NULL,
    protected bytea NOT NULL
);

CREATE TABLE public.ea_community_states (
    stream_id text NOT NULL,
    version bigint NOT NULL,
    fold text NOT NULL,
    state jsonb NOT NULL,
    saved_at timestamp with time zone NOT NULL
);

CREATE TABLE public.ea_coverage (
    community text NOT NULL,
    content_topic bytea NOT NULL,
    wanted_from bigint NOT NULL,
    heard int8multirange DEFAULT '{}'::int8multirange NOT NULL,
    filled int8multirange DEFAULT '{}'::int8multirange NOT NULL,
    gaps int8multirange DEFAULT '{}'::int8multirange NOT NULL
);

CREATE TABLE public.ea_downloads (
    key text NOT NULL COLLATE pg_catalog."C",
    "row" jsonb NOT NULL
);

CREATE TABLE public.ea_inbox (
    message_id uuid NOT NULL,
    command text NOT NULL,
    event_ids uuid[] NOT NULL,
    refusal_code text,
    refusal_reason text,
    handled_at timestamp with time zone NOT NULL
);

CREATE TABLE public.ea_key_ring (
    name text NOT NULL,
    element text NOT NULL,
    made_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

CREATE TABLE public.ea_magnetlink_clocks (
    key text NOT NULL COLLATE pg_catalog."C",
    "row" jsonb NOT NULL
);

CREATE TABLE public.ea_message_communities (
    key integer NOT NULL,
    community text NOT NULL,
    highest_number bigint DEFAULT 0 NOT NULL,
    messages bigint DEFAULT 0 NOT NULL
);

ALTER TABLE public.ea_message_communities ALTER COLUMN key ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.ea_message_communities_key_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.ea_message_hashes (
    community integer NOT NULL,
    hash bytea NOT NULL
);

CREATE TABLE public.ea_message_horizon (
    one boolean DEFAULT true NOT NULL,
    dropped_before bigint DEFAULT 0 NOT NULL,
    CONSTRAINT ea_message_horizon_has_one_row CHECK (one)
);

CREATE TABLE public.ea_message_topics (
    community integer NOT NULL,
    content_topic bytea NOT NULL,
    oldest_timestamp bigint NOT NULL,
    highest_number bigint NOT NULL
);

CREATE TABLE public.ea_messages (
    "timestamp" bigint NOT NULL,
    number bigint NOT NULL,
    community integer NOT NULL,
    month integer NOT NULL,
    imported boolean NOT NULL,
    content_topic bytea NOT NULL,
    hash bytea NOT NULL,
    sig bytea NOT NULL,
    payload bytea NOT NULL,
    padding bytea NOT NULL,
    third_party_id text NOT NULL,
    CONSTRAINT ea_messages_timestamp_is_not_negative CHECK (("timestamp" >= 0)),
    CONSTRAINT ea_messages_topic_is_four_bytes CHECK ((octet_length(content_topic) = 4))
)
PARTITION BY LIST (month);
ALTER TABLE ONLY public.ea_messages ALTER COLUMN sig SET STORAGE EXTERNAL;
ALTER TABLE ONLY public.ea_messages ALTER COLUMN payload SET STORAGE EXTERNAL;
ALTER TABLE ONLY public.ea_messages ALTER COLUMN padding SET STORAGE EXTERNAL;

CREATE TABLE public.ea_messages_202311 (
    "timestamp" bigint NOT NULL,
    number bigint NOT NULL,
    community integer NOT NULL,
    month integer NOT NULL,
    imported boolean NOT NULL,
    content_topic bytea NOT NULL,
    hash bytea NOT NULL,
    sig bytea NOT NULL,
    payload bytea NOT NULL,
    padding bytea NOT NULL,
    third_party_id text NOT NULL,
    CONSTRAINT ea_messages_timestamp_is_not_negative CHECK (("timestamp" >= 0)),
    CONSTRAINT ea_messages_topic_is_four_bytes CHECK ((octet_length(content_topic) = 4))
)
WITH (toast_tuple_target='8160');
ALTER TABLE ONLY public.ea_messages_202311 ALTER COLUMN sig SET STORAGE EXTERNAL;
ALTER TABLE ONLY public.ea_messages_202311 ALTER COLUMN payload SET STORAGE EXTERNAL;
ALTER TABLE ONLY public.ea_messages_202311 ALTER COLUMN padding SET STORAGE EXTERNAL;

CREATE TABLE public.ea_messages_202312 (
    "timestamp" bigint NOT NULL,
    number bigint NOT NULL,
    community integer NOT NULL,
    month integer NOT NULL,
    imported boolean NOT NULL,
    content_topic bytea NOT NULL,
    hash bytea NOT NULL,
    sig bytea NOT NULL,
    payload bytea NOT NULL,
    padding bytea NOT NULL,
    third_party_id text NOT NULL,
    CONSTRAINT ea_messages_timestamp_is_not_negative CHECK (("timestamp" >= 0)),
    CONSTRAINT ea_messages_topic_is_four_bytes CHECK ((octet_length(content_topic) = 4))
)
WITH (toast_tuple_target='8160');
ALTER TABLE ONLY public.ea_messages_202312 ALTER COLUMN sig SET STORAGE EXTERNAL;
ALTER TABLE ONLY public.ea_messages_202312 ALTER COLUMN payload SET STORAGE EXTERNAL;
ALTER TABLE ONLY public.ea_messages_202312 ALTER COLUMN padding SET STORAGE EXTERNAL;

CREATE TABLE public.ea_messages_other (
    "timestamp" bigint NOT NULL,
    number bigint NOT NULL,
    community integer NOT NULL,
    month integer NOT NULL,
    imported boolean NOT NULL,
    content_topic bytea NOT NULL,
    hash bytea NOT NULL,
    sig bytea NOT NULL,
    payload bytea NOT NULL,
    padding bytea NOT NULL,
    third_party_id text NOT NULL,
    CONSTRAINT ea_messages_timestamp_is_not_negative CHECK (("timestamp" >= 0)),
    CONSTRAINT ea_messages_topic_is_four_bytes CHECK ((octet_length(content_topic) = 4))
)
WITH (toast_tuple_target='8160');
ALTER TABLE ONLY public.ea_messages_other ALTER COLUMN sig SET STORAGE EXTERNAL;
ALTER TABLE ONLY public.ea_messages_other ALTER COLUMN payload SET STORAGE EXTERNAL;
ALTER TABLE ONLY public.ea_messages_other ALTER COLUMN padding SET STORAGE EXTERNAL;

CREATE TABLE public.ea_node_torrents (
    community text NOT NULL COLLATE pg_catalog."C",
    node text NOT NULL COLLATE pg_catalog."C",
    info_hash text NOT NULL,
    seeding boolean NOT NULL,
    done_bytes bigint NOT NULL,
    total_bytes bigint NOT NULL,
    peers integer NOT NULL,
    uploaded_bytes bigint NOT NULL,
    last_active timestamp with time zone,
    fault text
);

CREATE TABLE public.ea_nodes (
    name text NOT NULL COLLATE pg_catalog."C",
    roles text NOT NULL,
    peer text,
    started_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL
);

CREATE TABLE public.ea_pending_work (
    community text NOT NULL,
    effect text NOT NULL,
    cause_id uuid NOT NULL,
    cause_seq bigint NOT NULL,
    since timestamp with time zone NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    next_due timestamp with time zone NOT NULL,
    lease_node text,
    lease_until timestamp with time zone,
    fence bigint DEFAULT 0 NOT NULL,
    parked_reason text,
    last_error text,
    awaited_keys text[],
    reserved_for text[]
);

CREATE TABLE public.ea_ratchet_keys (
    community text NOT NULL,
    key_id text NOT NULL,
    key_timestamp bigint NOT NULL,
    protected bytea NOT NULL,
    highest_seq_no bigint DEFAULT 0 NOT NULL,
    CONSTRAINT ea_ratchet_keys_seq_no_has_32_bits CHECK (((highest_seq_no >= 0) AND (highest_seq_no <= '4294967295'::bigint)))
);

CREATE TABLE public.ea_schedule (
    key text NOT NULL COLLATE pg_catalog."C",
    "row" jsonb NOT NULL
);

CREATE TABLE public.ea_schema (
    one boolean DEFAULT true NOT NULL,
    version integer NOT NULL,
    applied_at timestamp with time zone NOT NULL,
    CONSTRAINT ea_schema_has_one_row CHECK (one)
);

CREATE TABLE public.ea_seeding (
    key text NOT NULL COLLATE pg_catalog."C",
    "row" jsonb NOT NULL
);

CREATE TABLE public.ea_signed_heads (
    number bigint NOT NULL,
    seq_id bigint NOT NULL,
    document text NOT NULL,
    signed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

ALTER TABLE public.ea_signed_heads ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.ea_signed_heads_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.ea_signing_keys (
    name text NOT NULL,
    protected bytea NOT NULL,
    made_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

CREATE TABLE public.ea_skipped_events (
    name text NOT NULL,
    seq_id bigint NOT NULL,
    reason text NOT NULL,
    skipped_by text NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

CREATE TABLE public.ea_subscription_faults (
    name text NOT NULL,
    seq_id bigint NOT NULL,
    reason text NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

CREATE TABLE public.ea_timeline (
    key text NOT NULL COLLATE pg_catalog."C",
    "row" jsonb NOT NULL
);

CREATE TABLE public.ea_topic_keys (
    community text NOT NULL,
    content_topic text NOT NULL,
    protected bytea NOT NULL
);

CREATE TABLE public.mt_doc_deadletterevent (
    id uuid NOT NULL,
    data jsonb NOT NULL,
    mt_last_modified timestamp with time zone DEFAULT transaction_timestamp(),
    mt_version uuid DEFAULT (md5(((random())::text || (clock_timestamp())::text)))::uuid NOT NULL,
    mt_dotnet_type character varying
);

CREATE TABLE public.mt_event_progression (
    name character varying NOT NULL,
    last_seq_id bigint,
    last_updated timestamp with time zone DEFAULT transaction_timestamp()
);

CREATE TABLE public.mt_events (
    seq_id bigint NOT NULL,
    id uuid NOT NULL,
    stream_id character varying,
    version bigint NOT NULL,
    data jsonb NOT NULL,
    type character varying(500) NOT NULL,
    "timestamp" timestamp with time zone DEFAULT now() NOT NULL,
    tenant_id character varying DEFAULT '*DEFAULT*'::character varying,
    mt_dotnet_type character varying,
    correlation_id character varying,
    causation_id character varying,
    headers jsonb,
    is_archived boolean DEFAULT false
);

CREATE SEQUENCE public.mt_events_sequence
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.mt_events_sequence OWNED BY public.mt_events.seq_id;

CREATE TABLE public.mt_streams (
    id character varying NOT NULL,
    type character varying,
    version bigint,
    "timestamp" timestamp with time zone DEFAULT now() NOT NULL,
    snapshot jsonb,
    snapshot_version integer,
    created timestamp with time zone DEFAULT now() NOT NULL,
    tenant_id character varying DEFAULT '*DEFAULT*'::character varying,
    is_archived boolean DEFAULT false
);

ALTER TABLE ONLY public.ea_messages ATTACH PARTITION public.ea_messages_202311 FOR VALUES IN (202311);

ALTER TABLE ONLY public.ea_messages ATTACH PARTITION public.ea_messages_202312 FOR VALUES IN (202312);

ALTER TABLE ONLY public.ea_messages ATTACH PARTITION public.ea_messages_other FOR VALUES IN (0);

INSERT INTO public.ea_archives VALUES
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', '{"at": "2026-11-30T23:16:04.428341+00:00", "to": 1700604800, "from": 1700000000, "bytes": 102400, "origin": "cut", "reason": "It waits for the hash ratchet key 0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee.", "status": "parked", "infoHash": "1111111111111111111111111111111111111111", "archiveId": "0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee/0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', '{"at": "2026-11-30T23:16:04.707919+00:00", "to": null, "from": null, "bytes": null, "origin": "downloaded", "reason": null, "status": "importing", "infoHash": "1111111111111111111111111111111111111111", "archiveId": "0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "communityId": "0x02eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"}'),
	('0x02ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff/0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', '{"at": "2026-11-30T23:16:04.822283+00:00", "to": 1700604800, "from": 1700000000, "bytes": 102400, "origin": "cut", "reason": null, "status": "stored", "infoHash": "1111111111111111111111111111111111111111", "archiveId": "0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "communityId": "0x02ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"}');

INSERT INTO public.ea_communities VALUES
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '{"chatIds": null, "lastSeq": 40, "torrent": null, "incoming": null, "messages": 1887, "underWay": ["seed", "resumeImport"], "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "controlNode": true, "lastEventAt": "2026-11-30T23:16:04.507686+00:00", "lastFailure": {"at": "2026-11-30T23:16:04.428341+00:00", "seq": 36, "what": "ArchiveQuarantined", "reason": "Its message hashes differ."}, "pubsubTopic": "/waku/2/rs/16/64", "archivedUntil": 2, "contentTopics": ["0x01020304"]}'),
	('0x02bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', '{"chatIds": null, "lastSeq": 42, "torrent": null, "incoming": null, "messages": 0, "underWay": ["cut"], "communityId": "0x02bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "controlNode": true, "lastEventAt": "2026-11-30T23:16:04.523091+00:00", "lastFailure": null, "pubsubTopic": "/waku/2/rs/16/32", "archivedUntil": null, "contentTopics": ["0x01020304"]}'),
	('0x02dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd', '{"chatIds": null, "lastSeq": 44, "torrent": null, "incoming": {"bytes": 0, "archives": 0, "infoHash": "1111111111111111111111111111111111111111", "magnetlink": "magnet:?xt=urn:btih:1111111111111111111111111111111111111111&dn=0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&tr=udp%3A%2F%2Ftracker.example%3A1337%2Fannounce"}, "messages": 0, "underWay": ["download"], "communityId": "0x02dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd", "controlNode": true, "lastEventAt": "2026-11-30T23:16:04.538593+00:00", "lastFailure": null, "pubsubTopic": "/waku/2/rs/16/32", "archivedUntil": null, "contentTopics": ["0x01020304"]}'),
	('0x02eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee', '{"chatIds": null, "lastSeq": 49, "torrent": null, "incoming": {"bytes": 1228800, "archives": 12, "infoHash": "1111111111111111111111111111111111111111", "magnetlink": "magnet:?xt=urn:btih:1111111111111111111111111111111111111111&dn=0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&tr=udp%3A%2F%2Ftracker.example%3A1337%2Fannounce"}, "messages": 0, "underWay": ["import"], "communityId": "0x02eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee", "controlNode": true, "lastEventAt": "2026-11-30T23:16:04.707919+00:00", "lastFailure": null, "pubsubTopic": "/waku/2/rs/16/32", "archivedUntil": null, "contentTopics": ["0x01020304"]}'),
	('0x02ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff', '{"chatIds": null, "lastSeq": 52, "torrent": {"bytes": 1228800, "archives": 12, "infoHash": "1111111111111111111111111111111111111111", "magnetlink": "magnet:?xt=urn:btih:1111111111111111111111111111111111111111&dn=0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&tr=udp%3A%2F%2Ftracker.example%3A1337%2Fannounce"}, "incoming": null, "messages": 987, "underWay": ["seed"], "communityId": "0x02ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "controlNode": true, "lastEventAt": "2026-11-30T23:16:04.822283+00:00", "lastFailure": null, "pubsubTopic": "/waku/2/rs/16/32", "archivedUntil": 1700604800, "contentTopics": ["0x01020304"]}'),
	('0x029999999999999999999999999999999999999999999999999999999999999999', '{"chatIds": null, "lastSeq": 54, "torrent": null, "incoming": null, "messages": 0, "underWay": ["announce"], "communityId": "0x029999999999999999999999999999999999999999999999999999999999999999", "controlNode": true, "lastEventAt": "2026-11-30T23:16:04.864352+00:00", "lastFailure": null, "pubsubTopic": "/waku/2/rs/16/32", "archivedUntil": null, "contentTopics": ["0x01020304"]}');

INSERT INTO public.ea_downloads VALUES
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/2222222222222222222222222222222222222222', '{"bytes": null, "ended": "2026-11-30T23:16:04.428341+00:00", "state": "cancelled", "total": null, "tries": 1, "reason": null, "started": "2026-11-30T23:16:03.742192+00:00", "archives": 0, "infoHash": "2222222222222222222222222222222222222222", "magnetlink": "magnet:?xt=urn:btih:2222222222222222222222222222222222222222&dn=0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "replacedBy": "1111111111111111111111111111111111111111", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/1111111111111111111111111111111111111111', '{"bytes": 1228800, "ended": "2026-11-30T23:16:04.362948+00:00", "state": "failed", "total": 12, "tries": 1, "reason": "Größe \"falsch\": <index> ≠   😀", "started": "2026-11-30T23:16:04.253064+00:00", "archives": 1, "infoHash": "1111111111111111111111111111111111111111", "magnetlink": "magnet:?xt=urn:btih:1111111111111111111111111111111111111111&dn=0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&tr=udp%3A%2F%2Ftracker.example%3A1337%2Fannounce", "replacedBy": null, "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd/1111111111111111111111111111111111111111', '{"bytes": null, "ended": null, "state": "running", "total": null, "tries": 1, "reason": null, "started": "2026-11-30T23:16:04.538593+00:00", "archives": 0, "infoHash": "1111111111111111111111111111111111111111", "magnetlink": "magnet:?xt=urn:btih:1111111111111111111111111111111111111111&dn=0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&tr=udp%3A%2F%2Ftracker.example%3A1337%2Fannounce", "replacedBy": null, "communityId": "0x02dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"}'),
	('0x02eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee/1111111111111111111111111111111111111111', '{"bytes": 1228800, "ended": "2026-11-30T23:16:04.707919+00:00", "state": "completed", "total": 12, "tries": 1, "reason": null, "started": "2026-11-30T23:16:04.707919+00:00", "archives": 1, "infoHash": "1111111111111111111111111111111111111111", "magnetlink": "magnet:?xt=urn:btih:1111111111111111111111111111111111111111&dn=0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&tr=udp%3A%2F%2Ftracker.example%3A1337%2Fannounce", "replacedBy": null, "communityId": "0x02eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"}');

INSERT INTO public.ea_inbox VALUES
	('01a22ebe-7334-78b2-a647-bc731221cc42', 'CreateArchive', '{01a22ebe-73fb-7ad7-bda7-b404782c99be,01a22ebe-73fb-7d21-92d9-5debfec4364b}', NULL, NULL, '2026-11-30 23:16:03.742192+00'),
	('01a22ebe-7681-7222-bfc5-53019cc334c2', 'CreateArchive', '{01a22ebe-7698-77ee-8f19-267eacaff375,01a22ebe-7698-7d43-ac66-2b6c3638ba88,01a22ebe-7698-743e-bd68-2893dc561d96,01a22ebe-7698-7574-aa7c-268c85b3946c,01a22ebe-7698-75ca-96db-caa6f6f1c311}', NULL, NULL, '2026-11-30 23:16:03.872083+00'),
	('01a22ebe-76a9-751d-842c-ff7583ac1f2d', 'CreateArchive', '{01a22ebe-76d9-7661-b68a-71840733fd7f,01a22ebe-76d9-73f9-8655-5ab1a5767a97,01a22ebe-76d9-73a2-b080-691111fdaf1c,01a22ebe-76d9-78ee-951b-d88bb017e010,01a22ebe-76d9-726e-9dbe-24d1dc96038f}', NULL, NULL, '2026-11-30 23:16:03.930806+00'),
	('01a22ebe-76e5-7b96-9a75-3252409977b9', 'CreateArchive', '{01a22ebe-76f2-775a-8f31-82c78767d968,01a22ebe-76f2-767e-9605-f45b74009c66,01a22ebe-76f2-7e74-874c-6017a8372751,01a22ebe-76f2-7223-921d-3b790777bd19,01a22ebe-76f2-72ea-b0de-320a698c4f68}', NULL, NULL, '2026-11-30 23:16:03.955305+00'),
	('01a22ebe-7732-76a7-8b2e-2e060704f69e', 'CreateArchive', '{01a22ebe-777f-7e24-8104-4d2fbd3f8a1e,01a22ebe-777f-74c9-bc96-49dbd00fe8c5,01a22ebe-777f-7c5f-ba23-ba67e1f6e7b3,01a22ebe-777f-791c-abd7-585e3bc3f249,01a22ebe-777f-7c7f-992c-e5eb81a9690b}', NULL, NULL, '2026-11-30 23:16:04.097531+00'),
	('01a22ebe-77b6-79fb-aa78-767f023ac96a', 'CreateArchive', '{01a22ebe-7813-7e1a-9931-88fd65c8954f,01a22ebe-7813-7c94-bf42-17343aeee768,01a22ebe-7813-7508-9f96-08653a660d1b,01a22ebe-7813-7564-91ed-704e91a91c2c,01a22ebe-7813-7c14-8336-d577bfe2995c}', NULL, NULL, '2026-11-30 23:16:04.253064+00'),
	('01a22ebe-784c-72d9-a093-1dbf6e0e85f9', 'CreateArchive', '{01a22ebe-7884-7dd9-bf86-28db6899a08e,01a22ebe-7884-7ada-8c05-7d2afa5313c1,01a22ebe-7884-7c1c-9622-0274dc754eb8,01a22ebe-7884-7a6a-8374-4a00d2dcc0b8,01a22ebe-7884-7a3c-9124-e35ab9d048ae}', NULL, NULL, '2026-11-30 23:16:04.362948+00'),
	('01a22ebe-789d-7d67-a59d-404c10ad3bdd', 'CreateArchive', '{01a22ebe-78cb-7c4f-8b93-9e14c806ce0a,01a22ebe-78cb-7aad-bb4c-16ff129269ec,01a22ebe-78cb-7fdb-82df-f11eb2779606,01a22ebe-78cb-7abc-b888-f7b3c90b5a51,01a22ebe-78cb-7a7c-b4c9-9025734b72b2}', NULL, NULL, '2026-11-30 23:16:04.428341+00'),
	('01a22ebe-78e0-7412-94c3-3f1a95144fba', 'CreateArchive', '{01a22ebe-7913-71d8-929f-c694a12ea4e6,01a22ebe-7913-7cbb-a14e-4e89f4fd0ab6,01a22ebe-7913-7392-80cb-bbf590984a78}', NULL, NULL, '2026-11-30 23:16:04.507686+00'),
	('01a22ebe-792a-7501-8290-a2e98c18e661', 'CreateArchive', '{01a22ebe-792a-7d15-a5b2-9c631f0cca74,01a22ebe-792a-7d2a-99cf-01658bb69e95}', NULL, NULL, '2026-11-30 23:16:04.523091+00'),
	('01a22ebe-7939-7fda-a05a-4c0ae53dc202', 'CreateArchive', '{01a22ebe-7939-77e9-a9f2-1a5c52dbdfde,01a22ebe-7939-7b62-a210-a9ef50cfdecf}', NULL, NULL, '2026-11-30 23:16:04.538593+00'),
	('01a22ebe-79e2-75f7-bdbd-29015931c519', 'CreateArchive', '{01a22ebe-79e2-7f98-b21f-835e1c212627,01a22ebe-79e2-7549-afa9-60558c9f0238,01a22ebe-79e2-73ef-91e0-7de614d863d7,01a22ebe-79e2-78c7-879a-3dbba36e4c44,01a22ebe-79e2-7434-ab87-d0b9f5d8736d}', NULL, NULL, '2026-11-30 23:16:04.707919+00'),
	('01a22ebe-7a1c-7a70-b58d-2e333845d98f', 'CreateArchive', '{01a22ebe-7a55-7519-b445-cce81a81610c,01a22ebe-7a55-75fa-b0f7-331df0ed0062,01a22ebe-7a55-79a4-817f-5817dd43ce8b}', NULL, NULL, '2026-11-30 23:16:04.822283+00'),
	('01a22ebe-7a7d-7fc5-8215-9421ac2cb6ea', 'CreateArchive', '{01a22ebe-7a7d-7cb2-8692-4dba83c4e201,01a22ebe-7a7d-7622-b10c-7f0268dae4a8}', NULL, NULL, '2026-11-30 23:16:04.864352+00'),
	('01900000-0000-7000-8000-000000000001', 'CreateArchive', '{}', 'window_open', 'The window is still open: "wait".', '2026-11-30 23:16:04.896892+00'),
	('01900000-0000-7000-8000-000000000002', 'EnableHistoryArchives', '{}', 'unknown_community', 'No such community.', '2026-11-30 23:16:04.899749+00'),
	('01900000-0000-7000-8000-000000000003', 'StopSeeding', '{}', NULL, NULL, '2026-11-30 23:16:04.920901+00'),
	('01a22ebe-8709-769a-ad72-0535b94573be', 'CreateArchive', '{01a22ebe-8709-7d99-9db3-8ddc65897579,01a22ebe-8709-7902-aa38-875188a77ea8}', NULL, NULL, '2026-11-30 23:16:08.075831+00'),
	('01a22ebe-8735-75a1-bbbc-c5ac3c9166b2', 'CreateArchive', '{01a22ebe-8735-7ef2-b53d-2b0a826e7abc}', NULL, NULL, '2026-11-30 23:16:08.120921+00'),
	('01a22ebe-875e-7655-bd12-884770b180d1', 'CreateArchive', '{01a22ebe-875e-7518-a1b9-39d5707514a4,01a22ebe-875e-7387-83b8-083c4499b343}', NULL, NULL, '2026-11-30 23:16:08.159134+00');

INSERT INTO public.ea_magnetlink_clocks VALUES
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '{"lastSeen": {"at": "2026-11-30T23:16:04.253064+00:00", "from": "anotherHolder", "clock": 18446744073709551615, "infoHash": "1111111111111111111111111111111111111111", "magnetlink": "magnet:?xt=urn:btih:1111111111111111111111111111111111111111&dn=0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&tr=udp%3A%2F%2Ftracker.example%3A1337%2Fannounce"}, "received": 18446744073709551615, "published": 1700604800123, "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "description": 1700604800123, "receivedMagnetlink": "magnet:?xt=urn:btih:1111111111111111111111111111111111111111&dn=0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&tr=udp%3A%2F%2Ftracker.example%3A1337%2Fannounce", "publishedMagnetlink": "magnet:?xt=urn:btih:1111111111111111111111111111111111111111&dn=0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&tr=udp%3A%2F%2Ftracker.example%3A1337%2Fannounce", "descriptionMagnetlink": "magnet:?xt=urn:btih:1111111111111111111111111111111111111111&dn=0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&tr=udp%3A%2F%2Ftracker.example%3A1337%2Fannounce"}'),
	('0x02bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', '{"lastSeen": null, "received": null, "published": null, "communityId": "0x02bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "description": null, "receivedMagnetlink": null, "publishedMagnetlink": null, "descriptionMagnetlink": null}'),
	('0x02dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd', '{"lastSeen": null, "received": null, "published": null, "communityId": "0x02dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd", "description": null, "receivedMagnetlink": null, "publishedMagnetlink": null, "descriptionMagnetlink": null}'),
	('0x02eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee', '{"lastSeen": null, "received": null, "published": null, "communityId": "0x02eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee", "description": null, "receivedMagnetlink": null, "publishedMagnetlink": null, "descriptionMagnetlink": null}'),
	('0x02ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff', '{"lastSeen": null, "received": null, "published": null, "communityId": "0x02ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "description": null, "receivedMagnetlink": null, "publishedMagnetlink": null, "descriptionMagnetlink": null}'),
	('0x029999999999999999999999999999999999999999999999999999999999999999', '{"lastSeen": null, "received": null, "published": null, "communityId": "0x029999999999999999999999999999999999999999999999999999999999999999", "description": null, "receivedMagnetlink": null, "publishedMagnetlink": null, "descriptionMagnetlink": null}');

INSERT INTO public.ea_message_communities OVERRIDING SYSTEM VALUE VALUES
	(1, '0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 6, 6);

INSERT INTO public.ea_message_hashes VALUES
	(1, '\x0100000000000000000000000000000000000000000000000000000000000000'),
	(1, '\x0200000000000000000000000000000000000000000000000000000000000000'),
	(1, '\x0300000000000000000000000000000000000000000000000000000000000000'),
	(1, '\x0400000000000000000000000000000000000000000000000000000000000000'),
	(1, '\x0500000000000000000000000000000000000000000000000000000000000000'),
	(1, '\x0600000000000000000000000000000000000000000000000000000000000000');

INSERT INTO public.ea_message_horizon VALUES
	(true, 0);

INSERT INTO public.ea_message_topics VALUES
	(1, '\x01020304', 1700000000, 6);

INSERT INTO public.ea_messages_202311 VALUES
	(1700000000, 2, 1, 202311, false, '\x01020304', '\x0200000000000000000000000000000000000000000000000000000000000000', '\x0402', '\x0200ff', '\x', 'discord-2'),
	(1700000000, 4, 1, 202311, false, '\x01020304', '\x0400000000000000000000000000000000000000000000000000000000000000', '\x0404', '\x0400ff', '\x', 'discord-4'),
	(1700000000, 6, 1, 202311, false, '\x01020304', '\x0600000000000000000000000000000000000000000000000000000000000000', '\x0406', '\x0600ff', '\x', 'discord-6');

INSERT INTO public.ea_messages_202312 VALUES
	(1703000000, 1, 1, 202312, false, '\x01020304', '\x0100000000000000000000000000000000000000000000000000000000000000', '\x0401', '\x0100ff', '\x', 'discord-1'),
	(1703000000, 3, 1, 202312, false, '\x01020304', '\x0300000000000000000000000000000000000000000000000000000000000000', '\x0403', '\x0300ff', '\x', 'discord-3'),
	(1703000000, 5, 1, 202312, false, '\x01020304', '\x0500000000000000000000000000000000000000000000000000000000000000', '\x0405', '\x0500ff', '\x', 'discord-5');

INSERT INTO public.ea_pending_work VALUES
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'ResumeImport', '01a22ebe-78cb-7a7c-b4c9-9025734b72b2', 37, '2026-11-30 23:16:04.428341+00', 0, '2026-11-30 23:16:06.298713+00', NULL, NULL, 0, NULL, NULL, NULL, NULL),
	('0x02bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 'Cut', '01a22ebe-792a-7d2a-99cf-01658bb69e95', 42, '2026-11-30 23:16:04.523091+00', 1, '2026-11-30 23:16:06.298738+00', 'node-1', '2026-12-01 00:16:06.98114+00', 1, NULL, NULL, NULL, NULL),
	('0x02dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd', 'Download', '01a22ebe-7939-7b62-a210-a9ef50cfdecf', 44, '2026-11-30 23:16:04.538593+00', 1, '2026-11-30 23:16:06.298749+00', NULL, NULL, 1, 'Nobody seeds it.', NULL, NULL, NULL),
	('0x02eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee', 'Import', '01a22ebe-79e2-7434-ab87-d0b9f5d8736d', 49, '2026-11-30 23:16:04.707919+00', 0, '2026-11-30 23:16:07.346858+00', NULL, NULL, 1, NULL, 'A key is missing.', '{0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee}', NULL),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'Seed', '01a22ebe-7913-71d8-929f-c694a12ea4e6', 38, '2026-11-30 23:16:04.507686+00', 1, '2026-11-30 23:16:07.376464+00', NULL, NULL, 1, NULL, NULL, NULL, NULL),
	('0x02ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff', 'Seed', '01a22ebe-7a55-79a4-817f-5817dd43ce8b', 52, '2026-11-30 23:16:04.822283+00', 0, '2026-11-30 23:16:07.405096+00', NULL, NULL, 1, NULL, NULL, NULL, '{node-1,node-2}'),
	('0x029999999999999999999999999999999999999999999999999999999999999999', 'Announce', '01a22ebe-7a7d-7622-b10c-7f0268dae4a8', 54, '2026-11-30 23:16:04.864352+00', 1, '2026-12-01 23:16:07.426967+00', NULL, NULL, 1, NULL, 'No Waku node answered.', NULL, NULL);

INSERT INTO public.ea_schedule VALUES
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '{"cutting": false, "torrent": "1111111111111111111111111111111111111111", "seededAt": null, "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "cutFailedAt": "2026-11-30T23:16:04.097531+00:00", "archivedUntil": 2, "contentTopics": ["0x01020304"], "lastAnnouncement": {"at": "2026-11-30T23:16:04.253064+00:00", "clock": 1700604800123, "state": "failed", "infoHash": "1111111111111111111111111111111111111111"}}'),
	('0x02bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', '{"cutting": true, "torrent": null, "seededAt": null, "communityId": "0x02bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "cutFailedAt": null, "archivedUntil": null, "contentTopics": ["0x01020304"], "lastAnnouncement": null}'),
	('0x02dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd', '{"cutting": false, "torrent": null, "seededAt": null, "communityId": "0x02dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd", "cutFailedAt": null, "archivedUntil": null, "contentTopics": ["0x01020304"], "lastAnnouncement": null}'),
	('0x02eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee', '{"cutting": false, "torrent": null, "seededAt": null, "communityId": "0x02eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee", "cutFailedAt": null, "archivedUntil": null, "contentTopics": ["0x01020304"], "lastAnnouncement": null}'),
	('0x02ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff', '{"cutting": false, "torrent": "1111111111111111111111111111111111111111", "seededAt": null, "communityId": "0x02ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "cutFailedAt": null, "archivedUntil": 1700604800, "contentTopics": ["0x01020304"], "lastAnnouncement": null}'),
	('0x029999999999999999999999999999999999999999999999999999999999999999', '{"cutting": false, "torrent": null, "seededAt": null, "communityId": "0x029999999999999999999999999999999999999999999999999999999999999999", "cutFailedAt": null, "archivedUntil": null, "contentTopics": ["0x01020304"], "lastAnnouncement": {"at": "2026-11-30T23:16:04.864352+00:00", "clock": 1700604800123, "state": "underWay", "infoHash": "1111111111111111111111111111111111111111"}}');

INSERT INTO public.ea_schema VALUES
	(true, 4, '2026-11-30 23:16:02.697+00');

INSERT INTO public.ea_seeding VALUES
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/node-2', '{"node": "node-2", "peer": null, "first": "2026-11-30T23:16:04.097531+00:00", "since": "2026-11-30T23:16:04.097531+00:00", "until": "2026-11-30T23:16:04.097531+00:00", "infoHash": "1111111111111111111111111111111111111111", "torrents": 1, "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}');

INSERT INTO public.ea_signed_heads OVERRIDING SYSTEM VALUE VALUES
	(1, 54, '{"head":{"events":54,"format":"eventarchive-head-1","root":"3d0eb04170ff72eb9c2e18537fb97a009f11df07fb0e5c22d51df2066d30f7c3","seq":54,"streams":6,"time":"2026-11-30T23:16:04.864352Z"},"publicKey":"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEWFNvXy8+gTSuI24vXSuosaSterUsc50hXA2AXYLu+XoAhpbnQnE6fjr10mZ7JYJTbqwli1wKUATWybxNr0DH/A==","signature":"MEUCIQCqO1PJyhyCKwzKbezuZMuXhzc/Q3HGR8lFPuMwn7AeDAIgduOaoEy7c/UbKKAd5Y3txJ8aDmloCmrt8IMVMX4qPMw="}', '2026-11-30 23:16:07.922723+00');

INSERT INTO public.ea_signing_keys VALUES
	('heads', '\x09f0c9f0000000000000000000000000000000003a39dd4d381662ee24fefde3160406cdb2c31422b8cf411e92d8fe15d7e565a046b0277a44edc5c11063229d9eda05549386a0b698957bf18f1a368a7407580cbdb9da1c2865b98c9da5916e786809e15a06cbaf10c8d4a381dac837f268f3962fbdcf642f2ec1c3f217fdd9322e5c19f39d803747427e98d1ea10362368068a2bd288e727d35c436c46ef547eb91daf13bccb1312669b03da4917104f87490a64e35b16820cf22539744a37cd72e1a7329e6781c0fe4545311bcdc59f24e9cc034e5fe16dc1bf048bb8a41fe6b54d8e', '2026-11-30 23:16:07.508413+00');

INSERT INTO public.ea_timeline VALUES
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000001', '{"at": "2026-11-30T23:16:03.742192+00:00", "seq": 1, "text": "The history is kept here as control node on /waku/2/rs/16/32, with 1 channel.", "type": "history_archives_enabled", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000002', '{"at": "2026-11-30T23:16:03.742192+00:00", "seq": 2, "text": "The download of torrent 2222222222222222222222222222222222222222 began.", "type": "download_started", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000003', '{"at": "2026-11-30T23:16:03.872083+00:00", "seq": 3, "text": "The history is kept here as control node on /waku/2/rs/16/32, with 1 channel.", "type": "history_archives_enabled", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000004', '{"at": "2026-11-30T23:16:03.872083+00:00", "seq": 4, "text": "The history is kept here as member on /waku/2/rs/16/32, with 1 channel.", "type": "history_archives_enabled", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000005', '{"at": "2026-11-30T23:16:03.872083+00:00", "seq": 5, "text": "The history is kept here as control node on /waku/2/rs/16/32, with 1 channel.", "type": "history_archives_enabled", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000006', '{"at": "2026-11-30T23:16:03.872083+00:00", "seq": 6, "text": "The community now has 2 channels.", "type": "channels_changed", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000007', '{"at": "2026-11-30T23:16:03.872083+00:00", "seq": 7, "text": "The community now has 1 channel; its description names the clock 1700000000000.", "type": "channels_changed", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000008', '{"at": "2026-11-30T23:16:03.930806+00:00", "seq": 8, "text": "The community now has 1 channel.", "type": "channels_changed", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000009', '{"at": "2026-11-30T23:16:03.930806+00:00", "seq": 9, "text": "The community now has 1 channel and speaks on /waku/2/rs/16/64.", "type": "channels_changed", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000010', '{"at": "2026-11-30T23:16:03.930806+00:00", "seq": 10, "text": "The cut of [2023-11-14 22:13:20Z, 2023-11-21 22:13:20Z) began.", "type": "archive_creation_started", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000011', '{"at": "2026-11-30T23:16:03.930806+00:00", "seq": 11, "text": "The cut of [1970-01-01 00:00:00Z, 18446744073709551615) began.", "type": "archive_creation_started", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000012', '{"at": "2026-11-30T23:16:03.930806+00:00", "seq": 12, "text": "The cut of [2023-11-14 22:13:20Z, 2023-11-21 22:13:20Z) began.", "type": "archive_creation_started", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000013', '{"at": "2026-11-30T23:16:03.955305+00:00", "seq": 13, "text": "The cut of [2023-11-14 22:13:20Z, 2023-11-21 22:13:20Z) began.", "type": "archive_creation_started", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000014', '{"at": "2026-11-30T23:16:03.955305+00:00", "seq": 14, "text": "Node node-1 cut [2023-11-14 22:13:20Z, 2023-11-21 22:13:20Z) into 1 archive with 987 messages; torrent 1111111111111111111111111111111111111111 holds 12 archives, 1228800 bytes.", "type": "archive_created", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000015', '{"at": "2026-11-30T23:16:03.955305+00:00", "seq": 15, "text": "Node node-1 cut [1970-01-01 00:00:00Z, 1970-01-01 00:00:01Z) into 0 archives with 0 messages; torrent 1111111111111111111111111111111111111111 holds 0 archives, 0 bytes.", "type": "archive_created", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000016', '{"at": "2026-11-30T23:16:03.955305+00:00", "seq": 16, "text": "[2023-11-21 22:13:20Z, 2023-11-28 22:13:20Z) held no message and is closed.", "type": "archive_skipped", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000017', '{"at": "2026-11-30T23:16:03.955305+00:00", "seq": 17, "text": "[1970-01-01 00:00:01Z, 1970-01-01 00:00:02Z) held no message and is closed.", "type": "archive_skipped", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000018', '{"at": "2026-11-30T23:16:04.097531+00:00", "seq": 18, "text": "The cut of [2023-11-21 22:13:20Z, 2023-11-28 22:13:20Z) was given up: The disk is full.", "type": "archive_creation_failed", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000019', '{"at": "2026-11-30T23:16:04.097531+00:00", "seq": 19, "text": "Node node-2 serves torrent 1111111111111111111111111111111111111111 at 127.0.0.1:9025.", "type": "seeding_started", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000020', '{"at": "2026-11-30T23:16:04.097531+00:00", "seq": 20, "text": "Node node-2 serves torrent 1111111111111111111111111111111111111111.", "type": "seeding_started", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000021', '{"at": "2026-11-30T23:16:04.097531+00:00", "seq": 21, "text": "Node node-2 serves torrent 1111111111111111111111111111111111111111 no more: it is no seeder any more; 3 nodes seed the present one.", "type": "seeding_stopped", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000022', '{"at": "2026-11-30T23:16:04.097531+00:00", "seq": 22, "text": "The announcement of torrent 1111111111111111111111111111111111111111 was signed with the clock 1700604800123.", "type": "announcement_prepared", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000023', '{"at": "2026-11-30T23:16:04.253064+00:00", "seq": 23, "text": "Torrent 1111111111111111111111111111111111111111 was announced with the clock 1700604800123 on 1 channel.", "type": "magnetlink_published", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000024', '{"at": "2026-11-30T23:16:04.253064+00:00", "seq": 24, "text": "The announcement of torrent 1111111111111111111111111111111111111111 with the clock 1700604800123 was given up: No Waku node answered.", "type": "announcement_failed", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000025', '{"at": "2026-11-30T23:16:04.253064+00:00", "seq": 25, "text": "An announcement of torrent 1111111111111111111111111111111111111111 with the clock 18446744073709551615 was heard.", "type": "magnetlink_received", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000026', '{"at": "2026-11-30T23:16:04.253064+00:00", "seq": 26, "text": "An announcement of torrent 1111111111111111111111111111111111111111 with the clock 0 was left unheeded: its clock is too far ahead.", "type": "magnetlink_ignored", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000027', '{"at": "2026-11-30T23:16:04.253064+00:00", "seq": 27, "text": "The download of torrent 1111111111111111111111111111111111111111 began.", "type": "download_started", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000028', '{"at": "2026-11-30T23:16:04.362948+00:00", "seq": 28, "text": "1 archive of the 12 in torrent 1111111111111111111111111111111111111111 came.", "type": "archives_downloaded", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000029', '{"at": "2026-11-30T23:16:04.362948+00:00", "seq": 29, "text": "Torrent 1111111111111111111111111111111111111111 is complete on disk: 12 archives, 1228800 bytes.", "type": "download_completed", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000030', '{"at": "2026-11-30T23:16:04.362948+00:00", "seq": 30, "text": "Torrent 1111111111111111111111111111111111111111 is complete on disk: 12 archives, 1228800 bytes.", "type": "download_completed", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000031', '{"at": "2026-11-30T23:16:04.362948+00:00", "seq": 31, "text": "The download of torrent 1111111111111111111111111111111111111111 was given up: Größe \"falsch\": <index> ≠   😀", "type": "download_failed", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000032', '{"at": "2026-11-30T23:16:04.362948+00:00", "seq": 32, "text": "The index of torrent 1111111111111111111111111111111111111111 waits for the hash ratchet key 0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee.", "type": "download_parked", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000033', '{"at": "2026-11-30T23:16:04.428341+00:00", "seq": 33, "text": "The download of torrent 2222222222222222222222222222222222222222 ended because torrent 1111111111111111111111111111111111111111 took its place.", "type": "download_cancelled", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000034', '{"at": "2026-11-30T23:16:04.428341+00:00", "seq": 34, "text": "The import of 1 archive of torrent 1111111111111111111111111111111111111111 began.", "type": "import_started", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000035', '{"at": "2026-11-30T23:16:04.428341+00:00", "seq": 35, "text": "1 archive of torrent 1111111111111111111111111111111111111111 brought 900 new messages; 87 were there before.", "type": "archives_imported", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000036', '{"at": "2026-11-30T23:16:04.428341+00:00", "seq": 36, "text": "Archive 0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb of torrent 1111111111111111111111111111111111111111 was quarantined: Its message hashes differ.", "type": "archive_quarantined", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000037', '{"at": "2026-11-30T23:16:04.428341+00:00", "seq": 37, "text": "1 archive of torrent 1111111111111111111111111111111111111111 wait for 1 hash ratchet key.", "type": "archives_parked", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000038', '{"at": "2026-11-30T23:16:04.507686+00:00", "seq": 38, "text": "All archives of torrent 1111111111111111111111111111111111111111 are imported, quarantined or parked.", "type": "history_imported", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000039', '{"at": "2026-11-30T23:16:04.507686+00:00", "seq": 39, "text": "What was said in [2023-11-14 22:13:20Z, 2023-11-21 22:13:20Z) on 1 channel was not heard, and no store node could tell it: No store node answered.", "type": "history_gap_found", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/0000000000000000040', '{"at": "2026-11-30T23:16:04.507686+00:00", "seq": 40, "text": "A store node told what was said in [2023-11-14 22:13:20Z, 2023-11-21 22:13:20Z) on 1 channel.", "type": "history_gap_filled", "communityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'),
	('0x02bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb/0000000000000000041', '{"at": "2026-11-30T23:16:04.523091+00:00", "seq": 41, "text": "The history is kept here as control node on /waku/2/rs/16/32, with 1 channel.", "type": "history_archives_enabled", "communityId": "0x02bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"}'),
	('0x02bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb/0000000000000000042', '{"at": "2026-11-30T23:16:04.523091+00:00", "seq": 42, "text": "The cut of [2023-11-14 22:13:20Z, 2023-11-21 22:13:20Z) began.", "type": "archive_creation_started", "communityId": "0x02bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"}'),
	('0x02dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd/0000000000000000043', '{"at": "2026-11-30T23:16:04.538593+00:00", "seq": 43, "text": "The history is kept here as control node on /waku/2/rs/16/32, with 1 channel.", "type": "history_archives_enabled", "communityId": "0x02dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"}'),
	('0x02dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd/0000000000000000044', '{"at": "2026-11-30T23:16:04.538593+00:00", "seq": 44, "text": "The download of torrent 1111111111111111111111111111111111111111 began.", "type": "download_started", "communityId": "0x02dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"}'),
	('0x02eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee/0000000000000000045', '{"at": "2026-11-30T23:16:04.707919+00:00", "seq": 45, "text": "The history is kept here as control node on /waku/2/rs/16/32, with 1 channel.", "type": "history_archives_enabled", "communityId": "0x02eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"}'),
	('0x02eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee/0000000000000000046', '{"at": "2026-11-30T23:16:04.707919+00:00", "seq": 46, "text": "The download of torrent 1111111111111111111111111111111111111111 began.", "type": "download_started", "communityId": "0x02eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"}'),
	('0x02eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee/0000000000000000047', '{"at": "2026-11-30T23:16:04.707919+00:00", "seq": 47, "text": "1 archive of the 12 in torrent 1111111111111111111111111111111111111111 came.", "type": "archives_downloaded", "communityId": "0x02eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"}'),
	('0x02eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee/0000000000000000048', '{"at": "2026-11-30T23:16:04.707919+00:00", "seq": 48, "text": "Torrent 1111111111111111111111111111111111111111 is complete on disk: 12 archives, 1228800 bytes.", "type": "download_completed", "communityId": "0x02eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"}'),
	('0x02eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee/0000000000000000049', '{"at": "2026-11-30T23:16:04.707919+00:00", "seq": 49, "text": "The import of 1 archive of torrent 1111111111111111111111111111111111111111 began.", "type": "import_started", "communityId": "0x02eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"}'),
	('0x02ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff/0000000000000000050', '{"at": "2026-11-30T23:16:04.822283+00:00", "seq": 50, "text": "The history is kept here as control node on /waku/2/rs/16/32, with 1 channel.", "type": "history_archives_enabled", "communityId": "0x02ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"}'),
	('0x02ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff/0000000000000000051', '{"at": "2026-11-30T23:16:04.822283+00:00", "seq": 51, "text": "The cut of [2023-11-14 22:13:20Z, 2023-11-21 22:13:20Z) began.", "type": "archive_creation_started", "communityId": "0x02ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"}'),
	('0x02ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff/0000000000000000052', '{"at": "2026-11-30T23:16:04.822283+00:00", "seq": 52, "text": "Node node-1 cut [2023-11-14 22:13:20Z, 2023-11-21 22:13:20Z) into 1 archive with 987 messages; torrent 1111111111111111111111111111111111111111 holds 12 archives, 1228800 bytes.", "type": "archive_created", "communityId": "0x02ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"}'),
	('0x029999999999999999999999999999999999999999999999999999999999999999/0000000000000000053', '{"at": "2026-11-30T23:16:04.864352+00:00", "seq": 53, "text": "The history is kept here as control node on /waku/2/rs/16/32, with 1 channel.", "type": "history_archives_enabled", "communityId": "0x029999999999999999999999999999999999999999999999999999999999999999"}'),
	('0x029999999999999999999999999999999999999999999999999999999999999999/0000000000000000054', '{"at": "2026-11-30T23:16:04.864352+00:00", "seq": 54, "text": "The announcement of torrent 1111111111111111111111111111111111111111 was signed with the clock 1700604800123.", "type": "announcement_prepared", "communityId": "0x029999999999999999999999999999999999999999999999999999999999999999"}');

INSERT INTO public.mt_event_progression VALUES
	('publish', 54, '2026-11-30 23:16:06.292765+00'),
	('PendingWork', 54, '2026-11-30 23:16:06.298947+00'),
	('Schedule', 54, '2026-11-30 23:16:06.386238+00'),
	('Seeding', 54, '2026-11-30 23:16:06.430553+00'),
	('Archives', 54, '2026-11-30 23:16:06.446566+00'),
	('Downloads', 54, '2026-11-30 23:16:06.700113+00'),
	('MagnetlinkClocks', 54, '2026-11-30 23:16:06.84937+00'),
	('Communities', 54, '2026-11-30 23:16:06.857429+00'),
	('Timeline', 54, '2026-11-30 23:16:06.862307+00');

INSERT INTO public.mt_events VALUES
	(1, '01a22ebe-73fb-7ad7-bda7-b404782c99be', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 1, '{"ChatIds": null, "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "ControlNode": true, "PubsubTopic": "/waku/2/rs/16/32", "ContentTopics": ["0x01020304"], "EncryptedAfter": null}', 'history_archives_enabled', '2026-11-30 23:16:03.742192+00', '*DEFAULT*', 'EventArchive.Events.HistoryArchivesEnabled, EventArchive.Events', '01a22ebe-7334-7020-8924-c13ea469acfd', '01a22ebe-7334-78b2-a647-bc731221cc42', '{"hash": "434c3e767750fccd14082057deba59d13016f0c2d11b2e1276623794c3a42691", "previous": null}', false),
	(2, '01a22ebe-73fb-7d21-92d9-5debfec4364b', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 2, '{"InfoHash": "2222222222222222222222222222222222222222", "Magnetlink": "magnet:?xt=urn:btih:2222222222222222222222222222222222222222&dn=0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}', 'download_started', '2026-11-30 23:16:03.742192+00', '*DEFAULT*', 'EventArchive.Events.DownloadStarted, EventArchive.Events', '01a22ebe-7334-7020-8924-c13ea469acfd', '01a22ebe-7334-78b2-a647-bc731221cc42', '{"hash": "3a478ecebd0c69384cf4501e83eda7413c706ace7c55c282f7e981a23806f3c7", "previous": "434c3e767750fccd14082057deba59d13016f0c2d11b2e1276623794c3a42691"}', false),
	(3, '01a22ebe-7698-77ee-8f19-267eacaff375', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 3, '{"ChatIds": null, "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "ControlNode": true, "PubsubTopic": "/waku/2/rs/16/32", "ContentTopics": ["0x01020304"], "EncryptedAfter": null}', 'history_archives_enabled', '2026-11-30 23:16:03.872083+00', '*DEFAULT*', 'EventArchive.Events.HistoryArchivesEnabled, EventArchive.Events', '01a22ebe-7681-7859-811b-59feec24ef7e', '01a22ebe-7681-7222-bfc5-53019cc334c2', '{"hash": "7266d28b8f15a220c7b75fe0357c278aef6a0dabc069a56211371dffdbae8b06", "previous": "3a478ecebd0c69384cf4501e83eda7413c706ace7c55c282f7e981a23806f3c7"}', false),
	(4, '01a22ebe-7698-7d43-ac66-2b6c3638ba88', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 4, '{"ChatIds": null, "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "ControlNode": false, "PubsubTopic": "/waku/2/rs/16/32", "ContentTopics": ["0x01020304"], "EncryptedAfter": 0}', 'history_archives_enabled', '2026-11-30 23:16:03.872083+00', '*DEFAULT*', 'EventArchive.Events.HistoryArchivesEnabled, EventArchive.Events', '01a22ebe-7681-7859-811b-59feec24ef7e', '01a22ebe-7681-7222-bfc5-53019cc334c2', '{"hash": "8408371c542e276c0b19f3643f1769d4727c05533bafcae4ccc80652e79b91f4", "previous": "7266d28b8f15a220c7b75fe0357c278aef6a0dabc069a56211371dffdbae8b06"}', false),
	(5, '01a22ebe-7698-743e-bd68-2893dc561d96', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 5, '{"ChatIds": ["general"], "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "ControlNode": true, "PubsubTopic": "/waku/2/rs/16/32", "ContentTopics": ["0x01020304"], "EncryptedAfter": null}', 'history_archives_enabled', '2026-11-30 23:16:03.872083+00', '*DEFAULT*', 'EventArchive.Events.HistoryArchivesEnabled, EventArchive.Events', '01a22ebe-7681-7859-811b-59feec24ef7e', '01a22ebe-7681-7222-bfc5-53019cc334c2', '{"hash": "1199685b04af49406a0571c8d190e2dd80b111301874b414e646c79c4fbad74a", "previous": "8408371c542e276c0b19f3643f1769d4727c05533bafcae4ccc80652e79b91f4"}', false),
	(6, '01a22ebe-7698-7574-aa7c-268c85b3946c', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 6, '{"ChatIds": null, "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "PubsubTopic": null, "ContentTopics": ["0x01020304", "0xffffffff"], "MagnetlinkClock": null, "DescriptionRevision": null}', 'channels_changed', '2026-11-30 23:16:03.872083+00', '*DEFAULT*', 'EventArchive.Events.ChannelsChanged, EventArchive.Events', '01a22ebe-7681-7859-811b-59feec24ef7e', '01a22ebe-7681-7222-bfc5-53019cc334c2', '{"hash": "d9e72c73eff00684dc799d6291d604ec12b9f77860e2d450495f3550e8af5273", "previous": "1199685b04af49406a0571c8d190e2dd80b111301874b414e646c79c4fbad74a"}', false),
	(7, '01a22ebe-7698-75ca-96db-caa6f6f1c311', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 7, '{"ChatIds": null, "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "PubsubTopic": null, "ContentTopics": ["0x01020304"], "MagnetlinkClock": 1700000000000, "DescriptionRevision": null}', 'channels_changed', '2026-11-30 23:16:03.872083+00', '*DEFAULT*', 'EventArchive.Events.ChannelsChanged, EventArchive.Events', '01a22ebe-7681-7859-811b-59feec24ef7e', '01a22ebe-7681-7222-bfc5-53019cc334c2', '{"hash": "ff892193e22de108502e4182d1a838574068cde02f98cbd4c061cc1389b219cb", "previous": "d9e72c73eff00684dc799d6291d604ec12b9f77860e2d450495f3550e8af5273"}', false),
	(8, '01a22ebe-76d9-7661-b68a-71840733fd7f', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 8, '{"ChatIds": ["general"], "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "PubsubTopic": null, "ContentTopics": ["0x01020304"], "MagnetlinkClock": null, "DescriptionRevision": null}', 'channels_changed', '2026-11-30 23:16:03.930806+00', '*DEFAULT*', 'EventArchive.Events.ChannelsChanged, EventArchive.Events', '01a22ebe-76a9-7207-be29-eebc02d6c688', '01a22ebe-76a9-751d-842c-ff7583ac1f2d', '{"hash": "87d7449cc175b1009677c400a8680e255462e9b08661514caf1eba6e7f6c3a12", "previous": "ff892193e22de108502e4182d1a838574068cde02f98cbd4c061cc1389b219cb"}', false),
	(9, '01a22ebe-76d9-73f9-8655-5ab1a5767a97', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 9, '{"ChatIds": null, "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "PubsubTopic": "/waku/2/rs/16/64", "ContentTopics": ["0x01020304"], "MagnetlinkClock": null, "DescriptionRevision": 7}', 'channels_changed', '2026-11-30 23:16:03.930806+00', '*DEFAULT*', 'EventArchive.Events.ChannelsChanged, EventArchive.Events', '01a22ebe-76a9-7207-be29-eebc02d6c688', '01a22ebe-76a9-751d-842c-ff7583ac1f2d', '{"hash": "0c1ba9f865d54f051a48898d7415adad36390ad228a5e3f7e47b0ec75c10815b", "previous": "87d7449cc175b1009677c400a8680e255462e9b08661514caf1eba6e7f6c3a12"}', false),
	(10, '01a22ebe-76d9-73a2-b080-691111fdaf1c', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 10, '{"To": 1700604800, "From": 1700000000, "Parent": "2222222222222222222222222222222222222222", "Sealing": null, "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "ClosedWindows": null, "ContentTopics": ["0x01020304"], "TakenMessages": null, "CommittedBytes": 204800, "PartitionSeconds": 604800, "HighestMessageNumber": 4321}', 'archive_creation_started', '2026-11-30 23:16:03.930806+00', '*DEFAULT*', 'EventArchive.Events.ArchiveCreationStarted, EventArchive.Events', '01a22ebe-76a9-7207-be29-eebc02d6c688', '01a22ebe-76a9-751d-842c-ff7583ac1f2d', '{"hash": "f17f3fe29fb254a8a1baf025ba870dd317fe416a461555e62047b936d4e29ff1", "previous": "0c1ba9f865d54f051a48898d7415adad36390ad228a5e3f7e47b0ec75c10815b"}', false),
	(19, '01a22ebe-777f-74c9-bc96-49dbd00fe8c5', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 19, '{"Node": "node-2", "Peer": "127.0.0.1:9025", "InfoHash": "1111111111111111111111111111111111111111", "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}', 'seeding_started', '2026-11-30 23:16:04.097531+00', '*DEFAULT*', 'EventArchive.Events.SeedingStarted, EventArchive.Events', '01a22ebe-7732-7346-97fd-f13e3ab6cec9', '01a22ebe-7732-76a7-8b2e-2e060704f69e', '{"hash": "eb9ed9f48aae505167722c5e46489e1d5c927cb5b11d8a83485350e384a7d35e", "previous": "9de61f181de22b7ca79d0bfc42b8c663b0e0fc15f32b9f7ef7cc5529ac0c33dd"}', false),
	(11, '01a22ebe-76d9-78ee-951b-d88bb017e010', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 11, '{"To": 18446744073709551615, "From": 0, "Parent": null, "Sealing": null, "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "ClosedWindows": null, "ContentTopics": [], "TakenMessages": null, "CommittedBytes": 0, "PartitionSeconds": 4294967295, "HighestMessageNumber": 9223372036854775807}', 'archive_creation_started', '2026-11-30 23:16:03.930806+00', '*DEFAULT*', 'EventArchive.Events.ArchiveCreationStarted, EventArchive.Events', '01a22ebe-76a9-7207-be29-eebc02d6c688', '01a22ebe-76a9-751d-842c-ff7583ac1f2d', '{"hash": "0bfc7869667bd65516c634f4bff7fbbe4fdabb27e90514870fd7e1d6673a6c51", "previous": "f17f3fe29fb254a8a1baf025ba870dd317fe416a461555e62047b936d4e29ff1"}', false),
	(12, '01a22ebe-76d9-726e-9dbe-24d1dc96038f', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 12, '{"To": 1700604800, "From": 1700000000, "Parent": "2222222222222222222222222222222222222222", "Sealing": null, "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "ClosedWindows": [{"To": 1700000000, "From": 1699395200, "PartitionSeconds": 604800}], "ContentTopics": ["0x01020304"], "TakenMessages": [{"To": 1700000000, "From": 0, "ContentTopics": ["0x01020304"], "HighestNumber": 4000}], "CommittedBytes": 204800, "PartitionSeconds": 604800, "HighestMessageNumber": 4321}', 'archive_creation_started', '2026-11-30 23:16:03.930806+00', '*DEFAULT*', 'EventArchive.Events.ArchiveCreationStarted, EventArchive.Events', '01a22ebe-76a9-7207-be29-eebc02d6c688', '01a22ebe-76a9-751d-842c-ff7583ac1f2d', '{"hash": "ab90c25523d670297ac495acc867fdc458ab5d7cfaef1dd4b8266270154a379b", "previous": "0bfc7869667bd65516c634f4bff7fbbe4fdabb27e90514870fd7e1d6673a6c51"}', false),
	(13, '01a22ebe-76f2-775a-8f31-82c78767d968', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 13, '{"To": 1700604800, "From": 1700000000, "Parent": "2222222222222222222222222222222222222222", "Sealing": {"KeyId": "0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee", "FirstSeqNo": 4294967295, "ParentSealed": true, "EncryptedAfter": 1699395200}, "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "ClosedWindows": [{"To": 1700000000, "From": 1699395200, "PartitionSeconds": 604800}], "ContentTopics": ["0x01020304"], "TakenMessages": [{"To": 1700000000, "From": 0, "ContentTopics": ["0x01020304"], "HighestNumber": 4000}], "CommittedBytes": 204800, "PartitionSeconds": 604800, "HighestMessageNumber": 4321}', 'archive_creation_started', '2026-11-30 23:16:03.955305+00', '*DEFAULT*', 'EventArchive.Events.ArchiveCreationStarted, EventArchive.Events', '01a22ebe-76e5-704f-8d14-e5babab9af91', '01a22ebe-76e5-7b96-9a75-3252409977b9', '{"hash": "dc76d141a55822c7055204927ab859acb1792c15cfff2a14013e1bb488ad3cfe", "previous": "ab90c25523d670297ac495acc867fdc458ab5d7cfaef1dd4b8266270154a379b"}', false),
	(14, '01a22ebe-76f2-767e-9605-f45b74009c66', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 14, '{"To": 1700604800, "From": 1700000000, "Node": "node-1", "Peer": "127.0.0.1:9025", "Archives": [{"Id": "0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "To": 1700604800, "From": 1700000000, "Size": 102400, "Offset": 0, "Padding": 1234}], "InfoHash": "1111111111111111111111111111111111111111", "Messages": 987, "SetAside": [{"Hash": "0xcccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc", "Reason": "Larger than an archive may be."}], "DataBytes": 1228800, "Magnetlink": "magnet:?xt=urn:btih:1111111111111111111111111111111111111111&dn=0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&tr=udp%3A%2F%2Ftracker.example%3A1337%2Fannounce", "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "ArchiveCount": 12}', 'archive_created', '2026-11-30 23:16:03.955305+00', '*DEFAULT*', 'EventArchive.Events.ArchiveCreated, EventArchive.Events', '01a22ebe-76e5-704f-8d14-e5babab9af91', '01a22ebe-76e5-7b96-9a75-3252409977b9', '{"hash": "5f0bfab714e812b11612413d117f7f767d574e444bcff03324b7a2c350cac661", "previous": "dc76d141a55822c7055204927ab859acb1792c15cfff2a14013e1bb488ad3cfe"}', false),
	(15, '01a22ebe-76f2-7e74-874c-6017a8372751', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 15, '{"To": 1, "From": 0, "Node": "node-1", "Peer": null, "Archives": [], "InfoHash": "1111111111111111111111111111111111111111", "Messages": 0, "SetAside": [], "DataBytes": 0, "Magnetlink": "magnet:?xt=urn:btih:1111111111111111111111111111111111111111&dn=0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&tr=udp%3A%2F%2Ftracker.example%3A1337%2Fannounce", "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "ArchiveCount": 0}', 'archive_created', '2026-11-30 23:16:03.955305+00', '*DEFAULT*', 'EventArchive.Events.ArchiveCreated, EventArchive.Events', '01a22ebe-76e5-704f-8d14-e5babab9af91', '01a22ebe-76e5-7b96-9a75-3252409977b9', '{"hash": "611be5b34f6710bd7b480c71787f9a7b565fa841b26a3a21f0ce0cbef6b71345", "previous": "5f0bfab714e812b11612413d117f7f767d574e444bcff03324b7a2c350cac661"}', false),
	(16, '01a22ebe-76f2-7223-921d-3b790777bd19', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 16, '{"To": 1701209600, "From": 1700604800, "SetAside": null, "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}', 'archive_skipped', '2026-11-30 23:16:03.955305+00', '*DEFAULT*', 'EventArchive.Events.ArchiveSkipped, EventArchive.Events', '01a22ebe-76e5-704f-8d14-e5babab9af91', '01a22ebe-76e5-7b96-9a75-3252409977b9', '{"hash": "247e8351ba718acea955c5faff5961c0131baaa63a9e5f5aaad79ba8f490f967", "previous": "611be5b34f6710bd7b480c71787f9a7b565fa841b26a3a21f0ce0cbef6b71345"}', false),
	(17, '01a22ebe-76f2-72ea-b0de-320a698c4f68', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 17, '{"To": 2, "From": 1, "SetAside": [{"Hash": "0xdddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd", "Reason": "Its hash is not its own."}], "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}', 'archive_skipped', '2026-11-30 23:16:03.955305+00', '*DEFAULT*', 'EventArchive.Events.ArchiveSkipped, EventArchive.Events', '01a22ebe-76e5-704f-8d14-e5babab9af91', '01a22ebe-76e5-7b96-9a75-3252409977b9', '{"hash": "a28c6984867871b68e034ea4d2068897d0b0a63447c062911d0b71c2e81cfc23", "previous": "247e8351ba718acea955c5faff5961c0131baaa63a9e5f5aaad79ba8f490f967"}', false),
	(18, '01a22ebe-777f-7e24-8104-4d2fbd3f8a1e', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 18, '{"To": 1701209600, "From": 1700604800, "Reason": "The disk is full.", "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}', 'archive_creation_failed', '2026-11-30 23:16:04.097531+00', '*DEFAULT*', 'EventArchive.Events.ArchiveCreationFailed, EventArchive.Events', '01a22ebe-7732-7346-97fd-f13e3ab6cec9', '01a22ebe-7732-76a7-8b2e-2e060704f69e', '{"hash": "9de61f181de22b7ca79d0bfc42b8c663b0e0fc15f32b9f7ef7cc5529ac0c33dd", "previous": "a28c6984867871b68e034ea4d2068897d0b0a63447c062911d0b71c2e81cfc23"}', false),
	(20, '01a22ebe-777f-7c5f-ba23-ba67e1f6e7b3', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 20, '{"Node": "node-2", "Peer": null, "InfoHash": "1111111111111111111111111111111111111111", "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}', 'seeding_started', '2026-11-30 23:16:04.097531+00', '*DEFAULT*', 'EventArchive.Events.SeedingStarted, EventArchive.Events', '01a22ebe-7732-7346-97fd-f13e3ab6cec9', '01a22ebe-7732-76a7-8b2e-2e060704f69e', '{"hash": "94960bdaefe0f25f746d32941c5d9eb7ffdb2c82844a10a98fd7e03e015ae80c", "previous": "eb9ed9f48aae505167722c5e46489e1d5c927cb5b11d8a83485350e384a7d35e"}', false),
	(21, '01a22ebe-777f-791c-abd7-585e3bc3f249', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 21, '{"Node": "node-2", "Reason": 1, "InfoHash": "1111111111111111111111111111111111111111", "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "SeedersLeft": 3}', 'seeding_stopped', '2026-11-30 23:16:04.097531+00', '*DEFAULT*', 'EventArchive.Events.SeedingStopped, EventArchive.Events', '01a22ebe-7732-7346-97fd-f13e3ab6cec9', '01a22ebe-7732-76a7-8b2e-2e060704f69e', '{"hash": "dc65bb07670c768b412a73e15d87569c494dbc9523842f34a3fda51c2c2ceaba", "previous": "94960bdaefe0f25f746d32941c5d9eb7ffdb2c82844a10a98fd7e03e015ae80c"}', false),
	(22, '01a22ebe-777f-7c7f-992c-e5eb81a9690b', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 22, '{"Clock": 1700604800123, "InfoHash": "1111111111111111111111111111111111111111", "Magnetlink": "magnet:?xt=urn:btih:1111111111111111111111111111111111111111&dn=0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&tr=udp%3A%2F%2Ftracker.example%3A1337%2Fannounce", "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "SignedMessage": "AAEC/v8="}', 'announcement_prepared', '2026-11-30 23:16:04.097531+00', '*DEFAULT*', 'EventArchive.Events.AnnouncementPrepared, EventArchive.Events', '01a22ebe-7732-7346-97fd-f13e3ab6cec9', '01a22ebe-7732-76a7-8b2e-2e060704f69e', '{"hash": "e4ced2a0d1ad34585bc99658f6aff0686b52d627f2d9abad91fad1cf7002730c", "previous": "dc65bb07670c768b412a73e15d87569c494dbc9523842f34a3fda51c2c2ceaba"}', false),
	(23, '01a22ebe-7813-7e1a-9931-88fd65c8954f', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 23, '{"Clock": 1700604800123, "InfoHash": "1111111111111111111111111111111111111111", "Magnetlink": "magnet:?xt=urn:btih:1111111111111111111111111111111111111111&dn=0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&tr=udp%3A%2F%2Ftracker.example%3A1337%2Fannounce", "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "PubsubTopic": "/waku/2/rs/16/128", "ContentTopics": ["/waku/1/0x01020304/rfc26"]}', 'magnetlink_published', '2026-11-30 23:16:04.253064+00', '*DEFAULT*', 'EventArchive.Events.MagnetlinkPublished, EventArchive.Events', '01a22ebe-77b6-76a5-9fe7-76d86f776a1f', '01a22ebe-77b6-79fb-aa78-767f023ac96a', '{"hash": "919ce4a42e6717246d4b58b18927ce4079ece22f3441d6a35191b82901dd5a5e", "previous": "e4ced2a0d1ad34585bc99658f6aff0686b52d627f2d9abad91fad1cf7002730c"}', false),
	(24, '01a22ebe-7813-7c94-bf42-17343aeee768', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 24, '{"Clock": 1700604800123, "Reason": "No Waku node answered.", "InfoHash": "1111111111111111111111111111111111111111", "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}', 'announcement_failed', '2026-11-30 23:16:04.253064+00', '*DEFAULT*', 'EventArchive.Events.AnnouncementFailed, EventArchive.Events', '01a22ebe-77b6-76a5-9fe7-76d86f776a1f', '01a22ebe-77b6-79fb-aa78-767f023ac96a', '{"hash": "09284410ada13564161f25337c533902eea7f20d791574b3a0eb2d88a2cddb53", "previous": "919ce4a42e6717246d4b58b18927ce4079ece22f3441d6a35191b82901dd5a5e"}', false),
	(25, '01a22ebe-7813-7508-9f96-08653a660d1b', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 25, '{"Clock": 18446744073709551615, "InfoHash": "1111111111111111111111111111111111111111", "Magnetlink": "magnet:?xt=urn:btih:1111111111111111111111111111111111111111&dn=0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&tr=udp%3A%2F%2Ftracker.example%3A1337%2Fannounce", "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "SignedMessage": "Bw=="}', 'magnetlink_received', '2026-11-30 23:16:04.253064+00', '*DEFAULT*', 'EventArchive.Events.MagnetlinkReceived, EventArchive.Events', '01a22ebe-77b6-76a5-9fe7-76d86f776a1f', '01a22ebe-77b6-79fb-aa78-767f023ac96a', '{"hash": "94417ca43d93523404e1f09ae95003d192a50e9647fecb64aa708f6d93eff1a3", "previous": "09284410ada13564161f25337c533902eea7f20d791574b3a0eb2d88a2cddb53"}', false),
	(26, '01a22ebe-7813-7564-91ed-704e91a91c2c', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 26, '{"Clock": 0, "Reason": 2, "InfoHash": "1111111111111111111111111111111111111111", "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}', 'magnetlink_ignored', '2026-11-30 23:16:04.253064+00', '*DEFAULT*', 'EventArchive.Events.MagnetlinkIgnored, EventArchive.Events', '01a22ebe-77b6-76a5-9fe7-76d86f776a1f', '01a22ebe-77b6-79fb-aa78-767f023ac96a', '{"hash": "8cfcf8520ebb86b63af16f99a5b78b2c1d4b7d7c7117b2743de5c0e37a05a1a0", "previous": "94417ca43d93523404e1f09ae95003d192a50e9647fecb64aa708f6d93eff1a3"}', false),
	(27, '01a22ebe-7813-7c14-8336-d577bfe2995c', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 27, '{"InfoHash": "1111111111111111111111111111111111111111", "Magnetlink": "magnet:?xt=urn:btih:1111111111111111111111111111111111111111&dn=0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&tr=udp%3A%2F%2Ftracker.example%3A1337%2Fannounce", "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}', 'download_started', '2026-11-30 23:16:04.253064+00', '*DEFAULT*', 'EventArchive.Events.DownloadStarted, EventArchive.Events', '01a22ebe-77b6-76a5-9fe7-76d86f776a1f', '01a22ebe-77b6-79fb-aa78-767f023ac96a', '{"hash": "edf63d98f45a555783d96860a4a87e3e1c385de16cbd8e7f82b8799ca24125b6", "previous": "8cfcf8520ebb86b63af16f99a5b78b2c1d4b7d7c7117b2743de5c0e37a05a1a0"}', false),
	(28, '01a22ebe-7884-7dd9-bf86-28db6899a08e', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 28, '{"Total": 12, "Archives": ["0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"], "InfoHash": "1111111111111111111111111111111111111111", "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}', 'archives_downloaded', '2026-11-30 23:16:04.362948+00', '*DEFAULT*', 'EventArchive.Events.ArchivesDownloaded, EventArchive.Events', '01a22ebe-784c-7817-8239-0211d054b515', '01a22ebe-784c-72d9-a093-1dbf6e0e85f9', '{"hash": "97f8a63baaf103157ccdf100ddd9498d4e1626af1bd3cacff845376e4ca6caa5", "previous": "edf63d98f45a555783d96860a4a87e3e1c385de16cbd8e7f82b8799ca24125b6"}', false),
	(29, '01a22ebe-7884-7ada-8c05-7d2afa5313c1', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 29, '{"Node": null, "Peer": null, "InfoHash": "1111111111111111111111111111111111111111", "DataBytes": 1228800, "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "ArchiveCount": 12}', 'download_completed', '2026-11-30 23:16:04.362948+00', '*DEFAULT*', 'EventArchive.Events.DownloadCompleted, EventArchive.Events', '01a22ebe-784c-7817-8239-0211d054b515', '01a22ebe-784c-72d9-a093-1dbf6e0e85f9', '{"hash": "e024c7ed02a30b70751a9a4625efc93ee97e1de1de0d5712c974c320166db397", "previous": "97f8a63baaf103157ccdf100ddd9498d4e1626af1bd3cacff845376e4ca6caa5"}', false),
	(30, '01a22ebe-7884-7c1c-9622-0274dc754eb8', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 30, '{"Node": "node-1", "Peer": "127.0.0.1:9025", "InfoHash": "1111111111111111111111111111111111111111", "DataBytes": 1228800, "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "ArchiveCount": 12}', 'download_completed', '2026-11-30 23:16:04.362948+00', '*DEFAULT*', 'EventArchive.Events.DownloadCompleted, EventArchive.Events', '01a22ebe-784c-7817-8239-0211d054b515', '01a22ebe-784c-72d9-a093-1dbf6e0e85f9', '{"hash": "3b5cc4348dcdb2a6f82ccfde541f6e554176c1d65aa3d84c77ce5da4de22770f", "previous": "e024c7ed02a30b70751a9a4625efc93ee97e1de1de0d5712c974c320166db397"}', false),
	(31, '01a22ebe-7884-7a6a-8374-4a00d2dcc0b8', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 31, '{"Reason": "Größe \"falsch\": <index> ≠   😀", "InfoHash": "1111111111111111111111111111111111111111", "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}', 'download_failed', '2026-11-30 23:16:04.362948+00', '*DEFAULT*', 'EventArchive.Events.DownloadFailed, EventArchive.Events', '01a22ebe-784c-7817-8239-0211d054b515', '01a22ebe-784c-72d9-a093-1dbf6e0e85f9', '{"hash": "444f633947323308b8ef525cac2635e53a77b9e94793d2e672d5a7d060b09fc3", "previous": "3b5cc4348dcdb2a6f82ccfde541f6e554176c1d65aa3d84c77ce5da4de22770f"}', false),
	(32, '01a22ebe-7884-7a3c-9124-e35ab9d048ae', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 32, '{"InfoHash": "1111111111111111111111111111111111111111", "MissingKey": "0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee", "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}', 'download_parked', '2026-11-30 23:16:04.362948+00', '*DEFAULT*', 'EventArchive.Events.DownloadParked, EventArchive.Events', '01a22ebe-784c-7817-8239-0211d054b515', '01a22ebe-784c-72d9-a093-1dbf6e0e85f9', '{"hash": "a34ba0de283bb193e014200e9bb72b2ae73e289c2ac56556d6e4dd7f37e1079f", "previous": "444f633947323308b8ef525cac2635e53a77b9e94793d2e672d5a7d060b09fc3"}', false),
	(33, '01a22ebe-78cb-7c4f-8b93-9e14c806ce0a', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 33, '{"InfoHash": "2222222222222222222222222222222222222222", "ReplacedBy": "1111111111111111111111111111111111111111", "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}', 'download_cancelled', '2026-11-30 23:16:04.428341+00', '*DEFAULT*', 'EventArchive.Events.DownloadCancelled, EventArchive.Events', '01a22ebe-789d-7b9b-888b-7ca66bdc89f7', '01a22ebe-789d-7d67-a59d-404c10ad3bdd', '{"hash": "e3534e2e689b1610302b77a577f1fd528c2c846d36a44dbae0a799f0be9bdbda", "previous": "a34ba0de283bb193e014200e9bb72b2ae73e289c2ac56556d6e4dd7f37e1079f"}', false),
	(34, '01a22ebe-78cb-7aad-bb4c-16ff129269ec', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 34, '{"Archives": ["0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"], "InfoHash": "1111111111111111111111111111111111111111", "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}', 'import_started', '2026-11-30 23:16:04.428341+00', '*DEFAULT*', 'EventArchive.Events.ImportStarted, EventArchive.Events', '01a22ebe-789d-7b9b-888b-7ca66bdc89f7', '01a22ebe-789d-7d67-a59d-404c10ad3bdd', '{"hash": "a049a18a7ab5e85b08e44605a7dd601d71542a013c2891ba624180699c48d262", "previous": "e3534e2e689b1610302b77a577f1fd528c2c846d36a44dbae0a799f0be9bdbda"}', false),
	(35, '01a22ebe-78cb-7fdb-82df-f11eb2779606', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 35, '{"Repeats": 87, "Archives": ["0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"], "InfoHash": "1111111111111111111111111111111111111111", "Messages": 900, "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}', 'archives_imported', '2026-11-30 23:16:04.428341+00', '*DEFAULT*', 'EventArchive.Events.ArchivesImported, EventArchive.Events', '01a22ebe-789d-7b9b-888b-7ca66bdc89f7', '01a22ebe-789d-7d67-a59d-404c10ad3bdd', '{"hash": "ca2752017eed56921b71e3b34d961383f0ca3402dfeca5cae021a21e91a5ec53", "previous": "a049a18a7ab5e85b08e44605a7dd601d71542a013c2891ba624180699c48d262"}', false),
	(36, '01a22ebe-78cb-7abc-b888-f7b3c90b5a51', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 36, '{"Reason": "Its message hashes differ.", "Archive": "0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "InfoHash": "1111111111111111111111111111111111111111", "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}', 'archive_quarantined', '2026-11-30 23:16:04.428341+00', '*DEFAULT*', 'EventArchive.Events.ArchiveQuarantined, EventArchive.Events', '01a22ebe-789d-7b9b-888b-7ca66bdc89f7', '01a22ebe-789d-7d67-a59d-404c10ad3bdd', '{"hash": "398fff46595e1d7436dddba356ee69b5d5555319f3d7cf98c07bcc5ad55a67f3", "previous": "ca2752017eed56921b71e3b34d961383f0ca3402dfeca5cae021a21e91a5ec53"}', false),
	(37, '01a22ebe-78cb-7a7c-b4c9-9025734b72b2', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 37, '{"Archives": [{"Archive": "0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "MissingKey": "0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"}], "InfoHash": "1111111111111111111111111111111111111111", "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}', 'archives_parked', '2026-11-30 23:16:04.428341+00', '*DEFAULT*', 'EventArchive.Events.ArchivesParked, EventArchive.Events', '01a22ebe-789d-7b9b-888b-7ca66bdc89f7', '01a22ebe-789d-7d67-a59d-404c10ad3bdd', '{"hash": "927c966f70f41b310b2736b50bf6f88faeff3d18a3d915d5346d1162d5d7b837", "previous": "398fff46595e1d7436dddba356ee69b5d5555319f3d7cf98c07bcc5ad55a67f3"}', false),
	(38, '01a22ebe-7913-71d8-929f-c694a12ea4e6', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 38, '{"InfoHash": "1111111111111111111111111111111111111111", "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}', 'history_imported', '2026-11-30 23:16:04.507686+00', '*DEFAULT*', 'EventArchive.Events.HistoryImported, EventArchive.Events', '01a22ebe-78e0-760c-85c7-dc76e325303b', '01a22ebe-78e0-7412-94c3-3f1a95144fba', '{"hash": "ff77eaacdb7cc2fa7a0d0fcad7416fe625025140020fe12e9d696ab6dc81a18b", "previous": "927c966f70f41b310b2736b50bf6f88faeff3d18a3d915d5346d1162d5d7b837"}', false),
	(39, '01a22ebe-7913-7cbb-a14e-4e89f4fd0ab6', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 39, '{"To": 1700604800, "From": 1700000000, "Reason": "No store node answered.", "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "ContentTopics": ["0x01020304"]}', 'history_gap_found', '2026-11-30 23:16:04.507686+00', '*DEFAULT*', 'EventArchive.Events.HistoryGapFound, EventArchive.Events', '01a22ebe-78e0-760c-85c7-dc76e325303b', '01a22ebe-78e0-7412-94c3-3f1a95144fba', '{"hash": "ca83343bd7a29e397619fd113c7ee3341de00475a1c188d79848bb9d70ba8a2b", "previous": "ff77eaacdb7cc2fa7a0d0fcad7416fe625025140020fe12e9d696ab6dc81a18b"}', false),
	(40, '01a22ebe-7913-7392-80cb-bbf590984a78', 'community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 40, '{"To": 1700604800, "From": 1700000000, "CommunityId": "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "ContentTopics": ["0x01020304"]}', 'history_gap_filled', '2026-11-30 23:16:04.507686+00', '*DEFAULT*', 'EventArchive.Events.HistoryGapFilled, EventArchive.Events', '01a22ebe-78e0-760c-85c7-dc76e325303b', '01a22ebe-78e0-7412-94c3-3f1a95144fba', '{"hash": "698b7f4d370c3b19b0753e1e775e7021032578f4be59b87a86762220aabb2621", "previous": "ca83343bd7a29e397619fd113c7ee3341de00475a1c188d79848bb9d70ba8a2b"}', false),
	(41, '01a22ebe-792a-7d15-a5b2-9c631f0cca74', 'community-0x02bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 1, '{"ChatIds": null, "CommunityId": "0x02bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "ControlNode": true, "PubsubTopic": "/waku/2/rs/16/32", "ContentTopics": ["0x01020304"], "EncryptedAfter": null}', 'history_archives_enabled', '2026-11-30 23:16:04.523091+00', '*DEFAULT*', 'EventArchive.Events.HistoryArchivesEnabled, EventArchive.Events', '01a22ebe-792a-7850-852c-1da858ad4c08', '01a22ebe-792a-7501-8290-a2e98c18e661', '{"hash": "2743a1523cc4f439cd43b228aa87d17d204a44197c03cdc3047a8b28c162759e", "previous": null}', false),
	(42, '01a22ebe-792a-7d2a-99cf-01658bb69e95', 'community-0x02bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 2, '{"To": 1700604800, "From": 1700000000, "Parent": null, "Sealing": null, "CommunityId": "0x02bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "ClosedWindows": null, "ContentTopics": ["0x01020304"], "TakenMessages": null, "CommittedBytes": 0, "PartitionSeconds": 604800, "HighestMessageNumber": 4321}', 'archive_creation_started', '2026-11-30 23:16:04.523091+00', '*DEFAULT*', 'EventArchive.Events.ArchiveCreationStarted, EventArchive.Events', '01a22ebe-792a-7850-852c-1da858ad4c08', '01a22ebe-792a-7501-8290-a2e98c18e661', '{"hash": "b1bf9a5f2d8410e8242fee3f69c200d0b4f5b9c515a24e21344fa3bcb150d580", "previous": "2743a1523cc4f439cd43b228aa87d17d204a44197c03cdc3047a8b28c162759e"}', false),
	(43, '01a22ebe-7939-77e9-a9f2-1a5c52dbdfde', 'community-0x02dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd', 1, '{"ChatIds": null, "CommunityId": "0x02dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd", "ControlNode": true, "PubsubTopic": "/waku/2/rs/16/32", "ContentTopics": ["0x01020304"], "EncryptedAfter": null}', 'history_archives_enabled', '2026-11-30 23:16:04.538593+00', '*DEFAULT*', 'EventArchive.Events.HistoryArchivesEnabled, EventArchive.Events', '01a22ebe-7939-7ede-80a4-3de9a526cf6d', '01a22ebe-7939-7fda-a05a-4c0ae53dc202', '{"hash": "9c4b59592c937bc76e6d9e8d5c12d4b797774bc233b7d22796e0e191e16767d3", "previous": null}', false),
	(44, '01a22ebe-7939-7b62-a210-a9ef50cfdecf', 'community-0x02dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd', 2, '{"InfoHash": "1111111111111111111111111111111111111111", "Magnetlink": "magnet:?xt=urn:btih:1111111111111111111111111111111111111111&dn=0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&tr=udp%3A%2F%2Ftracker.example%3A1337%2Fannounce", "CommunityId": "0x02dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"}', 'download_started', '2026-11-30 23:16:04.538593+00', '*DEFAULT*', 'EventArchive.Events.DownloadStarted, EventArchive.Events', '01a22ebe-7939-7ede-80a4-3de9a526cf6d', '01a22ebe-7939-7fda-a05a-4c0ae53dc202', '{"hash": "07986d76127a917bd5ce632d02c7ff8d96d7918b938258c2e1b866f73ae5ce3e", "previous": "9c4b59592c937bc76e6d9e8d5c12d4b797774bc233b7d22796e0e191e16767d3"}', false),
	(45, '01a22ebe-79e2-7f98-b21f-835e1c212627', 'community-0x02eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee', 1, '{"ChatIds": null, "CommunityId": "0x02eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee", "ControlNode": true, "PubsubTopic": "/waku/2/rs/16/32", "ContentTopics": ["0x01020304"], "EncryptedAfter": null}', 'history_archives_enabled', '2026-11-30 23:16:04.707919+00', '*DEFAULT*', 'EventArchive.Events.HistoryArchivesEnabled, EventArchive.Events', '01a22ebe-79e2-7b3e-abd6-b4ae94f36489', '01a22ebe-79e2-75f7-bdbd-29015931c519', '{"hash": "e433fded1566faeebbcb1754913907d9df8d6d63e298fb88fbe65da5483086b0", "previous": null}', false),
	(46, '01a22ebe-79e2-7549-afa9-60558c9f0238', 'community-0x02eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee', 2, '{"InfoHash": "1111111111111111111111111111111111111111", "Magnetlink": "magnet:?xt=urn:btih:1111111111111111111111111111111111111111&dn=0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&tr=udp%3A%2F%2Ftracker.example%3A1337%2Fannounce", "CommunityId": "0x02eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"}', 'download_started', '2026-11-30 23:16:04.707919+00', '*DEFAULT*', 'EventArchive.Events.DownloadStarted, EventArchive.Events', '01a22ebe-79e2-7b3e-abd6-b4ae94f36489', '01a22ebe-79e2-75f7-bdbd-29015931c519', '{"hash": "c9e1fa00ddb71e3966bc7fad561ca68cce1bda4ec1f63a1d15bb1c88ec24000d", "previous": "e433fded1566faeebbcb1754913907d9df8d6d63e298fb88fbe65da5483086b0"}', false),
	(47, '01a22ebe-79e2-73ef-91e0-7de614d863d7', 'community-0x02eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee', 3, '{"Total": 12, "Archives": ["0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"], "InfoHash": "1111111111111111111111111111111111111111", "CommunityId": "0x02eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"}', 'archives_downloaded', '2026-11-30 23:16:04.707919+00', '*DEFAULT*', 'EventArchive.Events.ArchivesDownloaded, EventArchive.Events', '01a22ebe-79e2-7b3e-abd6-b4ae94f36489', '01a22ebe-79e2-75f7-bdbd-29015931c519', '{"hash": "35102d8458d1edc9b936548f7b03fdeae002ecf22035ab1ba9aba805710a0068", "previous": "c9e1fa00ddb71e3966bc7fad561ca68cce1bda4ec1f63a1d15bb1c88ec24000d"}', false),
	(48, '01a22ebe-79e2-78c7-879a-3dbba36e4c44', 'community-0x02eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee', 4, '{"Node": null, "Peer": null, "InfoHash": "1111111111111111111111111111111111111111", "DataBytes": 1228800, "CommunityId": "0x02eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee", "ArchiveCount": 12}', 'download_completed', '2026-11-30 23:16:04.707919+00', '*DEFAULT*', 'EventArchive.Events.DownloadCompleted, EventArchive.Events', '01a22ebe-79e2-7b3e-abd6-b4ae94f36489', '01a22ebe-79e2-75f7-bdbd-29015931c519', '{"hash": "c75f2685c09ec3684a46e3b94006d7d2b59384719926af16c330843f42dca27b", "previous": "35102d8458d1edc9b936548f7b03fdeae002ecf22035ab1ba9aba805710a0068"}', false),
	(49, '01a22ebe-79e2-7434-ab87-d0b9f5d8736d', 'community-0x02eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee', 5, '{"Archives": ["0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"], "InfoHash": "1111111111111111111111111111111111111111", "CommunityId": "0x02eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"}', 'import_started', '2026-11-30 23:16:04.707919+00', '*DEFAULT*', 'EventArchive.Events.ImportStarted, EventArchive.Events', '01a22ebe-79e2-7b3e-abd6-b4ae94f36489', '01a22ebe-79e2-75f7-bdbd-29015931c519', '{"hash": "f88c1cd83955572ebf1dd4aa6a53b2f4c81fb9b8cfc89040e19d4cf7ba5deb1d", "previous": "c75f2685c09ec3684a46e3b94006d7d2b59384719926af16c330843f42dca27b"}', false),
	(50, '01a22ebe-7a55-7519-b445-cce81a81610c', 'community-0x02ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff', 1, '{"ChatIds": null, "CommunityId": "0x02ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "ControlNode": true, "PubsubTopic": "/waku/2/rs/16/32", "ContentTopics": ["0x01020304"], "EncryptedAfter": null}', 'history_archives_enabled', '2026-11-30 23:16:04.822283+00', '*DEFAULT*', 'EventArchive.Events.HistoryArchivesEnabled, EventArchive.Events', '01a22ebe-7a1c-7973-a4ac-4142900b5122', '01a22ebe-7a1c-7a70-b58d-2e333845d98f', '{"hash": "9d7f4b79d84a8ef593c1de80461567df2af96530704856304a14c58999d1588e", "previous": null}', false),
	(51, '01a22ebe-7a55-75fa-b0f7-331df0ed0062', 'community-0x02ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff', 2, '{"To": 1700604800, "From": 1700000000, "Parent": null, "Sealing": null, "CommunityId": "0x02ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "ClosedWindows": null, "ContentTopics": ["0x01020304"], "TakenMessages": null, "CommittedBytes": 0, "PartitionSeconds": 604800, "HighestMessageNumber": 4321}', 'archive_creation_started', '2026-11-30 23:16:04.822283+00', '*DEFAULT*', 'EventArchive.Events.ArchiveCreationStarted, EventArchive.Events', '01a22ebe-7a1c-7973-a4ac-4142900b5122', '01a22ebe-7a1c-7a70-b58d-2e333845d98f', '{"hash": "1688767b0182f4ad852ec3ebaccf9aed1207c06da13eec73fab08555e95c8dc2", "previous": "9d7f4b79d84a8ef593c1de80461567df2af96530704856304a14c58999d1588e"}', false),
	(52, '01a22ebe-7a55-79a4-817f-5817dd43ce8b', 'community-0x02ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff', 3, '{"To": 1700604800, "From": 1700000000, "Node": "node-1", "Peer": "127.0.0.1:9025", "Archives": [{"Id": "0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "To": 1700604800, "From": 1700000000, "Size": 102400, "Offset": 0, "Padding": 1234}], "InfoHash": "1111111111111111111111111111111111111111", "Messages": 987, "SetAside": [], "DataBytes": 1228800, "Magnetlink": "magnet:?xt=urn:btih:1111111111111111111111111111111111111111&dn=0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&tr=udp%3A%2F%2Ftracker.example%3A1337%2Fannounce", "CommunityId": "0x02ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "ArchiveCount": 12}', 'archive_created', '2026-11-30 23:16:04.822283+00', '*DEFAULT*', 'EventArchive.Events.ArchiveCreated, EventArchive.Events', '01a22ebe-7a1c-7973-a4ac-4142900b5122', '01a22ebe-7a1c-7a70-b58d-2e333845d98f', '{"hash": "501076dd96b5a9cd5c9fa4ef2342ac9b82964d0b5c703c54fb860b08b71b71ca", "previous": "1688767b0182f4ad852ec3ebaccf9aed1207c06da13eec73fab08555e95c8dc2"}', false),
	(53, '01a22ebe-7a7d-7cb2-8692-4dba83c4e201', 'community-0x029999999999999999999999999999999999999999999999999999999999999999', 1, '{"ChatIds": null, "CommunityId": "0x029999999999999999999999999999999999999999999999999999999999999999", "ControlNode": true, "PubsubTopic": "/waku/2/rs/16/32", "ContentTopics": ["0x01020304"], "EncryptedAfter": null}', 'history_archives_enabled', '2026-11-30 23:16:04.864352+00', '*DEFAULT*', 'EventArchive.Events.HistoryArchivesEnabled, EventArchive.Events', '01a22ebe-7a7d-7500-8cdb-7a997d548b67', '01a22ebe-7a7d-7fc5-8215-9421ac2cb6ea', '{"hash": "5393b6e487d251df4889ae1dbf838724cd52c835b9cd4b0ebc26899e212b711d", "previous": null}', false),
	(54, '01a22ebe-7a7d-7622-b10c-7f0268dae4a8', 'community-0x029999999999999999999999999999999999999999999999999999999999999999', 2, '{"Clock": 1700604800123, "InfoHash": "1111111111111111111111111111111111111111", "Magnetlink": "magnet:?xt=urn:btih:1111111111111111111111111111111111111111&dn=0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&tr=udp%3A%2F%2Ftracker.example%3A1337%2Fannounce", "CommunityId": "0x029999999999999999999999999999999999999999999999999999999999999999", "SignedMessage": "AQI="}', 'announcement_prepared', '2026-11-30 23:16:04.864352+00', '*DEFAULT*', 'EventArchive.Events.AnnouncementPrepared, EventArchive.Events', '01a22ebe-7a7d-7500-8cdb-7a997d548b67', '01a22ebe-7a7d-7fc5-8215-9421ac2cb6ea', '{"hash": "ee107880d1863acfcc1b5b6322a5a67014d5ba1e586cb3d33e1da9abaf5a059d", "previous": "5393b6e487d251df4889ae1dbf838724cd52c835b9cd4b0ebc26899e212b711d"}', false),
	(55, '01a22ebe-8709-7d99-9db3-8ddc65897579', 'community-0x02bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 3, '{"To": 1700604800, "From": 1700000000, "Reason": "The disk is full.", "CommunityId": "0x02bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"}', 'archive_creation_failed', '2026-11-30 23:16:08.075831+00', '*DEFAULT*', 'EventArchive.Events.ArchiveCreationFailed, EventArchive.Events', '01a22ebe-8709-767b-825a-fd835de9b797', '01a22ebe-8709-769a-ad72-0535b94573be', '{"hash": "c8cc2212ddab86ab9cf719eca8e482d18503406bbcbd44f5d627c62086e63f31", "previous": "b1bf9a5f2d8410e8242fee3f69c200d0b4f5b9c515a24e21344fa3bcb150d580"}', false),
	(56, '01a22ebe-8709-7902-aa38-875188a77ea8', 'community-0x02bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 4, '{"To": 1700604800, "From": 1700000000, "Parent": null, "Sealing": null, "CommunityId": "0x02bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "ClosedWindows": null, "ContentTopics": ["0x01020304"], "TakenMessages": null, "CommittedBytes": 0, "PartitionSeconds": 604800, "HighestMessageNumber": 4321}', 'archive_creation_started', '2026-11-30 23:16:08.075831+00', '*DEFAULT*', 'EventArchive.Events.ArchiveCreationStarted, EventArchive.Events', '01a22ebe-8709-767b-825a-fd835de9b797', '01a22ebe-8709-769a-ad72-0535b94573be', '{"hash": "7967755ee8cf745322aa563b0c00005e534d75925f7314c011a0deb922a1d380", "previous": "c8cc2212ddab86ab9cf719eca8e482d18503406bbcbd44f5d627c62086e63f31"}', false),
	(57, '01a22ebe-8735-7ef2-b53d-2b0a826e7abc', 'community-0x029999999999999999999999999999999999999999999999999999999999999999', 3, '{"Clock": 1700604800123, "InfoHash": "1111111111111111111111111111111111111111", "Magnetlink": "magnet:?xt=urn:btih:1111111111111111111111111111111111111111&dn=0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&tr=udp%3A%2F%2Ftracker.example%3A1337%2Fannounce", "CommunityId": "0x029999999999999999999999999999999999999999999999999999999999999999", "PubsubTopic": "/waku/2/rs/16/32", "ContentTopics": ["/waku/1/0x01020304/rfc26"]}', 'magnetlink_published', '2026-11-30 23:16:08.120921+00', '*DEFAULT*', 'EventArchive.Events.MagnetlinkPublished, EventArchive.Events', '01a22ebe-8735-7db4-9ede-5588ca7a2d0c', '01a22ebe-8735-75a1-bbbc-c5ac3c9166b2', '{"hash": "e65037444ea0205844064177d4da86d7f051f84d16c155306ce599020174145b", "previous": "ee107880d1863acfcc1b5b6322a5a67014d5ba1e586cb3d33e1da9abaf5a059d"}', false),
	(58, '01a22ebe-875e-7518-a1b9-39d5707514a4', 'community-0x027777777777777777777777777777777777777777777777777777777777777777', 1, '{"ChatIds": null, "CommunityId": "0x027777777777777777777777777777777777777777777777777777777777777777", "ControlNode": true, "PubsubTopic": "/waku/2/rs/16/32", "ContentTopics": ["0x01020304"], "EncryptedAfter": null}', 'history_archives_enabled', '2026-11-30 23:16:08.159134+00', '*DEFAULT*', 'EventArchive.Events.HistoryArchivesEnabled, EventArchive.Events', '01a22ebe-875e-75af-b7d2-6416bb2f04b7', '01a22ebe-875e-7655-bd12-884770b180d1', '{"hash": "a2ba7d794ca1ee614c651e26d8033da7d58864ddb9a3f324761e1ec24df7259f", "previous": null}', false),
	(59, '01a22ebe-875e-7387-83b8-083c4499b343', 'community-0x027777777777777777777777777777777777777777777777777777777777777777', 2, '{"To": 1700604800, "From": 1700000000, "Parent": null, "Sealing": null, "CommunityId": "0x027777777777777777777777777777777777777777777777777777777777777777", "ClosedWindows": null, "ContentTopics": ["0x01020304"], "TakenMessages": null, "CommittedBytes": 0, "PartitionSeconds": 604800, "HighestMessageNumber": 4321}', 'archive_creation_started', '2026-11-30 23:16:08.159134+00', '*DEFAULT*', 'EventArchive.Events.ArchiveCreationStarted, EventArchive.Events', '01a22ebe-875e-75af-b7d2-6416bb2f04b7', '01a22ebe-875e-7655-bd12-884770b180d1', '{"hash": "3b1825b1c2997b5bce995b02c782c3ebb1f48338bcf7b898f0e07583db286fc9", "previous": "a2ba7d794ca1ee614c651e26d8033da7d58864ddb9a3f324761e1ec24df7259f"}', false);

INSERT INTO public.mt_streams VALUES
	('community-0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'community', 40, '2026-11-30 23:16:04.507686+00', NULL, NULL, '2026-11-30 23:16:03.742192+00', '*DEFAULT*', false),
	('community-0x02dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd', 'community', 2, '2026-11-30 23:16:04.538593+00', NULL, NULL, '2026-11-30 23:16:04.538593+00', '*DEFAULT*', false),
	('community-0x02eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee', 'community', 5, '2026-11-30 23:16:04.707919+00', NULL, NULL, '2026-11-30 23:16:04.707919+00', '*DEFAULT*', false),
	('community-0x02ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff', 'community', 3, '2026-11-30 23:16:04.822283+00', NULL, NULL, '2026-11-30 23:16:04.822283+00', '*DEFAULT*', false),
	('community-0x02bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 'community', 4, '2026-11-30 23:16:08.075831+00', NULL, NULL, '2026-11-30 23:16:04.523091+00', '*DEFAULT*', false),
	('community-0x029999999999999999999999999999999999999999999999999999999999999999', 'community', 3, '2026-11-30 23:16:08.120921+00', NULL, NULL, '2026-11-30 23:16:04.864352+00', '*DEFAULT*', false),
	('community-0x027777777777777777777777777777777777777777777777777777777777777777', 'community', 2, '2026-11-30 23:16:08.159134+00', NULL, NULL, '2026-11-30 23:16:08.159134+00', '*DEFAULT*', false);

SELECT pg_catalog.setval('public.ea_append_clock', 1, false);

SELECT pg_catalog.setval('public.ea_message_communities_key_seq', 1, true);

SELECT pg_catalog.setval('public.ea_signed_heads_number_seq', 1, true);

SELECT pg_catalog.setval('public.mt_events_sequence', 59, true);

ALTER TABLE ONLY public.ea_api_keys
    ADD CONSTRAINT ea_api_keys_sha256_key UNIQUE (sha256);

ALTER TABLE ONLY public.ea_message_communities
    ADD CONSTRAINT ea_message_communities_id_once UNIQUE (community);

ALTER TABLE ONLY public.ea_messages
    ADD CONSTRAINT pkey_ea_messages PRIMARY KEY (community, number, month);

ALTER TABLE ONLY public.ea_messages_202311
    ADD CONSTRAINT ea_messages_202311_pkey PRIMARY KEY (community, number, month);

ALTER TABLE ONLY public.ea_messages_202312
    ADD CONSTRAINT ea_messages_202312_pkey PRIMARY KEY (community, number, month);

ALTER TABLE ONLY public.ea_messages_other
    ADD CONSTRAINT ea_messages_other_pkey PRIMARY KEY (community, number, month);

ALTER TABLE ONLY public.mt_event_progression
    ADD CONSTRAINT pk_mt_event_progression PRIMARY KEY (name);

ALTER TABLE ONLY public.ea_api_keys
    ADD CONSTRAINT pkey_ea_api_keys PRIMARY KEY (name);

ALTER TABLE ONLY public.ea_archives
    ADD CONSTRAINT pkey_ea_archives PRIMARY KEY (key);

ALTER TABLE ONLY public.ea_channel_keys
    ADD CONSTRAINT pkey_ea_channel_keys PRIMARY KEY (chat_id);

ALTER TABLE ONLY public.ea_communities
    ADD CONSTRAINT pkey_ea_communities PRIMARY KEY (key);

ALTER TABLE ONLY public.ea_community_keys
    ADD CONSTRAINT pkey_ea_community_keys PRIMARY KEY (community);

ALTER TABLE ONLY public.ea_community_states
    ADD CONSTRAINT pkey_ea_community_states PRIMARY KEY (stream_id);

ALTER TABLE ONLY public.ea_coverage
    ADD CONSTRAINT pkey_ea_coverage PRIMARY KEY (community, content_topic);

ALTER TABLE ONLY public.ea_downloads
    ADD CONSTRAINT pkey_ea_downloads PRIMARY KEY (key);

ALTER TABLE ONLY public.ea_inbox
    ADD CONSTRAINT pkey_ea_inbox PRIMARY KEY (message_id);

ALTER TABLE ONLY public.ea_key_ring
    ADD CONSTRAINT pkey_ea_key_ring PRIMARY KEY (name);

ALTER TABLE ONLY public.ea_magnetlink_clocks
    ADD CONSTRAINT pkey_ea_magnetlink_clocks PRIMARY KEY (key);

ALTER TABLE ONLY public.ea_message_communities
    ADD CONSTRAINT pkey_ea_message_communities PRIMARY KEY (key);

ALTER TABLE ONLY public.ea_message_hashes
    ADD CONSTRAINT pkey_ea_message_hashes PRIMARY KEY (community, hash);

ALTER TABLE ONLY public.ea_message_horizon
    ADD CONSTRAINT pkey_ea_message_horizon PRIMARY KEY (one);

ALTER TABLE ONLY public.ea_message_topics
    ADD CONSTRAINT pkey_ea_message_topics PRIMARY KEY (community, content_topic);

ALTER TABLE ONLY public.ea_node_torrents
    ADD CONSTRAINT pkey_ea_node_torrents PRIMARY KEY (community, node, info_hash);

ALTER TABLE ONLY public.ea_nodes
    ADD CONSTRAINT pkey_ea_nodes PRIMARY KEY (name);

ALTER TABLE ONLY public.ea_pending_work
    ADD CONSTRAINT pkey_ea_pending_work PRIMARY KEY (community, effect);

ALTER TABLE ONLY public.ea_ratchet_keys
    ADD CONSTRAINT pkey_ea_ratchet_keys PRIMARY KEY (community, key_id);

ALTER TABLE ONLY public.ea_schedule
    ADD CONSTRAINT pkey_ea_schedule PRIMARY KEY (key);

ALTER TABLE ONLY public.ea_schema
    ADD CONSTRAINT pkey_ea_schema PRIMARY KEY (one);

ALTER TABLE ONLY public.ea_seeding
    ADD CONSTRAINT pkey_ea_seeding PRIMARY KEY (key);

ALTER TABLE ONLY public.ea_signed_heads
    ADD CONSTRAINT pkey_ea_signed_heads PRIMARY KEY (number);

ALTER TABLE ONLY public.ea_signing_keys
    ADD CONSTRAINT pkey_ea_signing_keys PRIMARY KEY (name);

ALTER TABLE ONLY public.ea_skipped_events
    ADD CONSTRAINT pkey_ea_skipped_events PRIMARY KEY (name, seq_id);

ALTER TABLE ONLY public.ea_subscription_faults
    ADD CONSTRAINT pkey_ea_subscription_faults PRIMARY KEY (name);

ALTER TABLE ONLY public.ea_timeline
    ADD CONSTRAINT pkey_ea_timeline PRIMARY KEY (key);

ALTER TABLE ONLY public.ea_topic_keys
    ADD CONSTRAINT pkey_ea_topic_keys PRIMARY KEY (community, content_topic);

ALTER TABLE ONLY public.mt_doc_deadletterevent
    ADD CONSTRAINT pkey_mt_doc_deadletterevent_id PRIMARY KEY (id);

ALTER TABLE ONLY public.mt_events
    ADD CONSTRAINT pkey_mt_events_seq_id PRIMARY KEY (seq_id);

ALTER TABLE ONLY public.mt_streams
    ADD CONSTRAINT pkey_mt_streams_id PRIMARY KEY (id);

CREATE INDEX ea_messages_in_archive_order ON ONLY public.ea_messages USING btree (community, "timestamp", number) INCLUDE (content_topic, imported);

CREATE INDEX ea_messages_202311_community_timestamp_number_content_topic_idx ON public.ea_messages_202311 USING btree (community, "timestamp", number) INCLUDE (content_topic, imported);

CREATE INDEX ea_messages_202312_community_timestamp_number_content_topic_idx ON public.ea_messages_202312 USING btree (community, "timestamp", number) INCLUDE (content_topic, imported);

CREATE INDEX ea_messages_other_community_timestamp_number_content_topic__idx ON public.ea_messages_other USING btree (community, "timestamp", number) INCLUDE (content_topic, imported);

CREATE UNIQUE INDEX pk_mt_events_stream_and_version ON public.mt_events USING btree (stream_id, version);

ALTER INDEX public.ea_messages_in_archive_order ATTACH PARTITION public.ea_messages_202311_community_timestamp_number_content_topic_idx;

ALTER INDEX public.pkey_ea_messages ATTACH PARTITION public.ea_messages_202311_pkey;

ALTER INDEX public.ea_messages_in_archive_order ATTACH PARTITION public.ea_messages_202312_community_timestamp_number_content_topic_idx;

ALTER INDEX public.pkey_ea_messages ATTACH PARTITION public.ea_messages_202312_pkey;

ALTER INDEX public.ea_messages_in_archive_order ATTACH PARTITION public.ea_messages_other_community_timestamp_number_content_topic__idx;

ALTER INDEX public.pkey_ea_messages ATTACH PARTITION public.ea_messages_other_pkey;

ALTER TABLE ONLY public.ea_node_torrents
    ADD CONSTRAINT fkey_ea_node_torrents_node FOREIGN KEY (node) REFERENCES public.ea_nodes(name) ON DELETE CASCADE;

ALTER TABLE ONLY public.mt_events
    ADD CONSTRAINT fkey_mt_events_stream_id FOREIGN KEY (stream_id) REFERENCES public.mt_streams(id) ON DELETE CASCADE;

-- ea_append for an append that travels alone, with fewer statements: lock, inbox and expected version, stream, numbers and events, outcome.
-- The result is as there: a(ppended), c(onflict), d(uplicate).
create or replace function ea_append_one(
    stream_id text,
    expected_version bigint,
    message_id uuid,
    command text,
    correlation text,
    causation text,
    refusal_code text,
    refusal_reason text,
    -- One element for each type among the events.
    types text[],
    dotnet_types text[],
    -- One element for each event: the place of its type, then what is its own.
    event_types int[],
    event_ids uuid[],
    event_data jsonb[],
    event_headers jsonb[],
    -- The version of the stream as it was found, and the number of the last event; null when there is none.
    out result "char",
    out found_version bigint,
    out number bigint,
    out at timestamptz
)
language plpgsql
-- As in ea_append.
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $function$
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
$function$;

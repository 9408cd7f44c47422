-- One append: lock, inbox, expected version, numbers, events, stream row, outcome. One statement of the client, so that a client
-- that is paused or cut off never holds the lock.
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

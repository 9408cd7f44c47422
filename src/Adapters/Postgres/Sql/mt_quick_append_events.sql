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
$function$;

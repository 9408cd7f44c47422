-- A batch of appends: locks, inbox, expected versions, numbers, streams, events, outcomes. One statement of the client, so that a client
-- that is paused or cut off never holds a lock. Each append gets its own answer in results: a(ppended), c(onflict), d(uplicate).
-- Within a batch no stream and no message id stands twice.
--
-- Commit order is number order by two locks. Numbers are taken under the first, which spells 'EAappend'. Before it is given up the second,
-- 'EAcommit', is taken, and that one ends with the commit: so one batch is written while the one before it is flushed to the disk. Whoever
-- takes both for a whole transaction, in this order, sees all that has a number.
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
$function$;

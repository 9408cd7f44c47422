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

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

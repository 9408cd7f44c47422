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

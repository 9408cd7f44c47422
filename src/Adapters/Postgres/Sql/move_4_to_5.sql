-- The rows of schema 4, after Marten's tables are changed.
insert into mt_doc_outcome (id, data)
select message_id, jsonb_build_object(
    'MessageId', message_id,
    'Command', command,
    'EventIds', event_ids,
    'Refusal', case when refusal_code is not null then jsonb_build_object('Code', refusal_code, 'Reason', refusal_reason) end,
    'At', handled_at
)
from ea_inbox;
drop table ea_inbox;

update mt_events e set is_skipped = true from ea_skipped_events s where s.seq_id = e.seq_id;

-- What was published is not published again. The projections have other documents now and are built from the start.
update mt_event_progression set name = 'publish:All' where name = 'publish';
delete from mt_event_progression
where split_part(name, ':rebuild', 1) in
    ('MagnetlinkClocks', 'Communities', 'Archives', 'Seeding', 'Downloads', 'Timeline', 'Schedule', 'PendingWork');
insert into mt_event_progression (name, last_seq_id) select 'HighWaterMark', coalesce(max(seq_id), 0) from mt_events
on conflict (name) do update set last_seq_id = excluded.last_seq_id;

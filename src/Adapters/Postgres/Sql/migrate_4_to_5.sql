-- The tables of schema 4, before Marten's are changed. One transaction with all that follows.

-- First: a node of the release before must not append beside the migration.
drop function if exists ea_append, ea_append_one, ea_seq_before, mt_quick_append_events, mt_archive_stream, mt_mark_event_progression,
    mt_insert_deadletterevent, mt_update_deadletterevent, mt_upsert_deadletterevent;
drop sequence if exists ea_append_clock;

-- Written by no release: Marten 9 has them no more.
alter table mt_streams drop column if exists snapshot, drop column if exists snapshot_version;
alter table mt_doc_deadletterevent drop column if exists mt_last_modified, drop column if exists mt_version, drop column if exists mt_dotnet_type;

alter table ea_pending_work add column cause_version bigint, add column correlation_id text;
update ea_pending_work w set cause_version = e.version, correlation_id = e.correlation_id
from mt_events e where e.seq_id = w.cause_seq and e.id = w.cause_id;
alter table ea_pending_work alter column cause_version set not null, drop column cause_seq;

-- One decision for all readers: the first.
delete from ea_skipped_events s using ea_skipped_events earlier
where earlier.seq_id = s.seq_id and (earlier.at, earlier.name) < (s.at, s.name);
alter table ea_skipped_events drop constraint pkey_ea_skipped_events, drop column name,
    add constraint pkey_ea_skipped_events primary key (seq_id);

drop table if exists ea_community_states, ea_communities, ea_archives, ea_seeding, ea_downloads, ea_timeline, ea_schedule, ea_magnetlink_clocks,
    ea_subscription_faults;
-- Of a rebuild that was not finished.
drop table if exists ea_communities_rebuild, ea_archives_rebuild, ea_seeding_rebuild, ea_downloads_rebuild, ea_timeline_rebuild,
    ea_schedule_rebuild, ea_magnetlink_clocks_rebuild;

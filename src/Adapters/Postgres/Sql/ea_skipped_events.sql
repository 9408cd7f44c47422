-- Events that someone decided to skip, for every reader. Never deleted: a rebuild skips them too.
create table if not exists ea_skipped_events (
    seq_id bigint not null,
    reason text not null,
    skipped_by text not null,
    at timestamptz not null default clock_timestamp(),
    constraint pkey_ea_skipped_events primary key (seq_id)
);

-- Events that someone decided to pass over, for one subscription each. Never deleted: a rebuild passes them over too.
create table if not exists ea_skipped_events (
    name text not null,
    seq_id bigint not null,
    reason text not null,
    skipped_by text not null,
    at timestamptz not null default clock_timestamp(),
    constraint pkey_ea_skipped_events primary key (name, seq_id)
);

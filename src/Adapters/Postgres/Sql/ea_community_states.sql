-- The folded state of a community at a version of its stream. Derived: any row may be deleted at any time.
create table if not exists ea_community_states (
    stream_id text not null,
    version bigint not null,
    fold text not null,
    state jsonb not null,
    saved_at timestamptz not null,
    constraint pkey_ea_community_states primary key (stream_id)
);

-- Marten 8, string stream identity. No column or index of our own: a Marten store that may alter would drop it.
create table if not exists mt_streams (
    id varchar not null,
    type varchar null,
    version bigint null,
    timestamp timestamptz not null default now(),
    snapshot jsonb null,
    snapshot_version integer null,
    created timestamptz not null default now(),
    tenant_id varchar null default '*DEFAULT*',
    is_archived boolean null default false,
    constraint pkey_mt_streams_id primary key (id)
);

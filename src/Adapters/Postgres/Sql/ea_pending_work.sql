-- Projection PendingWork: effects that are decided and not yet reported, with who holds them.
create table if not exists ea_pending_work (
    community text not null,
    effect text not null,
    cause_id uuid not null,
    -- The version of its stream.
    cause_version bigint not null,
    correlation_id text null,
    since timestamptz not null,
    attempts integer not null default 0,
    next_due timestamptz not null,
    lease_node text null,
    lease_until timestamptz null,
    fence bigint not null default 0,
    parked_reason text null,
    last_error text null,
    awaited_keys text[] null,
    -- Null: any node may take it. Otherwise these alone, since they hold the files.
    reserved_for text[] null,
    constraint pkey_ea_pending_work primary key (community, effect)
);

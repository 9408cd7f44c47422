-- Projections and subscriptions that stopped, and why: the daemon keeps no reason.
create table if not exists ea_projection_failures (
    name text not null,
    seq_id bigint null,
    reason text not null,
    at timestamptz not null default clock_timestamp(),
    constraint pkey_ea_projection_failures primary key (name)
);

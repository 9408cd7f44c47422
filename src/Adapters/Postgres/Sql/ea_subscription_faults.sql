-- Subscriptions that stopped at an event: while the row is there, no node runs the subscription.
create table if not exists ea_subscription_faults (
    name text not null,
    seq_id bigint not null,
    reason text not null,
    at timestamptz not null default clock_timestamp(),
    constraint pkey_ea_subscription_faults primary key (name)
);

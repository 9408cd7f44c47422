-- The Data Protection key ring, where it is not in a folder. Each element is encrypted with the deployment's certificate before it comes here.
create table if not exists ea_key_ring (
    name text not null,
    element text not null,
    made_at timestamptz not null default clock_timestamp(),
    constraint pkey_ea_key_ring primary key (name)
);

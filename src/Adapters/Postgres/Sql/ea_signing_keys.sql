-- Keys that sign for this deployment, encrypted by the service before they come here.
create table if not exists ea_signing_keys (
    name text not null,
    protected bytea not null,
    made_at timestamptz not null default clock_timestamp(),
    constraint pkey_ea_signing_keys primary key (name)
);

-- Projection Schedule: docs/projections.md.
create table if not exists ea_schedule (
    key text collate "C" not null,
    row jsonb not null,
    constraint pkey_ea_schedule primary key (key)
);

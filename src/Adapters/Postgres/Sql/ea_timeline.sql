-- Projection Timeline: docs/projections.md.
create table if not exists ea_timeline (
    key text collate "C" not null,
    row jsonb not null,
    constraint pkey_ea_timeline primary key (key)
);

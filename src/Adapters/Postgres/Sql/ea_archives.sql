-- Projection Archives: docs/projections.md.
create table if not exists ea_archives (
    key text collate "C" not null,
    row jsonb not null,
    constraint pkey_ea_archives primary key (key)
);

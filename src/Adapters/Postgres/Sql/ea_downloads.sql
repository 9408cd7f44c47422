-- Projection Downloads: docs/projections.md.
create table if not exists ea_downloads (
    key text collate "C" not null,
    row jsonb not null,
    constraint pkey_ea_downloads primary key (key)
);

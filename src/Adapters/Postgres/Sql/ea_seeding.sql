-- Projection Seeding: docs/projections.md.
create table if not exists ea_seeding (
    key text collate "C" not null,
    row jsonb not null,
    constraint pkey_ea_seeding primary key (key)
);

-- Projection Communities: docs/projections.md.
create table if not exists ea_communities (
    key text collate "C" not null,
    row jsonb not null,
    constraint pkey_ea_communities primary key (key)
);

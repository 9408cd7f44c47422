-- Projection MagnetlinkClocks: docs/projections.md.
create table if not exists ea_magnetlink_clocks (
    key text collate "C" not null,
    row jsonb not null,
    constraint pkey_ea_magnetlink_clocks primary key (key)
);

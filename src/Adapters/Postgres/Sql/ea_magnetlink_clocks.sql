-- Projection MagnetlinkClocks. A clock is an unsigned 64-bit number, which bigint cannot hold.
create table if not exists ea_magnetlink_clocks (
    community text not null,
    published numeric(20, 0) null,
    published_magnetlink text null,
    received numeric(20, 0) null,
    received_magnetlink text null,
    constraint pkey_ea_magnetlink_clocks primary key (community)
);

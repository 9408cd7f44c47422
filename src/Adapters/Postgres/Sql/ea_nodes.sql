-- The nodes of the deployment, each as it said last.
create table if not exists ea_nodes (
    name text collate "C" not null,
    roles text not null,
    peer text null,
    started_at timestamptz not null,
    seen_at timestamptz not null,
    constraint pkey_ea_nodes primary key (name)
);
-- What each node serves or fetches: live numbers, at most one telling old, and no history.
create table if not exists ea_node_torrents (
    community text collate "C" not null,
    node text collate "C" not null,
    info_hash text not null,
    seeding boolean not null,
    done_bytes bigint not null,
    total_bytes bigint not null,
    peers integer not null,
    uploaded_bytes bigint not null,
    last_active timestamptz null,
    fault text null,
    constraint pkey_ea_node_torrents primary key (community, node, info_hash),
    constraint fkey_ea_node_torrents_node foreign key (node) references ea_nodes (name) on delete cascade
);

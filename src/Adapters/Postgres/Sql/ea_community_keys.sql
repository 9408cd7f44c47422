-- Private keys, encrypted by the service before they come here.
create table if not exists ea_community_keys (
    community text not null,
    protected bytea not null,
    constraint pkey_ea_community_keys primary key (community)
);

-- The keys of channels that are known by content topic alone, brought in by an operator and encrypted by the service before they come here.
create table if not exists ea_topic_keys (
    community text not null,
    content_topic text not null,
    protected bytea not null,
    constraint pkey_ea_topic_keys primary key (community, content_topic)
);

-- Of which seconds it is known what was said on a channel of a community that is archived here (docs/decisions/0020).
create table if not exists ea_coverage (
    community text not null,
    content_topic bytea not null,
    wanted_from bigint not null,
    heard int8multirange not null default '{}',
    filled int8multirange not null default '{}',
    gaps int8multirange not null default '{}',
    constraint pkey_ea_coverage primary key (community, content_topic)
);

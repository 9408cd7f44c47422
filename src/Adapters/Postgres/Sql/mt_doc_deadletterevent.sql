-- Marten's daemon stores a document here for an event that it skips because of an error.
create table if not exists mt_doc_deadletterevent (
    id uuid not null,
    data jsonb not null,
    mt_last_modified timestamptz null default transaction_timestamp(),
    mt_version uuid not null default (md5(random()::text || clock_timestamp()::text)::uuid),
    mt_dotnet_type varchar null,
    constraint pkey_mt_doc_deadletterevent_id primary key (id)
);

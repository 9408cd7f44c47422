-- The keys of channels, derived from their chat ids: whoever knows the id can derive the key, in milliseconds that are saved here.
create table if not exists ea_channel_keys (
    chat_id text not null,
    key bytea not null,
    constraint pkey_ea_channel_keys primary key (chat_id)
);

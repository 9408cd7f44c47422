-- What became of each command. Written with its events, or neither is.
create table if not exists ea_inbox (
    message_id uuid not null,
    command text not null,
    event_ids uuid[] not null,
    refusal_code text null,
    refusal_reason text null,
    handled_at timestamptz not null,
    constraint pkey_ea_inbox primary key (message_id)
);

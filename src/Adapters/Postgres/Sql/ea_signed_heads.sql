-- Signed heads as they were printed. Rows are only ever added.
create table if not exists ea_signed_heads (
    number bigint generated always as identity,
    seq_id bigint not null,
    document text not null,
    signed_at timestamptz not null default clock_timestamp(),
    constraint pkey_ea_signed_heads primary key (number)
);

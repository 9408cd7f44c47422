-- Which version of the schema this database has. One row.
create table if not exists ea_schema (
    one boolean not null default true,
    version integer not null,
    applied_at timestamptz not null,
    constraint pkey_ea_schema primary key (one),
    constraint ea_schema_has_one_row check (one)
);

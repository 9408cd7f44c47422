-- Which version of a fold made what is stored with the events.
create table if not exists ea_folds (
    name text not null,
    version integer not null,
    constraint pkey_ea_folds primary key (name)
);

-- The messages of version 2 make room for the partitioned table of the same name.
do $$
begin
    if (select relkind from pg_class where oid = to_regclass('ea_messages')) = 'r' then
        alter table ea_messages rename to ea_messages_2;
        alter table ea_messages_2 rename constraint pkey_ea_messages to pkey_ea_messages_2;
        drop index ea_messages_in_archive_order;
    end if;
end
$$;

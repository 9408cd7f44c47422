-- The former append is taken away: a node of the former release that still runs must not write beside the new one.
drop function if exists ea_append(text, bigint, uuid, text, uuid[], text[], text[], jsonb[], text, text, text);

-- MagnetlinkClocks had a column for each value; it is folded anew. The checkpoint goes first: a subscription at work locks it before the table.
delete from mt_event_progression where name = 'MagnetlinkClocks';
drop table if exists ea_magnetlink_clocks;

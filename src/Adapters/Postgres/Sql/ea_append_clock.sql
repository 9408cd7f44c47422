-- The time of the last batch of appends, in microseconds since 1970. A sequence, since it is seen before the batch is committed.
create sequence if not exists ea_append_clock as bigint;

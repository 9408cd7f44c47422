-- Work that waits for a hash ratchet key, and work that only nodes with the community's files can do.
alter table ea_pending_work add column if not exists awaited_keys text[] null;
alter table ea_pending_work add column if not exists reserved_for text[] null;

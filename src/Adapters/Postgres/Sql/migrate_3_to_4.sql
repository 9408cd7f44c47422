-- Work that waits for a hash ratchet key.
alter table ea_pending_work add column if not exists awaited_keys text[] null;

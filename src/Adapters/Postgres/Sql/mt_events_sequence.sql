create sequence if not exists mt_events_sequence;

alter sequence mt_events_sequence owned by mt_events.seq_id;

-- Every message keeps its number, since cuts are known by numbers. Which messages came out of an archive was not kept: they count as heard.
do $$
begin
    if to_regclass('ea_messages_2') is null then
        return;
    end if;

    insert into ea_message_communities (community, highest_number, messages)
    select community, max(number), count(*) from ea_messages_2 group by community order by community;

    insert into ea_message_topics (community, content_topic, oldest_timestamp, highest_number)
    select c.key, m.content_topic, min(m.timestamp), max(m.number)
    from ea_messages_2 m
    join ea_message_communities c using (community)
    group by c.key, m.content_topic;

    insert into ea_message_hashes (community, hash)
    select c.key, m.hash from ea_messages_2 m join ea_message_communities c using (community) order by 1, 2;

    -- The rule of MessageMonth.
    create temporary view messages_of_version_2 as
    select m.*, c.key,
        case when timestamp >= extract(epoch from timestamptz '2015-01-01 00:00Z')
                and timestamp < extract(epoch from now() + interval '1 day')
            then to_char(to_timestamp(timestamp) at time zone 'UTC', 'YYYYMM')::integer else 0 end as month
    from ea_messages_2 m
    join ea_message_communities c using (community);

    perform ea_add_message_month(month) from (select distinct month from messages_of_version_2 where month <> 0) months;

    insert into ea_messages
        (timestamp, number, community, month, imported, content_topic, hash, sig, payload, padding, third_party_id)
    select timestamp, number, key, month, false, content_topic, hash, sig, payload, padding, third_party_id
    from messages_of_version_2
    order by month, key, timestamp, number;

    drop view messages_of_version_2;
    drop table ea_messages_2;
end
$$;

-- Every table, column, constraint, index, trigger, sequence and function of ours, one line each: name, a colon, definition.
-- Not-null constraints are columns' business: PostgreSQL 18 names them, 15 does not.
with tables as (
    select c.oid, c.relname, c.relkind, c.relpersistence, c.relrowsecurity
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname like 'ea\_%'
)
select line
from (
    select relname as owner, 1 as kind, 0 as place, '' as name,
        format('table %s: %s%s', relname,
            case when relkind = 'p' then 'partitioned' when relpersistence = 'u' then 'unlogged' else 'plain' end,
            case when relrowsecurity then ', row security' else '' end) as line
    from tables
    union all
    select t.relname, 2, a.attnum, a.attname,
        format('column %s.%s: %s%s%s%s', t.relname, a.attname, format_type(a.atttypid, a.atttypmod),
            case when a.attnotnull then ' not null' else ' null' end,
            case when a.attgenerated <> '' then ' generated' when a.attidentity <> '' then ' identity' else '' end,
            coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), ''))
    from tables t
    join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = t.oid and d.adnum = a.attnum
    union all
    select t.relname, 3, 0, c.conname, format('constraint %s.%s: %s', t.relname, c.conname, pg_get_constraintdef(c.oid))
    from tables t
    join pg_constraint c on c.conrelid = t.oid and c.contype not in ('n', 't')
    union all
    select t.relname, 4, 0, c.relname,
        format('index %s.%s: %s%s', t.relname, c.relname,
            regexp_replace(pg_get_indexdef(i.indexrelid), '^(CREATE (?:UNIQUE )?INDEX) .* ON (?:ONLY )?public\.\S+ ', '\1 '),
            case when i.indisvalid then '' else ' (not valid: building it failed)' end)
    from tables t
    join pg_index i on i.indrelid = t.oid
    join pg_class c on c.oid = i.indexrelid
    union all
    select t.relname, 5, 0, g.tgname, format('trigger %s.%s: %s', t.relname, g.tgname, pg_get_triggerdef(g.oid))
    from tables t
    join pg_trigger g on g.tgrelid = t.oid and not g.tgisinternal
    union all
    select c.relname, 6, 0, c.relname,
        format('sequence %s: %s from %s by %s, %s to %s, cache %s%s%s', c.relname, format_type(s.seqtypid, null), s.seqstart,
            s.seqincrement, s.seqmin, s.seqmax, s.seqcache, case when s.seqcycle then ', cycle' else '' end,
            coalesce(', owned by ' || d.refobjid::regclass || '.' || a.attname, ''))
    from pg_class c
    join pg_sequence s on s.seqrelid = c.oid
    left join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refobjsubid > 0 and d.deptype in ('a', 'i')
    left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
    where c.relnamespace = 'public'::regnamespace and c.relname like 'ea\_%'
    union all
    select p.proname, 7, 0, pg_get_function_identity_arguments(p.oid),
        format('function %s(%s): returns %s, %s%s%s%s, source sha256 %s', p.proname, pg_get_function_arguments(p.oid),
            pg_get_function_result(p.oid), l.lanname,
            case p.provolatile when 'i' then ', immutable' when 's' then ', stable' else '' end,
            case when p.prosecdef then ', security definer' else '' end,
            coalesce(', set ' || array_to_string(p.proconfig, ', '), ''), encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex'))
    from pg_proc p
    join pg_language l on l.oid = p.prolang
    where p.pronamespace = 'public'::regnamespace and p.prokind = 'f' and p.proname like 'ea\_%'
) described
order by owner collate "C", kind, place, name collate "C";

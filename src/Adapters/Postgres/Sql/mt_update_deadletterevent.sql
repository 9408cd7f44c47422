-- Marten's, with this name and these parameters; it answers with the document's version, or null where there is no document.
create or replace function mt_update_deadletterevent(doc jsonb, docdotnettype varchar, docid uuid, docversion uuid)
returns uuid
language plpgsql
as $function$
begin
    update mt_doc_deadletterevent d
    set data = doc, mt_dotnet_type = docdotnettype, mt_version = docversion, mt_last_modified = transaction_timestamp()
    where d.id = docid;
    return case when found then docversion end;
end;
$function$;

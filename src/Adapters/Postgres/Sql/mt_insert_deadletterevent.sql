-- Marten's, with this name and these parameters; it answers with the document's version.
create or replace function mt_insert_deadletterevent(doc jsonb, docdotnettype varchar, docid uuid, docversion uuid)
returns uuid
language plpgsql
as $function$
begin
    insert into mt_doc_deadletterevent (id, data, mt_dotnet_type, mt_version, mt_last_modified)
    values (docid, doc, docdotnettype, docversion, transaction_timestamp());
    return docversion;
end;
$function$;

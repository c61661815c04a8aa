-- Published versions of notices, and what people did about them. A version never changes; its digest stands in the ledger.

create table notices (
    version      text primary key,
    digest       blob not null unique,          -- SHA-256 of the body
    body         blob not null,                 -- the whole version as JSON: words and facts, nobody's data
    effective    text not null,                 -- ISO 8601 day from which it holds
    published_at integer not null
) strict, without rowid;

create trigger notices_stay before update on notices begin
    select raise(abort, 'a published version never changes');
end;

create trigger notices_remain before delete on notices begin
    select raise(abort, 'a published version is never deleted');
end;

-- Acknowledgement, deemed acceptance, agreement and refusal, each apart from the others and from consent to a purpose.
create table agreements (
    person  blob not null,                      -- keyed digest of an identity
    version text not null references notices (version),
    kind    text not null check (kind in ('acknowledged', 'deemed', 'explicit', 'refused')),
    at      integer not null,
    primary key (person, version, kind)
) strict, without rowid;

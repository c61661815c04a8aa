-- Whoever refuses, agrees and refuses again has refused: each word is kept, in the order in which they came.

create table words (
    id      integer primary key autoincrement,
    person  blob not null,                      -- keyed digest of an identity
    version text not null references notices (version),
    kind    text not null check (kind in ('acknowledged', 'deemed', 'explicit', 'refused')),
    at      integer not null
) strict;

insert into words (person, version, kind, at) select person, version, kind, at from agreements order by at, kind;
drop table agreements;
alter table words rename to agreements;
create index agreements_of_person on agreements (person, version);

-- What stands of them: of several answers to a version the last one, and the others as they are.
create view standing as select person, version, kind from agreements word
where kind not in ('explicit', 'refused') or not exists (
    select 1 from agreements later where later.person = word.person and later.version = word.version
    and later.id > word.id and later.kind in ('explicit', 'refused'));

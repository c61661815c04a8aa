-- What the store is, and the store-wide keys, each sealed under the master key that lies elsewhere.

create table settings (
    name  text primary key,
    value text not null
) strict, without rowid;

create table keys (
    purpose    text primary key,
    id         text    not null,
    algorithm  text    not null,
    sealed     blob    not null,
    created_at integer not null
) strict, without rowid;

-- Persons whose data are restricted: keyed hashes of their identities, and since when.

create table restrictions (
    digest blob primary key,
    since  integer not null
) strict, without rowid;

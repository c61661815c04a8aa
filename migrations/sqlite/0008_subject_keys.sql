-- Keys of persons, under which applications encrypt columns that `shred` erases. A key that was destroyed leaves its row
-- behind without the key, so that it is never made again.

create table subject_keys (
    subject      blob primary key,              -- keyed digest of the record
    sealed       blob,                          -- under the master key; null once destroyed
    created_at   integer not null,
    destroyed_at integer,
    check ((sealed is null) = (destroyed_at is not null))
) strict, without rowid;

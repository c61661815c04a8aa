-- What deactivations took away, each sealed under a key of its own. Destroying the key makes the erasure final.

create table seals (
    case_id    text primary key references cases (id),
    run_id     text    not null references runs (id),
    sealed_key blob,                                    -- null once destroyed
    sealed_at  integer not null,
    ends_at    integer not null,
    ended_at   integer,
    how        text check (how in ('restored', 'final', 'undone')),
    check ((sealed_key is null) = (ended_at is not null)),
    check ((how is null) = (ended_at is null))
) strict, without rowid;
create index seals_ending on seals (ends_at) where ended_at is null;

create table before_images (
    case_id text not null references seals (case_id),
    system  text not null,
    sealed  blob not null,
    primary key (case_id, system)
) strict, without rowid;

-- By which keyed hashes a deactivated person is found again.
create table sealed_persons (
    digest  blob not null,
    case_id text not null references seals (case_id),
    primary key (digest, case_id)
) strict, without rowid;

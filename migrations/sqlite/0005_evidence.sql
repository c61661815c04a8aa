-- What remains of a run: receipts, its certificate, and the keyed hashes by which erased persons are recognised.

create table receipts (
    run_id   text    not null references runs (id),
    step     text    not null,
    sealed   blob    not null,
    entry_id integer references entries (id),   -- null once the key of the case is destroyed
    at       integer not null,
    primary key (run_id, step)
) strict, without rowid;

create table certificates (
    run_id   text primary key references runs (id),
    case_id  text    not null references cases (id),
    sealed   blob    not null,
    entry_id integer references entries (id),   -- null once the key of the case is destroyed
    made_at  integer not null
) strict, without rowid;
create index certificates_of_case on certificates (case_id);

create table suppressions (
    digest blob primary key
) strict, without rowid;

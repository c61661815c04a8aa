-- Cases, their keys, and the runs that carry them out. Times are microseconds since 1970 in UTC.

create table cases (
    id               text primary key,
    right_name       text    not null,
    opened_at        integer not null,
    sealed_key       blob,             -- null once destroyed: then nothing sealed for this case can be read again
    key_destroyed_at integer,
    check ((sealed_key is null) = (key_destroyed_at is not null))
) strict, without rowid;

create table runs (
    id          text primary key,
    case_id     text    not null references cases (id),
    right_name  text    not null,
    state       text    not null check (state in ('planned', 'approved', 'applying', 'applied', 'verified', 'complete',
                                                  'partial', 'failed', 'refused', 'expired')),
    plan_hash   blob    not null check (length(plan_hash) = 32),
    sealed_plan blob    not null,
    created_at  integer not null,
    expires_at  integer not null,
    changed_at  integer not null
) strict, without rowid;

create index runs_of_case on runs (case_id);
-- At most one run of a case is under way, and those under way are found at once after a crash.
create unique index runs_under_way on runs (case_id) where state in ('applying', 'applied', 'verified');

create table approvals (
    run_id    text    not null references runs (id),
    approver  text    not null,
    plan_hash blob    not null,
    bounds    text    not null,        -- JSON array: the bounds that the approver named
    at        integer not null,
    primary key (run_id, approver)
) strict, without rowid;

create table tasks (
    run_id       text    not null references runs (id),
    step         text    not null,
    team         text    not null,
    sealed_text  blob    not null,
    created_at   integer not null,
    confirmed_by text,
    confirmed_at integer,
    primary key (run_id, step),
    check ((confirmed_by is null) = (confirmed_at is null))
) strict, without rowid;

-- Who works on what, and what a run has done so far.

create table leases (
    name       text primary key,
    holder     text    not null,
    epoch      integer not null,       -- grows with each claim, so that a former holder is recognised
    expires_at integer not null
) strict, without rowid;

create table journal (
    run_id         text    not null references runs (id),
    seq            integer not null,
    kind           text    not null,
    system         text,
    transaction_id text,
    sealed         blob,
    at             integer not null,
    primary key (run_id, seq)
) strict, without rowid;

create trigger journal_no_update before update on journal begin
    select raise(abort, 'the journal is append-only');
end;
create trigger journal_no_delete before delete on journal begin
    select raise(abort, 'the journal is append-only');
end;

create table jobs (
    id        integer primary key autoincrement,
    kind      text    not null,
    reference text    not null,
    due_at    integer not null,
    unique (kind, reference)
) strict;
create index jobs_due on jobs (due_at);

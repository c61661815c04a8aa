-- The ledger. An entry is written with the change that it records and gets its index later, from the one sequencer.

create table entries (
    id         integer primary key autoincrement,
    body       blob not null,
    leaf_index integer unique
) strict;
create index entries_pending on entries (id) where leaf_index is null;

create trigger entries_no_update before update on entries
when old.leaf_index is not null or new.body is not old.body or new.id is not old.id begin
    select raise(abort, 'the ledger is append-only');
end;
create trigger entries_no_delete before delete on entries begin
    select raise(abort, 'the ledger is append-only');
end;

-- One row for each signed head: the primary key forbids a second root for one size.
create table checkpoints (
    size      integer primary key,
    root      blob    not null check (length(root) = 32),
    note      text    not null,
    signed_at integer not null
) strict;

create trigger checkpoints_no_update before update on checkpoints begin
    select raise(abort, 'what was signed stays');
end;
create trigger checkpoints_no_delete before delete on checkpoints begin
    select raise(abort, 'what was signed stays');
end;

-- `insert or replace` takes the old row away without asking the triggers on deletion, so what never changes is guarded on insertion too.

create trigger notices_once before insert on notices
when exists (select 1 from notices where version = new.version or digest = new.digest) begin
    select raise(abort, 'a published version never changes');
end;

create trigger entries_once before insert on entries
when exists (select 1 from entries where id = new.id or leaf_index = new.leaf_index) begin
    select raise(abort, 'the ledger is append-only');
end;

create trigger journal_once before insert on journal
when exists (select 1 from journal where run_id = new.run_id and seq = new.seq) begin
    select raise(abort, 'the journal is append-only');
end;

create trigger checkpoints_once before insert on checkpoints
when exists (select 1 from checkpoints where size = new.size) begin
    select raise(abort, 'what was signed stays');
end;

-- Entries about versions are read whenever a version is; there are few of them.
create index entries_of_notices on entries (id) where instr(body, '"kind":"notice"') > 0;

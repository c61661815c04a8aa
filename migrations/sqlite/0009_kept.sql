-- Rows that a law or a hold kept when their persons were erased: keyed digests, so that nothing here names anybody.

create table kept_rows (
    case_id text not null references cases (id),
    run_id  text not null references runs (id),   -- whose plan says what is left of the case
    profile text,                                 -- under which the plan was made
    digest  text not null,                        -- of system, table and key
    keeper  text not null,                        -- law:ID, hold:ID, or `needed` by what is kept
    system  text not null,
    place   text not null,                        -- the table
    columns text not null,                        -- JSON array: what of the row is kept; empty: all
    ends_on text,                                 -- the last day, ISO 8601; null: not known
    decides text not null,                        -- JSON array: columns that decide what becomes of the row
    content text not null,                        -- digest of what the last run left in them
    primary key (case_id, digest, keeper, columns)
) strict, without rowid;
create index kept_by_row on kept_rows (digest);
create index kept_ending on kept_rows (ends_on);

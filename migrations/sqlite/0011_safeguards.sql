-- Copies of the safeguards of a transfer that people asked for.

create table safeguard_copies (
    person   blob not null,                     -- keyed digest of an identity
    transfer text not null,
    digest   blob not null,                     -- SHA-256 of the copy as it was given
    at       integer not null,
    primary key (person, transfer, at)
) strict, without rowid;

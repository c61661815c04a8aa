-- Who was told of which version by which channel. To be told is neither to acknowledge nor to agree.

create table told (
    version text not null references notices (version),
    channel text not null,
    person  blob not null,                      -- keyed digest of an identity, as in agreements
    at      integer not null,
    primary key (version, channel, person)
) strict, without rowid;

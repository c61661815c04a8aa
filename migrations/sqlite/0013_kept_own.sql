-- Records of the person among the rows that were kept: what leads on from these was decided by the erasure that kept them.

alter table kept_rows add column own integer not null default 0;

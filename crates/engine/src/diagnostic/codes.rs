//! The codes of findings. A code is never reused; each has a page in the manual.

use super::Code;

/// The file is not TOML.
pub const SYNTAX: Code = Code("U0001");
/// A key is given twice.
pub const DUPLICATE_KEY: Code = Code("U0002");
/// A key that the language does not have here.
pub const UNKNOWN_KEY: Code = Code("U0003");
/// A value of another type than the key takes.
pub const WRONG_TYPE: Code = Code("U0004");
/// A word that is none of those the key takes.
pub const UNKNOWN_WORD: Code = Code("U0005");
/// A required key is not there.
pub const MISSING_KEY: Code = Code("U0006");
/// A secret stands in the folder. The place it points at must not be shown.
pub const SECRET: Code = Code("U0007");
/// A file is missing, or does not belong here.
pub const FILE: Code = Code("U0008");
/// A value that cannot be: a period, duration, date, country, pattern, number out of range.
pub const BAD_VALUE: Code = Code("U0009");
/// A reference that is not of the form `table.column`.
pub const BAD_REFERENCE: Code = Code("U0010");
/// A locked schema is not readable.
pub const BAD_SCHEMA: Code = Code("U0011");

// Codes of later checks follow.

/// A category that neither the taxonomy nor the folder has.
pub const UNKNOWN_CATEGORY: Code = Code("U0101");
/// A table that the schema lacks.
pub const UNKNOWN_TABLE: Code = Code("U0102");
/// A column that the table lacks.
pub const UNKNOWN_COLUMN: Code = Code("U0103");
/// A system that the folder lacks.
pub const UNKNOWN_SYSTEM: Code = Code("U0104");
/// `of` names no link.
pub const UNKNOWN_LINK: Code = Code("U0105");
/// A subject kind that no system has.
pub const UNKNOWN_KIND: Code = Code("U0106");
/// An identity that the kind lacks.
pub const UNKNOWN_IDENTITY: Code = Code("U0107");
/// A law or retention rule that the folder lacks.
pub const UNKNOWN_LAW: Code = Code("U0108");
/// A reference to a table that the map does not map.
pub const NOT_MAPPED: Code = Code("U0109");
/// A reviewed trigger that the table lacks.
pub const UNKNOWN_TRIGGER: Code = Code("U0110");

/// A profile restates what the map does not have.
pub const UNKNOWN_IN_PROFILE: Code = Code("U0111");
/// A recipient that the folder lacks.
pub const UNKNOWN_RECIPIENT: Code = Code("U0112");
/// A promise rests on what the folder lacks.
pub const UNKNOWN_MECHANISM: Code = Code("U0113");
/// A field that values to write cannot hold.
pub const UNKNOWN_FIELD: Code = Code("U0114");

/// A link joins columns whose values can never be equal.
pub const TYPES_NEVER_EQUAL: Code = Code("U0201");
/// A link has more columns on one side.
pub const COLUMN_COUNT: Code = Code("U0202");
/// A column action that the type or a constraint forbids.
pub const ACTION_FORBIDDEN: Code = Code("U0203");
/// A value that the column can never hold.
pub const VALUE_DOES_NOT_FIT: Code = Code("U0204");
/// A personal column for which no default action exists.
pub const ERASE_UNSAID: Code = Code("U0205");
/// A tie cannot be undone in the way the map says.
pub const UNTIE_FORBIDDEN: Code = Code("U0206");
/// A tie cannot be undone at all.
pub const TIE_STAYS: Code = Code("U0207");
/// One shared placeholder would stand twice in a unique key.
pub const PLACEHOLDER_COLLIDES: Code = Code("U0208");
/// A join by identity without tenant, of a kind that has one.
pub const JOIN_WITHOUT_TENANT: Code = Code("U0209");
/// `last` on a link that is no `part`.
pub const LAST_WITHOUT_PART: Code = Code("U0210");
/// `owner` and `co_owner` to persons for the same rows.
pub const OWNER_AND_CO_OWNER: Code = Code("U0211");
/// Two sets of records where there may be one.
pub const TWO_SELF_TABLES: Code = Code("U0212");
/// `keep` without a law.
pub const KEEP_WITHOUT_LAW: Code = Code("U0213");
/// A kept row that points at a person, without `with`.
pub const KEPT_WITHOUT_WITH: Code = Code("U0214");

/// Columns that are copies of each other.
pub const COPY_CYCLE: Code = Code("U0215");
/// A stand-in with a fixed value where values are unique.
pub const PLACEHOLDER_FIXED: Code = Code("U0216");
/// A stand-in without a column that must have a value.
pub const PLACEHOLDER_UNFILLED: Code = Code("U0217");
/// Erased records that all have the same identity.
pub const ERASED_ALIKE: Code = Code("U0218");
/// A condition that no row can fulfil.
pub const CONDITION_NEVER: Code = Code("U0219");
/// A choice that is never reached.
pub const CHOICE_UNREACHABLE: Code = Code("U0220");
/// Two links of one name.
pub const LINK_NAME_TWICE: Code = Code("U0221");
/// One link twice.
pub const LINK_TWICE: Code = Code("U0222");
/// Two things said of one.
pub const SAID_TWICE: Code = Code("U0223");
/// Phone numbers without a country.
pub const NO_REGION: Code = Code("U0224");
/// Tenants that can never be equal.
pub const TENANTS_NEVER_EQUAL: Code = Code("U0225");
/// A veto that ends by a column that holds no day.
pub const UNTIL_NO_DAY: Code = Code("U0226");
/// `with` names records that the kept row does not refer to.
pub const WITH_UNREACHED: Code = Code("U0227");
/// A key that nothing makes unique.
pub const KEY_NOT_UNIQUE: Code = Code("U0228");
/// A key without effect.
pub const NO_EFFECT: Code = Code("U0229");
/// An identity that two systems compare in two ways.
pub const COMPARED_TWO_WAYS: Code = Code("U0230");
/// A foreign key both linked and ignored.
pub const LINKED_AND_IGNORED: Code = Code("U0231");

/// A kind without a table lacks what would tell its records, or says what only rows can have.
pub const RECORDS_NOWHERE: Code = Code("U0232");
/// An identity in a table whose rows belong to no record of the kind.
pub const IDENTITY_APART: Code = Code("U0233");
/// An identity that no link undoes, of a kind that is nothing but its values.
pub const IDENTITY_STAYS: Code = Code("U0234");
/// A value read from a column that cannot hold it so.
pub const UNREADABLE: Code = Code("U0235");

/// A part of the language that plans do not carry out yet.
pub const NOT_YET: Code = Code("U0300");

/// A table without decision.
pub const TABLE_UNDECIDED: Code = Code("U0401");
/// A text column without category.
pub const TEXT_UNDECIDED: Code = Code("U0402");
/// A foreign key to a mapped table, without decision.
pub const FOREIGN_KEY_UNDECIDED: Code = Code("U0403");
/// A personal column that no claim reaches.
pub const UNREACHED: Code = Code("U0404");
/// A system without schema.
pub const NO_SCHEMA: Code = Code("U0405");
/// A table without key.
pub const NO_KEY: Code = Code("U0406");
/// A kind with a tenant in one system and none in another.
pub const TENANT_MISSING: Code = Code("U0407");
/// A table both mapped and ignored.
pub const MAPPED_AND_IGNORED: Code = Code("U0408");
/// A table, foreign key or trigger that was put off.
pub const UNDECIDED: Code = Code("U0409");

/// A personal column that no erasure changes.
pub const NEVER_ERASED: Code = Code("U0410");
/// A right for which people are not told what to do.
pub const TASK_MISSING: Code = Code("U0411");
/// A decision without a reason.
pub const NO_REASON: Code = Code("U0412");
/// A recipient that no purpose names.
pub const RECIPIENT_UNUSED: Code = Code("U0413");
/// Rows that may be nobody's.
pub const NOBODYS: Code = Code("U0414");
/// `key = "all"` where the whole row cannot be the key.
pub const NO_WHOLE_ROW: Code = Code("U0415");

/// A trigger nobody reviewed.
pub const TRIGGER_UNREVIEWED: Code = Code("U0501");
/// Row-level security may hide rows.
pub const ROW_SECURITY: Code = Code("U0502");
/// A table that cannot roll back.
pub const NO_TRANSACTIONS: Code = Code("U0503");
/// A view mapped as a table.
pub const VIEW_MAPPED: Code = Code("U0504");
/// A delete would change rows of a table that is not mapped.
pub const CASCADE_UNMAPPED: Code = Code("U0505");
/// A view that cannot be built anew.
pub const NEVER_REBUILT: Code = Code("U0506");

/// A hold that ends before it begins.
pub const HOLD_BACKWARDS: Code = Code("U0901");
/// Digests in holds without the name of the key that made them.
pub const HOLD_WITHOUT_KEY: Code = Code("U0902");

/// `file` names a system that holds no files.
pub const FILE_ELSEWHERE: Code = Code("U0601");
/// `shared_by` on a column that names no file.
pub const SHARED_WITHOUT_FILE: Code = Code("U0602");
/// A table of files without `path`, or `path` on another table.
pub const PATH_MISPLACED: Code = Code("U0603");
/// A column that names a file and is masked.
pub const FILE_MASKED: Code = Code("U0604");
/// A file that the map would change instead of deleting it.
pub const FILE_CHANGED: Code = Code("U0605");
/// The path of a file hangs on a column that an erasure changes.
pub const PATH_BREAKS: Code = Code("U0606");

/// A part of a web service's description where it does not belong, or one that is missing.
pub const CALLS_MISPLACED: Code = Code("U0801");
/// A call names a column that it is not given.
pub const CALL_COLUMN: Code = Code("U0802");
/// No call answers a question that plans ask.
pub const NO_CALL: Code = Code("U0803");
/// Records may have to go that no call deletes.
pub const NO_ERASURE: Code = Code("U0804");
/// A description that nobody has tried against the real service.
pub const UNTRIED: Code = Code("U0805");

/// No index serves a question that plans ask.
pub const NO_INDEX: Code = Code("U0701");
/// A role lacks a right that plans need.
pub const RIGHT_MISSING: Code = Code("U0702");
/// A role has a right that no plan needs.
pub const RIGHT_EXCESS: Code = Code("U0703");
/// The live schema is not the locked one.
pub const DRIFT: Code = Code("U0704");

/// A declaration that another names and the folder lacks.
pub const UNKNOWN_NAME: Code = Code("U1001");
/// A value that a promise names and no declaration says.
pub const PROMISED_KEY: Code = Code("U1002");
/// A promise that says something else than the folder.
pub const PROMISE_DIFFERS: Code = Code("U1003");

/// The notice refers to what is not there.
pub const NOTICE_REFERENCE: Code = Code("U1101");
/// A term that is not used, or stands for nothing.
pub const NOTICE_TERM: Code = Code("U1102");
/// A claim that does not follow from the folder.
pub const NOTICE_CLAIM: Code = Code("U1103");
/// A transfer that nothing allows.
pub const NOTICE_TRANSFER: Code = Code("U1104");
/// People of whom only half is said.
pub const NOTICE_PEOPLE: Code = Code("U1105");
/// Two things that cannot both be so.
pub const NOTICE_CONTRADICTION: Code = Code("U1106");
/// A topic on which the notice is silent.
pub const NOTICE_SILENT: Code = Code("U1107");
/// A day that has passed.
pub const NOTICE_DATE: Code = Code("U1108");
/// A limit that the notice does not tell.
pub const NOTICE_BOUNDARY: Code = Code("U1109");
/// A purpose without a lawful ground.
pub const NOTICE_GROUND: Code = Code("U1110");
/// A matter for which nobody can be reached.
pub const NOTICE_CHANNEL: Code = Code("U1111");

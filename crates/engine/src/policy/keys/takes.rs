//! Values that stand behind keys of many tables.

use super::Takes;
use crate::policy::model::Codec;
use crate::policy::parse::{form, words};

pub(super) static TEXT: Takes = Takes::Text;
pub(super) static FLAG: Takes = Takes::Flag;
pub(super) static WHOLE: Takes = Takes::Whole(u64::MAX);
pub(super) static SINGLE: Takes = Takes::Single;
pub(super) static SINGLES: Takes = Takes::List(&SINGLE);
/// Free names with texts.
pub(super) static TEXTS: Takes = Takes::Named(&TEXT);
pub(super) static NAMES: Takes = Takes::List(&TEXT);
/// One name or a list.
pub(super) static NAME_OR_LIST: Takes = Takes::Many(&TEXT);
/// Free names with single values.
pub(super) static VALUES: Takes = Takes::Named(&SINGLE);
/// Reasons, and what each is the reason for.
pub(super) static REASONS: Takes = Takes::Named(&NAMES);

/// Declarations of a family, by id.
pub(super) static CATEGORY_IDS: Takes = Takes::List(&Takes::Id("category"));
pub(super) static CONTACT_IDS: Takes = Takes::List(&Takes::Id("contact"));
pub(super) static POPULATION_IDS: Takes = Takes::List(&Takes::Id("population"));
pub(super) static PURPOSE_IDS: Takes = Takes::List(&Takes::Id("purpose"));
pub(super) static RECIPIENT_IDS: Takes = Takes::List(&Takes::Id("recipient"));

/// Something, not nothing.
pub(super) static SOMETHING: Takes = Takes::Pattern(r"\S");
pub(super) static COUNTRY: Takes = Takes::Form("^[A-Z]{2}$", form::country);
/// A country, a part of one, a group of countries, or `*`.
pub(super) static PLACE: Takes = Takes::Form(r"^(\*|[A-Z]{2,6}(-[A-Z0-9]+)?)$", form::place);
pub(super) static PLACES: Takes = Takes::List(&PLACE);
/// Keys of the taxonomy.
pub(super) static TAXONOMY_KEYS: Takes = Takes::List(&Takes::Taxonomy);
/// Free names, each with a key of the taxonomy.
pub(super) static FIELDS: Takes = Takes::Named(&Takes::Taxonomy);
pub(super) static LANGUAGE: Takes = Takes::Form("^[a-z]{2}$", form::language);
pub(super) static PERIOD: Takes = Takes::Form("^P[0-9TYMWDHS.,]+$", form::period);
pub(super) static DURATION: Takes = Takes::Pattern("^[0-9]+(ms|s|m|min|h)$");
pub(super) static DATE: Takes = Takes::Form("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", form::date);
/// A path in a document.
pub(super) static PATH: Takes = Takes::Pattern(r"^\$(\.[^.\[\]]+|\[\*\])*$");
/// A pattern of stored text.
static FORM: Takes = Takes::Pattern(r"\{\}");
pub(super) static FORMS: Takes = Takes::Many(&FORM);

static DIGEST: Takes = Takes::Pattern("^[0-9a-f]{64}$");
/// Keyed digests.
pub(super) static DIGESTS: Takes = Takes::List(&DIGEST);
static TABLE_NAME: Takes = Takes::Pattern("^[^:]+:.+$");
/// Tables of systems.
pub(super) static TABLE_NAMES: Takes = Takes::List(&TABLE_NAME);

static COLUMN_TEXT: Takes = Takes::Pattern(r"^([^:.]+:)?[^:.]+\.[^:.]+$");
/// A column of a table, as text or as a list of names.
pub(super) static REFERENCE: Takes = Takes::OneOf(&[&COLUMN_TEXT, &NAMES]);
pub(super) static REFERENCES: Takes = Takes::List(&REFERENCE);
/// The columns that point here.
pub(super) static BY: Takes = Takes::OneOf(&[&COLUMN_TEXT, &REFERENCES]);
static IDENTITY: Takes = Takes::Pattern(r"^@[^.]+\.[^.]+$");
/// Where a link points.
pub(super) static TO: Takes = Takes::OneOf(&[&COLUMN_TEXT, &IDENTITY, &REFERENCES, &NAMES]);
static OWN_COLUMN: Takes = Takes::Pattern(r"^[^.]+(\.[^.]+)?$");
/// A column of this table or of another.
pub(super) static COLUMN: Takes = Takes::OneOf(&[&OWN_COLUMN, &NAMES]);
/// One or several such.
pub(super) static COLUMNS: Takes = Takes::OneOf(&[&OWN_COLUMN, &COLUMN_LIST]);
static COLUMN_LIST: Takes = Takes::List(&COLUMN);

pub(super) static CODEC: Takes = Takes::Words(words::of::<Codec>);

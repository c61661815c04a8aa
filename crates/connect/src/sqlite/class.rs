//! What a declared type says about a column of SQLite, where any column may hold anything.

use engine::schema::Class;

/// The class by the words of the declared type, then by SQLite's rules of affinity.
pub(super) fn class(declared: &str) -> Class {
    let name = declared.to_ascii_uppercase();
    let has = |word: &str| name.contains(word);
    match () {
        () if has("UUID") || has("GUID") => Class::Uuid,
        () if has("JSON") => Class::Json,
        () if has("BOOL") => Class::Bool,
        () if has("DATETIME") || has("TIMESTAMP") => Class::Timestamp,
        () if name == "DATE" => Class::Date,
        () if name == "TIME" => Class::Time,
        () if has("INT") && !has("INTERVAL") && !has("POINT") => Class::Int,
        () if has("CHAR") || has("CLOB") || has("TEXT") || has("STRING") => Class::Text,
        () if name.is_empty() => Class::Other,
        () if has("BLOB") || has("BINARY") || has("BYTEA") => Class::Bytes,
        () if has("REAL") || has("FLOA") || has("DOUB") => Class::Real,
        () if has("DEC") || has("NUM") || has("MONEY") => Class::Decimal,
        () => Class::Other,
    }
}

/// Could the column keep a text as text and an integer as integer, so that `'1'` and `1` are two values?
pub(super) fn keeps_both(declared: &str) -> bool {
    let name = declared.to_ascii_uppercase();
    let has = |word: &str| name.contains(word);
    !has("INT") && !has("CHAR") && !has("CLOB") && !has("TEXT") && (name.is_empty() || has("BLOB"))
}

/// The bound of `VARCHAR(n)`, which SQLite itself does not hold.
pub(super) fn max_chars(declared: &str) -> Option<u32> {
    let name = declared.to_ascii_uppercase();
    let (head, rest) = name.split_once('(')?;
    head.contains("CHAR").then(|| rest.trim_end_matches(')').trim().parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_by_declared_type() {
        for (declared, wanted) in [
            ("INTEGER", Class::Int),
            ("bigint", Class::Int),
            ("varchar(40)", Class::Text),
            ("TEXT", Class::Text),
            ("uuid", Class::Uuid),
            ("DATETIME", Class::Timestamp),
            ("DECIMAL(10,2)", Class::Decimal),
            ("BLOB", Class::Bytes),
            ("DOUBLE PRECISION", Class::Real),
            ("boolean", Class::Bool),
            ("", Class::Other),
        ] {
            assert_eq!(class(declared), wanted, "{declared}");
        }
        assert_eq!(max_chars("varchar(40)"), Some(40));
    }
}

//! The applications.

/// One application.
pub struct App {
    /// Its name, also of its one system.
    pub name: &'static str,
    /// Its ways of leaving: profile of ours, and file of the material.
    pub profiles: &'static [(&'static str, &'static str)],
    /// Columns of a person's record that say who they are.
    pub words: &'static [&'static str],
    /// How many rows are made of each table, whatever refers to others after them.
    pub rows: &'static [(&'static str, usize)],
    /// References that the map does not have: table, columns, table, columns.
    pub references: &'static [(&'static str, &'static str, &'static str, &'static str)],
    /// Columns with values of their own.
    pub values: &'static [(&'static str, &'static str, &'static [&'static str])],
    /// Tables of one owner, where the material counts somebody else who had to do with them.
    pub alone: &'static [(&'static str, &'static str)],
    /// Columns beyond the material's that refer to people, and that ours undoes too.
    pub beyond: &'static [(&'static str, &'static str)],
    /// Tables whose key names people: by what their rows are known instead.
    pub known_by: &'static [(&'static str, &'static [&'static str])],
}

/// All of them.
pub const APPS: &[App] = &[App {
    name: "websubmit",
    profiles: &[("gdpr", "gdpr_disguise.json"), ("apart", "universal_anon_disguise.json")],
    words: &["email", "apikey"],
    rows: &[("lectures", 4), ("users", 12), ("questions", 16), ("answers", 192)],
    references: &[("questions", "lec", "lectures", "id"), ("answers", "lec,q", "questions", "lec,q")],
    values: &[("users", "is_anon", &["0"])],
    alone: &[],
    beyond: &[],
    known_by: &[("answers", &["lec", "q", "submitted_at"])],
}];

//! Path templates: `avatars/{username}-{pixels}.png` gives a path its columns.

/// A path with fields in it. A field stands for one or more characters other than `/`.
#[derive(Clone, Debug)]
pub(super) struct Template {
    segments: Vec<Vec<Part>>,
    fields: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Text(String),
    Field(usize),
}

/// How a template reads a path.
#[derive(Debug, PartialEq)]
pub(super) enum Reading {
    /// The path does not fit.
    No,
    /// The values of the fields, in their order.
    One(Vec<String>),
    /// The path can be read in more than one way, so its fields are not known.
    Several,
}

/// Columns that every table of files has.
pub(super) const OWN: [&str; 4] = ["path", "size", "modified", "version"];

impl Template {
    /// Takes a template apart, or says what is wrong with it.
    pub fn parse(text: &str) -> Result<Template, String> {
        if !super::path::is_below_root(text) {
            return Err("it must be a path below the root: no `/` at either end, no empty, `.` or `..` part".to_owned());
        }
        let mut template = Template { segments: Vec::new(), fields: Vec::new() };
        for segment in text.split('/') {
            let parts = template.segment(segment)?;
            template.segments.push(parts);
        }
        Ok(template)
    }

    fn segment(&mut self, text: &str) -> Result<Vec<Part>, String> {
        let (mut parts, mut rest) = (Vec::new(), text);
        while let Some(at) = rest.find(['{', '}', '*']) {
            if rest[at..].starts_with('*') {
                return Err("`*` is no wild card here; give what varies a name: `{name}`".to_owned());
            }
            let field = rest[at..].strip_prefix('{').and_then(|inner| inner.split_once('}'));
            let (name, after) = field.ok_or("a brace has no partner within its path segment")?;
            let field = self.field(name)?;
            if at > 0 {
                parts.push(Part::Text(rest[..at].to_owned()));
            } else if let Some(Part::Field(before)) = parts.last() {
                let before = &self.fields[*before];
                return Err(format!(
                    "nothing stands between `{{{before}}}` and `{{{name}}}`, so it cannot be told where one ends; write one field"
                ));
            }
            if parts.contains(&Part::Field(field)) {
                return Err(format!("`{{{name}}}` stands twice between two `/`; once is enough there"));
            }
            parts.push(Part::Field(field));
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Ok(parts)
    }

    fn field(&mut self, name: &str) -> Result<usize, String> {
        if OWN.contains(&name) {
            return Err(format!("`{{{name}}}`: every table of files has a column of that name already"));
        }
        if name.is_empty() || name.contains('{') {
            return Err("a field needs a name: `{name}`".to_owned());
        }
        let known = self.fields.iter().position(|f| f == name);
        Ok(known.unwrap_or_else(|| {
            self.fields.push(name.to_owned());
            self.fields.len() - 1
        }))
    }

    /// Names of the fields, each once, in their order.
    pub fn fields(&self) -> &[String] {
        &self.fields
    }

    /// What all paths begin with in which the known fields have these values.
    pub fn prefix(&self, known: &[Option<&str>]) -> String {
        let mut prefix = String::new();
        for (i, segment) in self.segments.iter().enumerate() {
            if i > 0 {
                prefix.push('/');
            }
            for part in segment {
                match part {
                    Part::Text(text) => prefix.push_str(text),
                    Part::Field(field) => match known[*field] {
                        Some(value) => prefix.push_str(value),
                        None => return prefix,
                    },
                }
            }
        }
        prefix
    }

    /// Reads a path.
    pub fn read(&self, path: &str) -> Reading {
        self.read_knowing(path, vec![None; self.fields.len()])
    }

    /// Could the path be read so that the known fields have these values?
    pub fn may_read(&self, path: &str, known: &[Option<&str>]) -> bool {
        self.read_knowing(path, known.to_vec()) != Reading::No
    }

    fn read_knowing<'t>(&'t self, path: &'t str, mut known: Vec<Option<&'t str>>) -> Reading {
        let texts: Vec<&str> = path.split('/').collect();
        if texts.len() != self.segments.len() {
            return Reading::No;
        }
        // A field that one segment makes known may tell how another is to be read.
        loop {
            let before = known.iter().flatten().count();
            for (segment, text) in self.segments.iter().zip(&texts) {
                let fields: Vec<usize> = segment.iter().filter_map(|p| open(p, &known)).collect();
                let Some((first, last)) = both_ends(&pieces(segment, &known), text) else { return Reading::No };
                for ((field, value), other) in fields.into_iter().zip(first).zip(last) {
                    if value == other {
                        known[field] = Some(value);
                    }
                }
            }
            if known.iter().flatten().count() == before {
                break;
            }
        }
        match known.iter().map(|v| v.map(str::to_owned)).collect() {
            Some(values) => Reading::One(values),
            None => Reading::Several,
        }
    }
}

fn open(part: &Part, known: &[Option<&str>]) -> Option<usize> {
    match part {
        Part::Field(field) if known[*field].is_none() => Some(*field),
        _ => None,
    }
}

/// The texts before, between and behind the fields of a segment that are not known.
fn pieces(segment: &[Part], known: &[Option<&str>]) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for part in segment {
        let text = match part {
            Part::Text(text) => Some(text.as_str()),
            Part::Field(field) => known[*field],
        };
        match (text, pieces.last_mut()) {
            (Some(text), Some(last)) => last.push_str(text),
            _ => pieces.push(String::new()),
        }
    }
    pieces
}

/// The values of the fields between the pieces: where each text between is found as early as it can be, and as late. If
/// both are the same there is no other way to read it.
fn both_ends<'t>(pieces: &[String], text: &'t str) -> Option<(Vec<&'t str>, Vec<&'t str>)> {
    let (head, others) = pieces.split_first()?;
    let Some((tail, between)) = others.split_last() else {
        return (head == text).then(|| (Vec::new(), Vec::new()));
    };
    let inner = text.strip_prefix(head.as_str())?.strip_suffix(tail.as_str())?;
    let (mut early, mut rest) = (Vec::new(), inner);
    for piece in between {
        let one = rest.chars().next()?.len_utf8();
        let at = one + rest[one..].find(piece.as_str())?;
        early.push(&rest[..at]);
        rest = &rest[at + piece.len()..];
    }
    early.push(rest);
    let (mut late, mut rest) = (Vec::new(), inner);
    for piece in between.iter().rev() {
        let one = rest.chars().next_back()?.len_utf8();
        let at = rest[..rest.len() - one].rfind(piece.as_str())?;
        late.push(&rest[at + piece.len()..]);
        rest = &rest[..at];
    }
    late.push(rest);
    late.reverse();
    let empty = early.iter().chain(&late).any(|value| value.is_empty());
    (!empty).then_some((early, late))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(template: &str, path: &str) -> Reading {
        Template::parse(template).unwrap().read(path)
    }

    fn one(values: &[&str]) -> Reading {
        Reading::One(values.iter().map(|v| v.to_string()).collect())
    }

    #[test]
    fn fields_are_read() {
        let avatar = "avatars/{username}-{pixels}.png";
        assert_eq!(read(avatar, "avatars/ann-64.png"), one(&["ann", "64"]));
        assert_eq!(read(avatar, "avatars/å-\u{1f600}.png"), one(&["å", "\u{1f600}"]));
        for path in [
            "avatars/-64.png",
            "avatars/ann-.png",
            "avatars/a/b-64.png",
            "avatars/ann-64.PNG",
            "x/ann-64.png",
            "avatars/ann-64.png/",
        ] {
            assert_eq!(read(avatar, path), Reading::No, "{path}");
        }
        assert_eq!(read("a.txt", "a.txt"), one(&[]));
        assert_eq!(read("{a}", "a.txt"), one(&["a.txt"]));
    }

    /// With `32-x-bob.png` somebody named `x-bob` must not pass for `bob`.
    #[test]
    fn what_can_be_read_in_two_ways_is_not_guessed() {
        let avatar = Template::parse("{pixels}-{name}.png").unwrap();
        assert_eq!(avatar.read("32-x-bob.png"), Reading::Several);
        assert!(avatar.may_read("32-x-bob.png", &[None, Some("bob")]));
        assert!(avatar.may_read("32-x-bob.png", &[None, Some("x-bob")]));
        assert!(!avatar.may_read("32-x-bob.png", &[None, Some("x")]));
        assert_eq!(read("{a}-{b}", "a---b"), Reading::Several);
        assert_eq!(read("{a}-{b}", "---"), one(&["-", "-"]));
    }

    #[test]
    fn a_repeated_field_has_one_value() {
        assert_eq!(read("{id}/{id}-{n}.jpg", "7/7-1-2.jpg"), one(&["7", "1-2"]));
        assert_eq!(read("{id}/{id}-{n}.jpg", "7/8-1.jpg"), Reading::No);
        assert_eq!(read("{id}-{n}/{id}", "a-b-c/a-b"), one(&["a-b", "c"]));
    }

    #[test]
    fn prefixes_end_at_the_first_unknown_field() {
        let template = Template::parse("u/{id}/{kind}-{n}").unwrap();
        assert_eq!(template.prefix(&[None, Some("x"), None]), "u/");
        assert_eq!(template.prefix(&[Some("7"), None, None]), "u/7/");
        assert_eq!(template.prefix(&[Some("7"), Some("x"), None]), "u/7/x-");
        assert_eq!(template.prefix(&[Some("7"), Some("x"), Some("1")]), "u/7/x-1");
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for (template, why) in [
            ("{a}{b}.png", "nothing stands between `{a}` and `{b}`"),
            ("{path}", "already"),
            ("x/{version}", "already"),
            ("/abs", "below the root"),
            ("a/../b", "below the root"),
            ("a//b", "below the root"),
            ("", "below the root"),
            ("{a", "no partner"),
            ("a}", "no partner"),
            ("{a/b}", "no partner"),
            ("{}", "needs a name"),
            ("*.png", "no wild card"),
            ("{a}-{a}", "stands twice"),
        ] {
            let refused = Template::parse(template).unwrap_err();
            assert!(refused.contains(why), "{template}: {refused}");
        }
    }
}

//! The lines of `SHOW GRANTS`.

/// Privileges on a whole table or more, from one line. What a line says of single columns is left out.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Granted {
    pub scope: Scope,
    privileges: Vec<String>,
}

/// On what they are held.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Scope {
    Server,
    /// All databases whose name fits the pattern, as of `LIKE`.
    Database(String),
    Table(String, String),
}

#[derive(Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Name(String),
    Mark(char),
}

impl Granted {
    /// Reads a line; `None` where it is about a role, a routine or a default.
    pub fn parse(line: &str) -> Option<Granted> {
        let mut tokens = tokens(line).into_iter();
        tokens.next().filter(|t| *t == Token::Word("GRANT".to_owned()))?;
        let (mut privileges, mut words, mut of_columns) = (Vec::new(), Vec::new(), false);
        loop {
            match tokens.next()? {
                Token::Word(word) if word == "ON" => break,
                Token::Word(word) => words.push(word),
                Token::Mark('(') => {
                    of_columns = true;
                    tokens.by_ref().find(|t| *t == Token::Mark(')'))?;
                }
                Token::Mark(',') => take(&mut privileges, &mut words, &mut of_columns),
                Token::Name(_) | Token::Mark(_) => return None,
            }
        }
        take(&mut privileges, &mut words, &mut of_columns);
        let scope = match (tokens.next()?, tokens.next()?, tokens.next()?) {
            (Token::Mark('*'), Token::Mark('.'), Token::Mark('*')) => Scope::Server,
            (Token::Name(database), Token::Mark('.'), Token::Mark('*')) => Scope::Database(database),
            (Token::Name(database), Token::Mark('.'), Token::Name(table)) => Scope::Table(database, table),
            _ => return None,
        };
        Some(Granted { scope, privileges })
    }

    /// Is it about the database, or about this table of it? Of several patterns that fit, the server takes one; here all
    /// count.
    pub fn covers(&self, database: &str, table: Option<&str>) -> bool {
        match &self.scope {
            Scope::Server => true,
            Scope::Database(pattern) => fits(pattern, database),
            Scope::Table(of, name) => of == database && table == Some(name),
        }
    }

    pub fn holds(&self, privilege: &str) -> bool {
        self.privileges.iter().any(|held| held == privilege || held == "ALL PRIVILEGES")
    }
}

fn take(privileges: &mut Vec<String>, words: &mut Vec<String>, of_columns: &mut bool) {
    let privilege = std::mem::take(words).join(" ");
    if !std::mem::take(of_columns) {
        privileges.push(privilege);
    }
}

fn tokens(line: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut rest = line.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '`' => {
                let mut name = String::new();
                while let Some(c) = rest.next() {
                    if c == '`' && rest.next_if_eq(&'`').is_none() {
                        break;
                    }
                    name.push(c);
                }
                found.push(Token::Name(name));
            }
            c if c.is_alphanumeric() => {
                let mut word = String::from(c);
                word.extend(std::iter::from_fn(|| rest.next_if(|c| c.is_alphanumeric() || *c == '_')));
                found.push(Token::Word(word));
            }
            c if c.is_whitespace() => {}
            c => found.push(Token::Mark(c)),
        }
    }
    found
}

/// `%` is any text, `_` any character, and a backslash takes their meaning away.
fn fits(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.chars();
    match (parts.next(), name.chars().next()) {
        (None, first) => first.is_none(),
        (Some('%'), first) => fits(parts.as_str(), name) || first.is_some_and(|c| fits(pattern, &name[c.len_utf8()..])),
        (Some(_), None) => false,
        (Some(wanted), Some(c)) => {
            let (wanted, any) = match wanted {
                '\\' => (parts.next().unwrap_or('\\'), false),
                '_' => ('_', true),
                other => (other, false),
            };
            (any || wanted == c) && fits(parts.as_str(), &name[c.len_utf8()..])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Option<Granted> {
        Granted::parse(line)
    }

    #[test]
    fn lines_are_read_with_hostile_names() {
        let of = |line| parse(line).expect("a grant");
        let all = of("GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` WITH GRANT OPTION");
        assert!(all.scope == Scope::Server && all.holds("DELETE") && all.covers("d", Some("t")));
        let mixed = of("GRANT SELECT (`a)`, `b`), DELETE, CREATE VIEW ON `d`.`it``s ON x` TO `r`@`%`");
        assert_eq!(mixed.scope, Scope::Table("d".into(), "it`s ON x".into()));
        assert!(
            mixed.holds("DELETE") && mixed.holds("CREATE VIEW") && !mixed.holds("SELECT") && !mixed.holds("CREATE")
        );
        assert!(!mixed.covers("d", None) && !mixed.covers("e", Some("it`s ON x")));
        for other in ["GRANT `ro` TO `r`@`localhost`", "SET DEFAULT ROLE `ro` FOR `r`@`localhost`", "", "GRANT"] {
            assert_eq!(parse(other), None, "{other}");
        }
        assert_eq!(parse("GRANT EXECUTE ON PROCEDURE `d`.`p` TO `r`@`%`"), None);
    }

    #[test]
    fn patterns_of_databases() {
        let fitting =
            [("d%", "desk"), ("help\\_desk", "help_desk"), ("help_desk", "help-desk"), ("%", "x"), ("%k", "desk")];
        let others = [("d%", "help"), ("help\\_desk", "help-desk"), ("desk", "desks"), ("desk_", "desk"), ("", "x")];
        assert!(fitting.iter().all(|(pattern, name)| fits(pattern, name)));
        assert!(others.iter().all(|(pattern, name)| !fits(pattern, name)));
    }
}

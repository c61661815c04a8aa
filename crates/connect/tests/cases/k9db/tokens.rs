//! Words of SQL.

/// One word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// A name, a keyword or a number.
    Word(String),
    /// What stands in quotes of any kind: never a keyword.
    Text(String),
    /// `(`, `)`, `,`, `;` or any other sign.
    Sign(char),
}

impl Token {
    /// Is it this keyword?
    pub fn is(&self, keyword: &str) -> bool {
        matches!(self, Token::Word(word) if word.eq_ignore_ascii_case(keyword))
    }
}

/// The words of a text; comments and the backslashes that join lines go.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut rest = text.trim_start();
    let mut found = Vec::new();
    while let Some(first) = rest.chars().next() {
        let used = match first {
            '-' if rest.starts_with("--") => until(rest, "\n"),
            '#' => until(rest, "\n"),
            '/' if rest.starts_with("/*") => until(rest, "*/"),
            '\\' => 1,
            '\'' | '"' | '`' => {
                let (content, used) = quoted(rest, first);
                found.push(Token::Text(content));
                used
            }
            c if is_word(c) => {
                let used = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                found.push(Token::Word(rest[..used].to_owned()));
                used
            }
            c => {
                found.push(Token::Sign(c));
                c.len_utf8()
            }
        };
        rest = rest[used..].trim_start();
    }
    found
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '+' | '$')
}

fn until(text: &str, end: &str) -> usize {
    text.find(end).map_or(text.len(), |at| at + end.len())
}

/// What stands between two quotes, of which two in a row, or one behind a backslash, mean one, and how much of the text that is.
fn quoted(text: &str, quote: char) -> (String, usize) {
    let mut content = String::new();
    let mut signs = text.char_indices().skip(1).peekable();
    while let Some((at, sign)) = signs.next() {
        if sign == '\\' && signs.peek().is_some_and(|(_, next)| *next == quote) {
            signs.next();
            content.push(quote);
        } else if sign != quote {
            content.push(sign);
        } else if signs.peek().is_some_and(|(_, next)| *next == quote) {
            signs.next();
            content.push(quote);
        } else {
            return (content, at + 1);
        }
    }
    (content, text.len())
}

//! YAML, as far as it is lines of `name: scalar`.

use super::{At, Token, What};

pub(super) fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut found = Vec::new();
    for line in text.split("\\n").flat_map(str::lines).filter(|l| !l.trim().is_empty() && *l != "---") {
        let (name, value) = line.split_once(':')?;
        let value = value.trim();
        let at = vec![At::Name(name.to_owned())];
        found.push(Token { at: at.clone(), what: What::Key, raw: name.to_owned(), text: name.to_owned() });
        let said = value.trim_matches(['"', '\'']);
        let what = match value {
            "" | "~" | "null" => What::Nothing,
            "true" | "false" => What::Word,
            _ if value.parse::<f64>().is_ok() => What::Number,
            _ => What::Text,
        };
        found.push(Token { at, what, raw: value.to_owned(), text: said.to_owned() });
    }
    Some(found)
}

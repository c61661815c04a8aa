//! The words in names of tables and columns.

/// A name as lower-case words: `createdById`, `created_by_id` and `CREATED-BY-ID` are all `created by id`.
pub fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let chars: Vec<char> = name.chars().collect();
    for (at, &c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).map(|b| chars[b]);
        let after = chars.get(at + 1);
        let hump = c.is_uppercase()
            && before
                .is_some_and(|b| b.is_lowercase() || b.is_ascii_digit() || after.is_some_and(|a| a.is_lowercase()));
        if !c.is_alphanumeric() || hump {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

/// The words of a table's name with the last one in the singular: `ticket_articles` is `ticket article`.
pub fn thing(table: &str) -> Vec<String> {
    let mut words = words(table);
    if let Some(last) = words.last_mut() {
        *last = singular(last);
    }
    words
}

/// The singular of an English plural; other words stay.
pub fn singular(word: &str) -> String {
    const IRREGULAR: [(&str, &str); 14] = [
        ("people", "person"),
        ("children", "child"),
        ("men", "man"),
        ("women", "woman"),
        ("indices", "index"),
        ("statuses", "status"),
        ("addresses", "address"),
        ("aliases", "alias"),
        ("buses", "bus"),
        ("news", "news"),
        ("series", "series"),
        ("media", "media"),
        ("data", "data"),
        ("caches", "cache"),
    ];
    if let Some((_, one)) = IRREGULAR.iter().find(|(many, _)| *many == word) {
        return (*one).to_owned();
    }
    let cut = |ending: &str, with: &str| word.strip_suffix(ending).map(|stem| format!("{stem}{with}"));
    if word.len() < 4 || word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") {
        return word.to_owned();
    }
    cut("ies", "y")
        .or_else(|| ["sses", "xes", "ches", "shes", "zes"].iter().find_map(|e| cut(e, &e[..e.len() - 2])))
        .or_else(|| cut("s", ""))
        .unwrap_or_else(|| word.to_owned())
}

/// What a column that refers to something is called without the word for the key: `customer_id` is `customer`. The second
/// value tells whether there was such a word.
pub fn stem(column: &str) -> (Vec<String>, bool) {
    const KEYS: [&str; 12] = ["id", "uuid", "guid", "key", "fk", "ref", "pk", "no", "number", "code", "oid", "ids"];
    let mut words = words(column);
    let plain = words.len();
    while words.len() > 1 && words.last().is_some_and(|w| KEYS.contains(&w.as_str())) {
        words.pop();
    }
    if words.len() > 1 && words.first().is_some_and(|w| w == "fk" || w == "id") {
        words.remove(0);
    }
    let mut keyed = words.len() < plain;
    // `userid`, `personId` without a hump.
    if let [.., last] = words.as_mut_slice()
        && !keyed
        && last.len() > 4
        && let Some(stem) = last.strip_suffix("uuid").or_else(|| last.strip_suffix("id"))
        && stem.len() > 2
    {
        *last = stem.to_owned();
        keyed = true;
    }
    (words, keyed)
}

/// Does a list of words end with another?
pub fn ends_with(words: &[String], end: &[String]) -> bool {
    !end.is_empty() && words.ends_with(end)
}

/// Is any of the words in a list?
pub fn any(words: &[String], list: &[&str]) -> bool {
    words.iter().any(|w| list.contains(&w.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(words: Vec<String>) -> String {
        words.join(" ")
    }

    #[test]
    fn names_fall_into_words() {
        for (name, wanted) in [
            ("created_by_id", "created by id"),
            ("createdById", "created by id"),
            ("HTTPLog", "http log"),
            ("Ticket::Article", "ticket article"),
            ("user2Group", "user2 group"),
            ("", ""),
            ("__", ""),
        ] {
            assert_eq!(joined(words(name)), wanted, "{name}");
        }
    }

    #[test]
    fn tables_are_plurals_of_things() {
        for (table, wanted) in [
            ("people", "person"),
            ("categories", "category"),
            ("ticket_articles", "ticket article"),
            ("addresses", "address"),
            ("boxes", "box"),
            ("status", "status"),
            ("caches", "cache"),
            ("releases", "release"),
            ("gas", "gas"),
        ] {
            assert_eq!(joined(thing(table)), wanted, "{table}");
        }
    }

    #[test]
    fn the_word_for_the_key_goes() {
        for (column, wanted, keyed) in [
            ("user_id", "user", true),
            ("userid", "user", true),
            ("id", "id", false),
            ("created_by", "created by", false),
            ("order_no", "order", true),
            ("paid", "paid", false),
            ("fk_user", "user", true),
        ] {
            assert_eq!((joined(stem(column).0).as_str(), stem(column).1), (wanted, keyed), "{column}");
        }
    }
}

//! Texts in people's own words, and documents that programs wrote.

/// Words enough to be a sentence.
pub fn free(text: &str) -> bool {
    let words = text.split_whitespace().filter(|w| w.chars().any(char::is_alphabetic)).take(4).count();
    text.len() >= 20 && words == 4 && !document(text)
}

/// A document that a program wrote: JSON, YAML, PHP's own form.
pub fn document(text: &str) -> bool {
    json(text) || yaml(text) || php(text)
}

/// JSON that is more than one value; long ones may have been cut.
pub fn json(text: &str) -> bool {
    let text = text.trim();
    let open = text.starts_with('{') || text.starts_with('[');
    open && (text.len() >= 900 && text.contains(['"', ',']) || serde_json::from_str::<serde_json::Value>(text).is_ok())
}

/// YAML as serializers write it.
pub fn yaml(text: &str) -> bool {
    text.starts_with("---\n") || text.starts_with("--- ") || text.starts_with("---\r")
}

/// What PHP's `serialize` writes.
pub fn php(text: &str) -> bool {
    let mut parts = text.splitn(3, ':');
    let kind = parts.next().is_some_and(|k| matches!(k, "a" | "O" | "s"));
    kind && parts.next().is_some_and(|n| n.parse::<u32>().is_ok())
        && parts.next().is_some_and(|r| r.starts_with(['{', '"']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_and_documents() {
        assert!(free("Please call me back tomorrow."));
        assert!(!free("open") && !free("12 34 56 78 90 12 34 56 78") && !free("Kari Nordmann Hansen"));
        assert!(json(r#"{"a":1}"#) && json("[]") && !json("{a}") && !json("12"));
        assert!(yaml("---\n:a: b\n") && !yaml("--") && !yaml("a: b"));
        assert!(php(r#"a:1:{s:1:"a";i:1;}"#) && !php("a:b:c") && !php("s:1"));
        assert!(!free(r#"{"text":"these are many words in here"}"#));
    }
}

//! Texts that contain one of several needles, for connectors whose system cannot tell.

/// Does the text contain one of the needles, ASCII letter case aside? An empty needle is contained in every text.
pub fn contains_one(text: &str, needles: &[String]) -> bool {
    let text = text.to_ascii_lowercase();
    needles.iter().any(|needle| text.contains(&needle.to_ascii_lowercase()))
}

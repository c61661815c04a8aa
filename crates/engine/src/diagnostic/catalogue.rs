//! The manual: one page for each code, in `manual/CODE.md`.
//!
//! A page shows an example that is wrong and one that is right. Fragments of TOML there belong to a system `desk` whose
//! map has a subject kind `customer` in the table `customers`; blocks marked `schema` describe further tables of it, one a
//! line. `policy.toml` has a law `tax-law`. Pages of lints (U11xx) have a notice with a head beside what they show.

macro_rules! pages {
    ($($code:literal),* $(,)?) => {
        &[$(Page { code: $code, text: include_str!(concat!("manual/", $code, ".md")) }),*]
    };
}

/// One page of the manual.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// The code.
    pub code: &'static str,
    /// Markdown: what is wrong, an example of wrong and right, why it matters.
    pub text: &'static str,
}

impl Page {
    /// What the code stands for, in a few words.
    pub fn title(&self) -> &'static str {
        let first = self.text.lines().next().unwrap_or_default();
        first.split_once(": ").map_or(first, |(_, title)| title)
    }

    /// What it means: the paragraphs before the examples, as one line.
    pub fn meaning(&self) -> String {
        let before = self.text.split("## Wrong").next().unwrap_or_default();
        before.lines().skip(1).map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

/// All pages, sorted by code.
#[rustfmt::skip]
pub const PAGES: &[Page] = pages![
    "U0001", "U0002", "U0003", "U0004", "U0005", "U0006", "U0007", "U0008",
    "U0009", "U0010", "U0011",
    "U0101", "U0102", "U0103", "U0104", "U0105", "U0106", "U0107", "U0108",
    "U0109", "U0110", "U0111", "U0112", "U0113", "U0114",
    "U0201", "U0202", "U0203", "U0204", "U0205", "U0206", "U0207", "U0208",
    "U0209", "U0210", "U0211", "U0212", "U0213", "U0214", "U0215", "U0216",
    "U0217", "U0218", "U0219", "U0220", "U0221", "U0222", "U0223", "U0224",
    "U0225", "U0226", "U0227", "U0228", "U0229", "U0230", "U0231", "U0232",
    "U0233", "U0234", "U0235",
    "U0300",
    "U0401", "U0402", "U0403", "U0404", "U0405", "U0406", "U0407", "U0408",
    "U0409", "U0410", "U0411", "U0412", "U0413", "U0414", "U0415",
    "U0501", "U0502", "U0503", "U0504", "U0505", "U0506",
    "U0601", "U0602", "U0603", "U0604", "U0605", "U0606",
    "U0701", "U0702", "U0703", "U0704",
    "U0801", "U0802", "U0803", "U0804", "U0805",
    "U0901", "U0902",
    "U1001", "U1002", "U1003",
    "U1101", "U1102", "U1103", "U1104", "U1105", "U1106", "U1107", "U1108",
    "U1109", "U1110", "U1111",
];

/// The manual page of a code such as `U0101`, in any letter case.
pub fn explain(code: &str) -> Option<String> {
    let code = code.trim().to_ascii_uppercase();
    PAGES.iter().find(|p| p.code == code).map(|p| p.text.to_owned())
}

/// All pages as one document in Markdown, with a table of contents.
pub fn reference() -> String {
    let mut text = String::from(
        "<!-- Generated from crates/engine/src/diagnostic/manual: UPHELD_WRITE=1 cargo test -p engine --test reference -->\n\n\
         # Diagnostics\n\n\
         What `upheld check` can find, by code. `upheld explain CODE` prints one page. A code is never used again for\n\
         something else.\n\n\
         The examples belong to a system `desk` whose map has a subject kind `customer` in the table `customers`. Blocks\n\
         marked `schema` describe further tables of it, one a line; the errors are those that the wrong examples draw.\n\
         U1101 to U1111 need to know the day, so they come from `upheld check` on folders whose notice has a head, here on\n\
         1 July 2026.\n\n\
         | code | what is wrong |\n|---|---|\n",
    );
    for page in PAGES {
        text.push_str(&format!("| [{0}](#{1}) | {2} |\n", page.code, anchor(page), page.title()));
    }
    for page in PAGES {
        text.push('\n');
        text.push_str(&one_level_down(page.text));
    }
    text
}

/// Headings outside of code, under the document's own title.
fn one_level_down(page: &str) -> String {
    let mut code = false;
    let mut lowered = String::new();
    for line in page.trim_end().lines() {
        code ^= line.starts_with("```");
        if line.starts_with('#') && !code {
            lowered.push('#');
        }
        lowered.push_str(line);
        lowered.push('\n');
    }
    lowered
}

/// The anchor of a page's heading, as renderers of Markdown make it.
fn anchor(page: &Page) -> String {
    let heading = page.text.lines().next().unwrap_or_default().trim_start_matches("# ").to_lowercase();
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_exactly_one_page() {
        let listed: Vec<&str> = PAGES.iter().map(|p| p.code).collect();
        let source = include_str!("codes.rs");
        let mut declared: Vec<&str> =
            source.split("Code(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        declared.sort_unstable();
        assert_eq!(declared, listed);
    }

    #[test]
    fn pages_have_a_title_and_three_parts() {
        for page in PAGES {
            assert!(page.text.starts_with(&format!("# {}: ", page.code)), "{}", page.code);
            assert!(page.text.contains("## Wrong") && page.text.contains("## Why it matters"), "{}", page.code);
        }
        assert!(explain("u0101").is_some() && explain("U9999").is_none());
    }
}

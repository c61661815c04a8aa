//! The report as text of at most 80 columns, the verdict last.

use super::report::{Check, Report, State, Verdict};

const WIDTH: usize = 80;
const NAME: usize = 22;
const INDENT: usize = 2 + 12 + NAME + 1;

/// The report as the program prints it.
pub fn render(report: &Report) -> String {
    let mut text = format!("{}\n\n", wrap(&report.title, 0).join("\n"));
    for check in &report.checks {
        text.push_str(&line(check));
    }
    let verdict = wrap(&conclusion(report), 0).join("\n");
    format!("{text}\n{verdict}\n")
}

fn line(check: &Check) -> String {
    let word = match check.state {
        State::Passed => "\u{2713} ok",
        State::Failed => "\u{2717} FAILED",
        State::Unchecked => "\u{2013} unchecked",
    };
    let detail = match check.fault {
        Some(fault) => format!("{}: {}", fault.words(), check.detail),
        None => check.detail.clone(),
    };
    let continued = format!("\n{}", " ".repeat(INDENT));
    let detail = wrap(&detail, INDENT).join(&continued);
    format!("  {word:<12}{:<NAME$} {detail}\n", check.name)
}

fn conclusion(report: &Report) -> String {
    match report.verdict {
        Verdict::Verified { witnesses: 0 } => "Verified; anchored by the operator only.".into(),
        Verdict::Verified { witnesses: 1 } => "Verified; anchored by the operator and 1 witness.".into(),
        Verdict::Verified { witnesses } => format!("Verified; anchored by the operator and {witnesses} witnesses."),
        Verdict::SelfConsistent => "Self-consistent, signer not checked: give the operator's key with --key.".into(),
        Verdict::Failed => {
            let cause = report.faults().next().map_or("see above", super::Fault::words);
            format!("Failed: {cause}.")
        }
    }
}

/// Lines of words. What comes from a file is shown without characters that could move the cursor or turn the text around.
fn wrap(text: &str, indent: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let word: String = word.chars().map(plain).collect();
        match lines.last_mut() {
            Some(line) if indent + line.chars().count() + 1 + word.chars().count() <= WIDTH => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

fn plain(c: char) -> char {
    let turns = matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    if c.is_control() || turns { '\u{fffd}' } else { c }
}

//! What the terminal shows: tables, marks, progress and errors. Results go to standard output, everything else to standard
//! error; colour only on a terminal and never the only signal.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use indicatif::{ProgressBar, ProgressStyle};

use crate::casework::Line;
use crate::company::Uncompiled;
use crate::config;

/// The caller used the program wrongly: exit code 2.
#[derive(Debug)]
pub struct Misuse(pub String);

impl std::fmt::Display for Misuse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Misuse {}

/// Prints a line to standard output. A closed pipe ends the program quietly.
pub fn say(text: impl AsRef<str>) {
    if writeln!(std::io::stdout(), "{}", text.as_ref()).is_err() {
        std::process::exit(0);
    }
}

/// Prints JSON to standard output.
pub fn say_json(value: &impl serde::Serialize) -> Result<()> {
    say(serde_json::to_string_pretty(value)?);
    Ok(())
}

/// Prints a note to standard error.
pub fn note(text: impl AsRef<str>) {
    let _ = writeln!(std::io::stderr(), "{}", text.as_ref());
}

/// Prints an error with its causes and returns the exit code: 2 for misuse, 1 for anything else.
pub fn report(error: &anyhow::Error, json: bool) -> ExitCode {
    let misuse = error.downcast_ref::<Misuse>().is_some();
    let uncompiled = error.downcast_ref::<Uncompiled>();
    let text = error.chain().map(|e| inert(&e.to_string())).collect::<Vec<_>>().join(": ");
    if json {
        let mut told = serde_json::json!({ "error": text, "misuse": misuse });
        if let Some(Ok(findings)) = uncompiled.map(|u| serde_json::from_str(&u.json())) {
            told["findings"] = findings;
        }
        say(told.to_string());
    } else {
        let terminal = std::io::stderr().is_terminal();
        if let Some(uncompiled) = uncompiled {
            note(uncompiled.text(config::colour(terminal)));
        }
        note(format!("{}: {text}", paint("error", "1;31", terminal)));
    }
    ExitCode::from(if misuse { 2 } else { 1 })
}

/// Names and tenants come from other people's databases: what would steer the terminal is shown, not obeyed.
pub fn inert(text: &str) -> String {
    let steers = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if steers(c) { out.extend(c.escape_unicode()) } else { out.push(c) }
    }
    out
}

fn paint(text: &str, code: &str, terminal: bool) -> String {
    if config::colour(terminal) { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
}

/// A heading on standard output.
pub fn heading(text: &str) {
    say(format!("\n{}", paint(text, "1", std::io::stdout().is_terminal())));
}

/// Green on a terminal.
pub fn good(text: &str) -> String {
    paint(text, "32", std::io::stdout().is_terminal())
}

/// A spinner on standard error while something takes time; nothing where there is no terminal.
pub fn progress(text: &str) -> ProgressBar {
    let bar = if std::io::stderr().is_terminal() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
        bar.set_style(style);
    }
    bar.set_message(text.to_owned());
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

/// A column of counts: its heading, and what it counts of a line.
type Count = (&'static str, fn(&Line) -> usize);

/// A plan as a table: counts right-aligned, empty counts left out, one summary line last.
pub fn plan_table(lines: &[Line]) -> String {
    let counts: [Count; 6] = [
        ("deleted", |l| l.delete),
        ("changed", |l| l.change),
        ("returned", |l| l.export),
        ("kept", |l| l.keep),
        ("inserted", |l| l.insert),
        ("tasks", |l| l.task),
    ];
    let used: Vec<_> = counts.into_iter().filter(|(_, count)| lines.iter().any(|l| count(l) > 0)).collect();
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    if !std::io::stdout().is_terminal() {
        table.set_width(100);
    }
    let headings = ["system", "table"].into_iter().chain(used.iter().map(|(name, _)| *name)).chain(["why"]);
    table.set_header(headings.collect::<Vec<_>>());
    for line in lines {
        let mut row = vec![line.system.clone(), line.table.clone()];
        row.extend(used.iter().map(|(_, count)| match count(line) {
            0 => String::new(),
            n => n.to_string(),
        }));
        row.push(line.reasons.join("; "));
        table.add_row(row);
    }
    for (at, _) in used.iter().enumerate() {
        if let Some(column) = table.column_mut(at + 2) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let sums: Vec<String> = used
        .iter()
        .map(|(name, count)| (name, lines.iter().map(count).sum::<usize>()))
        .map(|(name, sum)| format!("{sum} {name}"))
        .collect();
    let tables = lines.iter().filter(|l| l.task == 0).count();
    format!(
        "{}\n{} in {tables} tables",
        table.trim_fmt(),
        if sums.is_empty() { "nothing".into() } else { sums.join(", ") }
    )
}

/// Asks a question that only `yes` answers; without a terminal the answer is no.
pub fn confirm(question: &str) -> Result<bool> {
    if !std::io::stdin().is_terminal() {
        return Ok(false);
    }
    let _ = write!(std::io::stderr(), "{question} Type yes to go on: ");
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(answer.trim().eq_ignore_ascii_case("yes"))
}

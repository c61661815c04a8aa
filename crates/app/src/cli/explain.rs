//! `upheld explain`.

use std::process::ExitCode;

use anyhow::Result;

use crate::terminal::{Misuse, say};

/// Print the manual page of a diagnostic code.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  upheld explain U0003")]
pub struct Args {
    /// The code, such as U0003.
    code: String,
}

pub fn run(args: &Args) -> Result<ExitCode> {
    let code = args.code.to_uppercase();
    let page = engine::diagnostic::catalogue::explain(&code)
        .ok_or_else(|| Misuse(format!("there is no diagnostic {code}; codes look like U0003")))?;
    say(page.trim_end());
    Ok(ExitCode::SUCCESS)
}

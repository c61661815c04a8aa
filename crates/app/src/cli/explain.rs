//! `upheld explain`.

use std::process::ExitCode;

use anyhow::Result;
use serde_json::json;

use super::Context;
use crate::terminal::{Misuse, say, say_json};

/// Print the manual page of a diagnostic code.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  upheld explain U0003")]
pub struct Args {
    /// The code, such as U0003.
    code: String,
}

pub fn run(context: &Context, args: &Args) -> Result<ExitCode> {
    let code = args.code.to_uppercase();
    let page = engine::diagnostic::catalogue::explain(&code)
        .ok_or_else(|| Misuse(format!("there is no diagnostic {code}; codes look like U0003")))?;
    if context.json {
        say_json(&json!({ "code": code, "page": page.trim_end() }))?;
    } else {
        say(page.trim_end());
    }
    Ok(ExitCode::SUCCESS)
}

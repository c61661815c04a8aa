//! Upheld: makes each promise of a privacy policy executable, carries it out and leaves proof.

mod capture;
mod casework;
mod cli;
mod clock;
mod company;
mod config;
mod events;
mod live;
mod package;
mod safeguards;
mod sample;
mod standalone;
mod terminal;
mod trial;

use std::process::ExitCode;

use clap::Parser;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() && config::asks_for_json() => {
            return terminal::report(&terminal::Misuse(error.to_string()).into(), true);
        }
        Err(error) => error.exit(),
    };
    let json = cli.json;
    match cli::run(cli).await {
        Ok(code) => code,
        Err(error) => terminal::report(&error, json),
    }
}

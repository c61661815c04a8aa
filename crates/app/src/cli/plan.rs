//! `upheld plan`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use engine::policy::model::Right;
use store::Store;

use super::correct::Correct;
use super::who::Who;
use super::{Context, RightWord, show};
use crate::casework::{self, Ask, write_plan};
use crate::company::{self, Company};
use crate::terminal::{Misuse, note, progress, say_json};

/// Show what exercising a right would do: a dry run that changes nothing.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  upheld plan erasure acme --subject customer --email ann@x.example\n  upheld plan access acme --subject customer --id helpdesk:42 --out plan.json\n  echo 'email=ann@x.example' | upheld plan erasure acme --subject customer --subject-file -\n  upheld plan erasure acme --subject customer --email ann@x.example --profile leave"
)]
pub struct Args {
    /// The right.
    right: RightWord,
    /// The policy folder.
    folder: PathBuf,
    #[command(flatten)]
    who: Who,
    #[command(flatten)]
    correct: Correct,
    /// Write the plan to this file, for `upheld approve` and `upheld apply`.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let right = args.right.into();
    let ask = Ask { corrections: args.correct.corrections(right)?, ..args.who.ask(right)? };
    let company = company::open(&args.folder).await?;
    let plans = plans(context, &company, ask, args.who.all_tenants).await?;
    if plans.len() > 1 && args.out.is_some() {
        return Err(Misuse("--out writes one plan; choose a tenant with --tenant".into()).into());
    }
    if context.json {
        say_json(&plans.iter().map(show::plan_json).collect::<Vec<_>>())?;
    }
    for plan in &plans {
        if !context.json {
            show::plan(plan);
        }
        if let Some(path) = &args.out {
            let store = context.store().await?;
            write_plan(path, &company.folder, plan, &store)?;
            store.close().await;
            note(format!("written to {}; it names the person, keep it as you keep the data itself", path.display()));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The plans of a question. Who was deactivated is found by what was sealed.
pub async fn plans(context: &Context, company: &Company, ask: Ask, all: bool) -> Result<Vec<engine::plan::Plan>> {
    if ask.right == Right::Reactivation {
        let store = context.store().await?;
        let plan = casework::take_back(&store, company, &ask).await;
        store.close().await;
        return Ok(vec![plan?]);
    }
    let store = match context.home.join("upheld.db").is_file() {
        true => Some(context.store().await?),
        false => None,
    };
    let made = make_all(company, ask.clone(), all, store.as_ref()).await;
    if let Some(store) = store {
        let seals = casework::seals_of(&store, company, &ask).await?;
        store.close().await;
        if let Some(seal) = seals.last() {
            let told = deactivated(&ask, seal);
            return match made {
                Ok(plans) => {
                    note(told);
                    Ok(plans)
                }
                Err(error) => Err(error.context(told)),
            };
        }
    }
    made
}

/// What is told of somebody who is deactivated.
fn deactivated(ask: &Ask, seal: &store::Seal) -> String {
    let (day, end) = (seal.sealed.strftime("%Y-%m-%d"), seal.ends.strftime("%Y-%m-%d"));
    let what = match ask.right {
        Right::Erasure => "an erasure makes that final, and what is sealed is destroyed",
        _ => "what is sealed is in no system and in no answer; `upheld fulfil reactivation` brings it back first",
    };
    format!("this person was deactivated on {day} and can come back until {end}: {what}")
}

/// One plan, or with `all` one for each tenant.
pub async fn make_all(
    company: &Company,
    ask: Ask,
    all: bool,
    store: Option<&Store>,
) -> Result<Vec<engine::plan::Plan>> {
    let bar = progress("planning");
    let first = casework::make(company, &ask, store).await;
    let tenants = first.as_ref().err().filter(|_| all).and_then(casework::tenants_of);
    let plans = match tenants {
        None => vec![first.map_err(choose_tenant)?],
        Some(tenants) => {
            let mut plans = Vec::new();
            for tenant in tenants {
                let tenant = tenant.join_text().map(|t| t.into_owned());
                plans.push(casework::make(company, &Ask { tenant, ..ask.clone() }, store).await?);
            }
            plans
        }
    };
    bar.finish_and_clear();
    Ok(plans)
}

/// An error that lists tenants also says how to choose one.
fn choose_tenant(error: anyhow::Error) -> anyhow::Error {
    match casework::tenants_of(&error) {
        Some(_) => anyhow::anyhow!("{error}; choose one with --tenant, or make a plan for each with --all-tenants"),
        None => error,
    }
}

//! `upheld notice owed`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use connect::People;
use engine::notice::roll::{Listed, Roll, rolls};
use engine::notice::versions::{Class, Debt, Needed, PERSONAL, Version, debts};
use jiff::civil::Date;
use serde_json::{Value, json};
use store::{Count, Member, Store};

use super::super::Context;
use super::list::List;
use super::reader::Reader;
use super::versions;
use crate::clock;
use crate::company::{self, Company};
use crate::terminal::{Misuse, heading, say, say_json};

/// Who is still to be told of published versions: how many people of each population, by each channel.
///
/// People are counted in the live systems, on their reading side, as the data map knows them. What they were told and what they
/// did about a version is what `upheld notice record` was told.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  upheld notice owed acme
  upheld notice owed acme --version 2026-2 --list email --out people.csv     those who are still to be told by e-mail
  upheld notice record 2026-2 --told --channel email --subjects people.csv   once that was done

The list holds addresses (or for in_app keys of records) and is readable by its owner alone. Its column `person` is a mark that
only this home understands. Exits with 0 where everybody was told, with 1 where somebody is left.")]
pub struct Args {
    /// The policy folder.
    folder: PathBuf,
    /// Only this version.
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,
    /// Write down those who are still to be told by this channel.
    #[arg(long, value_name = "CHANNEL", requires = "out", value_parser = PERSONAL)]
    list: Option<String>,
    /// Where the list goes; a file that is there is not overwritten.
    #[arg(long, value_name = "FILE", requires = "list")]
    out: Option<PathBuf>,
}

/// A debt, and how many people it is about; none where no data map lists the population.
struct Counted {
    debt: Debt,
    count: Option<Count>,
}

pub async fn run(context: &Context, args: &Args) -> Result<ExitCode> {
    let store = versions::opened(context).await?;
    let company = company::open(&args.folder).await?;
    let debts = owed(&store, &company, args).await?;
    let mut list = match (&args.list, &args.out) {
        (Some(channel), Some(path)) => Some(List::begin(channel, one_version(&debts, channel)?, path)?),
        _ => None,
    };
    let counted = counted(&store, &company, debts, list.as_mut()).await?;
    store.close().await;
    let listed = list.map(List::finish).transpose()?;
    if context.json {
        let all: Vec<Value> = counted.iter().map(told).collect();
        say_json(&json!({ "owed": all, "listed": listed }))?;
    } else {
        show(&counted);
        if let (Some(people), Some(path)) = (listed, &args.out) {
            say(format!("\n{people} written to {}", path.display()));
        }
    }
    Ok(ExitCode::from(u8::from(counted.iter().any(|c| c.count.is_some_and(|count| count.left > 0)))))
}

/// What published versions oblige to tell.
async fn owed(store: &Store, company: &Company, args: &Args) -> Result<Vec<Debt>> {
    let published = store.notices().await?;
    if let Some(version) = &args.version {
        versions::find(&published, version)?;
    }
    let read: Vec<Version> = published.iter().map(versions::read).collect::<Result<_>>()?;
    let said = company.policy.said.of("population").map(|p| p.id.it.as_str());
    let mut all: Vec<&str> = company.policy.kinds.iter().map(|k| k.name.as_str()).chain(said).collect();
    all.sort_unstable();
    all.dedup();
    let mut debts = debts(&read, &all);
    debts.retain(|debt| args.version.as_ref().is_none_or(|version| debt.version == *version));
    Ok(debts)
}

/// The version that a list is about.
fn one_version<'a>(debts: &'a [Debt], channel: &str) -> Result<&'a str> {
    let mut owing: Vec<&str> = debts.iter().filter(|d| d.channel == channel).map(|d| d.version.as_str()).collect();
    owing.dedup();
    match owing[..] {
        [one] => Ok(one),
        [] => Err(Misuse(format!("no version has to be told by {}", way(channel))).into()),
        _ => Err(Misuse(format!("say with --version which list is meant: {}", owing.join(", "))).into()),
    }
}

/// Counts population by population: each roll is made once, whatever is asked of it.
async fn counted(
    store: &Store,
    company: &Company,
    debts: Vec<Debt>,
    mut list: Option<&mut List>,
) -> Result<Vec<Counted>> {
    let mut counts: BTreeMap<usize, Count> = BTreeMap::new();
    for (kind, population) in company.policy.kinds.iter().map(|k| k.name.as_str()).enumerate() {
        let mine: Vec<usize> = (0..debts.len()).filter(|at| debts[*at].population == population).collect();
        if mine.is_empty() {
            continue;
        }
        let rolls = rolls(&company.policy, engine::policy::model::KindId(kind)).map_err(Misuse)?;
        let mut entered = store.roll().await?;
        for roll in &rolls {
            let mut people = opened(company, roll).await?;
            loop {
                let next = people.next().await?;
                if next.is_empty() {
                    break;
                }
                entered.enter(&next.iter().map(|one| member(store, population, one)).collect::<Vec<_>>()).await?;
            }
            people.close().await;
        }
        for at in &mine {
            counts.insert(*at, entered.count(&debts[*at].version, &debts[*at].channel).await?);
        }
        if let Some(list) = list.as_deref_mut().filter(|l| mine.iter().any(|at| l.is_about(&debts[*at]))) {
            for roll in &rolls {
                let mut people = opened(company, roll).await?;
                list.fill((store, &mut entered), population, &mut people).await?;
                people.close().await;
            }
        }
        entered.forget().await?;
    }
    Ok(debts.into_iter().enumerate().map(|(at, debt)| Counted { debt, count: counts.get(&at).copied() }).collect())
}

async fn opened<'r, 'p>(company: &Company, roll: &'r Roll<'p>) -> Result<People<'r, 'p>> {
    Ok(People::read(&company.policy, &company.systems, roll).await?)
}

fn member(store: &Store, kind: &str, one: &Listed) -> Member {
    let reader = Reader::listed(kind, one);
    let (person, mark) = (reader.digest(store), store.restriction_mark(reader.identity()));
    Member { person, mail: one.address.is_some(), account: one.account, restricted: one.restricted, mark }
}

fn told(counted: &Counted) -> Value {
    let mut told = json!(counted.debt);
    told["people"] = counted.count.map_or(Value::Null, |c| {
        json!({ "owed": c.owed, "told": c.told, "left": c.left, "unreachable": c.unreachable, "restricted": c.restricted,
                "acknowledged": c.acknowledged, "deemed": c.deemed, "agreed": c.agreed, "refused": c.refused })
    });
    told
}

fn show(all: &[Counted]) {
    if all.is_empty() {
        say("no published version has to be told to people one by one");
    }
    let today = clock::today();
    let mut last = "";
    for each in all {
        if each.debt.version != last {
            heading(&format!("Version {}", each.debt.version));
            last = &each.debt.version;
        }
        show_one(each, today);
    }
}

fn show_one(Counted { debt, count }: &Counted, today: Date) {
    let what = match debt.class {
        Class::Editorial => "an editorial change",
        Class::Notice => "a change that they are told",
        Class::FreshConsent => "a change that waits for their consent",
    };
    say(format!("{} by {}: {what}", debt.population, way(&debt.channel)));
    let Some(c) = count else {
        say("    no data map lists them, so nobody can be counted here");
        return;
    };
    say(format!("    {} owed, {} told, {} left{}", people(c.owed), c.told, c.left, until(debt, c.left, today)));
    let aside = [
        (c.unreachable, if debt.channel == "email" { "without an address" } else { "without a record of their own" }),
        (c.restricted, "set aside: their data may only be stored"),
    ];
    for (n, why) in aside.into_iter().filter(|(n, _)| *n > 0) {
        say(format!("    {} {why}", people(n)));
    }
    let answers = format!(
        "    {} acknowledged, {} agreed, {} refused, {} deemed to accept",
        c.acknowledged, c.agreed, c.refused, c.deemed
    );
    let open = c.owed - c.agreed - c.refused;
    let open =
        if debt.agreement == Needed::Explicit { format!("; {} without an answer", open.max(0)) } else { String::new() };
    say(answers + &open);
}

fn until(debt: &Debt, left: i64, today: Date) -> String {
    match debt.until {
        Some(day) if left > 0 && day < today => format!(" (promised by {}, which has passed)", date(day)),
        Some(day) if left > 0 => format!(" (by {})", date(day)),
        _ => String::new(),
    }
}

fn date(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

fn people(n: i64) -> String {
    if n == 1 { "1 person".to_owned() } else { format!("{n} people") }
}

/// A channel in words.
pub fn way(channel: &str) -> &str {
    match channel {
        "email" => "e-mail",
        "in_app" => "a message in the product",
        other => other,
    }
}

//! `upheld decide`.

mod egress;
mod held;
mod names;
mod replay;
mod request;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use engine::decide::Decision;
use engine::decide::collect::{accepts, records, sends};
use engine::decide::disclose::{Disclosure, may_disclose};
use engine::decide::purpose::{Use, may_use};
use engine::decide::rights::has;
use engine::decide::roles::{Whose, role};
use engine::decide::scope::governs;
use engine::notice::versions::Version;
use engine::policy::model::Said;
use jiff::civil::Date;

use super::Context;
use super::notice::versions;
use crate::terminal::{Misuse, good, inert, note, say, say_json};
use crate::{clock, company};

/// Ask the policy: may this be collected, used, given to somebody? What it does not say is not allowed.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  upheld decide acme use --purpose support --category user.contact.email
  upheld decide acme disclose --recipient mail-sender --category user.contact.email --purpose support
  upheld decide acme collect --point signup --field name --field email
  upheld decide acme record --recorder telemetry:app --attribute ip_address --event page_view
  upheld decide acme replay --events events.jsonl
  upheld decide acme egress --edition self-run --capture traffic.har --inside wiki.acme.example --on usage
  upheld decide acme right --right access --place US-CA
  upheld decide acme host shop.acme.example
  upheld decide acme due --right access --place NO --received 2027-01-31
  upheld decide acme erasure --requested --hold \"legal dispute\"
  upheld decide acme --under 2026-1 use --purpose marketing --category user.contact.email
  upheld decide acme --gathered 2026-03-01 --subject customer --email ann@x.example use --purpose marketing --category user.contact.email

With --gathered, what a person agreed to or refused decides which version answers: data stays under the version of its day until
they agree to what changed, as far as the change needs it.

Exits with 0 for yes, 1 for no, and 2 for a question that names what the folder does not have; of captured traffic
and events, with 1 if any of it must not be.")]
pub struct Args {
    /// The policy folder.
    folder: PathBuf,
    /// Ask a published version instead of the folder as it is, for data that is held under that version.
    #[arg(long, value_name = "VERSION")]
    under: Option<String>,
    #[command(flatten)]
    held: held::Held,
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    #[command(flatten)]
    Question(Question),
    #[command(flatten)]
    Request(request::Question),
    /// May what an edition that customers run was seen to send leave it?
    Egress(egress::Args),
    /// Which of these events may a collector take?
    Replay(replay::Args),
}

/// What is answered with yes or no.
#[derive(clap::Subcommand)]
enum Question {
    /// May data be used for a purpose?
    Use {
        /// The purpose, by id.
        #[arg(long)]
        purpose: String,
        /// A category of the notice by id, or a key of the taxonomy.
        #[arg(long)]
        category: String,
        /// Whose data.
        #[arg(long)]
        population: Option<String>,
        /// Where the person is: a country, or a part of one such as `US-CA`.
        #[arg(long)]
        place: Option<String>,
        /// The collection point where it came in.
        #[arg(long)]
        point: Option<String>,
        /// The source it came from.
        #[arg(long)]
        source: Option<String>,
    },
    /// May somebody receive data?
    Disclose {
        /// The recipient, by id.
        #[arg(long)]
        recipient: String,
        /// A category of the notice by id, or a key of the taxonomy.
        #[arg(long)]
        category: String,
        /// The purpose, by id.
        #[arg(long)]
        purpose: String,
        /// Whose data.
        #[arg(long)]
        population: Option<String>,
        /// Where the person is; without it, the answer holds for everybody.
        #[arg(long)]
        place: Option<String>,
        /// What is there beforehand, such as `consent`; may be given several times.
        #[arg(long)]
        given: Vec<String>,
        /// On which day; otherwise today.
        #[arg(long, value_name = "DATE")]
        day: Option<Date>,
    },
    /// May a collection point take a submission with these fields?
    Collect {
        /// The collection point, by id.
        #[arg(long)]
        point: String,
        /// A field; may be given several times.
        #[arg(long = "field")]
        fields: Vec<String>,
    },
    /// May a recorder take an event with these attributes?
    Record {
        /// `telemetry:ID` or `tracker:ID`.
        #[arg(long)]
        recorder: String,
        /// The event.
        #[arg(long)]
        event: Option<String>,
        /// An attribute; may be given several times.
        #[arg(long = "attribute")]
        attributes: Vec<String>,
    },
    /// May an edition that customers run send something to the company?
    Send {
        /// The edition, by id.
        #[arg(long)]
        edition: String,
        /// The telemetry or collection point, by id.
        #[arg(long)]
        item: String,
        /// The host it goes to.
        #[arg(long)]
        host: Option<String>,
        /// What its administrator decided, if anything.
        #[arg(long)]
        switched: Option<bool>,
    },
    /// Have people of a place a right?
    Right {
        /// The right.
        #[arg(long)]
        right: String,
        /// A country, a part of one such as `US-CA`, or a group such as `EEA`.
        #[arg(long)]
        place: String,
        /// Population.
        #[arg(long)]
        population: Option<String>,
    },
    /// What is the company for this data: controller, processor?
    Role {
        /// A system, or a table as `system:table`.
        #[arg(long)]
        data: Option<String>,
        /// Population.
        #[arg(long)]
        population: Option<String>,
        /// Edition.
        #[arg(long)]
        edition: Option<String>,
    },
    /// Does the notice hold on a host?
    Host {
        /// The host.
        host: String,
    },
}

pub async fn run(context: &Context, args: &Args) -> Result<ExitCode> {
    let under = match &args.under {
        Some(version) => Some(published(context, version).await?),
        None => args.held.version(context).await?,
    };
    let said = match &under {
        Some(version) => version.said().map_err(Misuse)?,
        None => company::compiled(company::read(&args.folder)?)?.said,
    };
    if let Some(version) = &under {
        note(format!("asked of version {}", inert(&version.version)));
    }
    let decision = match &args.what {
        What::Question(question) => {
            names::check(&said, question)?;
            answer(&said, question)
        }
        What::Request(question) => return request::run(context, &said, question),
        What::Egress(args) => return egress::run(context, &said, args),
        What::Replay(args) => return replay::run(context, &said, args),
    };
    told(context, &decision)
}

/// Yes or no, with why and what it rests on.
fn told(context: &Context, decision: &Decision) -> Result<ExitCode> {
    if context.json {
        say_json(decision)?;
    } else {
        let by = if decision.by.is_empty() { String::new() } else { format!(" [{}]", decision.by.join(", ")) };
        let word = if decision.allowed { good("yes") } else { "no".to_owned() };
        say(format!("{word}: {}", inert(&format!("{}{by}", decision.because))));
    }
    Ok(ExitCode::from(u8::from(!decision.allowed)))
}

/// A published version.
async fn published(context: &Context, version: &str) -> Result<Version> {
    let store = versions::opened(context).await?;
    let found = versions::read(versions::find(&store.notices().await?, version)?);
    store.close().await;
    found
}

fn answer(said: &Said, question: &Question) -> Decision {
    match question {
        Question::Use { purpose, category, population, place, point, source } => {
            let (population, place) = (population.as_deref(), place.as_deref());
            may_use(
                said,
                purpose,
                Use { category, population, place, point: point.as_deref(), source: source.as_deref() },
            )
        }
        Question::Disclose { recipient, category, purpose, population, place, given, day } => {
            let (population, place, given) = (population.as_deref(), place.as_deref(), borrowed(given));
            let day = day.unwrap_or_else(clock::today);
            may_disclose(said, recipient, Disclosure { category, purpose, population, place, given: &given, day })
        }
        Question::Collect { point, fields } => accepts(said, point, &borrowed(fields)),
        Question::Record { recorder, event, attributes } => {
            records(said, recorder, event.as_deref(), &borrowed(attributes))
        }
        Question::Send { edition, item, host, switched } => sends(said, edition, item, host.as_deref(), *switched),
        Question::Right { right, place, population } => has(said, right, place, population.as_deref()),
        Question::Role { data, population, edition } => {
            role(said, Whose { data: data.as_deref(), population: population.as_deref(), edition: edition.as_deref() })
        }
        Question::Host { host } => governs(said, host),
    }
}

fn borrowed(list: &[String]) -> Vec<&str> {
    list.iter().map(String::as_str).collect()
}

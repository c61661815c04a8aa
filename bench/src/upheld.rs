//! One request by Upheld, step by step as the program carries it out, with a stopwatch at each seam.

use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use engine::plan::{Plan, Question, Seed, Step};
use engine::policy::model::Right;
use engine::run::{Event, Journal, Nowhere, Run, Sink};
use engine::value::Value;
use jiff::{SignedDuration, Timestamp};
use store::{Claim, NewRun, State, Store};

use crate::certificate::{self, Facts};
use crate::clock;
use crate::company::{self, Company};
use crate::package::{Extra, Package};
use crate::parts::{Cost, clocked};
use crate::timed::{Meter, timed};

const LEASE: SignedDuration = SignedDuration::from_mins(2);

/// An opened company and store, measured.
pub struct Upheld {
    /// The company; its systems are measured.
    pub company: Company,
    store: Store,
    meter: Meter,
    out: PathBuf,
}

/// What a request takes from outside, so that both copies get the same stand-in values.
pub struct Given {
    /// Key of tokens and hashes.
    pub token_key: [u8; 32],
    /// When it was asked.
    pub made_at: Timestamp,
}

impl Given {
    /// A new key, now.
    pub fn new() -> Result<Self> {
        Ok(Given { token_key: store::entropy::bytes()?, made_at: clock::now() })
    }
}

impl std::fmt::Display for Given {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", hex::encode(self.token_key), self.made_at)
    }
}

impl std::str::FromStr for Given {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let (key, at) = text.split_once(' ').context("a key and a time")?;
        let mut token_key = [0; 32];
        hex::decode_to_slice(key, &mut token_key)?;
        Ok(Given { token_key, made_at: at.parse()? })
    }
}

/// What opening cost.
pub type Opened = Vec<(&'static str, Duration)>;

impl Upheld {
    /// Opens the policy folder and the store below `dir`.
    pub async fn open(dir: &Path) -> Result<(Self, Opened)> {
        let (mut opened, meter) = (Opened::new(), Meter::default());
        let mut began = Instant::now();
        let mut part = |name| opened.push((name, std::mem::replace(&mut began, Instant::now()).elapsed()));
        let folder = dir.join("helpdesk");
        let source = company::read(&folder)?;
        let (parsed, _) = engine::policy::parse::parse(&source);
        part("read and parse the folder");
        let systems = timed(company::open_systems(&parsed)?, &meter);
        let schemas = connect::describe(&systems).await?;
        part("connect and describe");
        let compiled = engine::policy::compile::compile(&source, Some(&schemas));
        let policy = compiled.policy.context("the sample folder does not compile")?;
        part("compile");
        let store = Store::open(&dir.join("home"), store::Options::new(clock::now())).await?;
        part("open the store");
        meter.take();
        let company = Company { policy, schemas, systems };
        Ok((Upheld { company, store, meter, out: dir.join("answers") }, opened))
    }

    /// From the question to the certificate.
    pub async fn fulfil(&self, right: Right, email: &str, given: &Given) -> Result<(Plan, Cost)> {
        let began = Instant::now();
        let mut cost = Cost::default();
        self.meter.stage("plan");
        let (company, before) = (&self.company, self.meter.time());
        let question = question(company, right, email, given)?;
        let (plan, time) = clocked(connect::plan(&company.policy, &company.schemas, &company.systems, question)).await;
        let plan = plan?;
        cost.add("plan", time.saturating_sub(self.meter.time() - before));
        ensure!(plan.breaches.is_empty(), "the plan goes beyond a bound");
        if right == Right::Access {
            let (package, time) = clocked(async { self.package(&plan) }).await;
            cost.add("package", time);
            let (folder, mut package) = package?;
            let signed = self.carry_out(&plan, &mut package, &mut cost).await?;
            let extra = Extra { certificate: Some(&signed), ..Extra::default() };
            let (finished, time) = clocked(async { package.finish(&extra) }).await;
            finished?;
            cost.add("package", time);
            cost.total = began.elapsed();
            std::fs::remove_dir_all(folder)?;
        } else {
            self.carry_out(&plan, &mut Nowhere, &mut cost).await?;
            cost.total = began.elapsed();
        }
        cost.databases = self.meter.take();
        Ok((plan, cost))
    }

    fn package(&self, plan: &Plan) -> Result<(PathBuf, Package)> {
        let folder = self.out.join(&plan.request);
        std::fs::create_dir_all(&self.out)?;
        Ok((folder.clone(), Package::create(&folder, plan, &self.company.policy)?))
    }

    async fn carry_out(&self, plan: &Plan, sink: &mut dyn Sink, cost: &mut Cost) -> Result<Vec<u8>> {
        let (claim, time) = clocked(self.claim(plan)).await;
        cost.add("store: open the case", time);
        let claim = claim?;
        self.run(plan, &claim, sink, cost).await?;
        let (applied, time) = clocked(self.applied(plan, &claim)).await;
        cost.add("store: receipts", time);
        applied?;
        self.certify(plan, claim, cost).await
    }

    async fn claim(&self, plan: &Plan) -> Result<Claim> {
        let (store, now) = (&self.store, clock::now());
        let id = format!("run-{}-1", &plan.hash()[..16]);
        ensure!(store.runs(&plan.request).await?.is_empty(), "the case is new");
        let mut tx = store.begin().await?;
        tx.open_case(&plan.request, plan.right.word(), now).await?;
        let bytes = serde_json::to_vec(plan)?;
        let (case, right, plan_hash) = (plan.request.as_str(), plan.right.word(), plan.hash().parse()?);
        tx.add_run(NewRun { id: &id, case, right, plan_hash, plan: &bytes, expires: plan.expires_at }, now).await?;
        let claim = tx.claim(&id, "bench", LEASE, now).await?;
        tx.advance(&claim, State::Applying, now).await?;
        tx.commit().await?;
        ensure!(store.journal(claim.run()).await?.is_empty(), "the run is new");
        Ok(claim)
    }

    async fn run(&self, plan: &Plan, claim: &Claim, sink: &mut dyn Sink, cost: &mut Cost) -> Result<()> {
        self.meter.stage("run");
        let (company, before) = (&self.company, self.meter.time());
        let run = Run::new(plan, &company.policy.hash, clock::now(), &[], &[]);
        let mut journal =
            Watched { inner: self.store.journal_of(claim.clone(), LEASE, clock::now), time: Duration::ZERO };
        let mut sink = Watched { inner: sink, time: Duration::ZERO };
        let (done, time) = clocked(connect::run(plan, run, &company.systems, &mut journal, &mut sink)).await;
        done?;
        let known = journal.time + sink.time + (self.meter.time() - before);
        cost.add("journal", journal.time);
        cost.add("package", sink.time);
        cost.add("run", time.saturating_sub(known));
        Ok(())
    }

    async fn applied(&self, plan: &Plan, claim: &Claim) -> Result<()> {
        let now = clock::now();
        let mut tx = self.store.begin().await?;
        for system in &plan.systems {
            for (ix, step) in system.steps.iter().enumerate() {
                let receipt = serde_json::to_vec(&(&step.table, step.keys.len(), &step.digest))?;
                tx.receipt(claim, &format!("{}.{ix}", system.system), &receipt, now).await?;
            }
        }
        tx.advance(claim, State::Applied, now).await?;
        tx.commit().await?;
        self.store.tasks(claim.run()).await?;
        Ok(())
    }

    async fn certify(&self, plan: &Plan, claim: Claim, cost: &mut Cost) -> Result<Vec<u8>> {
        let (company, store) = (&self.company, &self.store);
        self.meter.stage("probe");
        let before = self.meter.time();
        let (probed, time) = clocked(async {
            match plan.right {
                Right::Erasure => Ok(connect::probe(&company.policy, &company.systems, plan).await?),
                _ => anyhow::Ok(Some((Vec::new(), Vec::new()))),
            }
        })
        .await;
        cost.add("probe", time.saturating_sub(self.meter.time() - before));
        let (residues, read) = probed?.context("the folder knows the plan's tables")?;
        ensure!(residues.is_empty(), "the probe found residues: {residues:?}");
        let began = Instant::now();
        let mut signing = Duration::ZERO;
        let now = clock::now();
        let mut tx = store.begin().await?;
        tx.advance(&claim, State::Verified, now).await?;
        if plan.right == Right::Erasure {
            let tenant = plan.tenant.as_ref().and_then(|t| t.join_text().map(|s| s.into_owned()));
            for (name, value) in engine::plan::key_identities(&company.policy, plan) {
                let identity =
                    store::Identity { kind: &plan.kind, tenant: tenant.as_deref(), name: &name, value: &value };
                tx.suppress(identity).await?;
            }
        }
        tx.advance(&claim, State::Complete, now).await?;
        let facts = Facts {
            company,
            plan,
            whole: plan,
            residues: &residues,
            read: &read,
            tasks: &[],
            meanwhile: &[],
            earlier: None,
            restored: None,
            now,
        };
        let reference = tx.reference(&plan.request).await?;
        let signed = {
            let began = Instant::now();
            let signed = certificate::sign(&facts, reference, store);
            signing += began.elapsed();
            signed?
        };
        let entry = tx.certify(&claim, &signed, now).await?;
        tx.journal(&claim, &store::Event::Finished, None, now).await?;
        tx.release(&claim).await?;
        tx.commit().await?;
        cost.add("certificate", signing);
        cost.add("store: close the case", began.elapsed().saturating_sub(signing));
        let (anchored, time) = clocked(async {
            store.sequence(clock::now()).await?;
            let anchor = store.inclusion(entry).await?.context("the ledger holds the certificate")?;
            anyhow::Ok(signed.anchored(anchor).to_bytes()?)
        })
        .await;
        cost.add("ledger", time);
        anchored
    }
}

fn question(company: &Company, right: Right, email: &str, given: &Given) -> Result<Question> {
    let made_at = given.made_at;
    Ok(Question {
        request: store::entropy::id("case")?,
        right,
        requested_by: "bench".to_owned(),
        kind: company.policy.kind("customer").context("the sample has customers")?,
        tenant: None,
        seeds: vec![Seed::Identity { name: "email".to_owned(), value: Value::text(email) }],
        corrections: Vec::new(),
        sweep: false,
        words: Vec::new(),
        token_key: given.token_key,
        nonce: store::entropy::bytes()?,
        made_at,
        expires_at: made_at + SignedDuration::from_hours(1),
    })
}

/// A journal or a sink with a stopwatch.
struct Watched<T> {
    inner: T,
    time: Duration,
}

impl<J: Journal> Journal for Watched<J> {
    fn append<'a>(&'a mut self, event: &'a Event) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>> {
        Box::pin(async move {
            let (done, time) = clocked(self.inner.append(event)).await;
            self.time += time;
            done
        })
    }
}

impl Sink for Watched<&mut dyn Sink> {
    fn begin(&mut self, system: &str, step: &Step) -> Result<(), String> {
        let began = Instant::now();
        let done = self.inner.begin(system, step);
        self.time += began.elapsed();
        done
    }

    fn row(&mut self, row: Vec<Value>) -> Result<(), String> {
        let began = Instant::now();
        let done = self.inner.row(row);
        self.time += began.elapsed();
        done
    }
}

//! The planner: a question in, asks and answers in between, a plan out.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::after::{self, After};
use super::asked::Veto;
use super::bearers::Bearers;
use super::bounds::{at_once, changed, touched};
use super::bytes::Bytes;
use super::claims::Claims;
use super::draft::{Draft, Drafted};
use super::elsewhere::Settled;
use super::equals::{ask_equals, keyless, take_equals};
use super::fates::{Fates, Outcome};
use super::ghosts::{Living, ghosts};
use super::question::{Question, Refusal};
use super::rectify::{Taken, corrected};
use super::register::Register;
use super::remainder::{Remainder, Remembered, Stopped};
use super::resolve::{Person, Resolver, of_record, place, region};
use super::rows::{RowIx, Rows};
use super::standing::Standing;
use super::sweep::{Sweep, everywhere};
use super::types::{Breach, Freed, Plan, Record, Review, Swept, SystemPlan};
use super::values::identity;
use super::{Answer, Ask, What};
use jiff::tz::TimeZone;

use crate::matching;
use crate::policy::model::{Limits, Policy, Right, TableId, Worth};
use crate::schema::Schema;
use crate::text::{Finder, Identifier, Words};
use crate::value::Value;

/// What the planner does next.
#[derive(Debug)]
pub enum Next {
    /// Wants answers, in this order.
    Ask(Vec<Ask>),
    /// Is done.
    Done(Box<Plan>),
}

/// A plan in the making.
pub struct Planner<'p> {
    policy: &'p Policy,
    schemas: &'p BTreeMap<String, Schema>,
    question: Question,
    rows: Rows,
    /// Tables that were asked.
    searched: BTreeSet<TableId>,
    /// Tables of which every row was searched, and how many rows they have.
    swept: Vec<(TableId, u64)>,
    stage: Stage<'p>,
    register: Option<Register>,
    /// The plan whose rest this is, and its hash.
    earlier: Option<(Plan, String)>,
    remembered: Remembered,
    /// Rows that no correction changes, and what keeps them.
    held: HashMap<RowIx, Veto>,
    /// It looks for rows that came while another plan was carried out.
    after: Option<After<'p>>,
    freed: Vec<Freed>,
    bearers: Vec<Bearers>,
}

enum Stage<'p> {
    /// What is somebody's again of what the plan freed? Then as after it, and after these.
    Living(Box<Living<'p>>, &'p Plan, &'p [Plan]),
    Recall(Box<Remainder>, bool),
    Resolve(Box<Resolver>),
    Claims(Box<Person>, Box<Claims>, Finder, Vec<Review>),
    Fates(Box<Person>, Box<Claims>, Finder, Vec<Review>, Box<Fates>),
    Bytes(Box<Person>, Finder, Vec<Review>, Option<Vec<Outcome>>, Box<Bytes>),
    Held(Box<Person>, Finder, Vec<Review>, Box<Standing>),
    Taken(Box<Person>, Finder, Vec<Review>, Box<Taken>),
    Equals(Box<Plan>),
    Bounds(Box<Plan>, Vec<(TableId, u64)>),
    Done,
}

impl<'p> Planner<'p> {
    /// A planner for one question. `schemas` are the live schemas by system, for fingerprints.
    pub fn new(policy: &'p Policy, schemas: &'p BTreeMap<String, Schema>, question: Question) -> Self {
        let resolver = Box::new(Resolver::new(question.kind));
        let rows = Rows::with(policy, &corrected(policy, &question.corrections));
        Planner {
            policy,
            schemas,
            rows,
            searched: BTreeSet::new(),
            swept: Vec::new(),
            stage: Stage::Resolve(resolver),
            question,
            register: None,
            earlier: None,
            remembered: Remembered::default(),
            held: HashMap::new(),
            after: None,
            freed: Vec::new(),
            bearers: Vec::new(),
        }
    }

    /// A planner for rows that were written, into tables of which the map says so, while `plan` was carried out; `earlier`
    /// are the plans that were made of such rows already. `None` where the policy no longer has the plan's tables.
    pub fn after(
        policy: &'p Policy,
        schemas: &'p BTreeMap<String, Schema>,
        plan: &'p Plan,
        earlier: &'p [Plan],
    ) -> Option<Self> {
        let question = after::question(policy, plan)?;
        let living = Living::of(policy, plan, question.kind)?;
        let stage = Stage::Living(Box::new(living), plan, earlier);
        Some(Planner { stage, ..Planner::new(policy, schemas, question) })
    }

    /// Rows that the register knows are kept, and holds are read, whose digests need its key.
    pub fn knowing(mut self, register: Register) -> Self {
        if let Stage::Resolve(resolver) = &mut self.stage {
            resolver.knowing(&register);
        }
        self.register = Some(register);
        self
    }

    /// A planner for what an earlier plan had to leave: it asks nobody who the person is, but goes on from the rows.
    pub fn of_rest(
        policy: &'p Policy,
        schemas: &'p BTreeMap<String, Schema>,
        question: Question,
        rest: Remainder,
    ) -> Self {
        let earlier = Some((rest.plan.clone(), rest.hash.clone()));
        let stage = Stage::Recall(Box::new(rest), false);
        Planner { stage, earlier, ..Planner::new(policy, schemas, question) }
    }

    /// Takes the answers to the asks it returned last (none at first) and goes on.
    pub fn step(&mut self, answers: Vec<Answer>) -> Result<Next, Refusal> {
        let mut answers = match self.rows.elsewhere().settle(self.policy, answers) {
            Settled::Ask(asks) => return Ok(Next::Ask(asks)),
            Settled::Go(answers) => answers,
        };
        loop {
            let given = std::mem::take(&mut answers);
            let asks = match std::mem::replace(&mut self.stage, Stage::Done) {
                Stage::Living(living, plan, earlier) => self.look_back(living, plan, earlier, given)?,
                Stage::Recall(rest, asked) => self.recall(rest, asked, given)?,
                Stage::Resolve(resolver) => self.resolve(resolver, given)?,
                Stage::Claims(person, claims, finder, review) => self.claim(person, claims, finder, review, given)?,
                Stage::Fates(person, claims, finder, review, fates) => {
                    self.decide(person, claims, finder, review, fates, given)?
                }
                Stage::Bytes(person, finder, review, outcomes, bytes) => {
                    self.files(person, finder, review, outcomes, bytes, given)?
                }
                Stage::Held(person, finder, review, standing) => self.hold(person, finder, review, standing, given)?,
                Stage::Taken(person, finder, review, taken) => {
                    taken.judge(self.policy, &self.rows, &person, given)?;
                    self.draft(person, finder, review, None, &Bytes::none())?
                }
                Stage::Equals(plan) => self.count(plan, given),
                Stage::Bounds(plan, counted) => return Ok(Next::Done(Box::new(self.bound(*plan, counted, given)))),
                Stage::Done => Vec::new(),
            };
            if !asks.is_empty() {
                self.searched.extend(asks.iter().filter(|a| matches!(a.what, What::Select(_))).map(|a| a.table));
                return Ok(Next::Ask(asks));
            }
        }
    }

    fn look_back(
        &mut self,
        mut living: Box<Living<'p>>,
        plan: &'p Plan,
        earlier: &'p [Plan],
        answers: Vec<Answer>,
    ) -> Result<Vec<Ask>, Refusal> {
        if !living.awaits() {
            let asks = living.ask();
            if !asks.is_empty() {
                self.stage = Stage::Living(living, plan, earlier);
                return Ok(asks);
            }
        }
        let (policy, kind) = (self.policy, self.question.kind);
        let (taken, bearers) = living.take(&self.rows, answers);
        self.bearers = bearers;
        let ghosts = ghosts(policy, plan, kind, &mut self.rows, &taken, None);
        // Its tables were found when the search for the living began.
        let Some((person, claims, gone)) = ghosts else { return Ok(Vec::new()) };
        self.after = Some(After::new(policy, plan, earlier, self.rows.count(), gone));
        let claims = claims.within(after::leading(policy));
        self.stage = Stage::Claims(Box::new(person), Box::new(claims), Finder::new(&plan.identifiers), Vec::new());
        Ok(Vec::new())
    }

    fn recall(&mut self, mut rest: Box<Remainder>, asked: bool, answers: Vec<Answer>) -> Result<Vec<Ask>, Refusal> {
        if !asked {
            let asks = rest.ask(self.policy, &self.rows)?;
            self.stage = Stage::Recall(rest, true);
            return Ok(asks);
        }
        let (person, claims, remembered) = rest.take(self.policy, self.question.kind, &mut self.rows, answers);
        self.remembered = remembered;
        let finder = Finder::new(&rest.plan.identifiers);
        self.stage = Stage::Claims(Box::new(person), Box::new(claims), finder, Vec::new());
        Ok(Vec::new())
    }

    fn resolve(&mut self, mut resolver: Box<Resolver>, answers: Vec<Answer>) -> Result<Vec<Ask>, Refusal> {
        let asks = resolver.step(self.policy, &self.question, &mut self.rows, answers)?;
        if !asks.is_empty() {
            self.stage = Stage::Resolve(resolver);
            return Ok(asks);
        }
        let mut person = resolver.finish();
        let review = std::mem::take(&mut person.review);
        let finder = Finder::new(&self.identifiers(&person));
        let sweep = self.question.sweep.then(|| Sweep::new(&person, self.identifiers(&person)));
        let claims = Box::new(Claims::new(self.policy, self.question.kind).sweeping(sweep));
        self.stage = Stage::Claims(Box::new(person), claims, finder, review);
        Ok(Vec::new())
    }

    fn claim(
        &mut self,
        person: Box<Person>,
        mut claims: Box<Claims>,
        finder: Finder,
        mut review: Vec<Review>,
        answers: Vec<Answer>,
    ) -> Result<Vec<Ask>, Refusal> {
        let asks = claims.step(self.policy, &person, &finder, &mut self.rows, &mut review, answers);
        if !asks.is_empty() {
            self.stage = Stage::Claims(person, claims, finder, review);
            return Ok(asks);
        }
        self.swept = claims.swept().to_vec();
        match self.question.right {
            Right::Access | Right::Portability => return self.begin_files(person, finder, review, None),
            Right::Rectification => {
                let standing = Box::new(self.standing(&person)?);
                return self.hold(person, finder, review, standing, Vec::new());
            }
            Right::Restriction | Right::Lifting | Right::Confirmation => {
                return self.draft(person, finder, review, None, &Bytes::none());
            }
            Right::Erasure | Right::Deactivation | Right::Reactivation => {}
        }
        let standing = self.standing(&person)?;
        let remembered = std::mem::take(&mut self.remembered);
        let gone = self.after.as_ref().map(|after| after.gone.clone()).unwrap_or_default();
        let fates = Box::new(Fates::new(self.policy, self.question.made_at, standing, remembered, gone));
        self.stage = Stage::Fates(person, claims, finder, review, fates);
        Ok(Vec::new())
    }

    fn decide(
        &mut self,
        person: Box<Person>,
        mut claims: Box<Claims>,
        finder: Finder,
        mut review: Vec<Review>,
        mut fates: Box<Fates>,
        answers: Vec<Answer>,
    ) -> Result<Vec<Ask>, Refusal> {
        let asks = fates.step(self.policy, &person, &mut claims, &mut self.rows, answers);
        if !asks.is_empty() {
            self.stage = Stage::Fates(person, claims, finder, review, fates);
            return Ok(asks);
        }
        let mut outcomes = fates.finish();
        if let Some(after) = &self.after {
            outcomes = after.only(&self.rows, outcomes);
            review = after.doubts(&self.rows, review);
            self.freed = after.freed(&self.rows, &outcomes);
        }
        self.begin_files(person, finder, review, Some(outcomes))
    }

    /// The plan that tells who the person is.
    fn before(&self) -> Option<&Plan> {
        self.earlier.as_ref().map(|(plan, _)| plan).or(self.after.as_ref().map(|after| after.plan))
    }

    /// What stands against a change of the person's rows beside the map.
    fn standing(&self, person: &Person) -> Result<Standing, Refusal> {
        let today = self.question.made_at.to_zoned(TimeZone::UTC).date();
        let known = (self.register.as_ref(), self.before());
        Standing::new(self.policy, &self.question, person, &self.rows, known, today)
    }

    /// What is kept is kept as it is: which rows are must be known before any is corrected.
    fn hold(
        &mut self,
        person: Box<Person>,
        finder: Finder,
        review: Vec<Review>,
        mut standing: Box<Standing>,
        answers: Vec<Answer>,
    ) -> Result<Vec<Ask>, Refusal> {
        if standing.awaited() > 0 {
            standing.take(self.policy, &mut self.rows, answers);
        }
        let asks = standing.ask(self.policy, &person, &self.rows);
        if asks.is_empty() {
            self.held = standing.kept(self.policy, &self.rows);
            return self.begin_correction(person, finder, review);
        }
        self.stage = Stage::Held(person, finder, review, standing);
        Ok(asks)
    }

    /// Would a corrected identity be somebody else's?
    fn begin_correction(
        &mut self,
        person: Box<Person>,
        finder: Finder,
        review: Vec<Review>,
    ) -> Result<Vec<Ask>, Refusal> {
        let Planner { policy, schemas, question, rows, held, .. } = self;
        let bytes = Bytes::none();
        let draft = Draft { policy, question, schemas, rows, person: &person, finder: &finder, bytes: &bytes, held };
        let (taken, asks) = Taken::of(&draft, &draft.corrections()?);
        if asks.is_empty() {
            return self.draft(person, finder, review, None, &bytes);
        }
        self.stage = Stage::Taken(person, finder, review, Box::new(taken));
        Ok(asks)
    }

    /// Everything but the files is settled.
    fn begin_files(
        &mut self,
        person: Box<Person>,
        finder: Finder,
        review: Vec<Review>,
        outcomes: Option<Vec<Outcome>>,
    ) -> Result<Vec<Ask>, Refusal> {
        let Planner { policy, schemas, question, rows, held, .. } = self;
        let none = Bytes::none();
        let draft = Draft { policy, question, schemas, rows, person: &person, finder: &finder, bytes: &none, held };
        let bytes = Box::new(match &outcomes {
            Some(outcomes) => Bytes::of_erasure(&draft, outcomes),
            None => Bytes::of_access(&draft),
        });
        self.stage = Stage::Bytes(person, finder, review, outcomes, bytes);
        Ok(Vec::new())
    }

    fn files(
        &mut self,
        person: Box<Person>,
        finder: Finder,
        review: Vec<Review>,
        mut outcomes: Option<Vec<Outcome>>,
        mut bytes: Box<Bytes>,
        answers: Vec<Answer>,
    ) -> Result<Vec<Ask>, Refusal> {
        let mut nobody = Vec::new();
        let asks = bytes.step(self.policy, &mut self.rows, outcomes.as_mut().unwrap_or(&mut nobody), answers);
        if asks.is_empty() {
            return self.draft(person, finder, review, outcomes, &bytes);
        }
        self.stage = Stage::Bytes(person, finder, review, outcomes, bytes);
        Ok(asks)
    }

    fn draft(
        &mut self,
        person: Box<Person>,
        finder: Finder,
        mut review: Vec<Review>,
        outcomes: Option<Vec<Outcome>>,
        bytes: &Bytes,
    ) -> Result<Vec<Ask>, Refusal> {
        let Planner { policy, schemas, question, rows, held, .. } = self;
        let draft = Draft { policy, question, schemas, rows, person: &person, finder: &finder, bytes, held };
        let drafted = match (&outcomes, question.right) {
            (Some(outcomes), _) => reversible(policy, question.right, draft.erasure(outcomes)?)?,
            (None, Right::Rectification) => draft.rectification()?,
            (None, Right::Restriction | Right::Lifting) => draft.restriction()?,
            (None, _) => draft.access(),
        };
        review.sort();
        review.dedup();
        let stopped = outcomes.map(|outcomes| draft.stopped(&outcomes)).unwrap_or_default();
        let plan = self.plan(&person, drafted, stopped, review);
        let asks = ask_equals(self.policy, &plan);
        self.stage = Stage::Equals(Box::new(plan));
        Ok(asks)
    }

    fn count(&mut self, mut plan: Box<Plan>, answers: Vec<Answer>) -> Vec<Ask> {
        take_equals(self.policy, &mut plan, answers);
        let counted = self.to_count(&plan);
        let count = |t: TableId| Ask { system: self.policy.table(t).system, table: t, what: What::Count };
        let asks = counted.iter().map(|(t, _)| count(*t)).collect();
        self.stage = Stage::Bounds(plan, counted);
        asks
    }

    fn plan(&self, person: &Person, drafted: Drafted, stopped: Vec<Stopped>, review: Vec<Review>) -> Plan {
        let q = &self.question;
        let records = person.records.iter().map(|(ix, chain)| {
            let row = self.rows.row(*ix);
            let t = self.policy.table(row.table);
            let names = t.names(self.rows.needed(row.table));
            Record {
                system: self.policy.system(t.system).name.clone(),
                table: t.name.clone(),
                key: row.key.clone(),
                chain: chain.clone(),
                values: names.into_iter().zip(row.values.iter().cloned()).collect(),
                held: self.held(*ix),
            }
        });
        let mut persons: Vec<Record> = records.collect();
        persons.sort();
        if let Some(earlier) = self.before() {
            persons = earlier.persons.clone();
        }
        Plan {
            version: 1,
            request: q.request.clone(),
            right: q.right,
            requested_by: q.requested_by.clone(),
            kind: self.policy.kinds[q.kind.0].name.clone(),
            tenant: person.tenant.clone(),
            local_tenants: person
                .local_tenants
                .iter()
                .map(|(s, v)| (self.policy.system(*s).name.clone(), v.clone()))
                .collect(),
            policy: self.policy.hash.clone(),
            profile: self.policy.profile.clone(),
            persons,
            identifiers: self.identifiers(person),
            systems: drafted.systems,
            kept: drafted.kept,
            stopped,
            rest_of: self.earlier.as_ref().map(|(_, hash)| hash.clone()),
            withheld: drafted.withheld,
            review,
            not_followed: person.not_followed.iter().cloned().collect(),
            unusable: person.unusable.clone(),
            other_kinds: person.other_kinds.clone(),
            restores: None,
            absent: drafted.absent,
            searched: self.searched.iter().map(|t| place(self.policy, *t)).collect(),
            swept: self.swept.iter().map(|(table, rows)| self.swept(*table, *rows)).collect(),
            consulted: self.rows.consulted(self.policy, &hex::encode(q.nonce)),
            freed: self.freed.clone(),
            bearers: self.bearers.clone(),
            shreds: drafted.shreds,
            breaches: Vec::new(),
            token_key: hex::encode(q.token_key),
            nonce: hex::encode(q.nonce),
            made_at: q.made_at,
            expires_at: q.expires_at,
        }
    }

    /// Values of a record's identities that its own columns do not tell alone: they stand in rows beside it, or a condition
    /// finds something in another table.
    fn held(&self, ix: RowIx) -> Vec<(String, Value)> {
        let table = self.rows.row(ix).table;
        let kind = &self.policy.kinds[self.question.kind.0];
        let of_table = kind.populations.iter().filter(|p| p.table == table).flat_map(|p| &p.identities);
        let looked_up = of_table.filter(|i| i.table == table && i.when.looks_up());
        let found = looked_up.flat_map(|i| identity(i, &self.rows, ix).into_iter().map(|v| (i.name.clone(), v)));
        self.rows.held(ix).cloned().chain(found).collect()
    }

    fn swept(&self, table: TableId, rows: u64) -> Swept {
        let columns = self.policy.table(table).names(&everywhere(self.policy, table));
        Swept { table: place(self.policy, table), columns, rows }
    }

    /// What is searched in texts: every identity of the person's records, and what else they are called.
    fn identifiers(&self, person: &Person) -> Vec<Identifier> {
        if let Some(earlier) = self.before() {
            return earlier.identifiers.clone();
        }
        let mut found: Vec<Identifier> = Vec::new();
        for (row, _) in &person.records {
            let region = region(self.policy, &self.rows, *row);
            for (identity, value) in of_record(self.policy, self.question.kind, &self.rows, *row) {
                if matching::normal(identity.matching, &value, region).is_some()
                    && let Some(text) = value.join_text()
                {
                    found.push(Identifier { text: Words(text.into_owned()), certain: identity.worth != Worth::Text });
                }
            }
        }
        found.extend(self.question.words.iter().map(|w| Identifier { text: w.clone(), certain: false }));
        found.sort();
        found.dedup();
        found
    }

    fn limits(&self, system: &str) -> Limits {
        self.policy.systems.iter().find(|s| s.name == system).map(|s| s.limits.clone()).unwrap_or_default()
    }

    /// Tables of which a plan touches so many rows that their share matters.
    fn to_count(&self, plan: &Plan) -> Vec<(TableId, u64)> {
        let touched = touched(plan);
        let over = touched.into_iter().filter_map(|((system, table), rows)| {
            let limits = self.limits(&system);
            let id = self.policy.table_named(self.policy.system_named(&system)?, &table)?;
            (rows as f64 > limits.share_of_table * limits.share_from as f64).then_some((id, rows))
        });
        over.collect()
    }

    /// Has the table a trigger that the map puts off? What it does to rows is in no plan, so somebody must answer for it.
    fn unreviewed(&self, system: &str, table: &str) -> bool {
        let live = self.schemas.get(system).and_then(|s| s.table(table));
        let known = self.policy.system_named(system).and_then(|s| self.policy.table_named(s, table));
        let (Some(live), Some(known)) = (live, known) else { return false };
        live.triggers.iter().any(|t| !self.policy.table(known).reviewed_triggers.contains(t))
    }

    /// Compares with the bounds.
    fn bound(&self, mut plan: Plan, counted: Vec<(TableId, u64)>, answers: Vec<Answer>) -> Plan {
        let mut breaches = Vec::new();
        let mut breach = |bound: &str, system: &str, table: &str, rows: u64, allowed: u64| {
            let place = if table.is_empty() { system.to_owned() } else { format!("{system}.{table}") };
            let bound = format!("{bound}:{place}");
            breaches.push(Breach { bound, system: system.into(), table: table.into(), rows, allowed });
        };
        for ((system, table), rows) in touched(&plan) {
            let allowed = self.limits(&system).rows_per_table;
            if rows > allowed {
                breach("rows_per_table", &system, &table, rows, allowed);
            }
        }
        for ((id, rows), answer) in counted.into_iter().zip(answers) {
            let t = self.policy.table(id);
            let system = &self.policy.system(t.system).name;
            let limits = self.limits(system);
            let allowed = (answer.count as f64 * limits.share_of_table) as u64;
            if answer.count >= limits.share_from && rows > allowed {
                breach("share_of_table", system, &t.name, rows, allowed);
            }
        }
        for (system, rows) in at_once(&plan) {
            let allowed = self.limits(&system).one_transaction;
            if rows > allowed {
                breach("one_transaction", &system, "", rows, allowed);
            }
        }
        let mut records: BTreeMap<(&str, &str), u64> = BTreeMap::new();
        for r in &plan.persons {
            *records.entry((&r.system, &r.table)).or_default() += 1;
        }
        for ((system, table), rows) in records {
            let allowed = self.limits(system).records_per_kind_and_person;
            if rows > allowed {
                breach("records_per_kind_and_person", system, table, rows, allowed);
            }
        }
        for ((system, table), rows) in changed(&plan) {
            if self.unreviewed(&system, &table) {
                breach("unreviewed_trigger", &system, &table, rows, 0);
            }
        }
        breaches.sort();
        plan.breaches = breaches;
        plan
    }
}

/// A deactivation does nothing that cannot be taken back: bytes of files are gone for good, and so is what a web service was
/// told to delete.
fn reversible(policy: &Policy, right: Right, drafted: Drafted) -> Result<Drafted, Refusal> {
    if right != Right::Deactivation {
        return Ok(drafted);
    }
    let for_good = |s: &SystemPlan| s.files.is_some() || s.calls.is_some();
    let changes = |s: &&SystemPlan| for_good(s) && s.steps.iter().any(|step| step.action.changes());
    if let Some(system) = drafted.systems.iter().find(changes) {
        return Err(Refusal::Irreversible { system: system.system.clone() });
    }
    let without_key = keyless(policy, &drafted.systems).find(|(_, _, step)| step.action.changes());
    match without_key.map(|(_, table, _)| place(policy, table)) {
        Some(table) => Err(Refusal::NoKey { table }),
        None => Ok(drafted),
    }
}

//! The steps of an erasure, and what survives it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::asked::Veto;
use super::bytes::is_described;
use super::digest::token;
use super::draft::{Draft, Drafted, held_links};
use super::fates::{Others, Outcome};
use super::keeps::{self, Decided};
use super::order::order;
use super::question::Refusal;
use super::resolve::{place, same};
use super::rows::RowIx;
use super::types::{Action, How, Kept, Key, Step, Why};
use crate::actions::{Coarse, Token, Within, nothing};
use crate::policy::model::{Column, ColumnIx, Erase, Fate, Fill, Form, SystemId, TableId, Target, Untie};
use crate::text::Hit;
use crate::value::Value;

/// How the columns of a row change, and which places of its texts are masked.
type Changes = (Vec<(String, How)>, Vec<(String, Vec<Hit>)>);

type Group = BTreeMap<(TableId, Vec<(String, How)>, String), Vec<(RowIx, Vec<(String, Vec<Hit>)>)>>;

impl Draft<'_> {
    /// The steps of an erasure.
    pub fn erasure(&self, outcomes: &[Outcome]) -> Result<Drafted, Refusal> {
        let mut kept: BTreeMap<(TableId, Why, Vec<String>), Vec<Key>> = BTreeMap::new();
        let mut changes: Group = BTreeMap::new();
        let mut deletes: Vec<RowIx> = Vec::new();
        let found: HashSet<RowIx> = self.bytes.found().collect();
        for (ix, row) in self.rows.all().filter(|(_, r)| !self.policy.table(r.table).made) {
            let outcome = &outcomes[ix];
            if outcome.goes || found.contains(&ix) {
                deletes.push(ix);
                continue;
            }
            let (columns, spans) = self.changes(ix, outcomes);
            if !row.claims.is_empty() {
                let mut whys = self.survives(ix, outcome, &columns);
                whys.extend(self.laws(ix, outcome));
                if whys.is_empty() && columns.is_empty() {
                    whys.push((self.left(ix), Vec::new()));
                }
                for (why, columns) in whys {
                    kept.entry((row.table, why, columns)).or_default().push(row.key.clone());
                }
            }
            if !columns.is_empty() {
                changes.entry((row.table, columns, self.reason(ix))).or_default().push((ix, spans));
            }
        }
        let steps = self.erasure_steps(changes, deletes)?;
        let kept: Vec<Kept> = kept
            .into_iter()
            .map(|((table, reason, columns), mut keys)| {
                keys.sort();
                let t = self.policy.table(table);
                Kept { system: self.policy.system(t.system).name.clone(), table: t.name.clone(), keys, reason, columns }
            })
            .collect();
        let kept: Vec<Kept> = kept.into_iter().chain(self.bytes.kept(self.policy)).collect();
        let absent = self.bytes.absent(self.policy);
        let (shreds, locked) = self.shreds(outcomes);
        let kept = locked.into_iter().chain(kept).collect();
        Ok(Drafted { systems: self.by_system(steps), kept, withheld: Vec::new(), absent, shreds })
    }

    /// Why a row with a claim survives, unless it is merely changed as its role says.
    fn survives(&self, ix: RowIx, outcome: &Outcome, changes: &[(String, How)]) -> Vec<(Why, Vec<String>)> {
        let t = self.policy.table(self.rows.row(ix).table);
        if let Some(by) = outcome.needed_by {
            let by = self.policy.table(by).name.clone();
            if is_described(self.policy, self.rows.row(ix).table) {
                return vec![(Why::Shared { by }, Vec::new())];
            }
            return vec![(Why::Needed { by }, t.names(&t.key))];
        }
        if let Some(others) = outcome.others.filter(|_| outcome.vetoes.is_empty()) {
            let changed = |c: &Column| changes.iter().any(|(name, _)| *name == c.name);
            let stays = t.columns.iter().filter(|c| !changed(c)).map(|c| c.name.clone());
            let columns = if changes.is_empty() { Vec::new() } else { stays.collect() };
            let why = match others {
                Others::CoOwners => Why::CoOwned,
                Others::Parents(table) => Why::Shared { by: self.policy.table(table).name.clone() },
            };
            return vec![(why, columns)];
        }
        if outcome.fate == Fate::None && outcome.vetoes.is_empty() {
            return vec![(self.left(ix), Vec::new())];
        }
        let law = |veto: &Veto| Why::Law { law: veto.law.clone(), until: veto.until.map(|d| d.to_string()) };
        let laws: BTreeSet<Why> = outcome.vetoes.iter().map(law).collect();
        laws.into_iter().map(|why| (why, Vec::new())).collect()
    }

    fn left(&self, ix: RowIx) -> Why {
        let t = self.policy.table(self.rows.row(ix).table);
        let links: BTreeSet<&str> =
            held_links(self.rows.row(ix)).into_iter().map(|l| t.links[l].name.as_str()).collect();
        Why::Left { link: links.into_iter().collect::<Vec<_>>().join(", ") }
    }

    /// Columns that laws keep in a row that is otherwise scrubbed.
    fn laws(&self, ix: RowIx, outcome: &Outcome) -> Vec<(Why, Vec<String>)> {
        let t = self.policy.table(self.rows.row(ix).table);
        let mut by_law: BTreeMap<Why, Vec<String>> = BTreeMap::new();
        let acts = outcome.fate > Fate::None;
        for (column, (law, until)) in outcome.stays.iter().filter(|_| acts) {
            let why = Why::Law { law: law.clone(), until: until.map(|d| d.to_string()) };
            by_law.entry(why).or_default().push(t.columns[*column].name.clone());
        }
        by_law.into_iter().collect()
    }

    /// How the columns of a surviving row change, and which places of texts are masked. On one column what stays beats
    /// everything, then `set_on_scrub`, then the untie, then the action.
    fn changes(&self, ix: RowIx, outcomes: &[Outcome]) -> Changes {
        let outcome = &outcomes[ix];
        let t = self.policy.table(self.rows.row(ix).table);
        let mut how: BTreeMap<ColumnIx, How> = BTreeMap::new();
        if outcome.fate >= Fate::Untie {
            let texts = t.columns.iter().enumerate().filter(|(_, c)| c.text);
            how.extend(texts.map(|(column, c)| (column, redact(Within::texts_of(c)))));
        }
        if outcome.fate >= Fate::Scrub {
            for (column, erase) in self.actions(ix, outcomes) {
                match self.how(ix, column, &erase) {
                    Some(h) => how.insert(column, h),
                    None => how.remove(&column),
                };
            }
        }
        how.retain(|column, _| !t.key.contains(column) && !t.columns[*column].generated);
        how.extend(self.untied(ix, outcome));
        if outcome.fate >= Fate::Scrub {
            how.extend(t.set_on_scrub.iter().map(|(column, fill)| (*column, How::Set(self.fill(fill, t.system)))));
        }
        how.retain(|column, _| !outcome.stays.contains_key(column));
        let spans = self.masks(ix, &mut how);
        (how.into_iter().map(|(c, h)| (t.columns[c].name.clone(), h)).collect(), spans)
    }

    /// Does a row that stays come to lead to another path than before?
    pub fn breaks(&self, ix: RowIx, outcomes: &[Outcome], form: &Form) -> bool {
        let t = self.policy.table(self.rows.row(ix).table);
        let (changes, _) = self.changes(ix, outcomes);
        changes.iter().any(|(name, how)| {
            let part = form.columns().find(|c| t.columns[*c].name == *name);
            part.is_some_and(|c| !matches!(how, How::Set(v) if same(v, self.rows.value(ix, c))))
        })
    }

    /// Places to mask; columns without any do not change.
    fn masks(&self, ix: RowIx, how: &mut BTreeMap<ColumnIx, How>) -> Vec<(String, Vec<Hit>)> {
        let t = self.policy.table(self.rows.row(ix).table);
        let mut spans = Vec::new();
        how.retain(|column, h| {
            let old = self.rows.value(ix, *column);
            let hits = match (&*h, old) {
                (How::Redact, Value::Text(text)) => self.finder.hits(text),
                (How::Redact, _) => Vec::new(),
                (of_the_old, _) => {
                    let made = of_the_old.made(&hex::encode(self.question.token_key), self.finder, old);
                    return made.is_none_or(|new| new != *old);
                }
            };
            let found = !hits.is_empty();
            if found {
                spans.push((t.columns[*column].name.clone(), hits));
            }
            found
        });
        spans
    }

    /// What the unties write; of two ties on one column the first link counts.
    fn untied(&self, ix: RowIx, outcome: &Outcome) -> BTreeMap<ColumnIx, How> {
        let t = self.policy.table(self.rows.row(ix).table);
        let mut how = BTreeMap::new();
        for link in outcome.undone.iter().map(|l| &t.links[*l]) {
            for (at, column) in link.columns.iter().enumerate() {
                let written = match (link.untie, &link.target) {
                    (Some(Untie::Null), _) => How::Set(Value::Null),
                    (Some(Untie::Blank), _) => How::Set(Value::text("")),
                    (Some(Untie::Nobody), _) => How::Set(link.nobody.first().cloned().unwrap_or(Value::Null)),
                    (Some(Untie::Pseudonym), _) => match Token::of(&t.columns[*column]) {
                        Some(form) => How::Pseudonym(form),
                        None => continue,
                    },
                    (Some(Untie::Placeholder), Target::Row { table, columns }) => {
                        let target = self.policy.table(*table);
                        How::Placeholder {
                            system: self.policy.system(target.system).name.clone(),
                            table: target.name.clone(),
                            column: target.columns[columns[at]].name.clone(),
                        }
                    }
                    (Some(Untie::Placeholder), Target::Identity { .. })
                    | (Some(Untie::Delete | Untie::Drop) | None, _) => continue,
                };
                how.entry(*column).or_insert(written);
            }
        }
        how
    }

    /// The column actions of a scrub: those of the columns that belong to the person, and exactly those that links list.
    pub(super) fn actions(&self, ix: RowIx, outcomes: &[Outcome]) -> BTreeMap<ColumnIx, Erase> {
        let row = self.rows.row(ix);
        let t = self.policy.table(row.table);
        let today = self.today();
        let mut actions = BTreeMap::new();
        if outcomes[ix].ordinary {
            let (links, holds) = (held_links(row), outcomes[ix].holds);
            for (column, c) in t.columns.iter().enumerate() {
                let belongs = if c.of.is_empty() { holds } else { c.of.iter().any(|l| links.contains(l)) };
                if belongs && let Decided::Does(erase) = keeps::column(self.policy, self.rows, today, ix, column) {
                    actions.insert(column, erase);
                }
            }
        }
        let listed = outcomes[ix].listed.iter();
        actions.extend(listed.flat_map(|(e, columns)| columns.iter().map(|c| (*c, e.clone()))));
        actions
    }

    fn today(&self) -> Date {
        self.question.made_at.to_zoned(TimeZone::UTC).date()
    }

    fn how(&self, ix: RowIx, column: ColumnIx, erase: &Erase) -> Option<How> {
        let c = &self.policy.table(self.rows.row(ix).table).columns[column];
        match erase {
            Erase::Null => Some(How::Set(Value::Null)),
            Erase::Blank => Some(How::Set(Value::text(""))),
            Erase::Replace(v) => Some(How::Set(v.clone())),
            // An empty value has nothing to hide.
            Erase::Hash => self.rows.value(ix, column).join_text().map(|_| How::Hash),
            Erase::Redact => Some(redact(Within::scrub_of(c))),
            Erase::Pseudonym => Token::of(c).map(How::Pseudonym),
            Erase::TruncateIp => Some(How::TruncateIp { otherwise: nothing(c) }),
            Erase::Generalise => Coarse::of(c).map(|to| How::Generalise { to, otherwise: nothing(c) }),
            Erase::Keep(_) => None,
            // The column is not written: its key is destroyed.
            Erase::Shred => None,
        }
    }

    /// A value to write, with tokens and times filled in.
    fn fill(&self, fill: &Fill, system: SystemId) -> Value {
        let Fill::Template(template) = fill else {
            let Fill::Value(v) = fill else { return Value::Null };
            return v.clone();
        };
        let now = self.question.made_at;
        match template.as_str() {
            "{now:s}" => return Value::Int(now.as_second()),
            "{now:ms}" => return Value::Int(now.as_millisecond()),
            "{now}" => return Value::Text(now.strftime("%Y-%m-%d %H:%M:%S").to_string()),
            _ => {}
        }
        let tenant = self.person.tenant.as_ref().and_then(Value::join_text).unwrap_or_default().into_owned();
        let kind = &self.policy.kinds[self.question.kind.0].name;
        let key = hex::encode(self.question.token_key);
        let parts: [&[u8]; 4] =
            [b"one", kind.as_bytes(), tenant.as_bytes(), self.policy.system(system).name.as_bytes()];
        Value::Text(with_tokens(template, &token(&key, &parts)))
    }

    fn erasure_steps(&self, changes: Group, deletes: Vec<RowIx>) -> Result<Vec<(SystemId, Step)>, Refusal> {
        let mut steps = self.inserts(&changes);
        let mut changes: Vec<_> = changes.into_iter().collect();
        // A trigger on the source may write the copy, so copies come after.
        changes.sort_by_key(|((table, columns, _), _)| self.hops(*table, columns));
        for ((table, columns, reason), rows) in changes {
            let ixs: Vec<RowIx> = rows.iter().map(|(ix, _)| *ix).collect();
            let mut spans_of: BTreeMap<Key, Vec<(String, Vec<Hit>)>> =
                rows.into_iter().map(|(ix, s)| (self.rows.row(ix).key.clone(), s)).collect();
            let mut step =
                self.step(table, &ixs, Action::Change { columns: columns.clone(), spans: Vec::new() }, reason);
            let mut spans = Vec::new();
            for (at, key) in step.keys.iter().enumerate() {
                spans.extend(spans_of.remove(key).into_iter().flatten().map(|(c, hits)| (at, c, hits)));
            }
            step.action = Action::Change { columns, spans };
            steps.push((self.policy.table(table).system, step));
        }
        let ordered = order(self.policy, self.rows, &deletes)
            .map_err(|tables| Refusal::Circle { tables: tables.iter().map(|t| place(self.policy, *t)).collect() })?;
        for (table, columns, ixs) in ordered.nulled {
            let t = self.policy.table(table);
            let how = t.names(&columns).into_iter().map(|c| (c, How::Set(Value::Null))).collect();
            let action = Action::Change { columns: how, spans: Vec::new() };
            steps.push((t.system, self.step(table, &ixs, action, "opens a circle of references".into())));
        }
        for wave in ordered.waves {
            let mut by_reason: BTreeMap<String, Vec<RowIx>> = BTreeMap::new();
            wave.rows.iter().for_each(|ix| by_reason.entry(self.reason(*ix)).or_default().push(*ix));
            if wave.together {
                let reasons: Vec<String> = by_reason.into_keys().collect();
                by_reason = BTreeMap::from([(reasons.join("; "), wave.rows)]);
            }
            for (reason, ixs) in by_reason {
                steps.push((self.policy.table(wave.table).system, self.step(wave.table, &ixs, Action::Delete, reason)));
            }
        }
        Ok(steps)
    }

    /// How many copies lie between the columns and their sources, at most.
    fn hops(&self, table: TableId, columns: &[(String, How)]) -> usize {
        let copied = |(id, ix): (TableId, ColumnIx)| self.policy.table(id).columns[ix].copy_of;
        let t = self.policy.table(table);
        let written = columns.iter().filter_map(|(name, _)| copied((table, t.column(name)?)));
        written.map(|source| std::iter::successors(Some(source), |at| copied(*at)).count()).max().unwrap_or(0)
    }

    /// Stand-in records that the changes point at.
    fn inserts(&self, changes: &Group) -> Vec<(SystemId, Step)> {
        let mut wanted: BTreeSet<TableId> = BTreeSet::new();
        for (_, how) in changes.keys().flat_map(|(_, columns, _)| columns) {
            if let How::Placeholder { system, table, .. } = how
                && let Some(system) = self.policy.system_named(system)
            {
                wanted.extend(self.policy.table_named(system, table));
            }
        }
        let populations = self.policy.kinds.iter().flat_map(|k| &k.populations);
        populations
            .filter(|p| wanted.contains(&p.table))
            .filter_map(|p| {
                let t = self.policy.table(p.table);
                let placeholder = p.placeholder.as_ref()?;
                let mut values: Vec<(String, Value)> = placeholder
                    .columns
                    .iter()
                    .map(|(c, f)| (t.columns[*c].name.clone(), self.fill(f, p.system)))
                    .collect();
                if let Some(tenant) = &p.tenant
                    && let Some(local) = self.person.local_tenants.get(&p.system).and_then(|l| l.first())
                    && !placeholder.columns.iter().any(|(c, _)| *c == tenant.column)
                {
                    values.push((t.columns[tenant.column].name.clone(), local.clone()));
                }
                let step =
                    self.step(p.table, &[], Action::Insert { values }, "stands in where a reference must stay".into());
                Some((p.system, step))
            })
            .collect()
    }
}

/// Masking of what a column holds.
fn redact(within: Within) -> How {
    if within.is_plain() { How::Redact } else { How::RedactWithin(Box::new(within)) }
}

/// Fills in each `{token:N}`.
fn with_tokens(template: &str, token: &str) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{token:") {
        out.push_str(before);
        let Some((digits, after)) = after.split_once('}') else { return template.to_owned() };
        let n: usize = digits.parse().unwrap_or(16);
        out.push_str(&token[..n.min(token.len())]);
        rest = after;
    }
    out.push_str(rest);
    out
}

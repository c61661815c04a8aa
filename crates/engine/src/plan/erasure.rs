//! The steps of an erasure, and what survives it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::bytes::is_described;
use super::digest::token;
use super::draft::{Draft, Drafted, held_links};
use super::fates::{Others, Outcome};
use super::how::How;
use super::keeps::{self, Decided};
use super::order::order;
use super::question::Refusal;
use super::resolve::{place, same};
use super::rows::RowIx;
use super::types::{Action, Kept, Key, Step, Was, Why};
use super::within::Within as Tied;
use crate::actions::{Coarse, Token, Within, nothing};
use crate::policy::model::{Column, ColumnIx, Erase, Fate, Fill, Form, Link, Scope, SystemId, TableId, Target, Untie};
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
            if outcome.aside {
                continue;
            }
            let (columns, spans) = self.changes(ix, outcomes);
            if !row.claims.is_empty() {
                let mut whys = self.survives(ix, outcome, &columns);
                whys.extend(self.laws(ix, outcome));
                if whys.is_empty() && columns.is_empty() && !self.is_shredded(ix, outcomes) {
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
        let steps = self.erasure_steps(changes, deletes, outcomes)?;
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
        let laws: BTreeSet<Why> = outcome.vetoes.iter().map(|veto| veto.keeper.why(veto.until)).collect();
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
        for (column, (keeper, until)) in outcome.stays.iter().filter(|_| acts) {
            by_law.entry(keeper.why(*until)).or_default().push(t.columns[*column].name.clone());
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
        how.retain(|column, _| !t.is_key(*column) && !t.columns[*column].generated);
        if let Some(only) = &outcome.only {
            how.retain(|column, _| only.contains(column));
        }
        for (column, untied) in self.untied(ix, outcome) {
            let action = how.remove(&column);
            how.insert(column, after(untied, action));
        }
        if outcome.fate >= Fate::Scrub && outcome.only.is_none() {
            how.extend(t.set_on_scrub.iter().map(|(column, fill)| (*column, How::Set(self.fill(fill, t.system, "")))));
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
            if !h.parts().contains(&&How::Redact) {
                let made = h.made(&hex::encode(self.question.token_key), self.finder, old);
                return made.is_none_or(|new| new != *old);
            }
            let hits = old.readable().map(|text| self.finder.hits(text)).unwrap_or_default();
            let found = !hits.is_empty();
            if found {
                spans.push((t.columns[*column].name.clone(), hits));
            }
            found || *h != How::Redact
        });
        spans
    }

    /// What the unties write; of two ties on one column the first link counts.
    fn untied(&self, ix: RowIx, outcome: &Outcome) -> BTreeMap<ColumnIx, How> {
        let t = self.policy.table(self.rows.row(ix).table);
        let mut how = BTreeMap::new();
        for (nth, link) in outcome.undone.iter().map(|l| (l, &t.links[*l])) {
            for (at, column) in link.columns.iter().enumerate() {
                let written = match (link.untie, &link.target) {
                    (Some(Untie::Drop), _) => None,
                    (Some(Untie::Null), _) => Some(How::Set(Value::Null)),
                    (Some(Untie::Blank), _) => Some(How::Set(Value::text(""))),
                    (Some(Untie::Nobody), _) => Some(How::Set(link.nobody.first().cloned().unwrap_or(Value::Null))),
                    (Some(Untie::Pseudonym), _) => match Token::at(&t.columns[*column], &link.reading) {
                        Some(form) => Some(How::Pseudonym(form)),
                        None => continue,
                    },
                    (Some(Untie::Placeholder), Target::Row { table, columns }) => {
                        let target = self.policy.table(*table);
                        Some(How::Placeholder {
                            system: self.policy.system(target.system).name.clone(),
                            table: target.name.clone(),
                            column: target.columns[columns[at]].name.clone(),
                            which: self.which(ix, link),
                        })
                    }
                    (Some(Untie::Placeholder), Target::Identity { .. }) | (Some(Untie::Delete) | None, _) => continue,
                };
                let written = match outcome.untied.get(nth) {
                    Some(values) => self.within(link, t.system, values, written),
                    None => written,
                };
                let Some(written) = written else { continue };
                match (how.remove(column), written) {
                    // Each changes places of its own.
                    (Some(How::Within(first)), How::Within(second)) => {
                        how.insert(*column, How::Each(vec![How::Within(first), How::Within(second)]))
                    }
                    (Some(How::Each(mut list)), How::Within(next)) => {
                        list.push(How::Within(next));
                        how.insert(*column, How::Each(list))
                    }
                    (Some(first), _) => how.insert(*column, first),
                    (None, written) => how.insert(*column, written),
                };
            }
        }
        how
    }

    /// The change of these values where the link's column holds them. A text that is no document cannot hold NULL, so it
    /// goes as a whole.
    fn within(&self, link: &Link, system: SystemId, values: &[String], instead: Option<How>) -> Option<How> {
        if link.reading.document.is_none() && instead == Some(How::Set(Value::Null)) {
            return instead;
        }
        Some(How::Within(Tied {
            reading: link.reading.clone(),
            matching: link.matching,
            country: self.policy.system(system).country.clone(),
            values: values.to_vec(),
            instead: instead.map(Box::new),
        }))
    }

    /// Which stand-in a row's reference leads to: empty where there is one for all.
    fn which(&self, ix: RowIx, link: &Link) -> String {
        let row = self.rows.row(ix);
        let t = self.policy.table(row.table);
        let values: Vec<&Value> = match self.policy.stand_in(link).map(|p| &p.scope) {
            None | Some(Scope::One | Scope::Person) => return String::new(),
            Some(Scope::Row) => row.key.iter().collect(),
            Some(Scope::Columns(names)) => {
                names.iter().filter_map(|n| t.column(n)).map(|c| self.rows.value(ix, c)).collect()
            }
        };
        let mut bytes = Vec::new();
        values.into_iter().for_each(|v| v.encode(&mut bytes));
        let place = place(self.policy, row.table);
        let mut which = token(&hex::encode(self.question.token_key), &[b"stand-in", place.as_bytes(), &bytes]);
        which.truncate(32);
        which
    }

    /// The column actions of a scrub: those of the columns that belong to the person, and exactly those that links list.
    pub(super) fn actions(&self, ix: RowIx, outcomes: &[Outcome]) -> BTreeMap<ColumnIx, Erase> {
        let row = self.rows.row(ix);
        let t = self.policy.table(row.table);
        let today = Some(self.today());
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

    pub(super) fn today(&self) -> Date {
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
            // Where a key is destroyed the column is not written.
            Erase::Shred => (!self.destroys_keys()).then(|| How::Set(nothing(c))),
        }
    }

    /// A value to write, with tokens and times filled in.
    pub(super) fn fill(&self, fill: &Fill, system: SystemId, which: &str) -> Value {
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
        let system = self.policy.system(system).name.as_bytes();
        let mut parts: Vec<&[u8]> = vec![b"one", kind.as_bytes(), tenant.as_bytes(), system];
        if !which.is_empty() {
            parts.push(which.as_bytes());
        }
        Value::Text(with_tokens(template, &token(&key, &parts)))
    }

    fn erasure_steps(
        &self,
        changes: Group,
        deletes: Vec<RowIx>,
        outcomes: &[Outcome],
    ) -> Result<Vec<(SystemId, Step)>, Refusal> {
        let mut steps = self.inserts(&changes);
        let mut changes: Vec<_> = changes.into_iter().collect();
        // A trigger on the source may write the copy, so copies come after.
        changes.sort_by_key(|((table, columns, _), _)| {
            (self.policy.table(*table).sweep_after, self.hops(*table, columns))
        });
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
                let mut step = self.step(wave.table, &ixs, Action::Delete, reason);
                step.was = self.was(ixs, outcomes);
                step.together = wave.together;
                steps.push((self.policy.table(wave.table).system, step));
            }
        }
        Ok(steps)
    }

    /// How the person held rows that go.
    fn was(&self, mut ixs: Vec<RowIx>, outcomes: &[Outcome]) -> Vec<Was> {
        ixs.sort_by(|a, b| self.rows.row(*a).key.cmp(&self.rows.row(*b).key));
        let one = |ix: RowIx| {
            let mut roles = self.rows.row(ix).roles.clone();
            roles.sort();
            Was { roles, fate: outcomes[ix].fate }
        };
        let mut was: Vec<Was> = ixs.into_iter().map(one).collect();
        if was.iter().all(|w| *w == was[0]) {
            was.truncate(1);
        }
        was
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
        let mut wanted: BTreeSet<(TableId, &String)> = BTreeSet::new();
        for how in changes.keys().flat_map(|(_, columns, _)| columns).flat_map(|(_, how)| how.parts()) {
            if let How::Placeholder { system, table, which, .. } = how
                && let Some(system) = self.policy.system_named(system)
            {
                wanted.extend(self.policy.table_named(system, table).map(|t| (t, which)));
            }
        }
        wanted.into_iter().filter_map(|(table, which)| self.insert(table, which)).collect()
    }

    fn insert(&self, table: TableId, which: &str) -> Option<(SystemId, Step)> {
        let mut populations = self.policy.kinds.iter().flat_map(|k| &k.populations);
        let p = populations.find(|p| p.table == table)?;
        let placeholder = p.placeholder.as_ref()?;
        let t = self.policy.table(table);
        let columns = placeholder.columns.iter();
        let mut values: Vec<(String, Value)> =
            columns.map(|(c, f)| (t.columns[*c].name.clone(), self.fill(f, p.system, which))).collect();
        if let Some(tenant) = &p.tenant
            && let Some(local) = self.person.local_tenants.get(&p.system).and_then(|l| l.first())
            && !placeholder.columns.iter().any(|(c, _)| *c == tenant.column)
        {
            values.push((t.columns[tenant.column].name.clone(), local.clone()));
        }
        let action = Action::Insert { values, which: which.to_owned() };
        Some((p.system, self.step(table, &[], action, "stands in where a reference must stay".into())))
    }
}

/// On one column the untie beats the action, unless it only changes a part of the text: then the action does the rest.
fn after(untied: How, action: Option<How>) -> How {
    match (untied, action) {
        (untied @ How::Within(_), Some(action)) if !matches!(action, How::Set(_)) => How::Each(vec![untied, action]),
        (How::Each(mut list), Some(action)) if !matches!(action, How::Set(_)) => {
            list.push(action);
            How::Each(list)
        }
        (How::Within(_) | How::Each(_), Some(action)) => action,
        (untied, _) => untied,
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

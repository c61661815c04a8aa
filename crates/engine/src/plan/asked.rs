//! What one claim asks for at erasure (LANGUAGE 1.4, rules 1 to 3).

use jiff::civil::Date;

use super::keeps;
use super::remainder::Remembered;
use super::rows::{Claim, RowIx, Rows, Via};
use super::sharing::Sharing;
use super::types::Why;
use crate::policy::model::{ColumnIx, Erase, Fate, Keep, Link, OnErase, Policy, Role, TableId};

/// Columns and what is done to them.
pub type Listed = [(Erase, Vec<ColumnIx>)];

/// What a claim asks for.
pub enum Asked<'p> {
    /// A fate.
    Fate(Fate),
    /// The lowest fate of the rows whose part it is, but no more than `most`.
    AsParents {
        /// Those rows.
        parents: Vec<RowIx>,
        /// The replacement of a part that others hold too: it may lower, not raise.
        most: Fate,
        /// Where the replacement lists columns.
        listed: Option<&'p Listed>,
    },
    /// A scrub of exactly these columns.
    Listed(&'p Listed),
    /// A veto that is in force.
    Veto(Veto),
}

/// Why a row is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Veto {
    /// The law or the hold.
    pub keeper: Keeper,
    /// Last day, where known.
    pub until: Option<Date>,
    /// What must stay readable with it.
    pub with: Vec<(TableId, ColumnIx)>,
}

/// What keeps something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Keeper {
    /// A law or a retention rule, by its id.
    Law(String),
    /// A hold.
    Hold(String),
}

impl Keeper {
    /// The reason that plans and certificates show.
    pub fn why(&self, until: Option<Date>) -> Why {
        let until = until.map(|day| day.to_string());
        match self {
            Keeper::Law(law) => Why::Law { law: law.clone(), until },
            Keeper::Hold(hold) => Why::Hold { hold: hold.clone(), until },
        }
    }
}

/// All that the rules look at.
#[derive(Clone, Copy)]
pub struct Rules<'a, 'p> {
    pub policy: &'p Policy,
    pub rows: &'a Rows,
    pub sharing: &'a Sharing,
    /// Parts whose parents an earlier run has dealt with: what was asked for them then.
    pub remembered: &'a Remembered,
    /// `None`: as if no veto stood.
    pub today: Option<Date>,
}

impl<'p> Rules<'_, 'p> {
    /// What a claim on a row asks for.
    pub fn asked(&self, ix: RowIx, claim: &Claim) -> Asked<'p> {
        let by_role = by_role(claim.role);
        let Via::Link { link, parent } = claim.via else { return Asked::Fate(by_role) };
        let link = &self.policy.table(self.rows.row(ix).table).links[link];
        let said = keeps::said(self.policy, self.rows, self.today, ix, &link.on_erase);
        // A veto stands however weak the claim is.
        if let Some(OnErase::Keep(keep)) = said {
            return self.veto(ix, keep);
        }
        if let (Role::Part, None, Some(fate)) = (link.role, parent, self.remembered.fate(ix)) {
            return Asked::Fate(fate);
        }
        let with_others = self.with_others(ix, claim);
        if let Some(parent) = parent.filter(|_| link.role == Role::Part) {
            return self.part(ix, claim, link, parent, said, with_others);
        }
        // A claim that is weaker than the link makes nobody a co-owner: the row is others'. A law needs them.
        let weaker = link.role == Role::CoOwner && claim.role < Role::CoOwner;
        let shared = with_others || self.sharing.is_co_owned(ix);
        let counts = |said: &&OnErase| shared || (weaker && !matches!(said, OnErase::Keep(_)));
        let while_shared = keeps::said(self.policy, self.rows, self.today, ix, &link.while_shared).filter(counts);
        let own = said.filter(|_| !weaker && (!with_others || link.role != Role::CoOwner));
        match while_shared {
            Some(OnErase::Keep(keep)) => self.veto(ix, keep),
            _ if own.is_some() => own.map_or(Asked::Fate(by_role), plainly),
            Some(said) if weaker || with_others => plainly(said),
            None if with_others => Asked::Fate(Fate::Scrub),
            _ => Asked::Fate(by_role),
        }
    }

    /// Do others hold the row as much as the person does by this claim?
    pub fn with_others(&self, ix: RowIx, claim: &Claim) -> bool {
        self.sharing.claims_with_others(self.policy, self.rows, ix, claim)
    }

    /// Do they, or do they co-own the row by links of its own? Then columns that are nobody's in particular stay.
    pub fn of_others(&self, ix: RowIx, claim: &Claim) -> bool {
        self.with_others(ix, claim) || (claim.role == Role::CoOwner && self.sharing.is_co_owned(ix))
    }

    fn part(
        &self,
        ix: RowIx,
        claim: &Claim,
        link: &Link,
        parent: RowIx,
        said: Option<&'p OnErase>,
        with_others: bool,
    ) -> Asked<'p> {
        let parents = if link.last { self.sharing.parents(ix).to_vec() } else { vec![parent] };
        // A replacement counts for claims of co-owners and above only.
        match said.filter(|_| claim.role >= Role::CoOwner) {
            Some(OnErase::Fate(fate)) if with_others => Asked::AsParents { parents, most: *fate, listed: None },
            Some(OnErase::Columns(columns)) if with_others => {
                Asked::AsParents { parents, most: Fate::Scrub, listed: Some(columns) }
            }
            Some(said @ (OnErase::Fate(_) | OnErase::Columns(_))) => plainly(said),
            Some(OnErase::Keep(_)) | None => Asked::AsParents { parents, most: Fate::Delete, listed: None },
        }
    }

    fn veto(&self, ix: RowIx, keep: &Keep) -> Asked<'p> {
        let keeper = Keeper::Law(keep.law.clone());
        Asked::Veto(Veto { keeper, until: keeps::until(self.policy, self.rows, ix, keep), with: keep.with.clone() })
    }
}

/// What is said, by itself.
fn plainly(said: &OnErase) -> Asked<'_> {
    match said {
        OnErase::Fate(fate) => Asked::Fate(*fate),
        OnErase::Columns(columns) => Asked::Listed(columns),
        OnErase::Keep(_) => Asked::Fate(Fate::None),
    }
}

/// What a role asks for where nothing is said.
pub fn by_role(role: Role) -> Fate {
    match role {
        Role::Own | Role::Owner | Role::CoOwner => Fate::Delete,
        Role::Author => Fate::Scrub,
        Role::Viewer | Role::Mention | Role::Part => Fate::Untie,
    }
}

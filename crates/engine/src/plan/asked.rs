//! What one claim asks for at erasure (LANGUAGE 1.4, rules 1 to 3).

use jiff::civil::Date;

use super::keeps;
use super::rows::{Claim, RowIx, Rows, Via};
use super::sharing::Sharing;
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
    /// Id of the law.
    pub law: String,
    /// Last day, where known.
    pub until: Option<Date>,
    /// What must stay readable with it.
    pub with: Vec<(TableId, ColumnIx)>,
}

/// All that the rules look at.
#[derive(Clone, Copy)]
pub struct Rules<'a, 'p> {
    pub policy: &'p Policy,
    pub rows: &'a Rows,
    pub sharing: &'a Sharing,
    pub today: Date,
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
        let with_others = self.with_others(ix, claim);
        let while_shared = self.while_shared(ix, link);
        match (parent.filter(|_| link.role == Role::Part), said) {
            (Some(parent), said) => self.part(ix, claim, link, parent, said, with_others),
            (None, _) if matches!(while_shared, Some(OnErase::Keep(_))) || with_others => match while_shared {
                Some(OnErase::Keep(keep)) => self.veto(ix, keep),
                Some(OnErase::Fate(fate)) => Asked::Fate(*fate),
                Some(OnErase::Columns(columns)) => Asked::Listed(columns),
                None => Asked::Fate(Fate::Scrub),
            },
            (None, Some(OnErase::Columns(columns))) => Asked::Listed(columns),
            (None, Some(OnErase::Fate(fate))) => Asked::Fate(*fate),
            (None, _) => Asked::Fate(by_role),
        }
    }

    /// What the map says for the time that others co-own the row.
    fn while_shared(&self, ix: RowIx, link: &'p Link) -> Option<&'p OnErase> {
        let said = keeps::said(self.policy, self.rows, self.today, ix, &link.while_shared);
        said.filter(|_| self.sharing.is_co_owned(ix))
    }

    /// Do others hold the row as much as the person does by this claim?
    pub fn with_others(&self, ix: RowIx, claim: &Claim) -> bool {
        self.sharing.claims_with_others(self.policy, self.rows, ix, claim)
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
            Some(OnErase::Fate(fate)) => Asked::Fate(*fate),
            Some(OnErase::Columns(columns)) => Asked::Listed(columns),
            Some(OnErase::Keep(_)) | None => Asked::AsParents { parents, most: Fate::Delete, listed: None },
        }
    }

    fn veto(&self, ix: RowIx, keep: &Keep) -> Asked<'p> {
        Asked::Veto(Veto {
            law: keep.law.clone(),
            until: keeps::until(self.policy, self.rows, ix, keep),
            with: keep.with.clone(),
        })
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

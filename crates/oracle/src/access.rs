//! What an access request returns (LANGUAGE 1.2 and 1.3).

use std::collections::{BTreeMap, BTreeSet};

use engine::policy::model::{Access, ColumnIx, LinkIx, Policy, Role};

use crate::claims::{Claim, Claims, Via, claims};
use crate::files;
use crate::persons::{complete, told};
use crate::resolve::{Question, Refusal, resolve};
use crate::world::{RowId, World};

/// One row of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    /// How much of it.
    pub level: Access,
    /// Columns whose values are given.
    pub columns: BTreeSet<ColumnIx>,
}

/// The answer.
#[derive(Clone, Debug, Default)]
pub struct Accessed {
    /// Rows returned.
    pub rows: BTreeMap<RowId, Returned>,
    /// Rows left out because a link says so.
    pub withheld: BTreeSet<RowId>,
    /// The claims behind it.
    pub claims: Claims,
}

/// Answers an access request.
pub fn access(policy: &Policy, world: &World, question: &Question) -> Result<Accessed, Refusal> {
    let world = &complete(policy, world);
    let records = resolve(policy, world, question)?;
    let mut claims = claims(policy, world, question, &records);
    told(policy, &mut claims.of);
    let mut answer = Accessed::default();
    for id in claims.of.keys() {
        match level(policy, &claims, id) {
            Access::Withhold => {
                answer.withheld.insert(id.clone());
            }
            level => {
                let columns = columns(policy, &claims, id, level);
                answer.rows.insert(id.clone(), Returned { level, columns });
            }
        }
    }
    files::returned(policy, world, &mut answer.rows);
    answer.claims = claims;
    Ok(answer)
}

/// "A row is returned at the highest level that any claim of `P` grants"; "one `on_access = "withhold"` leaves the row out".
fn level(policy: &Policy, claims: &Claims, id: &RowId) -> Access {
    let grants = || claims.on(id).map(|claim| grant(policy, id, claim));
    if grants().any(|g| g == Access::Withhold) { Access::Withhold } else { grants().max().unwrap_or(Access::Withhold) }
}

/// "`on_access` replaces the grant of one link"; the table of 1.1.
fn grant(policy: &Policy, id: &RowId, claim: Claim) -> Access {
    let replaced = match claim.via {
        Via::Link(l) => policy.table(id.0).links[l].on_access,
        Via::Own | Via::Text(_) => None,
    };
    replaced.unwrap_or(match claim.role {
        Role::Own | Role::Owner => Access::Row,
        Role::CoOwner | Role::Author | Role::Viewer => Access::Shared,
        Role::Mention | Role::Part => Access::Fact,
    })
}

/// "`row` gives all columns. `shared` gives the columns without `of` and those `of` one of P's own links. `fact` gives ..
/// never a value. .. `hide` lists of all links that carry a claim of `P` are united; .. columns with `access = "withhold"`
/// never leave."
fn columns(policy: &Policy, claims: &Claims, id: &RowId, level: Access) -> BTreeSet<ColumnIx> {
    let table = policy.table(id.0);
    let own: BTreeSet<LinkIx> = claims.links(id).collect();
    let hidden: BTreeSet<ColumnIx> = own.iter().flat_map(|&l| table.links[l].hide.clone()).collect();
    let all = table.columns.iter().enumerate().filter(|(c, column)| !hidden.contains(c) && !column.withhold);
    let given = all.filter(|(_, column)| match level {
        Access::Row => true,
        Access::Shared => column.of.is_empty() || column.of.iter().any(|l| own.contains(l)),
        Access::Fact | Access::Withhold => false,
    });
    given.map(|(c, _)| c).collect()
}

//! What of a row is answered to a right: everything that is the person's (access), what they provided (portability), or
//! only that it is there (confirmation).

use super::access::View;
use super::draft::Draft;
use super::rows::RowIx;
use crate::policy::model::{Access, ColumnIx, Origin, Right, Role, TableId};

impl Draft<'_> {
    /// Narrows what an access would return to what the right in question does.
    pub(super) fn narrowed(&self, ix: RowIx, view: View) -> View {
        match self.question.right {
            Right::Portability => self.portable(ix, view),
            Right::Confirmation => {
                View { level: view.level.min(Access::Fact), columns: Vec::new(), withheld: Vec::new(), ..view }
            }
            _ => view,
        }
    }

    /// What the person provided, actively or by using the service (GDPR Art. 20; WP 242).
    fn portable(&self, ix: RowIx, mut view: View) -> View {
        let row = self.rows.row(ix);
        let provided = row.roles.iter().any(|r| matches!(r, Role::Own | Role::Owner | Role::CoOwner | Role::Author));
        if view.level < Access::Shared {
            return view;
        }
        if !provided {
            view.withheld = vec![("was not provided by the person", Vec::new())];
            return View { level: Access::Withhold, columns: Vec::new(), ..view };
        }
        let (mut ours, mut basis) = (Vec::new(), Vec::new());
        view.columns.retain(|column| match self.reason_against(row.table, *column) {
            None => true,
            Some(Against::NotProvided) => {
                ours.push(*column);
                false
            }
            Some(Against::Basis) => {
                basis.push(*column);
                false
            }
        });
        let reasons =
            [("was not provided by the person", ours), ("is held neither by consent nor for a contract", basis)];
        view.withheld.extend(reasons.into_iter().filter(|(_, columns)| !columns.is_empty()));
        view
    }

    /// Why a column is not portable. Keys and references are, so that rows stay joined.
    fn reason_against(&self, table: TableId, column: ColumnIx) -> Option<Against> {
        let t = self.policy.table(table);
        let c = &t.columns[column];
        if t.is_key(column) || t.links.iter().any(|l| !l.by && l.columns.contains(&column)) {
            return None;
        }
        if matches!(c.origin, Origin::Derived | Origin::ThirdParty) {
            return Some(Against::NotProvided);
        }
        let Some(category) = c.category.as_deref() else { return (!c.text).then_some(Against::NotProvided) };
        if !(category == "user" || category.starts_with("user.")) {
            return Some(Against::NotProvided);
        }
        let mut purposes = self.policy.about.purposes.iter().filter(|p| p.covers(category)).peekable();
        let covered = purposes.peek().is_some();
        let portable = purposes.any(|p| matches!(p.basis.as_deref(), None | Some("consent" | "contract")));
        (covered && !portable).then_some(Against::Basis)
    }
}

enum Against {
    NotProvided,
    Basis,
}

//! Rows that would go, did nothing that stays need them: what keeps that tells when they can.

use std::collections::BTreeMap;

use super::fates::Outcome;
use super::rows::RowIx;

/// Passes what keeps a row on to the rows that it needs, and from these to those that they need. The pairs are a row that stays
/// and one that stays for it.
pub fn pass_on(outcomes: &mut [Outcome], needs: &[(RowIx, RowIx)]) {
    let mut needed: BTreeMap<RowIx, Vec<RowIx>> = BTreeMap::new();
    needs.iter().for_each(|(row, to)| needed.entry(*row).or_default().push(*to));
    let keeps = |ix: &RowIx| !outcomes[*ix].vetoes.is_empty() || !outcomes[*ix].stays.is_empty();
    let mut work: Vec<RowIx> = needed.keys().copied().filter(keeps).collect();
    while let Some(ix) = work.pop() {
        let Outcome { vetoes, stays, needed_for, .. } = &outcomes[ix];
        // A column that is kept may be the tie.
        let by = vetoes.iter().map(|veto| (veto.keeper.clone(), veto.until)).chain(stays.values().cloned());
        let by: Vec<_> = by.chain(needed_for.iter().cloned()).collect();
        for to in needed.get(&ix).into_iter().flatten() {
            let known = &mut outcomes[*to].needed_for;
            let before = known.len();
            known.extend(by.iter().cloned());
            work.extend((known.len() > before).then_some(*to));
        }
    }
}

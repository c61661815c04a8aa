//! Data of payments: where it may come in, who may have it, and that no store holds card numbers.

use super::{Found, subject};
use crate::coverage::{Kept, World};
use crate::decide::collect::{accepts, fields_of};
use crate::decide::disclose::receives;
use crate::policy::category::{is_card, is_payment};

/// This point takes what it promises, and payment fields come in at checkouts and imports only, unless a place is declared.
pub fn point(world: &World<'_>, kept: Kept<'_>) -> Found {
    super::collection::point(world, kept)?;
    if world.said.setting_text("payment.vault") == Some("declared") {
        return Ok(());
    }
    for point in world.said.of("point").filter(|p| p.text("kind") != Some("checkout")) {
        let fields = fields_of(point);
        if let Some((field, _)) = fields.iter().find(|(_, category)| is_card(category)) {
            let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
            if accepts(world.said, &point.id, &names).allowed {
                return Err(format!("{} takes {field}, and is no checkout", point.id.it));
            }
        }
    }
    Ok(())
}

/// Where nothing or tokens are kept, no column of any store holds a card number.
pub fn vault(world: &World<'_>, kept: Kept<'_>) -> Found {
    let name = kept.id();
    let promised = kept.text("value");
    let given = world.said.setting_text(name).ok_or_else(|| format!("{name} is not decided"))?;
    if promised.is_some_and(|p| p != given) {
        return Err(format!("{name} is {given}"));
    }
    let scan = world.trial.cards.as_ref().ok_or("the stores were not searched: the folder has no sample")?;
    if scan.columns == 0 {
        return Err("no column was searched".to_owned());
    }
    let declared = |column: &str| given == "declared" && column.contains("vault");
    match scan.found.iter().find(|(column, _)| !declared(column)) {
        Some((column, count)) => Err(format!("{count} card numbers in {column}")),
        None => Ok(()),
    }
}

/// This recipient has the payment data, and no other one of a different kind has card data.
pub fn recipient(world: &World<'_>, kept: Kept<'_>) -> Found {
    super::recipient::gate(world, kept)?;
    let own = subject(world, kept)?;
    if own.text("kind") != Some("payment") && !own.list("categories").iter().any(|c| is_payment(c)) {
        return Ok(());
    }
    let strange = |r: &&crate::policy::written::Declaration| {
        !matches!(r.text("kind"), Some("payment" | "affiliate" | "partner"))
            && receives(world.said, r, "user.financial.credit_card")
    };
    match world.said.of("recipient").find(strange) {
        Some(other) => Err(format!("{} receives card data too", other.id.it)),
        None => Ok(()),
    }
}

//! Who may sign which layer.

use std::collections::BTreeSet;

use super::{Enforced, Violation};
use crate::digest::Id;
use crate::key::PublicKey;
use crate::roster::{Member, Role, Roster};
use crate::statement::{Layer, Purpose, Statement};

/// The signers of an act on a record: two or three different people, each in the
/// roster with the role of the layer. Their keys, innermost first.
///
/// # Errors
/// [`Violation`].
pub fn people(roster: &Roster, statement: &Statement) -> Result<Vec<PublicKey>, Violation> {
    business(roster, statement, Enforced::all())
}

/// The signers of an act about people: the system admin and the security admin,
/// in either order. Their keys, innermost first.
///
/// # Errors
/// [`Violation`].
pub fn admins(roster: &Roster, statement: &Statement) -> Result<Vec<PublicKey>, Violation> {
    both_admins(roster, statement, Enforced::all())
}

pub(super) fn business(
    roster: &Roster,
    statement: &Statement,
    enforced: Enforced,
) -> Result<Vec<PublicKey>, Violation> {
    enforced.require(statement.layers.len() >= 2, Violation::WrongLayers)?;
    let asks = statement.act.content().is_some_and(|content| content.review);
    let reviewed = !asks || statement.layer(Purpose::Review).is_some();
    enforced.require(reviewed, Violation::NotReviewed)?;
    different(roster, statement, enforced, |layer, member| may_sign(layer, member, enforced))
}

fn may_sign(layer: &Layer, member: &Member, enforced: Enforced) -> Result<(), Violation> {
    let holds = |role| member.roles.contains(&role);
    match layer.header.purpose {
        Purpose::Draft => enforced.require(holds(Role::Drafter), Violation::WrongRole),
        Purpose::Review => {
            enforced.require(holds(Role::Reviewer) || holds(Role::SecrecyReviewer), Violation::WrongRole)
        }
        Purpose::Approve => {
            let ever = holds(Role::Approver) || member.acting.is_some();
            enforced.require(ever, Violation::WrongRole)?;
            let now = !ever || member.may_approve(layer.header.claims.iat);
            enforced.require(now, Violation::NotActing)
        }
        Purpose::Service => enforced.require(false, Violation::WrongLayers),
    }
}

pub(super) fn both_admins(
    roster: &Roster,
    statement: &Statement,
    enforced: Enforced,
) -> Result<Vec<PublicKey>, Violation> {
    enforced.require(statement.layers.len() == 2, Violation::WrongLayers)?;
    let mut held = Vec::with_capacity(2);
    let keys = different(roster, statement, enforced, |_, member| {
        held.push(member.roles.clone());
        Ok(())
    })?;
    enforced.require(one_is_each_admin(&held), Violation::NotBothAdmins)?;
    Ok(keys)
}

/// Whether one of them is system admin and another one security admin: a roster
/// that somebody brings along may say that one person is both.
fn one_is_each_admin(held: &[BTreeSet<Role>]) -> bool {
    let another = |than: usize| {
        let mut others = held.iter().enumerate().filter(move |(at, _)| *at != than);
        others.any(|(_, roles)| roles.contains(&Role::SecurityAdmin))
    };
    held.iter().enumerate().any(|(at, roles)| roles.contains(&Role::SystemAdmin) && another(at))
}

/// The keys of signers who are in the roster, each once, and whom `may` lets sign.
fn different(
    roster: &Roster,
    statement: &Statement,
    enforced: Enforced,
    mut may: impl FnMut(&Layer, &Member) -> Result<(), Violation>,
) -> Result<Vec<PublicKey>, Violation> {
    let mut ids: Vec<Id> = Vec::with_capacity(3);
    let mut keys = Vec::with_capacity(3);
    for layer in &statement.layers {
        let Some((id, member)) = roster.by_kid(&layer.header.kid) else {
            enforced.require(false, Violation::NotInRoster)?;
            continue;
        };
        may(layer, member)?;
        enforced.require(!ids.contains(&id), Violation::SamePerson)?;
        ids.push(id);
        keys.push(member.key);
    }
    Ok(keys)
}

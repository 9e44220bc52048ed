//! The member acts in a file: who was who, and when.
//!
//! ```text
//! genesis ─ member (founding key) ─ member (both admins) ─ … ─ statement
//! ```
//!
//! Each says the whole of a person, so the last one before a place in the ledger is
//! who the person was there, as far as the file goes.

use yinxin_record::act::{Act, Membership};
use yinxin_record::roster::Roster;
use yinxin_record::statement::Statement;
use yinxin_record::{Digest, Id};

use super::case::Case;

/// A member act in the file.
pub(super) struct MemberAct<'a> {
    pub(super) member: Id,
    pub(super) position: u64,
    pub(super) leaf: Digest,
    pub(super) statement: &'a Statement,
    pub(super) membership: &'a Membership,
}

/// All member acts of a file, by position.
pub(super) struct Members<'a> {
    acts: Vec<MemberAct<'a>>,
    /// The first place, as far as the file goes, that people signed.
    signed_by_people: u64,
}

impl<'a> Members<'a> {
    pub(super) fn of(case: &'a Case<'_>) -> Self {
        let act = |entry: &'a super::case::Entry<'_>| {
            let statement = entry.statement.as_ref()?;
            let Act::Member(membership) = &statement.act else { return None };
            let (position, leaf) = (entry.position, entry.leaf);
            Some(MemberAct { member: statement.subject(), position, leaf, statement, membership })
        };
        let others =
            case.entries.iter().filter_map(|entry| Some((entry.position, entry.statement.as_ref()?)));
        let own = case.proof().ok().zip(case.statement().ok()).map(|(proof, own)| (proof.index, own));
        let by_people = others.chain(own).filter(|(_, statement)| statement.layers.len() > 1);
        Self {
            acts: case.entries.iter().filter_map(act).collect(),
            signed_by_people: by_people.map(|(position, _)| position).min().unwrap_or(u64::MAX),
        }
    }

    /// Whether the founding key may still have admitted people at a position.
    pub(super) fn founding_at(&self, position: u64) -> bool {
        position < self.signed_by_people
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &MemberAct<'a>> {
        self.acts.iter()
    }

    /// The last act about `member` before a position.
    pub(super) fn before(&self, member: &Id, position: u64) -> Option<&MemberAct<'a>> {
        self.acts.iter().rev().find(|act| act.member == *member && act.position < position)
    }

    /// Who may sign at a position, of those whom the file knows.
    pub(super) fn roster_before(&self, position: u64) -> Roster {
        let mut roster = Roster::default();
        for act in self.acts.iter().filter(|act| act.position < position) {
            roster.remove(&act.member);
            if !act.membership.suspended {
                // A key that somebody else has counts for whoever had it first.
                let _ = roster.add(act.member, act.membership.member.clone());
            }
        }
        roster
    }
}

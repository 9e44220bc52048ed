//! Officers whom the register appoints: what it says there, and the warrant with
//! which it comes into the office's ledger, and the rules about both.

use std::collections::BTreeSet;

use super::{
    Act, Broken, Entry, Id, Key, Kind, Leaf, Ledger, Listed, Member, Origin, Purpose, Role, Roster, holds,
};

/// What an appointment says of a person, as the office's act is to say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub key: Key,
    pub roles: BTreeSet<Role>,
    pub names: Option<u32>,
    pub follows: Option<(u32, Leaf)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appointment {
    pub code: u32,
    /// How many entries the office's ledger had.
    pub size: usize,
    /// The office's, to which this adds.
    pub roster: Roster,
    pub person: Id,
    pub member: Said,
    /// The code of another office.
    pub lender: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warrant {
    /// As somebody signed it: not always an appointment.
    pub statement: Act,
    /// What is carried beside the statement.
    pub roster: Roster,
    pub flaw: Option<Flaw>,
    /// Whether the proof shows the statement under a checkpoint that the
    /// register's log key has signed.
    pub shown: bool,
}

/// What is wrong with a statement beyond what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// The signature of this layer does not hold.
    Signature(usize),
    /// A byte is missing.
    Bytes,
}

const OFFICERS: [Role; 3] = [Role::Auditor, Role::SecurityAdmin, Role::SystemAdmin];

// The table.
impl Ledger {
    pub(super) fn appoint_rules(&self, act: &Act, appointment: &Appointment, broken: &mut Broken) {
        self.by_both_admins(act, broken);
        let offices = self.offices();
        match offices.get(&act.sub) {
            None => broken.unless(false, "no_such_office"),
            Some(office) => {
                broken.unless(office.now.code == appointment.code, "other_office");
                broken.unless(!office.now.suspended, "office_suspended");
            }
        }
        if let Some(lender) = appointment.lender {
            let is_office = offices.values().any(|office| office.now.code == lender);
            broken.unless(is_office && lender != appointment.code, "no_such_office");
        }
        broken.unless(is_officer(&appointment.member.roles), "not_appointable");
    }

    /// A member act with a warrant.
    pub(super) fn warrant_rules(&self, act: &Act, member: &Member, warrant: &Warrant, broken: &mut Broken) {
        let one_approve = act.layers.len() == 1 && act.layers[0].purpose == Purpose::Approve;
        broken.unless(one_approve, "wrong_layers");

        // That there are others below it is a matter of layers alone.
        let by_the_person = act.layers.last().is_some_and(|layer| layer.key == member.key);
        let register = Origin { realm: self.origin.realm, code: None };
        let by_the_register = warrant.flaw.is_none()
            && warrant.statement.iss == register
            && warrant.statement.rules == 0
            && signed_by_both_admins(warrant);
        let said = match &warrant.statement.kind {
            Kind::Appoint(appointment) => {
                let since = self.people_changed().is_some_and(|at| at >= appointment.size);
                let current = appointment.size <= self.entries.len() && !since;
                broken.unless(appointment.roster == act.roster && current, "roster_stale");
                self.is_about(appointment, act.sub, member)
            }
            _ => false,
        };
        self.keeps_whom_it_has(act.sub, member, broken);
        let holds = by_the_person && by_the_register && said && warrant.shown;
        broken.unless(holds, "not_warranted");
    }

    /// The place of the latest act about people.
    fn people_changed(&self) -> Option<usize> {
        let is_member = |entry: &Entry| entry.effect && matches!(entry.act.kind, Kind::Member(_));
        self.entries.iter().rposition(is_member)
    }

    /// If there is an admin of either kind, there is one after the act.
    fn keeps_whom_it_has(&self, id: Id, member: &Member, broken: &mut Broken) {
        let before = self.roster();
        let others: Roster = before.iter().filter(|listed| listed.id != id).cloned().collect();
        for role in [Role::SystemAdmin, Role::SecurityAdmin] {
            let after = holds(&others, role) || member.roles.contains(&role);
            broken.unless(after || !holds(&before, role), "last_admin");
        }
    }

    /// Whether it names this office, the person, and all that the act says.
    fn is_about(&self, appointment: &Appointment, person: Id, member: &Member) -> bool {
        let Said { key, roles, names, follows } = &appointment.member;
        let same = *key == member.key
            && *roles == member.roles
            && *names == member.names
            && *follows == member.follows;
        // An appointment says nothing else of anybody.
        let nothing_else = member.acting.is_none() && !member.suspended;
        let office = self.origin.code == Some(appointment.code);
        is_officer(roles) && office && appointment.person == person && same && nothing_else
    }
}

fn is_officer(roles: &BTreeSet<Role>) -> bool {
    roles.len() == 1 && OFFICERS.iter().any(|role| roles.contains(role))
}

/// By the roster that the statement names, if it is the one that is carried.
fn signed_by_both_admins(Warrant { statement, roster, .. }: &Warrant) -> bool {
    let [one, other] = statement.layers.as_slice() else { return false };
    let listed = |key| roster.iter().find(|listed: &&Listed| listed.key == key);
    let (Some(one), Some(other)) = (listed(one.key), listed(other.key)) else { return false };
    let are = |one: &Listed, other: &Listed| {
        one.roles.contains(&Role::SystemAdmin) && other.roles.contains(&Role::SecurityAdmin)
    };
    statement.roster == *roster && one.id != other.id && (are(one, other) || are(other, one))
}

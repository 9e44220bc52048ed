//! The act that an intent leads to when nothing is wrong with it, as far as the
//! office has the people for it.

mod register;
mod warrant;

use std::collections::BTreeSet;

use crate::intent::{Change, Deed, Intent, Luck};
use crate::model::{
    Act, BUSINESS, Base, Genesis, Id, Key, Kind, Layer, Ledger, Listed, Member, Origin, Person, Purpose,
    Record, Role, Roster, Time,
};

pub use register::{free_code, free_office, free_office_keys};
pub use warrant::said;

/// The ledger of an office that all of this is about, or the register.
pub const ORIGIN: Origin = Origin { realm: 0, code: Some(0) };
pub const REGISTER: Origin = Origin { realm: 0, code: None };
/// The keys of whose ledger it is; those of people come after them.
pub const FOUNDING: Key = 0;
const OFFICE_KEYS: [Key; 4] = [1, 2, 3, 4];
const FIRST_KEY: Key = 6;
/// A key that nobody is rightly given.
pub const NOBODY: Key = 5;
const OFFICE: Id = 1;
const FIRST_PERSON: Id = 100;
const FIRST_RECORD: Id = 200;
/// Whoever has a key from here on only stands in the roster, and signs nothing.
pub const SIGNING_KEYS: Key = 64;
const MORNING: Time = 1_790_000_000;

pub fn nearly_right(ledger: &Ledger, intent: &Intent) -> Act {
    let luck = &intent.luck;
    let (sub, kind) = match &intent.deed {
        Deed::Found => (OFFICE, Kind::Genesis(genesis(ledger, luck))),
        Deed::Admit(roles) => (free_person(ledger), Kind::Member(newcomer(ledger, roles.clone()))),
        Deed::Warranted { roles, is_known } => warrant::warranted(ledger, roles, *is_known, luck),
        Deed::Change(change) => change_of(ledger, change, luck),
        Deed::Publish | Deed::Again => (free_record(ledger), Kind::Publish { review: asks_review(luck) }),
        Deed::Amend => amendment(ledger, luck),
        Deed::Withdraw => withdrawal(ledger, luck),
        Deed::Erase => erasure(ledger, luck),
        Deed::AdmitOffice => register::admission(ledger),
        Deed::Office(change) => register::anew(ledger, change, luck),
        Deed::Policy => register::policy(ledger),
        Deed::Appoint(roles) => warrant::appoint(ledger, roles, luck),
    };
    let layers = layers(ledger, &kind, luck);
    Act { iss: ledger.origin, rules: 0, base: base(ledger, luck), roster: ledger.roster(), sub, layers, kind }
}

/// Any office may keep a register.
fn genesis(ledger: &Ledger, luck: &Luck) -> Genesis {
    let Origin { realm, code } = ledger.origin;
    let code = code.unwrap_or(u32::from(luck.reviewed));
    Genesis { realm, code, founding: FOUNDING, others: OFFICE_KEYS }
}

/// Any prefix of the ledger will do.
fn base(ledger: &Ledger, luck: &Luck) -> Base {
    let leaves = ledger.leaves();
    // A full office is older than that; its long prefixes are only slow.
    let newest = if leaves.len() > 1_000 { 8 } else { leaves.len() };
    let size = newest.saturating_sub(luck.lag);
    Base { size, root: leaves[..size].to_vec() }
}

// People.

fn newcomer(ledger: &Ledger, roles: BTreeSet<Role>) -> Member {
    Member::new(free_key(ledger), roles)
}

fn change_of(ledger: &Ledger, change: &Change, luck: &Luck) -> (Id, Kind) {
    let people: Vec<(Id, Person)> = ledger.people().into_iter().collect();
    let fitting: Vec<&(Id, Person)> = people.iter().filter(|(_, person)| fits(change, person)).collect();
    let Some((id, person)) = one_of(&fitting, luck.target) else {
        return (free_person(ledger), Kind::Member(newcomer(ledger, [Role::Drafter].into())));
    };
    let mut member = Member { names: None, warrant: None, ..person.now.clone() };
    member.follows = Some((person.version + 1, person.latest));
    make(change, &mut member, ledger, luck);
    (*id, Kind::Member(member))
}

/// Whether the change can be made to this person.
fn fits(change: &Change, person: &Person) -> bool {
    match change {
        Change::Acting => may_act(&person.now.roles),
        _ => true,
    }
}

fn make(change: &Change, member: &mut Member, ledger: &Ledger, luck: &Luck) {
    match change {
        Change::Nothing => {}
        Change::Key => member.key = free_key(ledger),
        Change::Roles(roles) => {
            member.roles.clone_from(roles);
            member.acting = member.acting.filter(|_| may_act(roles));
        }
        Change::Acting => member.acting = if member.acting.is_some() { None } else { Some(acting(luck)) },
        Change::Suspended => member.suspended = !member.suspended,
    }
}

fn may_act(roles: &BTreeSet<Role>) -> bool {
    !roles.contains(&Role::Approver) && roles.iter().any(|role| BUSINESS.contains(role))
}

pub fn acting(luck: &Luck) -> (Time, Time) {
    let from = MORNING + luck.moment;
    (from, from + 1 + luck.moment % 4)
}

// Records.

fn asks_review(luck: &Luck) -> bool {
    luck.reviewed && luck.asks_review
}

fn in_force(record: &Record) -> bool {
    !record.withdrawn
}

fn amendment(ledger: &Ledger, luck: &Luck) -> (Id, Kind) {
    let review = asks_review(luck);
    match record(ledger, in_force, luck.target) {
        None => (free_record(ledger), Kind::Publish { review }),
        Some((id, (version, previous))) => (id, Kind::Amend { review, version: version + 1, previous }),
    }
}

fn withdrawal(ledger: &Ledger, luck: &Luck) -> (Id, Kind) {
    match record(ledger, in_force, luck.target) {
        None => (free_record(ledger), Kind::Publish { review: asks_review(luck) }),
        Some((id, (version, previous))) => (id, Kind::Withdraw { version, previous }),
    }
}

/// Of what is in force, or of what is withdrawn.
fn erasure(ledger: &Ledger, luck: &Luck) -> (Id, Kind) {
    let stands = |record: &Record| !record.erased && record.withdrawn == luck.reviewed;
    let any = |record: &Record| !record.erased;
    match record(ledger, stands, luck.target).or_else(|| record(ledger, any, luck.target)) {
        None => (free_record(ledger), Kind::Publish { review: asks_review(luck) }),
        Some((id, (version, previous))) => (id, Kind::Erase { version, previous }),
    }
}

/// A record that stands so, with its version and its latest act.
pub fn record(ledger: &Ledger, stands: impl Fn(&Record) -> bool, target: usize) -> Option<(Id, (u32, u32))> {
    let subjects: BTreeSet<Id> = ledger.entries.iter().map(|entry| entry.act.sub).collect();
    let records: Vec<_> = subjects
        .into_iter()
        .filter_map(|id| Some((id, ledger.record(id)?)))
        .filter(|(_, record)| stands(record))
        .map(|(id, record)| (id, (record.version, record.latest)))
        .collect();
    one_of(&records, target).copied()
}

// Signers.

fn layers(ledger: &Ledger, kind: &Kind, luck: &Luck) -> Vec<Layer> {
    let roster = ledger.roster();
    match kind {
        Kind::Genesis(genesis) => vec![by(genesis.founding, Purpose::Approve)],
        Kind::Member(member) if member.warrant.is_some() => vec![by(member.key, Purpose::Approve)],
        Kind::Member(member) => admins(ledger, &roster, member, luck),
        Kind::Publish { .. } | Kind::Amend { .. } | Kind::Withdraw { .. } | Kind::Erase { .. } => {
            clerks(&roster, luck)
        }
        Kind::Office(_) | Kind::Policy { .. } | Kind::Appoint(_) => {
            both_admins(&roster, luck).unwrap_or_else(|| vec![by(FOUNDING, Purpose::Approve)])
        }
    }
}

/// The founding key while it may; both admins where they are there, as one half
/// of all admissions even while it may.
fn admins(ledger: &Ledger, roster: &Roster, member: &Member, luck: &Luck) -> Vec<Layer> {
    let founding = member.follows.is_none() && !ledger.people_signed();
    match both_admins(roster, luck) {
        Some(layers) if !(founding && luck.asks_review) => layers,
        _ => vec![by(FOUNDING, Purpose::Approve)],
    }
}

/// Both admins, in either order, where they are there.
fn both_admins(roster: &Roster, luck: &Luck) -> Option<Vec<Layer>> {
    let with = |role| who(roster, |listed| listed.roles.contains(&role));
    let system = one_of(&with(Role::SystemAdmin), luck.signers[0]).copied()?;
    let security = one_of(&with(Role::SecurityAdmin), luck.signers[1]).copied()?;
    let (first, second) = if luck.reviewed { (system, security) } else { (security, system) };
    Some(vec![by(first.key, Purpose::Draft), by(second.key, Purpose::Approve)])
}

/// Drafter, perhaps reviewer, and approver, three different people where the
/// office has them.
fn clerks(roster: &Roster, luck: &Luck) -> Vec<Layer> {
    let may_approve = |listed: &Listed| listed.roles.contains(&Role::Approver) || listed.acting.is_some();
    let reviews = [Role::Reviewer, Role::SecrecyReviewer];
    let mut used = Vec::new();
    let mut choose = |fitting: Vec<&Listed>, luck: usize| {
        let free: Vec<&Listed> = fitting.into_iter().filter(|listed| !used.contains(&listed.key)).collect();
        let chosen = one_of(&free, luck).copied();
        used.extend(chosen.map(|listed| listed.key));
        chosen.cloned()
    };
    let drafter = choose(who(roster, |listed| listed.roles.contains(&Role::Drafter)), luck.signers[0]);
    let approver = choose(who(roster, may_approve), luck.signers[2]);
    let reviewer = who(roster, |listed| reviews.iter().any(|role| listed.roles.contains(role)));
    let reviewer = choose(reviewer, luck.signers[1]);

    let mut layers = vec![layer(drafter.as_ref(), Purpose::Draft, luck)];
    layers.extend(luck.reviewed.then(|| layer(reviewer.as_ref(), Purpose::Review, luck)));
    layers.push(layer(approver.as_ref(), Purpose::Approve, luck));
    layers
}

fn layer(signer: Option<&Listed>, purpose: Purpose, luck: &Luck) -> Layer {
    let iat = signer.and_then(|listed| listed.acting).map_or(MORNING, |(from, until)| {
        // The ends are within.
        [from, until, from + (until - from) / 2][usize::try_from(luck.moment % 3).unwrap_or(0)]
    });
    Layer { iat, ..by(signer.map_or(NOBODY, |listed| listed.key), purpose) }
}

pub fn by(key: Key, purpose: Purpose) -> Layer {
    Layer { purpose, key, iat: MORNING }
}

/// Those who can sign and fit.
pub fn who(roster: &Roster, fits: impl Fn(&Listed) -> bool) -> Vec<&Listed> {
    roster.iter().filter(|listed| listed.key < SIGNING_KEYS && fits(listed)).collect()
}

pub fn one_of<T>(all: &[T], luck: usize) -> Option<&T> {
    all.get(luck.checked_rem(all.len())?)
}

// What nobody has yet.

pub fn free_key(ledger: &Ledger) -> Key {
    let mut used = ledger.keys_of_people();
    used.extend(ledger.keys_of_offices());
    (FIRST_KEY..).find(|key| !used.contains(key)).unwrap_or(NOBODY)
}

pub fn free_person(ledger: &Ledger) -> Id {
    let people = ledger.people();
    (FIRST_PERSON..).find(|id| !people.contains_key(id)).unwrap_or(0)
}

fn free_record(ledger: &Ledger) -> Id {
    (FIRST_RECORD..).find(|id| ledger.record(*id).is_none()).unwrap_or(0)
}

//! Acts of a register that nothing is wrong with.

use std::collections::BTreeSet;

use crate::intent::{Luck, OfficeChange};
use crate::model::{Head, Id, Key, Kind, Ledger, Office, Standing};

use super::one_of;

const FIRST_OFFICE: Id = 300;
/// Offices' codes and keys are no others'.
const FIRST_CODE: u32 = 10;
const FIRST_OFFICE_KEY: Key = 1_000;

/// An office whose ledger is told from others by its number.
pub fn admission(ledger: &Ledger) -> (Id, Kind) {
    let id = free_office(ledger);
    let standing = Standing {
        code: free_code(ledger),
        ledger: id,
        keys: free_office_keys(ledger),
        head: Head { size: 5, root: 5 },
        suspended: false,
        successors: BTreeSet::new(),
        follows: None,
    };
    (id, Kind::Office(standing))
}

pub fn anew(ledger: &Ledger, change: &OfficeChange, luck: &Luck) -> (Id, Kind) {
    let offices: Vec<(Id, Office)> = ledger.offices().into_iter().collect();
    let Some((id, office)) = one_of(&offices, luck.target) else { return admission(ledger) };
    let mut standing = office.now.clone();
    standing.follows = Some((office.version + 1, office.latest));
    match change {
        OfficeChange::Nothing => {}
        OfficeChange::Keys(places) => rotate(&mut standing, places, ledger),
        OfficeChange::Head { by } => standing.head = grown(standing.head, *by),
        OfficeChange::Suspended { successors } => suspend_or_readmit(&mut standing, *successors),
    }
    (*id, Kind::Office(standing))
}

fn rotate(standing: &mut Standing, places: &BTreeSet<usize>, ledger: &Ledger) {
    let free = free_office_keys(ledger);
    for place in places {
        standing.keys[*place] = free[*place];
    }
}

/// Larger by any number of entries; the root is another one then.
fn grown(head: Head, by: u32) -> Head {
    Head { size: head.size + by, root: head.root + by }
}

fn suspend_or_readmit(standing: &mut Standing, successors: u32) {
    standing.suspended = !standing.suspended;
    let codes = (1..=successors).map(|number| standing.code + number);
    standing.successors = if standing.suspended { codes.collect() } else { BTreeSet::new() };
}

pub fn policy(ledger: &Ledger) -> (Id, Kind) {
    (POLICIES, Kind::Policy { number: ledger.policy_number() + 1 })
}

/// Whatever a policy is said to be about.
const POLICIES: Id = 400;

// What no office has yet.

pub fn free_office(ledger: &Ledger) -> Id {
    let offices = ledger.offices();
    (FIRST_OFFICE..).find(|id| !offices.contains_key(id)).unwrap_or(0)
}

pub fn free_code(ledger: &Ledger) -> u32 {
    let offices = ledger.offices();
    let is_free = |code: &u32| offices.values().all(|office| office.now.code != *code);
    (FIRST_CODE..).find(is_free).unwrap_or(0)
}

pub fn free_office_keys(ledger: &Ledger) -> [Key; 4] {
    let next = ledger.keys_of_offices().last().map_or(FIRST_OFFICE_KEY, |key| key + 1).max(FIRST_OFFICE_KEY);
    [next, next + 1, next + 2, next + 3]
}

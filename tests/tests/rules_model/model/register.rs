//! What stands in a register: offices and policies, and the rules about them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Act, Broken, Id, Key, Kind, Leaf, Ledger, genesis_keys};

/// The size and the root of an office's ledger; the root by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    pub size: u32,
    pub root: u32,
}

/// What an act says of an office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub code: u32,
    /// Entry 0 of its ledger, by number.
    pub ledger: u32,
    /// `log`, `receipt`, `transport`, `witness`.
    pub keys: [Key; 4],
    pub head: Head,
    pub suspended: bool,
    /// Codes; only where it is suspended.
    pub successors: BTreeSet<u32>,
    /// `version` and `previous`, where it is not a first act.
    pub follows: Option<(u32, Leaf)>,
}

#[derive(Debug, Clone)]
pub struct Office {
    pub now: Standing,
    pub version: u32,
    pub latest: Leaf,
}

// What the register says, from its entries.
impl Ledger {
    /// The latest act about every office.
    pub fn offices(&self) -> BTreeMap<Id, Office> {
        let mut offices = BTreeMap::new();
        for (latest, act) in self.effective() {
            if let Kind::Office(now) = &act.kind {
                let version = now.follows.map_or(1, |(version, _)| version);
                offices.insert(act.sub, Office { now: now.clone(), version, latest });
            }
        }
        offices
    }

    /// Every key that an office has or had.
    pub fn keys_of_offices(&self) -> BTreeSet<Key> {
        self.effective()
            .filter_map(|(_, act)| match &act.kind {
                Kind::Office(standing) => Some(standing.keys),
                _ => None,
            })
            .flatten()
            .collect()
    }

    /// The number of the latest policy; 0 where there is none.
    pub fn policy_number(&self) -> u32 {
        self.effective()
            .filter_map(|(_, act)| match act.kind {
                Kind::Policy { number } => Some(number),
                _ => None,
            })
            .last()
            .unwrap_or(0)
    }
}

// The table.
impl Ledger {
    /// Which acts stand in which ledger.
    pub(super) fn kind_rules(&self, act: &Act, broken: &mut Broken) {
        let is_register = self.origin.code.is_none();
        let fits = match act.kind {
            Kind::Genesis(_) | Kind::Member(_) => true,
            Kind::Office(_) | Kind::Policy { .. } | Kind::Appoint(_) => is_register,
            Kind::Publish { .. } | Kind::Amend { .. } | Kind::Withdraw { .. } | Kind::Erase { .. } => {
                !is_register
            }
        };
        broken.unless(fits, "wrong_kind_of_ledger");
    }

    pub(super) fn office_rules(&self, act: &Act, standing: &Standing, broken: &mut Broken) {
        self.by_both_admins(act, broken);
        match self.offices().get(&act.sub) {
            None => self.first_act_rules(standing, broken),
            Some(office) => later_act_rules(standing, office, broken),
        }
        self.key_rules(act, standing, broken);
    }

    fn first_act_rules(&self, standing: &Standing, broken: &mut Broken) {
        let admits = standing.follows.is_none() && !standing.suspended;
        broken.unless(admits, "no_such_office");

        let has_it = |office: &Office| office.now.code == standing.code;
        broken.unless(!self.offices().values().any(has_it), "taken");
    }

    /// One key, one use, for ever.
    fn key_rules(&self, act: &Act, standing: &Standing, broken: &mut Broken) {
        let different: BTreeSet<&Key> = standing.keys.iter().collect();
        broken.unless(different.len() == standing.keys.len(), "taken");

        let offices = self.offices();
        let office = offices.get(&act.sub);
        let mut used = self.keys_of_people();
        used.extend(self.keys_of_offices());
        used.extend(self.genesis().map(genesis_keys).unwrap_or_default());
        for (place, key) in standing.keys.iter().enumerate() {
            let same = office.is_some_and(|office| office.now.keys[place] == *key);
            broken.unless(same || !used.contains(key), "taken");
        }
    }

    pub(super) fn policy_rules(&self, act: &Act, number: u32, broken: &mut Broken) {
        self.by_both_admins(act, broken);
        broken.unless(number == self.policy_number() + 1, "not_current");
    }
}

fn later_act_rules(standing: &Standing, office: &Office, broken: &mut Broken) {
    match standing.follows {
        None => broken.unless(false, "taken"),
        Some((version, previous)) => {
            let current = version == office.version + 1 && previous == office.latest;
            broken.unless(current, "not_current");
        }
    }
    let before = &office.now;
    broken.unless(standing.code == before.code && standing.ledger == before.ledger, "other_office");

    let grown = standing.head.size > before.head.size || standing.head == before.head;
    broken.unless(grown, "head_behind");
}

//! The ledger rules, written a second time from the text alone: DESIGN §2, §4
//! and §6, and FORMAT §3 and §4 with the table "Ledger rules, version 0".
//!
//! It is naive on purpose. It keeps every entry and nothing else, and derives
//! whatever a rule asks for from all of them, anew for every act. It imports
//! nothing of the program, so the two share no mistake but those of the text.

mod register;
mod warrant;

use std::collections::{BTreeMap, BTreeSet};

pub use register::{Head, Office, Standing};
pub use warrant::{Appointment, Flaw, Said, Warrant};

/// A person, a record or an office, by number. One space, as ids are.
pub type Id = u32;
/// A public key, by number.
pub type Key = u32;
/// An entry's leaf hash, by number: no two entries have the same.
pub type Leaf = u32;
/// Seconds since 1970.
pub type Time = u64;
/// A rule, by its code without `violation_`.
pub type Code = &'static str;

/// Every rule of the table.
pub const CODES: [Code; 33] = [
    "wrong_ledger",
    "wrong_kind_of_ledger",
    "unknown_rules",
    "base_not_true",
    "roster_stale",
    "genesis_out_of_place",
    "genesis_origin",
    "wrong_layers",
    "not_founder",
    "taken",
    "founding_over",
    "founder_only_admits",
    "not_in_roster",
    "same_person",
    "not_both_admins",
    "last_admin",
    "roles_together",
    "may_not_act",
    "too_many_members",
    "no_such_member",
    "not_current",
    "not_reviewed",
    "wrong_role",
    "not_acting",
    "no_such_record",
    "withdrawn",
    "erased",
    "no_such_office",
    "other_office",
    "head_behind",
    "office_suspended",
    "not_appointable",
    "not_warranted",
];

/// Nobody joins a roster that has as many people as this.
const MOST_MEMBERS: usize = 10_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Approver,
    Auditor,
    DataAdmin,
    Drafter,
    Reviewer,
    SecrecyReviewer,
    SecurityAdmin,
    Service,
    SystemAdmin,
}

impl Role {
    pub const ALL: [Self; 9] = [
        Self::Approver,
        Self::Auditor,
        Self::DataAdmin,
        Self::Drafter,
        Self::Reviewer,
        Self::SecrecyReviewer,
        Self::SecurityAdmin,
        Self::Service,
        Self::SystemAdmin,
    ];
}

pub const BUSINESS: [Role; 5] =
    [Role::Approver, Role::DataAdmin, Role::Drafter, Role::Reviewer, Role::SecrecyReviewer];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Draft,
    Review,
    Approve,
    Service,
}

/// The name of a ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    pub realm: u32,
    /// An office's; a register has none.
    pub code: Option<u32>,
}

/// One line of a roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub id: Id,
    pub key: Key,
    pub roles: BTreeSet<Role>,
    pub acting: Option<(Time, Time)>,
}

/// Everybody who is not suspended, sorted by id. It stands for its digest.
pub type Roster = Vec<Listed>;

/// What a signer says of the ledger that he had verified. `root` is the
/// leaves that it commits to, and stands for the tree's root over them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    pub size: usize,
    pub root: Vec<Leaf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layer {
    pub purpose: Purpose,
    pub key: Key,
    pub iat: Time,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Genesis {
    pub realm: u32,
    pub code: u32,
    pub founding: Key,
    /// `log`, `receipt`, `transport`, `witness`.
    pub others: [Key; 4],
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub key: Key,
    pub roles: BTreeSet<Role>,
    pub acting: Option<(Time, Time)>,
    pub suspended: bool,
    /// Digests of name and post, by number; without one they are no other act's.
    pub names: Option<u32>,
    /// `version` and `previous`, where it is not a first act.
    pub follows: Option<(u32, Leaf)>,
    pub warrant: Option<Box<Warrant>>,
}

impl Member {
    /// Somebody of whom nothing was said before, and now no more than this.
    pub fn new(key: Key, roles: BTreeSet<Role>) -> Self {
        Self { key, roles, acting: None, suspended: false, names: None, follows: None, warrant: None }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    Genesis(Genesis),
    Member(Member),
    Publish { review: bool },
    Amend { review: bool, version: u32, previous: Leaf },
    Withdraw { version: u32, previous: Leaf },
    Erase { version: u32, previous: Leaf },
    Office(Standing),
    Policy { number: u32 },
    Appoint(Box<Appointment>),
}

/// A signed statement that can be read: what `Statement::parse` lets through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    pub iss: Origin,
    pub rules: u32,
    pub base: Base,
    pub roster: Roster,
    pub sub: Id,
    /// From the inside.
    pub layers: Vec<Layer>,
    pub kind: Kind,
}

#[derive(Debug, Clone)]
pub struct Entry {
    pub leaf: Leaf,
    pub act: Act,
    /// A copy keeps an entry that breaks a rule and gives it no effect.
    pub effect: bool,
}

#[derive(Debug, Clone)]
pub struct Person {
    pub now: Member,
    pub version: u32,
    pub latest: Leaf,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub version: u32,
    pub withdrawn: bool,
    pub erased: bool,
    pub latest: Leaf,
}

/// The rules that an act breaks.
#[derive(Debug, Clone, Default)]
struct Broken(BTreeSet<Code>);

impl Broken {
    fn unless(&mut self, holds: bool, code: Code) {
        if !holds {
            self.0.insert(code);
        }
    }
}

/// The ledger of one office, or a register.
#[derive(Debug, Clone)]
pub struct Ledger {
    pub origin: Origin,
    pub entries: Vec<Entry>,
}

// What the ledger says, from its entries.
impl Ledger {
    pub fn leaves(&self) -> Vec<Leaf> {
        self.entries.iter().map(|entry| entry.leaf).collect()
    }

    fn effective(&self) -> impl Iterator<Item = (Leaf, &Act)> {
        self.entries.iter().filter(|entry| entry.effect).map(|entry| (entry.leaf, &entry.act))
    }

    pub fn genesis(&self) -> Option<&Genesis> {
        self.effective().find_map(|(_, act)| match &act.kind {
            Kind::Genesis(genesis) => Some(genesis),
            _ => None,
        })
    }

    /// Everybody who was ever admitted, as the latest act about them says.
    pub fn people(&self) -> BTreeMap<Id, Person> {
        let mut people = BTreeMap::new();
        for (latest, act) in self.effective() {
            if let Kind::Member(now) = &act.kind {
                let now = now.clone();
                let version = now.follows.map_or(1, |(version, _)| version);
                let person = Person { now, version, latest };
                people.insert(act.sub, person);
            }
        }
        people
    }

    pub fn roster(&self) -> Roster {
        roster_of(&self.people())
    }

    /// Every key that a person has or had.
    pub fn keys_of_people(&self) -> BTreeSet<Key> {
        self.effective()
            .filter_map(|(_, act)| match &act.kind {
                Kind::Member(member) => Some(member.key),
                _ => None,
            })
            .collect()
    }

    pub fn record(&self, id: Id) -> Option<Record> {
        let mut record = None;
        for (latest, act) in self.effective().filter(|(_, act)| act.sub == id) {
            let (version, withdrawn, erased) = match &act.kind {
                Kind::Publish { .. } => (1, false, false),
                Kind::Amend { version, .. } => (*version, false, false),
                Kind::Withdraw { version, .. } => (*version, true, false),
                Kind::Erase { version, .. } => (*version, true, true),
                Kind::Genesis(_)
                | Kind::Member(_)
                | Kind::Office(_)
                | Kind::Policy { .. }
                | Kind::Appoint(_) => continue,
            };
            record = Some(Record { version, withdrawn, erased, latest });
        }
        record
    }

    /// Whether something that people signed is in the ledger. What is kept
    /// without effect does not end the founding either (DESIGN §6).
    pub fn people_signed(&self) -> bool {
        self.effective().any(|(_, act)| act.layers.len() >= 2)
    }
}

fn roster_of(people: &BTreeMap<Id, Person>) -> Roster {
    people
        .iter()
        .filter(|(_, person)| !person.now.suspended)
        .map(|(id, person)| Listed {
            id: *id,
            key: person.now.key,
            roles: person.now.roles.clone(),
            acting: person.now.acting,
        })
        .collect()
}

fn holds(roster: &Roster, role: Role) -> bool {
    roster.iter().any(|listed| listed.roles.contains(&role))
}

// The table.
impl Ledger {
    /// Every rule that the act breaks as the next entry; none: it has effect.
    pub fn violated(&self, act: &Act) -> BTreeSet<Code> {
        let mut broken = Broken::default();
        self.header_rules(act, &mut broken);
        self.kind_rules(act, &mut broken);
        match &act.kind {
            Kind::Genesis(genesis) => self.genesis_rules(act, genesis, &mut broken),
            Kind::Member(member) => self.member_rules(act, member, &mut broken),
            Kind::Publish { .. } | Kind::Amend { .. } | Kind::Withdraw { .. } | Kind::Erase { .. } => {
                self.signer_rules(act, &mut broken);
                self.record_rules(act, &mut broken);
            }
            Kind::Office(standing) => self.office_rules(act, standing, &mut broken),
            Kind::Policy { number } => self.policy_rules(act, *number, &mut broken),
            Kind::Appoint(appointment) => self.appoint_rules(act, appointment, &mut broken),
        }
        broken.0
    }

    /// Puts the act at the end of the ledger.
    pub fn append(&mut self, leaf: Leaf, act: Act, effect: bool) {
        self.entries.push(Entry { leaf, act, effect });
    }

    fn header_rules(&self, act: &Act, broken: &mut Broken) {
        broken.unless(act.iss == self.origin, "wrong_ledger");
        broken.unless(act.rules == 0, "unknown_rules");

        let prefix = self.leaves().get(..act.base.size).map(<[Leaf]>::to_vec);
        broken.unless(prefix == Some(act.base.root.clone()), "base_not_true");

        broken.unless(act.roster == self.roster(), "roster_stale");

        let is_genesis = matches!(act.kind, Kind::Genesis(_));
        let is_first = self.entries.is_empty();
        broken.unless(is_genesis == is_first, "genesis_out_of_place");
    }

    fn genesis_rules(&self, act: &Act, genesis: &Genesis, broken: &mut Broken) {
        let Origin { realm, code } = self.origin;
        // A register's names whichever office keeps it.
        let named = genesis.realm == realm && code.is_none_or(|code| genesis.code == code);
        broken.unless(named, "genesis_origin");

        let one_approve = act.layers.len() == 1 && act.layers[0].purpose == Purpose::Approve;
        broken.unless(one_approve, "wrong_layers");

        let by_founder = act.layers.iter().all(|layer| layer.key == genesis.founding);
        broken.unless(by_founder, "not_founder");

        let keys = genesis_keys(genesis);
        let different: BTreeSet<&Key> = keys.iter().collect();
        broken.unless(different.len() == keys.len(), "taken");
    }

    fn member_rules(&self, act: &Act, member: &Member, broken: &mut Broken) {
        match (&member.warrant, act.layers.len()) {
            (Some(warrant), _) => self.warrant_rules(act, member, warrant, broken),
            (None, 1) => self.founder_rules(act, member, broken),
            (None, _) => {
                self.by_both_admins(act, broken);
                self.keeps_both_admins(act, member, broken);
            }
        }
        self.person_rules(act, member, broken);
        self.version_rules(act, member, broken);

        let people = self.people();
        let own = people.get(&act.sub).map(|person| person.now.key) == Some(member.key);
        let named = self.genesis().map(genesis_keys).unwrap_or_default();
        let mut used = self.keys_of_people();
        used.extend(self.keys_of_offices());
        used.extend(named);
        broken.unless(own || !used.contains(&member.key), "taken");
    }

    /// A member act of one layer, without a warrant.
    fn founder_rules(&self, act: &Act, member: &Member, broken: &mut Broken) {
        let layer = act.layers[0];
        broken.unless(layer.purpose == Purpose::Approve, "wrong_layers");

        let founding = self.genesis().map(|genesis| genesis.founding);
        broken.unless(founding == Some(layer.key), "not_founder");

        broken.unless(!self.people_signed(), "founding_over");

        let admits = member.follows.is_none() && !member.suspended && member.acting.is_none();
        broken.unless(admits, "founder_only_admits");
    }

    /// Two layers, by the two admins.
    fn by_both_admins(&self, act: &Act, broken: &mut Broken) {
        broken.unless(act.layers.len() == 2, "wrong_layers");
        let roster = self.roster();
        let signers = signers(&roster, act);
        broken.unless(signers.iter().all(Option::is_some), "not_in_roster");
        let keys: BTreeSet<Key> = act.layers.iter().map(|layer| layer.key).collect();
        broken.unless(keys.len() == act.layers.len(), "same_person");

        // Who is not in the roster has no roles to judge.
        if let Some(signers) = signers.into_iter().collect::<Option<Vec<&Listed>>>() {
            let one_is = |role| signers.iter().any(|signer| signer.roles.contains(&role));
            let both = one_is(Role::SystemAdmin) && one_is(Role::SecurityAdmin);
            broken.unless(both, "not_both_admins");
        }
    }

    fn keeps_both_admins(&self, act: &Act, member: &Member, broken: &mut Broken) {
        let mut after = self.people();
        let person = Person { now: member.clone(), version: 0, latest: 0 };
        after.insert(act.sub, person);
        let after = roster_of(&after);
        let both = holds(&after, Role::SystemAdmin) && holds(&after, Role::SecurityAdmin);
        broken.unless(both, "last_admin");
    }

    /// What a person may be.
    fn person_rules(&self, act: &Act, member: &Member, broken: &mut Broken) {
        let only_business = member.roles.iter().all(|role| BUSINESS.contains(role));
        let only_one = member.roles.len() == 1;
        broken.unless(only_business || only_one, "roles_together");

        if member.acting.is_some() {
            let business = member.roles.iter().any(|role| BUSINESS.contains(role));
            let approver = member.roles.contains(&Role::Approver);
            broken.unless(business && !approver, "may_not_act");
        }

        let roster = self.roster();
        let was_in = roster.iter().any(|listed| listed.id == act.sub);
        if !was_in && !member.suspended {
            broken.unless(roster.len() < MOST_MEMBERS, "too_many_members");
        }
    }

    /// First and later acts about a person.
    fn version_rules(&self, act: &Act, member: &Member, broken: &mut Broken) {
        let people = self.people();
        let person = people.get(&act.sub);
        match (member.follows, person) {
            (None, person) => broken.unless(person.is_none(), "taken"),
            (Some(_), None) => broken.unless(false, "no_such_member"),
            (Some((version, previous)), Some(person)) => {
                let current = version == person.version + 1 && previous == person.latest;
                broken.unless(current, "not_current");
            }
        }
    }

    /// Who signs what is done to a record.
    fn signer_rules(&self, act: &Act, broken: &mut Broken) {
        broken.unless(matches!(act.layers.len(), 2 | 3), "wrong_layers");

        let reviewed = act.layers.iter().any(|layer| layer.purpose == Purpose::Review);
        let wants = matches!(act.kind, Kind::Publish { review: true } | Kind::Amend { review: true, .. });
        broken.unless(reviewed || !wants, "not_reviewed");

        let keys: BTreeSet<Key> = act.layers.iter().map(|layer| layer.key).collect();
        broken.unless(keys.len() == act.layers.len(), "same_person");

        let roster = self.roster();
        for (layer, signer) in act.layers.iter().zip(signers(&roster, act)) {
            broken.unless(signer.is_some(), "not_in_roster");
            // Who is not in the roster has no roles to judge.
            if let Some(signer) = signer {
                role_rules(layer, signer, broken);
            }
        }
    }

    fn record_rules(&self, act: &Act, broken: &mut Broken) {
        let record = self.record(act.sub);
        if matches!(act.kind, Kind::Publish { .. }) {
            broken.unless(record.is_none(), "taken");
            return;
        }
        broken.unless(record.is_some(), "no_such_record");
        let Some(record) = record else { return };
        if matches!(act.kind, Kind::Withdraw { .. } | Kind::Erase { .. }) {
            broken.unless(!record.erased, "erased");
        }
        if matches!(act.kind, Kind::Amend { .. } | Kind::Withdraw { .. }) {
            broken.unless(!record.withdrawn && !record.erased, "withdrawn");
        }
        let current = match act.kind {
            Kind::Amend { version, previous, .. } => {
                version == record.version + 1 && previous == record.latest
            }
            Kind::Withdraw { version, previous } | Kind::Erase { version, previous } => {
                version == record.version && previous == record.latest
            }
            _ => true,
        };
        broken.unless(current, "not_current");
    }
}

fn role_rules(layer: &Layer, signer: &Listed, broken: &mut Broken) {
    let is = |role| signer.roles.contains(&role);
    let may = match layer.purpose {
        Purpose::Draft => is(Role::Drafter),
        Purpose::Review => is(Role::Reviewer) || is(Role::SecrecyReviewer),
        Purpose::Approve => is(Role::Approver) || signer.acting.is_some(),
        Purpose::Service => true,
    };
    broken.unless(may, "wrong_role");

    if let (Purpose::Approve, false, Some((from, until))) = (layer.purpose, is(Role::Approver), signer.acting)
    {
        broken.unless(from <= layer.iat && layer.iat <= until, "not_acting");
    }
}

/// Who signed each layer, as the roster knows them.
fn signers<'a>(roster: &'a Roster, act: &Act) -> Vec<Option<&'a Listed>> {
    act.layers.iter().map(|layer| roster.iter().find(|listed| listed.key == layer.key)).collect()
}

fn genesis_keys(genesis: &Genesis) -> Vec<Key> {
    let mut keys = vec![genesis.founding];
    keys.extend(genesis.others);
    keys
}

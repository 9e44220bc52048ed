//! An office's ledger in memory, or a register, with the entries that would be
//! in order after it.

use std::collections::{BTreeMap, BTreeSet};

use yinxin_record::act::{Act, Genesis, Membership, Successor, Warrant};
use yinxin_record::key::PublicKey;
use yinxin_record::origin::Origin;
use yinxin_record::roster::Roster;
use yinxin_record::rules::{
    Decision, Delta, MemberState, OfficeState, RecordState, RuleError, View, Violation, apply,
};
use yinxin_record::statement::{Anchor, Base, Purpose, Statement};
use yinxin_record::{Digest, Id};

use super::{
    APPROVE, DRAFT, Entry, ORIGIN, RECORD, REGISTER, admission, content, genesis, member, public,
    register_genesis,
};

#[derive(Clone)]
pub struct Ledger {
    pub origin: Origin,
    pub leaves: Vec<Digest>,
    pub genesis: Option<Genesis>,
    pub roster: Roster,
    pub members: BTreeMap<Id, MemberState>,
    pub people_changed: Option<u64>,
    pub keys: BTreeSet<Digest>,
    pub founding: bool,
    pub records: BTreeMap<Id, RecordState>,
    pub offices: BTreeMap<Id, OfficeState>,
    pub policy: u64,
    /// Digests of what stands in the register of the realm.
    pub registered: BTreeSet<Digest>,
    pub broken: bool,
}

/// The state cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub struct Broken;

impl View for Ledger {
    type Error = Broken;

    fn origin(&self) -> &Origin {
        &self.origin
    }
    fn size(&self) -> u64 {
        self.leaves.len() as u64
    }
    fn genesis(&self) -> Option<&Genesis> {
        self.genesis.as_ref()
    }
    fn roster(&self) -> &Roster {
        &self.roster
    }
    fn roster_digest(&self) -> Digest {
        self.roster.digest()
    }
    fn is_founding(&self) -> bool {
        self.founding
    }
    fn people_changed(&self) -> Result<Option<u64>, Broken> {
        if self.broken { Err(Broken) } else { Ok(self.people_changed) }
    }
    fn member(&self, id: &Id) -> Result<Option<MemberState>, Broken> {
        if self.broken { Err(Broken) } else { Ok(self.members.get(id).cloned()) }
    }
    fn is_key_used(&self, kid: &Digest) -> Result<bool, Broken> {
        if self.broken { Err(Broken) } else { Ok(self.keys.contains(kid)) }
    }
    fn record(&self, id: &Id) -> Result<Option<RecordState>, Broken> {
        if self.broken { Err(Broken) } else { Ok(self.records.get(id).copied()) }
    }
    fn office(&self, id: &Id) -> Result<Option<OfficeState>, Broken> {
        if self.broken { Err(Broken) } else { Ok(self.offices.get(id).cloned()) }
    }
    fn is_code_taken(&self, code: &str) -> Result<bool, Broken> {
        let taken = || self.offices.values().any(|office| office.standing.code == code);
        if self.broken { Err(Broken) } else { Ok(taken()) }
    }
    fn policy_number(&self) -> Result<u64, Broken> {
        if self.broken { Err(Broken) } else { Ok(self.policy) }
    }
    fn is_in_register(&self, warrant: &Warrant) -> Result<bool, Broken> {
        let stands = self.registered.contains(&Digest::of(&warrant.statement));
        if self.broken { Err(Broken) } else { Ok(stands) }
    }
    fn root_at(&self, size: u64) -> Result<Digest, Broken> {
        if self.broken { Err(Broken) } else { Ok(root(&self.leaves[..usize::try_from(size).unwrap()])) }
    }
}

/// RFC 6962 §2.1.
pub fn root(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => Digest::of(b""),
        [one] => *one,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            Digest::of_parts(&[&[1], &root(left).0, &root(right).0])
        }
    }
}

pub fn leaf(bytes: &[u8]) -> Digest {
    Digest::of_parts(&[&[0], bytes])
}

impl Ledger {
    pub fn empty() -> Self {
        Self::at(ORIGIN)
    }

    /// An empty register.
    pub fn register() -> Self {
        Self::at(REGISTER)
    }

    fn at(origin: &str) -> Self {
        Self {
            origin: origin.parse().unwrap(),
            leaves: Vec::new(),
            genesis: None,
            roster: Roster::default(),
            members: BTreeMap::new(),
            people_changed: None,
            keys: BTreeSet::new(),
            founding: true,
            records: BTreeMap::new(),
            offices: BTreeMap::new(),
            policy: 0,
            registered: BTreeSet::new(),
            broken: false,
        }
    }

    /// Genesis and seven members: one for each business role, one with all, and
    /// the officers.
    pub fn founded() -> Self {
        let mut ledger = Self::empty();
        ledger.append(&ledger.genesis_entry());
        for name in ["drafter", "reviewer", "approver", "everything", "system", "security", "auditor"] {
            ledger.append(&ledger.member_entry(name));
        }
        ledger
    }

    pub fn published() -> Self {
        let mut ledger = Self::founded();
        ledger.append(&ledger.publish_entry());
        ledger
    }

    pub fn withdrawn() -> Self {
        let mut ledger = Self::published();
        ledger.append(&ledger.withdraw_entry());
        ledger
    }

    pub fn judge_bytes(&self, bytes: &[u8]) -> Result<Decision, RuleError<Broken>> {
        let statement = Statement::parse(bytes).unwrap();
        let decision = apply(self, &statement, leaf(bytes))?;
        for (layer, signer) in statement.layers.iter().zip(&decision.signers) {
            layer.verify(signer).unwrap();
        }
        assert_eq!(statement.layers.len(), decision.signers.len());
        Ok(decision)
    }

    pub fn judge(&self, entry: &Entry) -> Result<Decision, RuleError<Broken>> {
        self.judge_bytes(&entry.bytes())
    }

    pub fn append_bytes(&mut self, bytes: &[u8]) -> Delta {
        let decision = self.judge_bytes(bytes).unwrap();
        self.leaves.push(leaf(bytes));
        match decision.delta.clone() {
            Delta::Founded(genesis) => self.genesis = Some(*genesis),
            Delta::Member(id, state) => {
                self.people_changed = Some(self.leaves.len() as u64 - 1);
                self.know(id, *state, decision.signers.len() > 1);
            }
            Delta::Record(id, state) => {
                self.records.insert(id, state);
                self.founding = false;
            }
            Delta::Office(id, state) => {
                self.keys.extend(state.standing.keys.signing().iter().map(PublicKey::thumbprint));
                self.offices.insert(id, *state);
                self.founding = false;
            }
            Delta::Policy(policy) => {
                self.policy = policy.number;
                self.founding = false;
            }
            Delta::Appointed(..) => self.founding = false,
        }
        decision.delta
    }

    pub fn know(&mut self, id: Id, state: MemberState, by_people: bool) {
        self.roster.remove(&id);
        if !state.suspended {
            self.roster.add(id, state.member.clone()).unwrap();
        }
        self.keys.insert(state.member.key.thumbprint());
        self.members.insert(id, state);
        self.founding &= !by_people;
    }

    pub fn append(&mut self, entry: &Entry) -> Delta {
        self.append_bytes(&entry.bytes())
    }

    // Who signs here.

    fn founder(&self) -> &'static str {
        if self.origin.is_register() { "register-founding" } else { "founding" }
    }

    pub fn admins(&self) -> [(&'static str, Purpose); 2] {
        if self.origin.is_register() { REGISTER_ADMINS } else { BOTH_ADMINS }
    }

    // Entries that are in order after this ledger.

    pub fn anchor(&self) -> Anchor {
        let base = Base { size: self.size(), root: root(&self.leaves) };
        Anchor { base, roster: self.roster.digest(), rules: 0 }
    }

    pub fn entry(&self, act: Act) -> Entry {
        let mut entry = Entry { anchor: Some(self.anchor()), ..Entry::of(act) };
        entry.claims.iss = self.origin.to_string();
        entry
    }

    pub fn founder_entry(&self, act: Act, sub: Id) -> Entry {
        let mut entry = Entry { signers: vec![(self.founder(), APPROVE)], ..self.entry(act) };
        entry.claims.sub = sub;
        entry
    }

    pub fn genesis_entry(&self) -> Entry {
        let genesis = if self.origin.is_register() { register_genesis() } else { genesis() };
        self.founder_entry(Act::Genesis(Box::new(genesis)), Id([1; 16]))
    }

    pub fn member_entry(&self, name: &str) -> Entry {
        let (id, member) = member(name);
        self.founder_entry(Act::Member(admission(member)), id)
    }

    /// What the two admins say of a member from now on: what is known, changed.
    pub fn change_entry(&self, name: &str, change: impl FnOnce(&mut Membership)) -> Entry {
        let (id, _) = member(name);
        let known = &self.members[&id];
        let follows = Some(Successor { version: known.version + 1, previous: known.leaf });
        let mut membership = Membership { follows, ..admission(known.member.clone()) };
        membership.suspended = known.suspended;
        change(&mut membership);
        self.admins_entry(id, membership)
    }

    pub fn admins_entry(&self, sub: Id, membership: Membership) -> Entry {
        let mut entry = signed(self.entry(Act::Member(membership)), &self.admins());
        entry.claims.sub = sub;
        entry
    }

    /// A fifth member, with a key that nobody has yet.
    pub fn member_entry_again(&self) -> Entry {
        let mut entry = self.member_entry("drafter");
        entry.claims.sub = Id([0x55; 16]);
        set_key(&mut entry, "newcomer");
        entry
    }

    pub fn publish_entry(&self) -> Entry {
        self.entry(Act::Publish(content()))
    }

    pub fn current(&self) -> Successor {
        let state = self.records[&RECORD];
        Successor { version: state.version, previous: state.leaf }
    }

    pub fn amend_entry(&self) -> Entry {
        let Successor { version, previous } = self.current();
        self.entry(Act::Amend(content(), Successor { version: version + 1, previous }))
    }

    pub fn erase_entry(&self) -> Entry {
        self.entry(Act::Erase { of: self.current(), digests: vec![Digest([9; 32])] })
    }

    pub fn withdraw_entry(&self) -> Entry {
        self.entry(Act::Withdraw { of: self.current(), digests: vec![Digest([9; 32])] })
    }
}

// What is in order, and what is not.

pub const BOTH_ADMINS: [(&str, Purpose); 2] = [("system", DRAFT), ("security", APPROVE)];
pub const REGISTER_ADMINS: [(&str, Purpose); 2] =
    [("register-system", DRAFT), ("register-security", APPROVE)];

/// `entry` is in order, and is refused for this once `spoil` has changed it.
#[track_caller]
pub fn violates(ledger: &Ledger, entry: Entry, spoil: impl FnOnce(&mut Entry), violation: Violation) {
    let before = ledger.judge(&entry);
    assert!(before.is_ok(), "{before:?}");
    let mut entry = entry;
    spoil(&mut entry);
    assert_eq!(ledger.judge(&entry), Err(RuleError::Violation(violation)));
}

/// The entry is refused for this; where it would be in order is another place.
#[track_caller]
pub fn out_of_place(ledger: &Ledger, entry: &Entry, violation: Violation) {
    assert_eq!(ledger.judge(entry), Err(RuleError::Violation(violation)));
}

pub fn signed(entry: Entry, signers: &[(&'static str, Purpose)]) -> Entry {
    Entry { signers: signers.to_vec(), ..entry }
}

pub fn set_key(entry: &mut Entry, name: &str) {
    membership_of(entry).member.key = public(name);
}

pub fn membership_of(entry: &mut Entry) -> &mut Membership {
    let Act::Member(membership) = &mut entry.act else { panic!() };
    membership
}

pub fn genesis_of(entry: &mut Entry) -> &mut Genesis {
    let Act::Genesis(genesis) = &mut entry.act else { panic!() };
    genesis
}

pub fn successor_of(entry: &mut Entry) -> &mut Successor {
    match &mut entry.act {
        Act::Amend(_, successor) | Act::Withdraw { of: successor, .. } | Act::Erase { of: successor, .. } => {
            successor
        }
        Act::Member(membership) => membership.follows.as_mut().unwrap(),
        Act::Office(standing) => standing.follows.as_mut().unwrap(),
        Act::Appoint(appointment) => appointment.member.follows.as_mut().unwrap(),
        Act::Genesis(_) | Act::Publish(_) | Act::Policy(_) => panic!(),
    }
}

//! A copy of a ledger in memory, as the program's rules read and build it.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use yinxin_ledger::tree::Frontier;
use yinxin_record::act::{Appointment, Genesis, Warrant};
use yinxin_record::key::PublicKey;
use yinxin_record::origin::Origin;
use yinxin_record::roster::Roster;
use yinxin_record::rules::{Decision, Delta, MemberState, OfficeState, RecordState, View};
use yinxin_record::{Digest, Id};

#[derive(Debug, Clone)]
pub struct Copy {
    origin: Origin,
    leaves: Vec<Digest>,
    pub genesis: Option<Genesis>,
    pub roster: Roster,
    roster_digest: Digest,
    pub members: BTreeMap<Id, MemberState>,
    people_changed: Option<u64>,
    keys: BTreeSet<Digest>,
    founding: bool,
    pub records: BTreeMap<Id, RecordState>,
    pub offices: BTreeMap<Id, OfficeState>,
    pub policy: u64,
    /// What the latest entry with effect appoints, and in which office.
    pub appointed: Option<(Id, Appointment)>,
    /// Digests of what the act at hand shows to stand in the register of the realm.
    pub registered: BTreeSet<Digest>,
}

impl Copy {
    pub fn new(origin: &str) -> Self {
        let roster = Roster::default();
        Self {
            origin: origin.parse().expect("an origin"),
            leaves: Vec::new(),
            genesis: None,
            roster_digest: roster.digest(),
            roster,
            members: BTreeMap::new(),
            people_changed: None,
            keys: BTreeSet::new(),
            founding: true,
            records: BTreeMap::new(),
            offices: BTreeMap::new(),
            policy: 0,
            appointed: None,
            registered: BTreeSet::new(),
        }
    }

    /// Counts an entry, and takes in what it changes if it has effect.
    pub fn append(&mut self, leaf: Digest, decision: Option<&Decision>) {
        self.leaves.push(leaf);
        let Some(Decision { delta, signers }) = decision else { return };
        self.founding &= signers.len() < 2;
        self.appointed = None;
        match delta {
            Delta::Founded(genesis) => self.genesis = Some((**genesis).clone()),
            Delta::Member(id, state) => self.know(*id, state),
            Delta::Record(id, state) => drop(self.records.insert(*id, *state)),
            Delta::Office(id, state) => self.know_office(*id, state),
            Delta::Policy(policy) => self.policy = policy.number,
            Delta::Appointed(id, said) => self.appointed = Some((*id, (**said).clone())),
        }
    }

    fn know(&mut self, id: Id, state: &MemberState) {
        self.people_changed = Some(self.leaves.len() as u64 - 1);
        self.roster.remove(&id);
        if !state.suspended {
            self.roster.add(id, state.member.clone()).expect("the rules let one person in once");
        }
        self.roster_digest = self.roster.digest();
        self.keys.insert(state.member.key.thumbprint());
        self.members.insert(id, state.clone());
    }

    fn know_office(&mut self, id: Id, state: &OfficeState) {
        self.keys.extend(state.standing.keys.signing().iter().map(PublicKey::thumbprint));
        self.offices.insert(id, state.clone());
    }

    /// Many people at once, who came long ago.
    pub fn crowd(&mut self, states: Vec<(Id, MemberState)>) {
        for (id, state) in states {
            self.leaves.push(state.leaf);
            self.roster.add(id, state.member.clone()).expect("different people");
            self.keys.insert(state.member.key.thumbprint());
            self.members.insert(id, state);
        }
        self.roster_digest = self.roster.digest();
    }
}

impl View for Copy {
    type Error = Infallible;

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
        self.roster_digest
    }
    fn is_founding(&self) -> bool {
        self.founding
    }
    fn people_changed(&self) -> Result<Option<u64>, Infallible> {
        Ok(self.people_changed)
    }
    fn member(&self, id: &Id) -> Result<Option<MemberState>, Infallible> {
        Ok(self.members.get(id).cloned())
    }
    fn is_key_used(&self, kid: &Digest) -> Result<bool, Infallible> {
        Ok(self.keys.contains(kid))
    }
    fn record(&self, id: &Id) -> Result<Option<RecordState>, Infallible> {
        Ok(self.records.get(id).copied())
    }
    fn office(&self, id: &Id) -> Result<Option<OfficeState>, Infallible> {
        Ok(self.offices.get(id).cloned())
    }
    fn is_code_taken(&self, code: &str) -> Result<bool, Infallible> {
        Ok(self.offices.values().any(|office| office.standing.code == code))
    }
    fn policy_number(&self) -> Result<u64, Infallible> {
        Ok(self.policy)
    }
    fn is_in_register(&self, warrant: &Warrant) -> Result<bool, Infallible> {
        Ok(self.registered.contains(&Digest::of(&warrant.statement)))
    }
    fn root_at(&self, size: u64) -> Result<Digest, Infallible> {
        let mut tree = Frontier::new();
        let size = usize::try_from(size).expect("no more than there are");
        self.leaves[..size].iter().for_each(|leaf| tree.push(*leaf));
        Ok(tree.root())
    }
}

//! The state that a replay builds: the view of the ledger rules in memory.

use std::collections::{BTreeMap, HashMap, HashSet};

use yinxin_ledger::log_proof;
use yinxin_ledger::note::VerifierKey;
use yinxin_record::act::{Genesis, Warrant};
use yinxin_record::key::PublicKey;
use yinxin_record::origin::Origin;
use yinxin_record::roster::Roster;
use yinxin_record::rules::{Decision, Delta, MemberState, OfficeState, RecordState, View};
use yinxin_record::{Digest, Id};

/// Everything that entries so far have said.
pub(crate) struct Replay {
    origin: Origin,
    /// The log key of the realm's register, if the office is in one.
    register: Option<VerifierKey>,
    size: u64,
    genesis: Option<Genesis>,
    roster: Roster,
    roster_digest: Digest,
    members: HashMap<Id, MemberState>,
    people_changed: Option<u64>,
    keys: HashSet<Digest>,
    /// Whether people have signed something.
    signed: bool,
    pub records: HashMap<Id, RecordState>,
    /// Of a register: the offices, their codes, the number of the latest policy.
    pub offices: HashMap<Id, OfficeState>,
    codes: HashSet<String>,
    policy: u64,
    /// Roots of the sizes that checkpoints and bases name.
    pub roots: BTreeMap<u64, Digest>,
}

/// A base names a size at which this ledger never had a checkpoint.
#[derive(Debug)]
pub(crate) struct UnknownRoot;

impl Replay {
    pub(crate) fn new(origin: &Origin, register: Option<VerifierKey>) -> Self {
        let roster = Roster::default();
        Self {
            origin: origin.clone(),
            register,
            size: 0,
            genesis: None,
            roster_digest: roster.digest(),
            roster,
            members: HashMap::new(),
            people_changed: None,
            keys: HashSet::new(),
            signed: false,
            records: HashMap::new(),
            offices: HashMap::new(),
            codes: HashSet::new(),
            policy: 0,
            roots: BTreeMap::from([(0, yinxin_ledger::tree::empty_root())]),
        }
    }

    /// Counts entries that are missing.
    pub(crate) fn skip(&mut self, count: u64) {
        self.size = self.size.saturating_add(count);
    }

    /// Counts an entry, and takes in what it changes if the rules let it.
    pub(crate) fn advance(&mut self, decision: Option<&Decision>) {
        self.size += 1;
        let Some(decision) = decision else { return };
        self.signed |= decision.signers.len() > 1;
        match &decision.delta {
            Delta::Founded(genesis) => self.genesis = Some((**genesis).clone()),
            Delta::Member(id, state) => self.know(*id, state),
            Delta::Record(id, state) => {
                self.records.insert(*id, *state);
            }
            Delta::Office(id, state) => {
                let keys = state.standing.keys.signing();
                self.keys.extend(keys.iter().map(PublicKey::thumbprint));
                self.codes.insert(state.standing.code.clone());
                self.offices.insert(*id, (**state).clone());
            }
            Delta::Policy(policy) => self.policy = policy.number,
            Delta::Appointed(..) => {}
        }
    }

    fn know(&mut self, id: Id, state: &MemberState) {
        self.people_changed = self.size.checked_sub(1);
        self.roster.remove(&id);
        if !state.suspended {
            // The rules have refused a taken id or key already.
            let _ = self.roster.add(id, state.member.clone());
        }
        self.roster_digest = self.roster.digest();
        self.keys.insert(state.member.key.thumbprint());
        self.members.insert(id, state.clone());
    }
}

impl View for Replay {
    type Error = UnknownRoot;

    fn origin(&self) -> &Origin {
        &self.origin
    }

    fn size(&self) -> u64 {
        self.size
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
        !self.signed
    }

    fn people_changed(&self) -> Result<Option<u64>, UnknownRoot> {
        Ok(self.people_changed)
    }

    fn member(&self, id: &Id) -> Result<Option<MemberState>, UnknownRoot> {
        Ok(self.members.get(id).cloned())
    }

    fn is_key_used(&self, kid: &Digest) -> Result<bool, UnknownRoot> {
        Ok(self.keys.contains(kid))
    }

    fn record(&self, id: &Id) -> Result<Option<RecordState>, UnknownRoot> {
        Ok(self.records.get(id).copied())
    }

    fn office(&self, id: &Id) -> Result<Option<OfficeState>, UnknownRoot> {
        Ok(self.offices.get(id).cloned())
    }

    fn is_code_taken(&self, code: &str) -> Result<bool, UnknownRoot> {
        Ok(self.codes.contains(code))
    }

    fn policy_number(&self) -> Result<u64, UnknownRoot> {
        Ok(self.policy)
    }

    fn is_in_register(&self, warrant: &Warrant) -> Result<bool, UnknownRoot> {
        Ok(self
            .register
            .as_ref()
            .is_some_and(|key| log_proof::shows(&warrant.proof, key, &warrant.statement)))
    }

    fn root_at(&self, size: u64) -> Result<Digest, UnknownRoot> {
        self.roots.get(&size).copied().ok_or(UnknownRoot)
    }
}

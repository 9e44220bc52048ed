//! Replaying a ledger: what the rules cost beside the signatures that they name.
//! Everything runs on one core, so that the two can be compared.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use yinxin_ledger::tree::{self, Frontier};
use yinxin_record::act::{Genesis, Warrant};
use yinxin_record::key::{PublicKey, Verifier};
use yinxin_record::origin::Origin;
use yinxin_record::roster::Roster;
use yinxin_record::rules::{self, Decision, Delta, MemberState, OfficeState, RecordState, View};
use yinxin_record::statement::Statement;
use yinxin_record::{Digest, Id};

use crate::Anything;
use crate::primitives::Stopwatch;

/// What replaying came to.
pub struct Replayed {
    /// Judging every entry, and taking in what it changes.
    pub rules: Duration,
    /// Verifying every layer with the key that the rules name.
    pub signatures: Duration,
}

/// Replays the entries of one ledger from nothing.
pub fn replay(origin: &Origin, entries: &[Vec<u8>]) -> Result<Replayed, Anything> {
    let mut state = State::new(origin);
    let mut replayed = Replayed { rules: Duration::ZERO, signatures: Duration::ZERO };
    let mut verifiers: HashMap<PublicKey, Verifier> = HashMap::new();
    for bytes in entries {
        // Both need the statement read and its leaf hashed.
        let (statement, leaf) = (Statement::parse(bytes)?, tree::leaf_hash(bytes));
        state.reach(&statement);
        let watch = Stopwatch::start();
        let decision = rules::apply(&state, &statement, leaf).map_err(|_| "an entry violates a rule")?;
        state.advance(&decision);
        replayed.rules += watch.read();
        state.frontier.push(leaf);
        for key in &decision.signers {
            if !verifiers.contains_key(key) {
                verifiers.insert(*key, key.verifier()?);
            }
        }
        let watch = Stopwatch::start();
        for (layer, key) in statement.layers.iter().zip(&decision.signers) {
            layer.verify_with(&verifiers[key])?;
        }
        replayed.signatures += watch.read();
    }
    Ok(replayed)
}

/// What the entries so far have said.
struct State {
    origin: Origin,
    size: u64,
    genesis: Option<Genesis>,
    roster: Roster,
    roster_digest: Digest,
    members: HashMap<Id, MemberState>,
    keys: HashSet<Digest>,
    founding: bool,
    records: HashMap<Id, RecordState>,
    frontier: Frontier,
    roots: BTreeMap<u64, Digest>,
}

impl State {
    fn new(origin: &Origin) -> Self {
        let roster = Roster::default();
        Self {
            origin: origin.clone(),
            size: 0,
            genesis: None,
            roster_digest: roster.digest(),
            roster,
            members: HashMap::new(),
            keys: HashSet::new(),
            founding: true,
            records: HashMap::new(),
            frontier: Frontier::new(),
            roots: BTreeMap::new(),
        }
    }

    /// Keeps the root of this size if the next entry names it: a replay has the
    /// roots of its checkpoints.
    fn reach(&mut self, statement: &Statement) {
        let base = statement.outermost().header.anchor.as_ref().map(|anchor| anchor.base.size);
        if base == Some(self.size) {
            self.roots.insert(self.size, self.frontier.root());
        }
    }

    fn advance(&mut self, decision: &Decision) {
        self.size += 1;
        self.founding &= decision.signers.len() < 2;
        match &decision.delta {
            Delta::Founded(genesis) => self.genesis = Some((**genesis).clone()),
            Delta::Member(id, state) => self.know(*id, state),
            Delta::Record(id, state) => drop(self.records.insert(*id, *state)),
            Delta::Office(..) | Delta::Policy(_) | Delta::Appointed(..) => {}
        }
    }

    fn know(&mut self, id: Id, state: &MemberState) {
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

/// A base names a size whose root was not kept.
#[derive(Debug)]
struct UnknownRoot;

impl View for State {
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
        self.founding
    }
    fn people_changed(&self) -> Result<Option<u64>, UnknownRoot> {
        Ok(None)
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
    fn office(&self, _: &Id) -> Result<Option<OfficeState>, UnknownRoot> {
        Ok(None)
    }
    fn is_code_taken(&self, _: &str) -> Result<bool, UnknownRoot> {
        Ok(false)
    }
    fn policy_number(&self) -> Result<u64, UnknownRoot> {
        Ok(0)
    }
    fn is_in_register(&self, _: &Warrant) -> Result<bool, UnknownRoot> {
        Ok(false)
    }
    fn root_at(&self, size: u64) -> Result<Digest, UnknownRoot> {
        self.roots.get(&size).copied().ok_or(UnknownRoot)
    }
}

//! The state that a replay builds: the view of the ledger rules in memory.

use std::collections::{BTreeMap, HashMap};

use yinxin_record::act::Genesis;
use yinxin_record::origin::Origin;
use yinxin_record::roster::Roster;
use yinxin_record::rules::{Delta, RecordState, View};
use yinxin_record::{Digest, Id};

/// Everything that entries so far have said.
pub(super) struct Replay {
    origin: Origin,
    size: u64,
    genesis: Option<Genesis>,
    roster: Roster,
    roster_digest: Digest,
    pub records: HashMap<Id, RecordState>,
    /// Roots of the sizes that checkpoints and bases name.
    pub roots: BTreeMap<u64, Digest>,
}

/// A base names a size at which this ledger never had a checkpoint.
#[derive(Debug)]
pub(super) struct UnknownRoot;

impl Replay {
    pub(super) fn new(origin: &Origin) -> Self {
        let roster = Roster::default();
        Self {
            origin: origin.clone(),
            size: 0,
            genesis: None,
            roster_digest: roster.digest(),
            roster,
            records: HashMap::new(),
            roots: BTreeMap::from([(0, yinxin_ledger::tree::empty_root())]),
        }
    }

    /// Counts entries that are missing.
    pub(super) fn skip(&mut self, count: u64) {
        self.size = self.size.saturating_add(count);
    }

    /// Counts an entry, and takes in what it changes if the rules let it.
    pub(super) fn advance(&mut self, delta: Option<&Delta>) {
        self.size += 1;
        match delta {
            Some(Delta::Founded(genesis)) => self.genesis = Some((**genesis).clone()),
            Some(Delta::Joined(id, member)) => {
                // The rules have refused a taken id or key already.
                let _ = self.roster.add(*id, member.clone());
                self.roster_digest = self.roster.digest();
            }
            Some(Delta::Record(id, state)) => {
                self.records.insert(*id, *state);
            }
            None => {}
        }
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
        self.records.is_empty()
    }

    fn record(&self, id: &Id) -> Result<Option<RecordState>, UnknownRoot> {
        Ok(self.records.get(id).copied())
    }

    fn root_at(&self, size: u64) -> Result<Digest, UnknownRoot> {
        self.roots.get(&size).copied().ok_or(UnknownRoot)
    }
}

//! Export: put a record's evidence together, and judge other files by the
//! ledgers that are here.

use std::collections::BTreeSet;

use rusqlite::Connection;
use yinxin_evidence::verify::{KnownLedgers, Unreadable};
use yinxin_evidence::{Evidence, Parts, StatusClaim, Supporting};
use yinxin_ledger::checkpoint::Checkpoint;
use yinxin_ledger::log_proof::LogProof;
use yinxin_ledger::note::{Note, VerifierKey};
use yinxin_ledger::store::{self, Head, StoredTiles};
use yinxin_ledger::tree;
use yinxin_record::act::Act;
use yinxin_record::disclosure::Disclosure;
use yinxin_record::key::PublicKey;
use yinxin_record::rules::RecordState;
use yinxin_record::statement::{Base, Statement};
use yinxin_record::template::{Keep, Template};
use yinxin_record::{Digest, Id};

use crate::browse::Stored;
use crate::draft::TemplateInUse;
use crate::error::{OfficeError, Result};
use crate::keyring::HostKeys;
use crate::office::Office;
use crate::people::{Acts, Said};
use crate::realm::keys;
use crate::state::{load_roster_before, record_state};
use crate::surroundings::Surroundings;

/// An exported file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// The `.yinxin` file.
    pub bytes: Vec<u8>,
    /// The version that it proves.
    pub version: u32,
    /// How many committed fields it discloses, and how many there are.
    pub disclosed: (usize, usize),
    /// Whether the owner's status claim is in it.
    pub has_status: bool,
}

/// A row of `record_act`.
struct ActAt {
    position: i64,
    content: i64,
}

impl Office {
    /// Puts together the evidence of a published version: the current one, or
    /// `version`. `disclose` names the committed fields to show, by key or label; `None` shows
    /// all. With the host's keys the owner's status claim is added.
    ///
    /// # Errors
    /// [`OfficeError::NoSuchRecord`], [`OfficeError::NotPublished`],
    /// [`OfficeError::NoSuchVersion`], [`OfficeError::NoSuchField`],
    /// [`OfficeError::FieldIsOpen`], [`OfficeError::Damaged`].
    pub fn export(
        &self,
        id: &Id,
        version: Option<u32>,
        disclose: Option<&[String]>,
        host: Option<&HostKeys>,
        surroundings: &dyn Surroundings,
    ) -> Result<Exported> {
        // One snapshot, so that all proofs lead to one checkpoint.
        let snapshot = self.db.unchecked_transaction()?;
        let stored = self.stored(id)?;
        let state = record_state(&snapshot, id)?.ok_or(OfficeError::NotPublished(*id))?;
        let version = version.unwrap_or(state.version);
        let act = self.act_of_version(&snapshot, &stored, version)?;
        let template = TemplateInUse::builtin(&stored.template)?.template;
        let (statement, bytes) = self.statement_at(act.position)?;
        let disclosures = self.contents(&statement, act.content)?;
        let committed = disclosures.len();
        let disclosures = choose(disclosures, disclose, &template)?;
        let proofs = Proofs::load(self, &snapshot)?;
        let position = store::unsigned(act.position)?;
        let (roster, acts) = (load_roster_before(&snapshot, position)?, self.acts_about_people()?);
        let people: Vec<Disclosure> =
            signed_by(&statement, position, &acts).flat_map(|said| said.disclosures.clone()).collect();
        let status = host.map(|host| self.claim(id, state, &proofs.head, host, surroundings)).transpose()?;
        let disclosed = (disclosures.len(), committed);
        let parts = Parts {
            proof: &proofs.log_proof(position)?,
            entries: self.supporting(&snapshot, &proofs, &acts, stored.no, position)?,
            people: &people,
            statement: bytes,
            template: &template,
            disclosures: &disclosures,
            roster: &roster,
            receipt: proofs.receipt.clone(),
            status,
            admission: self.admission(&snapshot, &proofs)?,
        };
        let has_status = parts.status.is_some();
        let evidence = Evidence::assemble(parts)?;
        snapshot.finish()?;
        Ok(Exported { bytes: evidence.to_bytes(), version, disclosed, has_status })
    }

    fn act_of_version(&self, db: &Connection, stored: &Stored, version: u32) -> Result<ActAt> {
        let mut query = db.prepare_cached(
            "SELECT position, content FROM record_act WHERE record = ?1 AND version = ?2 AND act IN ('publish', 'amend')",
        )?;
        let row = query.query_row(rusqlite::params![stored.no, version], |row| {
            Ok(ActAt { position: row.get(0)?, content: row.get(1)? })
        });
        match row {
            Err(rusqlite::Error::QueryReturnedNoRows) => {
                Err(OfficeError::NoSuchVersion { id: stored.id, version })
            }
            other => Ok(other?),
        }
    }

    /// Genesis, the latest act on the record if it is a later one, and the member
    /// acts that say who signed these; of those that admins signed, theirs too.
    fn supporting(
        &self,
        db: &Connection,
        proofs: &Proofs<'_>,
        acts: &Acts,
        record: i64,
        position: u64,
    ) -> Result<Vec<Supporting>> {
        let latest: i64 =
            db.query_row("SELECT max(position) FROM record_act WHERE record = ?1", [record], |row| {
                row.get(0)
            })?;
        let latest = store::unsigned(latest)?;
        let mut positions = BTreeSet::from([0, latest]);
        let mut to_explain = vec![position, latest];
        while let Some(position) = to_explain.pop() {
            let (statement, _) = self.statement_at(store::signed(position))?;
            let said = signed_by(&statement, position, acts).map(|said| said.position);
            let new: Vec<u64> = said.filter(|said| positions.insert(*said)).collect();
            to_explain.extend(new);
        }
        positions.remove(&position);
        let one = |position: u64| {
            let path = proofs.path(position)?;
            Ok(Supporting { position, entry: store::entry(db, self.ledger, position)?, path })
        };
        positions.into_iter().map(one).collect()
    }

    /// What the latest entry on a record says, provided that it is in the tree
    /// that the head's checkpoint signs. Which entry is the latest, the tables
    /// say: `audit` holds them against the entries.
    fn state_in_ledger(&self, record: &Id) -> Result<Option<RecordState>> {
        let position: Option<i64> = self.db.query_row(
            "SELECT max(a.position) FROM record_act a JOIN record r ON r.no = a.record WHERE r.id = ?1",
            [record.0],
            |row| row.get(0),
        )?;
        let Some(position) = position else { return Ok(None) };
        let (statement, bytes) = self.statement_at(position)?;
        let proofs = Proofs::load(self, &self.db)?;
        let (leaf, position) = (tree::leaf_hash(&bytes), store::unsigned(position)?);
        let path = proofs.path(position)?;
        tree::check_inclusion(&leaf, position, proofs.head.size, &path, &proofs.head.root)
            .map_err(|_| OfficeError::Damaged("an entry is not in the tree"))?;
        if statement.subject() != *record {
            return Err(OfficeError::Damaged("an entry about another record"));
        }
        let erased = matches!(statement.act, Act::Erase { .. });
        let withdrawn = erased || matches!(statement.act, Act::Withdraw { .. });
        let state = |version| RecordState { version, leaf, withdrawn, erased };
        Ok(statement.act.version().map(state))
    }

    fn claim(
        &self,
        record: &Id,
        state: RecordState,
        head: &Head,
        host: &HostKeys,
        surroundings: &dyn Surroundings,
    ) -> Result<Vec<u8>> {
        let claim = StatusClaim {
            origin: self.origin.to_string(),
            record: *record,
            time: surroundings.now(),
            base: Base { size: head.size, root: head.root },
            state,
        };
        Ok(claim.make(&host.receipt)?)
    }
}

/// What was in force of everybody who signed the entry at `position`; nothing of
/// the founding key, which is nobody's.
fn signed_by<'a>(statement: &Statement, position: u64, acts: &'a Acts) -> impl Iterator<Item = &'a Said> {
    let kids: Vec<Digest> = statement.layers.iter().map(|layer| layer.header.kid).collect();
    kids.into_iter().filter_map(move |kid| acts.by_key_before(&kid, position))
}

fn choose(all: Vec<Disclosure>, keys: Option<&[String]>, template: &Template) -> Result<Vec<Disclosure>> {
    let Some(keys) = keys else { return Ok(all) };
    let mut chosen = BTreeSet::new();
    for name in keys {
        let field = template.field_called(name).ok_or_else(|| OfficeError::NoSuchField(name.clone()))?;
        if field.keep == Keep::Open {
            return Err(OfficeError::FieldIsOpen(name.clone()));
        }
        chosen.insert(field.key.as_str());
    }
    Ok(all.into_iter().filter(|disclosure| chosen.contains(disclosure.key.as_str())).collect())
}

/// Inclusion proofs to the checkpoint of the current head.
pub(crate) struct Proofs<'db> {
    pub(crate) head: Head,
    pub(crate) note: String,
    receipt: Vec<u8>,
    pub(crate) tiles: StoredTiles<'db>,
}

impl<'db> Proofs<'db> {
    pub(crate) fn load(office: &Office, db: &'db Connection) -> Result<Self> {
        let head = store::head(db, office.ledger)?;
        let checkpoint = keys::signed_at(db, office.ledger, head.size)?
            .ok_or(OfficeError::Damaged("the head has no checkpoint"))?;
        let tiles = StoredTiles::new(db, office.ledger);
        Ok(Self { head, note: checkpoint.note, receipt: checkpoint.receipt, tiles })
    }

    pub(crate) fn path(&self, position: u64) -> Result<Vec<Digest>> {
        let path = tree::inclusion_proof(position, self.head.size, &self.tiles);
        Ok(path.map_err(store::StoreError::from)?)
    }

    pub(crate) fn log_proof(&self, position: u64) -> Result<LogProof> {
        Ok(LogProof { index: position, proof: self.path(position)?, checkpoint: self.note.clone() })
    }
}

/// The ledgers in this folder, as a verifier knows them: only while they agree
/// with their own signed checkpoints.
impl KnownLedgers for Office {
    fn log_key(&self, origin: &str) -> Option<VerifierKey> {
        if origin != self.origin.to_string() {
            return None;
        }
        let key = self.vkey().ok()?;
        let head = self.head().ok()?;
        let checkpoint = keys::signed_at(&self.db, self.ledger, head.size).ok()??;
        let (checkpoint, _): (Checkpoint, Note) = Checkpoint::open(&checkpoint.note, &key).ok()?;
        (checkpoint.root == head.root).then_some(key)
    }

    fn had_log_key(&self, origin: &str, key: &PublicKey) -> bool {
        let had = || keys::all(&self.db, self.ledger).is_ok_and(|all| all.iter().any(|one| one.log == *key));
        origin == self.origin.to_string() && had()
    }

    fn root_at(&self, origin: &str, size: u64) -> Option<Digest> {
        if origin != self.origin.to_string() || size > self.head().ok()?.size {
            return None;
        }
        tree::root(size, &StoredTiles::new(&self.db, self.ledger)).ok()
    }

    fn latest(&self, origin: &str, record: &Id) -> Result<Option<RecordState>, Unreadable> {
        if origin != self.origin.to_string() {
            return Ok(None);
        }
        // The owner never writes an entry without effect: a record that the
        // tables do not know is damage here, and no finding about the file.
        match self.state_in_ledger(record) {
            Ok(Some(state)) => Ok(Some(state)),
            Ok(None) | Err(_) => Err(Unreadable),
        }
    }

    fn size(&self, origin: &str) -> Option<u64> {
        if origin != self.origin.to_string() {
            return None;
        }
        Some(self.head().ok()?.size)
    }
}

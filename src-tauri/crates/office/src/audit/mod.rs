//! Audit: recompute everything that is stored, from the entries' bytes.
//!
//! One pass over the entries in order: leaf hashes, chain, tree, checkpoints,
//! ledger rules, the office's own tables; signatures and contents are checked
//! over all cores meanwhile. Every finding is reported, with the position of
//! the entry that it concerns. Truncation cannot be seen from inside: only
//! holding the ledger against a checkpoint kept outside shows it.

mod realm_rows;
mod register_rows;
pub(crate) mod replay;
mod tables;
mod tree_rows;

use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use rusqlite::Connection;
use serde::Serialize;
use yinxin_ledger::checkpoint::Checkpoint;
use yinxin_ledger::note::{Note, VerifierKey};
use yinxin_ledger::store::{self, StoredEntry};
use yinxin_ledger::{chain, receipt, tree};
use yinxin_record::act::{Act, Content, Membership};
use yinxin_record::key::{PublicKey, Verifier};
use yinxin_record::rules::{self, Decision, Delta, RuleError, Violation};
use yinxin_record::statement::Statement;
use yinxin_record::template::{self, Template};
use yinxin_record::{Coded as _, Digest, Id};

use crate::content::{self, ContentKey};
use crate::draft::record_key;
use crate::error::{OfficeError, Result};
use crate::office::Office;
use crate::realm::keys::{self, HeadKeys};
use crate::realm::register_key;
use crate::state_of::StateOf;
use register_rows::RegisterRows;
use replay::Replay;
use tables::{ActRow, Said};
use tree_rows::TreeRows;

/// How many entries are read at a time.
const CHUNK: usize = 128;

/// How many chunks may wait for their signatures to be checked.
const IN_FLIGHT: usize = 32;

/// The most findings that are listed; more are counted.
pub const MAX_LISTED: usize = 10_000;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Damage {
    /// The entry that it concerns, if it is about one.
    pub position: Option<u64>,
    /// A stable code that the locale files explain.
    pub code: &'static str,
    /// What the text mentions.
    #[serde(serialize_with = "as_map")]
    pub args: Vec<(&'static str, String)>,
}

fn as_map<S: serde::Serializer>(
    args: &[(&'static str, String)],
    serializer: S,
) -> std::result::Result<S::Ok, S::Error> {
    serializer.collect_map(args.iter().map(|(key, value)| (key, value)))
}

impl Damage {
    fn at(position: u64, code: &'static str) -> Self {
        Self { position: Some(position), code, args: Vec::new() }
    }

    fn whole(code: &'static str, args: Vec<(&'static str, String)>) -> Self {
        Self { position: None, code, args }
    }
}

/// What an audit found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditReport {
    /// The ledger's origin.
    pub origin: String,
    /// How many entries were read.
    pub entries: u64,
    /// The root recomputed from them, as hex.
    pub root: String,
    /// The size of the outside checkpoint that was held against them; `None`
    /// if there was none, so that truncation could not have been seen.
    pub against: Option<u64>,
    /// Every finding, by position; at most [`MAX_LISTED`].
    pub damages: Vec<Damage>,
    /// How many findings there are in all.
    pub found: usize,
}

impl AuditReport {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.found == 0
    }
}

/// Collects findings from all threads.
#[derive(Default)]
struct Findings {
    listed: Vec<Damage>,
    found: usize,
}

impl Findings {
    fn add(&mut self, damage: Damage) {
        self.found += 1;
        if self.listed.len() < MAX_LISTED {
            self.listed.push(damage);
        }
    }
}

/// What is still to be checked of a chunk once the rules have named the keys.
struct Signatures {
    position: u64,
    statement: Statement,
    signers: Vec<PublicKey>,
    contents: Option<Contents>,
}

struct Contents {
    subject: Id,
    sealed: Vec<u8>,
    key: ContentKey,
}

impl Office {
    /// Audits the office's own ledger and what is kept beside it. `against` is
    /// the text of a checkpoint kept outside; `progress` hears how many
    /// entries of how many are done, and says whether to go on.
    ///
    /// # Errors
    /// [`OfficeError::Interrupted`], and what reading may fail with. What is
    /// *wrong* is in the report.
    pub fn audit(
        &self,
        against: Option<&str>,
        progress: &mut dyn FnMut(u64, u64) -> ControlFlow<()>,
    ) -> Result<AuditReport> {
        // One snapshot: appends meanwhile are not seen.
        let snapshot = self.db.unchecked_transaction()?;
        let report = Audit::new(self, &snapshot, against)?.run(progress)?;
        snapshot.finish()?;
        Ok(report)
    }
}

struct Audit<'a> {
    office: &'a Office,
    db: &'a Connection,
    stored: store::Head,
    /// The keys of heads and receipts, the oldest first; the first are those of the
    /// genesis, once that is read.
    signing: Vec<HeadKeys>,
    against: Option<&'a str>,
    outside: Option<Checkpoint>,
    replay: Replay,
    register: RegisterRows,
    frontier: tree::Frontier,
    rows: TreeRows<'a>,
    link: Digest,
    next: u64,
    verifiers: HashMap<PublicKey, Arc<Verifier>>,
    said: BTreeMap<u64, Said>,
    naming: Naming,
    keys: HashMap<Id, Digest>,
    /// The first act of each record whose contents are gone.
    emptied: HashMap<Id, u64>,
    findings: Findings,
}

impl<'a> Audit<'a> {
    fn new(office: &'a Office, db: &'a Connection, against: Option<&'a str>) -> Result<Self> {
        Ok(Self {
            office,
            db,
            stored: store::head(db, office.ledger)?,
            signing: Vec::new(),
            against,
            outside: None,
            // What cannot be read is reported with the realm's rows.
            replay: Replay::new(&office.origin, register_key(db, &office.origin).ok().flatten()),
            register: RegisterRows::default(),
            frontier: tree::Frontier::new(),
            rows: TreeRows::new(db, office.ledger),
            link: chain::START,
            next: 0,
            verifiers: HashMap::new(),
            said: BTreeMap::new(),
            naming: Naming::default(),
            keys: HashMap::new(),
            emptied: HashMap::new(),
            findings: Findings::default(),
        })
    }

    fn run(mut self, progress: &mut dyn FnMut(u64, u64) -> ControlFlow<()>) -> Result<AuditReport> {
        let failed = Mutex::new(Vec::new());
        let (permits, freed) = mpsc::sync_channel::<()>(IN_FLIGHT);
        let freed = Mutex::new(freed);
        self.read_outside()?;
        rayon::in_place_scope(|scope| -> Result<()> {
            loop {
                let chunk = store::entries(self.db, self.office.ledger, self.next, CHUNK)?;
                if chunk.is_empty() {
                    // The last signatures are still being checked.
                    return self.compare_tables();
                }
                let signatures = self.chunk(&chunk)?;
                // Blocks while too many chunks wait, so that memory is bounded.
                let _ = permits.send(());
                let prepared = self.prepare(signatures);
                let (failed, freed) = (&failed, &freed);
                scope.spawn(move |_| {
                    let mut found = Vec::new();
                    for (signatures, verifiers) in &prepared {
                        check_signatures(signatures, verifiers, &mut found);
                    }
                    failed.lock().unwrap_or_else(PoisonError::into_inner).extend(found);
                    let _ = freed.lock().unwrap_or_else(PoisonError::into_inner).recv();
                });
                if progress(self.next, self.stored.size).is_break() {
                    return Err(OfficeError::Interrupted);
                }
            }
        })?;
        for damage in failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
            self.findings.add(damage);
        }
        Ok(self.finish())
    }

    /// Reads the outside checkpoint; its root is wanted during the pass.
    fn read_outside(&mut self) -> Result<()> {
        let Some(text) = self.against else { return Ok(()) };
        let parsed = Note::parse(text).ok().and_then(|note| Checkpoint::parse(note.text()).ok());
        let outside = parsed.ok_or(OfficeError::NoCheckpoint)?;
        let origin = self.office.origin.to_string();
        if outside.origin != origin {
            return Err(OfficeError::OtherLedger { found: outside.origin, own: origin });
        }
        self.outside = Some(outside);
        Ok(())
    }

    /// Everything about a chunk that needs order; returns what does not.
    fn chunk(&mut self, chunk: &[StoredEntry]) -> Result<Vec<Signatures>> {
        let last = chunk.last().map_or(self.next, |entry| entry.position);
        let mut acts = tables::act_rows(self.db, self.next, last)?;
        let checkpoints = tables::checkpoints(self.db, self.office.ledger, self.next, last + 1)?;
        let mut checkpoints = checkpoints.into_iter().peekable();
        let mut signatures = Vec::with_capacity(chunk.len());
        for entry in chunk {
            if self.next < entry.position {
                let count = entry.position - self.next;
                let args = vec![("count", count.to_string())];
                self.findings.add(Damage { position: Some(self.next), code: "damage_entry_missing", args });
                self.replay.skip(count);
            }
            let leaf = self.hashes(entry);
            signatures.extend(self.judge(entry, leaf, acts.remove(&entry.position).flatten())?);
            self.next = entry.position + 1;
            let wanted = self.outside.as_ref().is_some_and(|outside| outside.size == self.next);
            if wanted || checkpoints.peek().is_some_and(|(size, ..)| *size == self.next) {
                self.replay.roots.insert(self.next, self.frontier.root());
            }
            if let Some((size, note, receipt)) = checkpoints.next_if(|(size, ..)| *size == self.next) {
                self.checkpoint(size, &note, &receipt);
            }
        }
        for position in acts.into_keys() {
            self.findings.add(Damage::at(position, "damage_table_act"));
        }
        Ok(signatures)
    }

    fn hashes(&mut self, entry: &StoredEntry) -> Digest {
        let leaf = tree::leaf_hash(&entry.bytes);
        if entry.leaf != leaf.0 {
            self.findings.add(Damage::at(entry.position, "damage_leaf"));
        }
        let link = chain::link(&self.link, &leaf);
        if entry.chain != link.0 {
            self.findings.add(Damage::at(entry.position, "damage_chain"));
        }
        // Go on from what is stored, so that one bad link is one finding.
        self.link = Digest::from_slice(&entry.chain).unwrap_or(link);
        self.frontier.push(leaf);
        self.rows.push(leaf, &mut self.findings);
        leaf
    }

    /// Applies the ledger rules and compares the office's tables.
    fn judge(
        &mut self,
        entry: &StoredEntry,
        leaf: Digest,
        act: Option<ActRow>,
    ) -> Result<Option<Signatures>> {
        let position = entry.position;
        let statement = match Statement::parse(&entry.bytes) {
            Ok(statement) => statement,
            Err(error) => {
                let args = vec![("detail", error.to_string())];
                self.findings.add(Damage { position: Some(position), code: "damage_statement", args });
                self.replay.advance(None);
                return Ok(None);
            }
        };
        let decision = match rules::apply(&self.replay, &statement, leaf) {
            Ok(decision) => decision,
            Err(error) => {
                let violation = match error {
                    RuleError::Violation(violation) => violation,
                    RuleError::View(replay::UnknownRoot) => Violation::BaseNotTrue,
                };
                self.findings.add(Damage::at(position, violation.code()));
                self.replay.advance(None);
                return Ok(None);
            }
        };
        self.replay.advance(Some(&decision));
        self.remember(position, &statement, &decision);
        let contents = self.contents(position, &statement, act)?;
        Ok(Some(Signatures { position, statement, signers: decision.signers, contents }))
    }

    fn remember(&mut self, position: u64, statement: &Statement, decision: &Decision) {
        match &statement.act {
            Act::Genesis(genesis) => {
                self.signing = vec![HeadKeys::of_genesis(&genesis.keys.host)];
                // Whether somebody certified them is looked at when all is read.
                self.signing.extend(keys::replaced(self.db).unwrap_or_default());
            }
            Act::Member(Membership { digests, .. }) => {
                if let Delta::Member(person, state) = &decision.delta {
                    let by_people = decision.signers.len() > 1;
                    let said = Said {
                        person: *person,
                        state: (**state).clone(),
                        by_people,
                        digests: digests.clone(),
                    };
                    self.said.insert(position, said);
                }
            }
            Act::Publish(content) | Act::Amend(content, _) => {
                let key = self.naming.key(content);
                self.keys.extend(key.map(|key| (statement.subject(), key)));
            }
            Act::Office(_) | Act::Policy(_) | Act::Appoint(_) => {
                self.register.remember(position, &decision.delta);
            }
            Act::Withdraw { .. } | Act::Erase { .. } => {}
        }
    }

    /// The stored contents of an act on a record, and whether its row is true.
    fn contents(
        &mut self,
        position: u64,
        statement: &Statement,
        act: Option<ActRow>,
    ) -> Result<Option<Contents>> {
        let Some(version) = statement.act.version() else {
            if act.is_some() {
                self.findings.add(Damage::at(position, "damage_table_act"));
            }
            return Ok(None);
        };
        let subject = statement.subject();
        let Some(act) = act.filter(|act| act.is(statement, version)) else {
            self.findings.add(Damage::at(position, "damage_table_act"));
            return Ok(None);
        };
        if matches!(statement.act, Act::Erase { .. })
            && tables::has_contents_before(self.db, &subject, position)?
        {
            self.findings.add(Damage::at(position, "damage_not_erased"));
        }
        if act.sealed.is_empty() {
            self.emptied.entry(subject).or_insert(position);
            return Ok(None);
        }
        match content::load_key(&self.office.content_keys, act.key_no) {
            Ok(key) => Ok(Some(Contents { subject, sealed: act.sealed, key })),
            Err(OfficeError::Damaged(_)) => {
                self.findings.add(Damage::at(position, "damage_contents"));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn checkpoint(&mut self, size: u64, note: &str, receipt_bytes: &[u8]) {
        let root = self.frontier.root();
        let keys = self.signing.iter().rev().find(|keys| keys.since < size).cloned();
        self.signed_head(size, &root, note, receipt_bytes, keys.as_ref());
    }

    /// Checkpoint and receipt of a head, signed with these keys.
    fn signed_head(&mut self, size: u64, root: &Digest, note: &str, receipt: &[u8], keys: Option<&HeadKeys>) {
        let origin = self.office.origin.to_string();
        let opened = keys.and_then(|keys| open_checkpoint(note, &self.vkey(keys)?));
        let holds = opened.is_some_and(|c| c.size == size && c.root == *root && c.origin == origin);
        let position = size.saturating_sub(1);
        if !holds {
            self.findings.add(Damage::at(position, "damage_checkpoint"));
        }
        let receipt_holds =
            keys.is_some_and(|keys| receipt::check(receipt, root, &origin, &keys.receipt).is_ok());
        if !receipt_holds {
            self.findings.add(Damage::at(position, "damage_receipt"));
        }
    }

    fn vkey(&self, keys: &HeadKeys) -> Option<VerifierKey> {
        crate::office::log_vkey(&self.office.origin.to_string(), keys.log).ok()
    }

    /// Keys that replaced others signed the head that there was, and the register
    /// certified them.
    fn compare_host_keys(&mut self) -> Result<()> {
        let certified = realm_rows::certified(self.db, &self.office.origin)?;
        if certified.is_none() {
            self.findings.add(Damage::whole("damage_admission", Vec::new()));
        }
        let certified = certified.unwrap_or_default();
        for keys in self.signing.clone() {
            let Some(first) = &keys.first else { continue };
            let root = self.replay.roots.get(&keys.since).copied().unwrap_or(Digest([0; 32]));
            self.signed_head(keys.since, &root, &first.note, &first.receipt, Some(&keys));
            if !certified.contains(&(keys.log, keys.receipt)) {
                self.findings.add(Damage::whole("damage_host_key", Vec::new()));
            }
        }
        Ok(())
    }

    /// Adds each signer's key, decompressed once.
    fn prepare(&mut self, signatures: Vec<Signatures>) -> Vec<(Signatures, Vec<Option<Arc<Verifier>>>)> {
        let mut prepared = Vec::with_capacity(signatures.len());
        for one in signatures {
            let keys = one.signers.iter().map(|key| self.verifier(key)).collect();
            prepared.push((one, keys));
        }
        prepared
    }

    fn verifier(&mut self, key: &PublicKey) -> Option<Arc<Verifier>> {
        if let Some(known) = self.verifiers.get(key) {
            return Some(Arc::clone(known));
        }
        let verifier = Arc::new(key.verifier().ok()?);
        self.verifiers.insert(*key, Arc::clone(&verifier));
        Some(verifier)
    }

    /// What is kept beside the entries, once all of them are read.
    fn compare_tables(&mut self) -> Result<()> {
        let tiles = tables::count_tiles(self.db, self.office.ledger)?;
        self.rows.finish(tiles, &mut self.findings)?;
        for (record, position) in &self.emptied {
            let erased = self.replay.records.get(record).is_some_and(|state| state.erased);
            if !erased {
                self.findings.add(Damage::at(*position, "damage_contents"));
            }
        }
        tables::compare_records(self.db, &self.replay.records, &self.keys, &mut self.findings)?;
        tables::compare_people(self.office, &mut self.said, &mut self.findings)?;
        let first = self.signing.first().and_then(|keys| self.vkey(keys));
        tables::compare_vkey(self.db, &self.office.origin, first.as_ref(), &mut self.findings)?;
        self.register.compare(self.db, &mut self.findings)?;
        self.compare_host_keys()?;
        if StateOf::saved(self.db, self.office.ledger).ok().flatten() != Some(StateOf::head(&self.stored)) {
            self.findings.add(Damage::whole("damage_state_of", Vec::new()));
        }
        if tables::latest_size(self.db, self.office.ledger)? != self.next {
            self.findings.add(Damage::whole("damage_checkpoint_missing", Vec::new()));
        }
        Ok(())
    }

    fn finish(mut self) -> AuditReport {
        let root = self.frontier.root();
        let head = [
            (self.stored.size == self.next, "damage_head_size"),
            (self.stored.root == root, "damage_head_root"),
            (self.stored.chain == self.link, "damage_head_chain"),
        ];
        for (holds, code) in head {
            if !holds {
                self.findings.add(Damage::whole(code, Vec::new()));
            }
        }
        let against = self.outside.as_ref().map(|outside| outside.size);
        if let Some(outside) = &self.outside {
            let code = self.hold_against(outside);
            if let Some(code) = code {
                let args = vec![("size", outside.size.to_string()), ("entries", self.next.to_string())];
                self.findings.add(Damage::whole(code, args));
            }
        }
        self.findings.listed.sort_by_key(|damage| damage.position.unwrap_or(u64::MAX));
        AuditReport {
            origin: self.office.origin.to_string(),
            entries: self.next,
            root: root.to_string(),
            against,
            damages: self.findings.listed,
            found: self.findings.found,
        }
    }

    /// What is wrong between the outside checkpoint and the entries, if
    /// anything.
    fn hold_against(&self, outside: &Checkpoint) -> Option<&'static str> {
        let by = |keys| open_checkpoint(self.against?, &self.vkey(keys)?);
        if !self.signing.iter().any(|keys| by(keys).is_some()) {
            return Some("damage_against_foreign");
        }
        if outside.size > self.next {
            return Some("damage_against_longer");
        }
        match self.replay.roots.get(&outside.size) {
            Some(root) if *root == outside.root => None,
            _ => Some("damage_against_differs"),
        }
    }
}

/// The templates met, for the keys that name what a record is about.
#[derive(Default)]
struct Naming(HashMap<String, Option<Template>>);

impl Naming {
    /// The record key of published content; `None` where a field of the key is
    /// committed, so that the act alone does not say it.
    fn key(&mut self, content: &Content) -> Option<Digest> {
        if !self.0.contains_key(&content.kind) {
            self.0.insert(content.kind.clone(), template::builtin(&content.kind));
        }
        let template = self.0.get(&content.kind)?.as_ref()?;
        let is_open = template.record_key.iter().all(|field| content.open.contains_key(field));
        is_open.then(|| record_key(template, &content.open))
    }
}

fn open_checkpoint(note: &str, key: &VerifierKey) -> Option<Checkpoint> {
    Checkpoint::open(note, key).ok().map(|(checkpoint, _)| checkpoint)
}

fn check_signatures(one: &Signatures, verifiers: &[Option<Arc<Verifier>>], found: &mut Vec<Damage>) {
    for (layer, verifier) in one.statement.layers.iter().zip(verifiers) {
        let holds = verifier.as_ref().is_some_and(|verifier| layer.verify_with(verifier).is_ok());
        if !holds {
            let args = vec![("purpose", layer.header.purpose.as_str().to_owned())];
            found.push(Damage { position: Some(one.position), code: "damage_signature", args });
        }
    }
    if let Some(contents) = &one.contents {
        let (layer, digests) = (&one.statement.innermost().bytes, one.statement.act.digests());
        let holds = content::holds(contents.subject, layer, &contents.sealed, &contents.key, digests);
        if !holds {
            found.push(Damage::at(one.position, "damage_contents"));
        }
    }
}

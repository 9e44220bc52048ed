//! The request: what an office shows its register.
//!
//! ```text
//! { "yinxin": "request/v0", "people": [* bstr], "entries": [+ [position, entry, path]],
//!   "checkpoint": text, "consistency": [* hash], ? "keys": {…}, ? "possession": [4 * bstr] }
//! ```
//!
//! The entries are the genesis, every act about people and the last entry of all;
//! `people` are the names and posts that the latest of these acts commit to. That
//! no act about people was left out is seen from the roster that the next entry
//! names. With `keys` the office asks for other keys of its host, each of which
//! has signed that it is asked for (`possession`). Everything is judged from the
//! file alone and from what the register knows of the office.

use std::collections::BTreeMap;
use std::convert::Infallible;

use yinxin_evidence::Supporting;
use yinxin_ledger::checkpoint::Checkpoint;
use yinxin_ledger::log_proof;
use yinxin_ledger::note::VerifierKey;
use yinxin_ledger::tree::{MAX_CONSISTENCY, check_consistency, check_inclusion, leaf_hash};
use yinxin_record::act::{Act, CertifiedKeys, Genesis, Membership, Standing, Successor, Warrant};
use yinxin_record::cbor::{self, Fields, Value};
use yinxin_record::digits::Digits;
use yinxin_record::disclosure::Disclosure;
use yinxin_record::key::Signature;
use yinxin_record::origin::Origin;
use yinxin_record::roster::{MAX_MEMBERS, Member, Role, Roster};
use yinxin_record::rules::{self, Delta, MemberState, OfficeState, RecordState, View};
use yinxin_record::statement::{Base, Statement};
use yinxin_record::{Digest, Id};

use super::error::RealmError;
use crate::office::log_vkey;

/// The longest request, in bytes.
pub const MAX_REQUEST: usize = 32 << 20;

/// More data items than any request within the other limits has.
const MAX_ITEMS: usize = 1 << 20;

const VERSION: &str = "request/v0";

/// What every new key signs: that its office asks for it.
const POSSESSION: &[u8] = b"yinxin request v0\n";

/// A request, read; nothing of it is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Genesis, acts about people, last entry; by position.
    pub(crate) entries: Vec<Supporting>,
    /// Names and posts.
    pub(crate) people: Vec<Disclosure>,
    /// The office's signed checkpoint.
    pub(crate) checkpoint: String,
    /// From the head that the register knows to the checkpoint.
    pub(crate) consistency: Vec<Digest>,
    /// Other keys of the host, and their signatures.
    pub(crate) keys: Option<(CertifiedKeys, [Signature; 4])>,
}

/// A person of an office that asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresentedPerson {
    /// The member's id.
    pub id: Id,
    /// Name, if it was shown.
    pub name: Option<String>,
    /// Post, if one was shown.
    pub post: Option<String>,
    /// Key and roles.
    pub member: Member,
}

/// What a request proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presented {
    /// The office.
    pub genesis: Genesis,
    /// The leaf hash of its entry 0.
    pub ledger: Digest,
    /// Its ledger.
    pub head: Base,
    /// Its people at the head.
    pub people: Vec<PresentedPerson>,
    /// The digest of its roster.
    pub roster: Digest,
    /// The keys of its host from now on.
    pub keys: CertifiedKeys,
}

impl Presented {
    /// What the register would say of the office after what `follows` names.
    pub(crate) fn standing(&self, follows: Option<Successor>) -> Standing {
        Standing {
            code: self.genesis.code.clone(),
            name: self.genesis.name.clone(),
            ledger: self.ledger,
            keys: self.keys.clone(),
            head: self.head,
            roster: self.roster,
            suspended: false,
            successors: Vec::new(),
            follows,
        }
    }
}

/// What a new key signs.
pub(crate) fn possession(origin: &str, keys: &CertifiedKeys) -> Vec<u8> {
    let keys = Digest::of(&cbor::encode(&keys.to_value()));
    [POSSESSION, origin.as_bytes(), b"\n", keys.to_string().as_bytes(), b"\n"].concat()
}

impl Request {
    /// The bytes of the file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let entry = |entry: &Supporting| {
            let path = entry.path.iter().map(Value::bytes).collect();
            Value::Array(vec![Value::uint(entry.position), Value::bytes(&entry.entry), Value::Array(path)])
        };
        let mut map = vec![
            ("yinxin", Value::text(VERSION)),
            ("people", Value::Array(self.people.iter().map(|p| Value::bytes(p.to_bytes())).collect())),
            ("entries", Value::Array(self.entries.iter().map(entry).collect())),
            ("checkpoint", Value::text(self.checkpoint.as_str())),
            ("consistency", Value::Array(self.consistency.iter().map(Value::bytes).collect())),
        ];
        if let Some((keys, signatures)) = &self.keys {
            map.push(("keys", keys.to_value()));
            map.push(("possession", Value::Array(signatures.iter().map(Value::bytes).collect())));
        }
        cbor::encode(&Value::Map(map.into_iter().map(|(key, value)| (Value::text(key), value)).collect()))
    }

    /// Reads a request.
    ///
    /// # Errors
    /// [`RealmError::BadRequest`].
    pub fn parse(bytes: &[u8]) -> Result<Self, RealmError> {
        read(bytes).ok_or(RealmError::BadRequest("file"))
    }

    /// What both sides compare over the telephone.
    #[must_use]
    pub fn digits(&self) -> Digits {
        Digits::of_request(&self.to_bytes())
    }

    /// Whether it says that it comes from the office with this code.
    pub(crate) fn is_from(&self, code: &str) -> bool {
        self.genesis().is_ok_and(|genesis| genesis.code == code)
    }

    /// Checks everything that the file can prove, against the realm, what the
    /// register `known`s of the office, and the log key of the `register`, which may
    /// have appointed some of its people.
    ///
    /// # Errors
    /// [`RealmError`].
    pub(crate) fn judge(
        &self,
        realm: &str,
        known: Option<&OfficeState>,
        register: Option<&VerifierKey>,
    ) -> Result<Presented, RealmError> {
        let genesis = self.genesis()?;
        let origin =
            Origin::new(&genesis.realm, &genesis.code).map_err(|_| RealmError::BadRequest("origin"))?;
        if genesis.realm != realm {
            return Err(RealmError::OtherRealm { found: genesis.realm });
        }
        if origin.is_register() {
            return Err(RealmError::BadRequest("origin"));
        }
        let before = known.map_or(&genesis.keys.host, |known| &known.standing.keys);
        let keys = self.keys.as_ref().map_or(before, |(keys, _)| keys).clone();
        self.check_possession(&origin)?;
        let head = self.head(&origin, before, &keys)?;
        let ledger = leaf_hash(&self.entries[0].entry);
        self.check_known(known, &genesis, &ledger, &head)?;
        let replay = self.replay(&origin, &head, register)?;
        let roster = replay.roster;
        if !rules::keeps_both_admins(&roster, &Id([0; 16]), &nobody(&genesis), true) {
            return Err(RealmError::NoAdmins);
        }
        let people = self.named(&roster, &replay.said)?;
        Ok(Presented { ledger, head, people, roster: roster.digest(), keys, genesis })
    }

    fn genesis(&self) -> Result<Genesis, RealmError> {
        let bad = RealmError::BadRequest("genesis");
        let first = self.entries.first().filter(|entry| entry.position == 0).ok_or(bad.clone())?;
        match Statement::parse(&first.entry).map(|statement| statement.act) {
            Ok(Act::Genesis(genesis)) => Ok(*genesis),
            _ => Err(bad),
        }
    }

    /// Every new key has signed.
    fn check_possession(&self, origin: &Origin) -> Result<(), RealmError> {
        let Some((keys, signatures)) = &self.keys else { return Ok(()) };
        let message = possession(&origin.to_string(), keys);
        let holds = keys.signing().iter().zip(signatures).all(|(key, s)| key.verify(&message, s).is_ok());
        if holds { Ok(()) } else { Err(RealmError::BadRequest("possession")) }
    }

    /// The checkpoint, signed with the log key of before or of from now on.
    fn head(&self, origin: &Origin, before: &CertifiedKeys, now: &CertifiedKeys) -> Result<Base, RealmError> {
        let origin = origin.to_string();
        let opened = |key| {
            let key = log_vkey(&origin, key).ok()?;
            Checkpoint::open(&self.checkpoint, &key).ok()
        };
        let (checkpoint, _) =
            opened(before.log).or_else(|| opened(now.log)).ok_or(RealmError::BadRequest("checkpoint"))?;
        Ok(Base { size: checkpoint.size, root: checkpoint.root })
    }

    /// It is the office and the ledger that the register knows.
    fn check_known(
        &self,
        known: Option<&OfficeState>,
        genesis: &Genesis,
        ledger: &Digest,
        head: &Base,
    ) -> Result<(), RealmError> {
        let Some(known) = known else {
            let none = self.consistency.is_empty();
            return if none { Ok(()) } else { Err(RealmError::BadRequest("consistency")) };
        };
        let before = &known.standing;
        if before.code != genesis.code || before.ledger != *ledger {
            return Err(RealmError::Contradicts("ledger"));
        }
        let then = &before.head;
        check_consistency(then.size, &then.root, head.size, &head.root, &self.consistency)
            .map_err(|_| RealmError::Contradicts("head"))
    }

    /// Every entry is in the tree, acts about people are in order, and the last
    /// entry was signed under the roster that they make.
    fn replay(
        &self,
        origin: &Origin,
        head: &Base,
        register: Option<&VerifierKey>,
    ) -> Result<Replay, RealmError> {
        let bad = || RealmError::BadRequest("entries");
        if self.entries.last().map(|entry| entry.position + 1) != Some(head.size) {
            return Err(bad());
        }
        let mut replay = Replay::new(origin, register.cloned());
        for entry in &self.entries {
            let leaf = leaf_hash(&entry.entry);
            check_inclusion(&leaf, entry.position, head.size, &entry.path, &head.root).map_err(|_| bad())?;
            replay.take(entry.position, &entry.entry, leaf).ok_or_else(bad)?;
        }
        Ok(replay)
    }

    /// Who they are; every name and post belongs to somebody.
    fn named(
        &self,
        roster: &Roster,
        said: &BTreeMap<Id, Membership>,
    ) -> Result<Vec<PresentedPerson>, RealmError> {
        let owner = |shown: &Disclosure| {
            let digest = shown.digest();
            said.iter().find(|(_, act)| act.digests.binary_search(&digest).is_ok()).map(|(id, _)| *id)
        };
        let mut texts = BTreeMap::new();
        for shown in &self.people {
            let id = owner(shown).ok_or(RealmError::BadRequest("people"))?;
            texts.insert((id, shown.key.as_str()), shown.value.as_text().map(str::to_owned));
        }
        let text = |id: &Id, key| texts.get(&(*id, key)).cloned().flatten();
        let person = |(id, member): (&Id, &Member)| PresentedPerson {
            id: *id,
            name: text(id, "name"),
            post: text(id, "post"),
            member: member.clone(),
        };
        Ok(roster.iter().map(person).collect())
    }
}

/// Somebody who is in no roster, to ask about everybody else.
fn nobody(genesis: &Genesis) -> Member {
    Member::new(genesis.keys.founding, [Role::Drafter].into())
}

fn read(bytes: &[u8]) -> Option<Request> {
    if cbor::has_more_items(bytes, MAX_ITEMS) {
        return None;
    }
    let mut fields = Fields::of(cbor::decode(bytes, MAX_REQUEST).ok()?).ok()?;
    fields.take("yinxin", |v| (v.as_text() == Some(VERSION)).then_some(())).ok()?;
    let keys = match (fields.optional("keys"), fields.optional("possession")) {
        (None, None) => None,
        (Some(keys), Some(signatures)) => {
            Some((CertifiedKeys::of_value(keys).ok()?, signatures_of(&signatures)?))
        }
        _ => return None,
    };
    let request = Request {
        entries: fields.take("entries", entries).ok()?,
        people: fields.take("people", people).ok()?,
        checkpoint: fields.take("checkpoint", |v| v.as_text().map(str::to_owned)).ok()?,
        consistency: fields.take("consistency", |v| hashes(v, MAX_CONSISTENCY)).ok()?,
        keys,
    };
    fields.finish().ok()?;
    request.entries.windows(2).all(|pair| pair[0].position < pair[1].position).then_some(request)
}

/// An office of 10,000 people, half of whom changed.
const MAX_ENTRIES: usize = 2 * MAX_MEMBERS;

fn entries(value: &Value) -> Option<Vec<Supporting>> {
    let items = value.as_array().filter(|items| (1..=MAX_ENTRIES).contains(&items.len()))?;
    items.iter().map(entry).collect()
}

fn entry(value: &Value) -> Option<Supporting> {
    let [position, entry, path] = value.as_array()? else { return None };
    Some(Supporting {
        position: position.as_uint().filter(|position| *position < u64::MAX)?,
        entry: entry.as_bytes()?.to_vec(),
        path: hashes(path, MAX_CONSISTENCY)?,
    })
}

fn people(value: &Value) -> Option<Vec<Disclosure>> {
    let items = value.as_array().filter(|items| items.len() <= 2 * MAX_MEMBERS)?;
    items.iter().map(|item| Disclosure::parse(item.as_bytes()?).ok()).collect()
}

fn hashes(value: &Value, max: usize) -> Option<Vec<Digest>> {
    let hashes = value.as_array().filter(|hashes| hashes.len() <= max)?;
    hashes.iter().map(|hash| Digest::from_slice(hash.as_bytes()?)).collect()
}

fn signatures_of(value: &Value) -> Option<[Signature; 4]> {
    let signatures: Option<Vec<Signature>> =
        value.as_array()?.iter().map(|signature| signature.as_bytes()?.try_into().ok()).collect();
    signatures?.try_into().ok()
}

/// The acts about people as the ledger rules read them. What the entries between
/// said, the request does not show: bases are taken as true.
struct Replay {
    origin: Origin,
    register: Option<VerifierKey>,
    position: u64,
    genesis: Option<Genesis>,
    roster: Roster,
    digest: Digest,
    members: BTreeMap<Id, MemberState>,
    people_changed: Option<u64>,
    keys: std::collections::BTreeSet<Digest>,
    said: BTreeMap<Id, Membership>,
    signed: bool,
    base: Base,
}

impl Replay {
    fn new(origin: &Origin, register: Option<VerifierKey>) -> Self {
        let roster = Roster::default();
        Self {
            origin: origin.clone(),
            register,
            position: 0,
            genesis: None,
            digest: roster.digest(),
            roster,
            members: BTreeMap::new(),
            people_changed: None,
            keys: std::collections::BTreeSet::new(),
            said: BTreeMap::new(),
            signed: false,
            base: Base { size: 0, root: yinxin_ledger::tree::empty_root() },
        }
    }

    /// The next entry that is shown. Acts about people must hold; of another one
    /// only the roster that it names is looked at.
    fn take(&mut self, position: u64, bytes: &[u8], leaf: Digest) -> Option<()> {
        let statement = Statement::parse(bytes).ok()?;
        let anchor = *statement.outermost().header.anchor.as_ref()?;
        (self.position, self.base) = (position, anchor.base);
        (anchor.roster == self.digest && anchor.base.size <= position).then_some(())?;
        let (Act::Genesis(_) | Act::Member(_)) = &statement.act else { return Some(()) };
        let decision = rules::apply(self, &statement, leaf).ok()?;
        let layers = statement.layers.iter().zip(&decision.signers);
        layers.map(|(layer, key)| layer.verify(key).ok()).collect::<Option<()>>()?;
        self.signed |= decision.signers.len() > 1;
        match decision.delta {
            Delta::Founded(genesis) => self.genesis = Some(*genesis),
            Delta::Member(id, state) => self.know(id, *state, statement.act),
            Delta::Record(..) | Delta::Office(..) | Delta::Policy(_) | Delta::Appointed(..) => return None,
        }
        Some(())
    }

    fn know(&mut self, id: Id, state: MemberState, act: Act) {
        self.people_changed = Some(self.position);
        self.roster.remove(&id);
        if !state.suspended {
            // The rules have refused a taken id or key already.
            let _ = self.roster.add(id, state.member.clone());
        }
        self.digest = self.roster.digest();
        self.keys.insert(state.member.key.thumbprint());
        self.members.insert(id, state);
        if let Act::Member(membership) = act {
            self.said.insert(id, membership);
        }
    }
}

impl View for Replay {
    type Error = Infallible;

    fn origin(&self) -> &Origin {
        &self.origin
    }
    fn size(&self) -> u64 {
        self.position
    }
    fn genesis(&self) -> Option<&Genesis> {
        self.genesis.as_ref()
    }
    fn roster(&self) -> &Roster {
        &self.roster
    }
    fn roster_digest(&self) -> Digest {
        self.digest
    }
    fn is_founding(&self) -> bool {
        !self.signed
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
    fn record(&self, _: &Id) -> Result<Option<RecordState>, Infallible> {
        Ok(None)
    }
    fn office(&self, _: &Id) -> Result<Option<OfficeState>, Infallible> {
        Ok(None)
    }
    fn is_code_taken(&self, _: &str) -> Result<bool, Infallible> {
        Ok(false)
    }
    fn policy_number(&self) -> Result<u64, Infallible> {
        Ok(0)
    }
    fn is_in_register(&self, warrant: &Warrant) -> Result<bool, Infallible> {
        Ok(self
            .register
            .as_ref()
            .is_some_and(|key| log_proof::shows(&warrant.proof, key, &warrant.statement)))
    }
    fn root_at(&self, _: u64) -> Result<Digest, Infallible> {
        Ok(self.base.root)
    }
}

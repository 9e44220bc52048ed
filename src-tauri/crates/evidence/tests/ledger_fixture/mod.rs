//! A small office with a ledger in memory, made from fixed seeds, and its
//! evidence files. Entries are judged by the ledger rules as they are appended,
//! unless a test wants them wrong.
#![allow(dead_code, clippy::unwrap_used, clippy::panic)]

pub mod realm;

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use yinxin_evidence::report::Report;
use yinxin_evidence::verify::Unreadable;
use yinxin_evidence::{Evidence, KnownLedgers, StatusClaim, Supporting, verify};
use yinxin_ledger::checkpoint::Checkpoint;
use yinxin_ledger::cosignature;
use yinxin_ledger::log_proof::{self, LogProof};
use yinxin_ledger::note::{KeyKind, VerifierKey};
use yinxin_ledger::policy::Policy;
use yinxin_ledger::receipt;
use yinxin_ledger::tree::{self, Nodes};
use yinxin_record::act::{Act, CertifiedKeys, Content, Genesis, Membership, OfficeKeys, Successor, Warrant};
use yinxin_record::cbor::Value;
use yinxin_record::disclosure::{Disclosure, sorted_digests};
use yinxin_record::key::{PublicKey, SecretKey, Signer};
use yinxin_record::origin::Origin;
use yinxin_record::roster::{Member, Role, Roster};
use yinxin_record::rules::{self, Delta, MemberState, OfficeState, RecordState, View};
use yinxin_record::statement::{self, Anchor, Base, Claims, Statement};
use yinxin_record::template::Template;
use yinxin_record::{Digest, Id};

pub const CODE: &str = "11330100002490000A";

/// Small, so that every bit of a file can be flipped in time.
pub const TEMPLATE: &str = r#"{
  "name": "shop", "version": 1, "label": {"zh": "店铺", "en": "Shop"},
  "review": false, "record_key": ["code"],
  "fields": [
    {"key": "code", "label": {"zh": "代码", "en": "Code"}, "type": "string",
     "class": "L", "sharing": "unconditional", "keep": "open"},
    {"key": "seats", "label": {"zh": "座位数", "en": "Seats"}, "type": "integer",
     "class": "B", "sharing": "conditional", "keep": "committed"},
    {"key": "owner", "label": {"zh": "经营者", "en": "Owner"}, "type": "string",
     "class": "P", "sharing": "conditional", "keep": "committed"},
    {"key": "secrecy_review", "label": {"zh": "保密审查", "en": "Secrecy review"}, "type": "string",
     "constraints": {"required": true}, "class": "L", "sharing": "withheld", "keep": "committed"}
  ],
  "rules": []
}"#;

pub fn template() -> Template {
    Template::from_json(TEMPLATE).unwrap()
}

pub fn key(name: &str) -> SecretKey {
    SecretKey::from_seed(&Digest::of(name.as_bytes()).0)
}

pub fn id(name: &str) -> Id {
    Id::from_slice(&Digest::of(name.as_bytes()).0[..16]).unwrap()
}

pub struct Person {
    pub id: Id,
    pub key: SecretKey,
    pub position: u64,
    pub people: Vec<Disclosure>,
}

pub struct Office {
    pub origin: Origin,
    pub name: String,
    pub genesis: Genesis,
    pub entries: Vec<Vec<u8>>,
    pub leaves: Vec<Digest>,
    pub roster: Roster,
    /// Before each entry.
    pub rosters: Vec<Roster>,
    pub members: BTreeMap<Id, MemberState>,
    /// Names and posts, by the position of the act that says them.
    pub said: BTreeMap<u64, Vec<Disclosure>>,
    pub records: BTreeMap<Id, RecordState>,
    pub offices: BTreeMap<Id, OfficeState>,
    pub persons: BTreeMap<&'static str, Person>,
    pub disclosures: BTreeMap<u64, Vec<Disclosure>>,
    pub clock: u64,
    /// The keys of its host: those of the genesis, or newer ones.
    pub host: CertifiedKeys,
    /// What tells the host's keys from those that it had before.
    pub generation: String,
    /// The log key of its realm's register.
    pub register: Option<VerifierKey>,
    founded: bool,
    signed_by_people: bool,
    salts: u64,
}

/// Inner nodes, computed from the leaves each time.
struct Memory<'a>(&'a [Digest]);

impl Nodes for Memory<'_> {
    type Error = Infallible;

    fn node(&self, level: u8, index: u64) -> Result<Digest, Infallible> {
        if level == 0 {
            return Ok(self.0[usize::try_from(index).unwrap()]);
        }
        let (left, right) = (self.node(level - 1, index * 2)?, self.node(level - 1, index * 2 + 1)?);
        Ok(tree::node_hash(&left, &right))
    }
}

impl View for Office {
    type Error = Infallible;

    fn origin(&self) -> &Origin {
        &self.origin
    }
    fn size(&self) -> u64 {
        self.leaves.len() as u64
    }
    fn genesis(&self) -> Option<&Genesis> {
        self.founded.then_some(&self.genesis)
    }
    fn roster(&self) -> &Roster {
        &self.roster
    }
    fn roster_digest(&self) -> Digest {
        self.roster.digest()
    }
    fn is_founding(&self) -> bool {
        !self.signed_by_people
    }
    fn people_changed(&self) -> Result<Option<u64>, Infallible> {
        let is_member = |entry: &Vec<u8>| matches!(Statement::parse(entry).unwrap().act, Act::Member(_));
        Ok(self.entries.iter().rposition(is_member).map(|at| at as u64))
    }
    fn member(&self, id: &Id) -> Result<Option<MemberState>, Infallible> {
        Ok(self.members.get(id).cloned())
    }
    fn is_key_used(&self, kid: &Digest) -> Result<bool, Infallible> {
        let offices = self.offices.values().flat_map(|state| state.standing.keys.signing());
        let people = self.members.values().map(|state| state.member.key);
        Ok(people.chain(offices).any(|key| key.thumbprint() == *kid))
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
        Ok(0)
    }
    fn is_in_register(&self, warrant: &Warrant) -> Result<bool, Infallible> {
        let shows = |key| log_proof::shows(&warrant.proof, key, &warrant.statement);
        Ok(self.register.as_ref().is_some_and(shows))
    }
    fn root_at(&self, size: u64) -> Result<Digest, Infallible> {
        Ok(self.root(size))
    }
}

/// The office as the verifier's own copy of its ledger.
impl KnownLedgers for Office {
    fn log_key(&self, origin: &str) -> Option<VerifierKey> {
        (origin == self.origin.to_string()).then(|| self.log_key())
    }
    fn had_log_key(&self, origin: &str, key: &PublicKey) -> bool {
        let other = self.genesis.keys.host.log != self.host.log;
        origin == self.origin.to_string() && other && *key == self.genesis.keys.host.log
    }
    fn root_at(&self, origin: &str, size: u64) -> Option<Digest> {
        (origin == self.origin.to_string() && size <= View::size(self)).then(|| self.root(size))
    }
    fn latest(&self, origin: &str, record: &Id) -> Result<Option<RecordState>, Unreadable> {
        Ok(self.records.get(record).copied().filter(|_| origin == self.origin.to_string()))
    }
    fn size(&self, origin: &str) -> Option<u64> {
        (origin == self.origin.to_string()).then(|| View::size(self))
    }
}

impl Office {
    /// An office with its genesis and nobody in it. `seed` tells its keys from
    /// those of another office of the same name.
    pub fn found(realm: &str, seed: &str) -> Self {
        Self::found_as(&format!("{realm}/{CODE}"), realm, seed)
    }

    /// The same, for a ledger of this origin.
    pub fn found_as(origin: &str, realm: &str, seed: &str) -> Self {
        let public = |role: &str| key(&format!("{seed} {role}")).public_key();
        let genesis = Genesis {
            code: CODE.to_owned(),
            name: "测试局".to_owned(),
            realm: realm.to_owned(),
            keys: OfficeKeys {
                founding: public("founding"),
                host: CertifiedKeys {
                    delivery: "age1test".to_owned(),
                    log: public("log"),
                    receipt: public("receipt"),
                    transport: public("transport"),
                    witness: public("witness"),
                },
            },
        };
        let mut office = Self {
            origin: origin.parse().unwrap(),
            name: seed.to_owned(),
            host: genesis.keys.host.clone(),
            generation: String::new(),
            register: None,
            genesis: genesis.clone(),
            entries: Vec::new(),
            leaves: Vec::new(),
            roster: Roster::default(),
            rosters: Vec::new(),
            members: BTreeMap::new(),
            said: BTreeMap::new(),
            records: BTreeMap::new(),
            offices: BTreeMap::new(),
            persons: BTreeMap::new(),
            disclosures: BTreeMap::new(),
            clock: 1_700_000_000,
            founded: false,
            signed_by_people: false,
            salts: 0,
        };
        let entry = office.alone(&Act::Genesis(Box::new(genesis)), id("office"));
        office.append(entry);
        office
    }

    /// About twenty entries: three people; records `a` … `l`; `b` and `c`
    /// amended, `c` withdrawn.
    pub fn busy(realm: &str, seed: &str) -> Self {
        let mut office = Self::staffed(realm, seed);
        for record in ["a", "b", "c", "d", "e", "f"] {
            office.publish(record, "v1");
        }
        office.amend("b", "v2");
        office.amend("c", "v2");
        office.publish("g", "v1");
        office.withdraw("c");
        for record in ["h", "i", "j", "k", "l"] {
            office.publish(record, "v1");
        }
        office
    }

    pub fn staffed(realm: &str, seed: &str) -> Self {
        let mut office = Self::found(realm, seed);
        office.admit("zhang", &[Role::Drafter]);
        office.admit("li", &[Role::Approver]);
        office.admit("wang", &[Role::Reviewer, Role::Drafter]);
        office
    }

    /// With its two admins.
    pub fn administered(realm: &str, seed: &str) -> Self {
        let mut office = Self::staffed(realm, seed);
        office.admit("sys", &[Role::SystemAdmin]);
        office.admit("sec", &[Role::SecurityAdmin]);
        office
    }

    pub fn secret(&self, role: &str) -> SecretKey {
        key(&format!("{} {role}", self.name))
    }

    /// A key of the host as it is now.
    pub fn host_secret(&self, role: &str) -> SecretKey {
        self.secret(&format!("{role}{}", self.generation))
    }

    pub fn log_key(&self) -> VerifierKey {
        VerifierKey::new(&self.origin.to_string(), KeyKind::Ed25519, self.host.log).unwrap()
    }

    pub fn root(&self, size: u64) -> Digest {
        tree::root(size, &Memory(&self.leaves)).unwrap()
    }

    pub fn path(&self, position: u64, size: u64) -> Vec<Digest> {
        tree::inclusion_proof(position, size, &Memory(&self.leaves)).unwrap()
    }

    pub fn anchor(&self) -> Anchor {
        let base = Base { size: View::size(self), root: self.root(View::size(self)) };
        Anchor { base, roster: self.roster.digest(), rules: rules::VERSION }
    }

    pub fn claims(&self, sub: Id) -> Claims {
        Claims { iss: self.origin.to_string(), sub, iat: self.clock }
    }

    fn disclosure(&mut self, key: &str, value: Value) -> Disclosure {
        self.salts += 1;
        let salt = Digest::of(format!("{} {}", self.name, self.salts).as_bytes());
        Disclosure { salt: salt.0[..16].try_into().unwrap(), value, key: key.to_owned() }
    }

    /// Appends an entry that the rules allow.
    pub fn append(&mut self, entry: Vec<u8>) -> u64 {
        let statement = Statement::parse(&entry).unwrap();
        let decision = rules::apply(self, &statement, tree::leaf_hash(&entry)).unwrap();
        let position = self.force(entry);
        self.signed_by_people |= decision.signers.len() > 1;
        match decision.delta {
            Delta::Founded(_) => self.founded = true,
            Delta::Member(id, state) => {
                self.roster.remove(&id);
                if !state.suspended {
                    self.roster.add(id, state.member.clone()).unwrap();
                }
                self.members.insert(id, *state);
            }
            Delta::Record(id, state) => drop(self.records.insert(id, state)),
            Delta::Office(id, state) => drop(self.offices.insert(id, *state)),
            Delta::Policy(_) | Delta::Appointed(..) => {}
        }
        position
    }

    /// Appends an entry, whatever it is.
    pub fn force(&mut self, entry: Vec<u8>) -> u64 {
        self.rosters.push(self.roster.clone());
        self.leaves.push(tree::leaf_hash(&entry));
        self.entries.push(entry);
        self.clock += 60;
        View::size(self) - 1
    }

    pub fn alone(&self, act: &Act, sub: Id) -> Vec<u8> {
        let signer = self.secret("founding");
        statement::sign_alone(act, self.claims(sub), self.anchor(), &signer).unwrap()
    }

    /// A two-layer statement by these people.
    pub fn signed(&self, act: &Act, sub: Id, drafter: &str, approver: &str) -> Vec<u8> {
        let draft = statement::sign_draft(act, self.claims(sub), &self.persons[drafter].key).unwrap();
        let approver = &self.persons[approver].key;
        statement::sign_approval(draft, self.claims(sub), self.anchor(), approver).unwrap()
    }

    /// Makes a member act and the person, without appending.
    pub fn member(&mut self, name: &'static str, roles: &[Role]) -> (Vec<u8>, Person) {
        let secret = key(&format!("{} {name}", self.name));
        let people = vec![
            self.disclosure("name", Value::text(name)),
            self.disclosure("post", Value::text(format!("post of {name}"))),
        ];
        let member = Member::new(secret.public_key(), roles.iter().copied().collect());
        let digests = sorted_digests(&people);
        let act = Act::Member(Membership { member, suspended: false, digests, follows: None, warrant: None });
        let id = id(&format!("{} {name}", self.name));
        let entry = self.alone(&act, id);
        (entry, Person { id, key: secret, position: View::size(self), people })
    }

    pub fn admit(&mut self, name: &'static str, roles: &[Role]) -> u64 {
        let (entry, person) = self.member(name, roles);
        self.said.insert(person.position, person.people.clone());
        self.persons.insert(name, person);
        self.append(entry)
    }

    /// What the two admins say of somebody from now on: what is known, changed.
    pub fn change(&mut self, name: &'static str, change: impl FnOnce(&mut Membership)) -> Vec<u8> {
        let people = vec![
            self.disclosure("name", Value::text(name)),
            self.disclosure("post", Value::text(format!("new post of {name}"))),
        ];
        let id = self.persons[name].id;
        let known = &self.members[&id];
        let mut membership = Membership {
            member: known.member.clone(),
            suspended: known.suspended,
            digests: sorted_digests(&people),
            follows: Some(Successor { version: known.version + 1, previous: known.leaf }),
            warrant: None,
        };
        change(&mut membership);
        self.said.insert(View::size(self), people);
        self.signed(&Act::Member(membership), id, "sys", "sec")
    }

    /// A change that the rules allow.
    pub fn changed(&mut self, name: &'static str, change: impl FnOnce(&mut Membership)) -> u64 {
        let entry = self.change(name, change);
        self.append(entry)
    }

    /// Puts a person into the roster without the rules' leave.
    pub fn admit_late(&mut self, name: &'static str, roles: &[Role]) -> u64 {
        let (entry, person) = self.member(name, roles);
        let member = Member::new(person.key.public_key(), roles.iter().copied().collect());
        self.roster.add(person.id, member).unwrap();
        self.persons.insert(name, person);
        self.force(entry)
    }

    /// Content of the fixture's template, and its disclosures.
    pub fn content(&mut self, text: &str) -> (Content, Vec<Disclosure>) {
        let disclosures = vec![
            self.disclosure("seats", Value::Int(40)),
            self.disclosure("owner", Value::text(format!("owner {text}"))),
            self.disclosure("secrecy_review", Value::text("passed")),
        ];
        let open = BTreeMap::from([("code".to_owned(), Value::text(text))]);
        let digests = sorted_digests(&disclosures);
        let content =
            Content { kind: "shop".to_owned(), template: template().digest(), open, digests, review: false };
        (content, disclosures)
    }

    pub fn publish(&mut self, record: &str, text: &str) -> u64 {
        let (content, disclosures) = self.content(text);
        let entry = self.signed(&Act::Publish(content), id(record), "zhang", "li");
        self.disclosures.insert(View::size(self), disclosures);
        self.append(entry)
    }

    /// Publishes what a test made of the content, judged by nobody.
    pub fn force_act(
        &mut self,
        record: &str,
        change: impl FnOnce(&mut Content, &mut Vec<Disclosure>),
    ) -> u64 {
        let (mut content, mut disclosures) = self.content("forced");
        change(&mut content, &mut disclosures);
        let entry = self.signed(&Act::Publish(content), id(record), "zhang", "li");
        self.disclosures.insert(View::size(self), disclosures);
        self.force(entry)
    }

    pub fn publish_reviewed(&mut self, record: &str) -> u64 {
        let (content, disclosures) = self.content("reviewed");
        let claims = self.claims(id(record));
        let draft = statement::sign_draft(&Act::Publish(content), claims.clone(), &self.persons["zhang"].key);
        let review = statement::sign_review(draft.unwrap(), claims.clone(), &self.persons["wang"].key);
        let approver = &self.persons["li"].key;
        let entry = statement::sign_approval(review.unwrap(), claims, self.anchor(), approver).unwrap();
        self.disclosures.insert(View::size(self), disclosures);
        self.append(entry)
    }

    pub fn successor(&self, record: &str, next: u32) -> Successor {
        let state = self.records[&id(record)];
        Successor { version: state.version + next, previous: state.leaf }
    }

    pub fn amend(&mut self, record: &str, text: &str) -> u64 {
        let (content, disclosures) = self.content(text);
        let act = Act::Amend(content, self.successor(record, 1));
        let entry = self.signed(&act, id(record), "wang", "li");
        self.disclosures.insert(View::size(self), disclosures);
        self.append(entry)
    }

    pub fn withdraw(&mut self, record: &str) -> u64 {
        let reason = self.disclosure("reason", Value::text("closed"));
        let act = Act::Withdraw { of: self.successor(record, 0), digests: vec![reason.digest()] };
        let entry = self.signed(&act, id(record), "zhang", "li");
        self.append(entry)
    }

    pub fn erase(&mut self, record: &str) -> u64 {
        let reason = self.disclosure("reason", Value::text("asked for"));
        let act = Act::Erase { of: self.successor(record, 0), digests: vec![reason.digest()] };
        let entry = self.signed(&act, id(record), "zhang", "li");
        self.append(entry)
    }

    /// The position of the entry with this leaf.
    pub fn position(&self, leaf: &Digest) -> u64 {
        self.leaves.iter().position(|known| known == leaf).unwrap() as u64
    }

    pub fn supporting(&self, position: u64, size: u64) -> Supporting {
        let entry = self.entries[usize::try_from(position).unwrap()].clone();
        Supporting { position, entry, path: self.path(position, size) }
    }

    pub fn checkpoint(&self, size: u64) -> Checkpoint {
        Checkpoint { origin: self.origin.to_string(), size, root: self.root(size) }
    }

    /// A truthful claim about a record as of now, about `size` entries.
    pub fn claim(&self, record: &str, size: u64) -> StatusClaim {
        StatusClaim {
            origin: self.origin.to_string(),
            record: id(record),
            time: self.clock,
            base: Base { size, root: self.root(size) },
            state: self.records[&id(record)],
        }
    }

    pub fn sign_claim(&self, claim: &StatusClaim) -> Vec<u8> {
        claim.make(&self.host_secret("receipt")).unwrap()
    }

    pub fn proof(&self, position: u64, size: u64, witnesses: &[&str]) -> LogProof {
        let checkpoint = self.checkpoint(size);
        let mut note = checkpoint.sign(&self.host_secret("log")).unwrap();
        for name in witnesses {
            note.add(cosignature::sign(&checkpoint, self.clock, name, &key(name)).unwrap()).unwrap();
        }
        LogProof { index: position, proof: self.path(position, size), checkpoint: note.to_string() }
    }

    /// The file of the version at `position`, under the checkpoint of the whole
    /// ledger, with every disclosure, cosigned, without later acts and claim.
    pub fn file(&self, position: u64) -> Evidence {
        self.file_at(position, View::size(self), &["witness-one", "witness-two"])
    }

    pub fn file_at(&self, position: u64, size: u64, witnesses: &[&str]) -> Evidence {
        let entry = self.entries[usize::try_from(position).unwrap()].clone();
        let (signers, mut positions) = (self.signers_acts(position), self.explaining(position));
        positions.insert(0);
        let people = signers.iter().filter_map(|position| self.said.get(position)).flatten();
        Evidence {
            statement: entry,
            template: template().to_cbor(),
            disclosures: sorted(self.disclosures.get(&position).into_iter().flatten()),
            proof: self.proof(position, size, witnesses).to_text(),
            roster: self.rosters[usize::try_from(position).unwrap()].to_bytes(),
            entries: positions.into_iter().map(|position| self.supporting(position, size)).collect(),
            people: sorted(people),
            receipt: receipt::make(&self.root(size), &self.origin.to_string(), &self.host_secret("receipt"))
                .unwrap(),
            status: None,
            admission: None,
        }
    }

    /// The acts that say who signed an entry, who signed these, and so on.
    fn explaining(&self, position: u64) -> BTreeSet<u64> {
        let mut positions = BTreeSet::new();
        let mut to_explain: Vec<u64> = self.signers_acts(position).into_iter().collect();
        while let Some(position) = to_explain.pop() {
            if positions.insert(position) {
                to_explain.extend(self.signers_acts(position));
            }
        }
        positions
    }

    /// The acts that say who signed the entry at `position`: the last ones before
    /// it, or if there is none, any.
    fn signers_acts(&self, position: u64) -> BTreeSet<u64> {
        let statement = |at: usize| Statement::parse(&self.entries[at]).unwrap();
        let at = usize::try_from(position).unwrap();
        let of_key = |kid: &Digest, end: usize| {
            (0..end).rev().find(|at| match statement(*at).act {
                Act::Member(membership) => membership.member.key.thumbprint() == *kid,
                _ => false,
            })
        };
        let last = |id: Id, end: usize| {
            (0..end).rev().find(|at| {
                let statement = statement(*at);
                matches!(statement.act, Act::Member(_)) && statement.subject() == id
            })
        };
        let one = |kid: &Digest| {
            let known = of_key(kid, at).or_else(|| of_key(kid, self.entries.len()))?;
            let id = statement(known).subject();
            last(id, at).or(Some(known)).map(|at| at as u64)
        };
        statement(at).layers.iter().filter_map(|layer| one(&layer.header.kid)).collect()
    }

    /// The file with a later act in it, and the acts that say who signed that.
    pub fn file_with_later(&self, position: u64, later: u64) -> Evidence {
        let mut file = self.file(position);
        self.add_signed(&mut file, later, View::size(self));
        file
    }

    /// Adds an entry to a file under the checkpoint of `size`, and the acts that say
    /// who signed it.
    pub fn add_signed(&self, file: &mut Evidence, position: u64, size: u64) {
        for position in self.explaining(position).into_iter().chain([position]) {
            file.entries.retain(|entry| entry.position != position);
            file.entries.push(self.supporting(position, size));
        }
        file.entries.sort_by_key(|entry| entry.position);
    }

    /// Adds an entry to a file, and nothing that explains it.
    pub fn add(&self, file: &mut Evidence, position: u64) {
        file.entries.retain(|entry| entry.position != position);
        file.entries.push(self.supporting(position, View::size(self)));
        file.entries.sort_by_key(|entry| entry.position);
    }

    /// Trusts this office and needs `need` of two witnesses.
    pub fn policy(&self, need: usize) -> Policy {
        Policy::of(1, &[self.log_key()], &witness_keys(), need).unwrap()
    }
}

pub fn witness_keys() -> [VerifierKey; 2] {
    ["witness-one", "witness-two"]
        .map(|name| VerifierKey::new(name, KeyKind::Cosigner, key(name).public_key()).unwrap())
}

pub fn sorted<'a>(disclosures: impl Iterator<Item = &'a Disclosure>) -> Vec<Vec<u8>> {
    let by_digest: BTreeMap<Digest, Vec<u8>> = disclosures.map(|d| (d.digest(), d.to_bytes())).collect();
    by_digest.into_values().collect()
}

pub fn check(file: &Evidence, policy: &Policy) -> Report {
    verify(&file.to_bytes(), Some(policy), None)
}

/// Whether a finding of this check and code is there.
pub fn found(report: &Report, check: &str, code: &str) -> bool {
    report.findings.iter().any(|finding| finding.check == check && finding.code == code)
}

/// What failed, as `check code`.
pub fn failures(report: &Report) -> Vec<String> {
    let failed = report.findings.iter().filter(|f| f.outcome == yinxin_evidence::Outcome::Failed);
    failed.map(|finding| format!("{} {}", finding.check, finding.code)).collect()
}

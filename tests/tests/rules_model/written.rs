//! The model's acts as real bytes: real keys, ids, digests and signatures.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use yinxin_record::act::{
    Act, Appointment, CertifiedKeys, Content, Genesis, Membership, NumberedPolicy, OfficeKeys, Standing,
    Successor, Warrant,
};
use yinxin_record::cose::{Sign1, to_be_signed};
use yinxin_record::key::{PublicKey, SecretKey, Signer as _};
use yinxin_record::roster::{Acting, Member, Role, Roster};
use yinxin_record::statement::{ACT_TYPE, Anchor, Base, COSE_TYPE, Claims, Header, Purpose};
use yinxin_record::{Digest, Id};

use crate::model;
use crate::plan::SIGNING_KEYS;

const REALMS: [&str; 2] = ["zhen.example", "ke.example"];

static SECRETS: LazyLock<Vec<SecretKey>> = LazyLock::new(|| {
    (0..SIGNING_KEYS).map(|number| SecretKey::from_seed(&Digest::of(&number.to_be_bytes()).0)).collect()
});
static PUBLICS: LazyLock<Vec<PublicKey>> =
    LazyLock::new(|| SECRETS.iter().map(SecretKey::public_key).collect());
static KIDS: LazyLock<Vec<Digest>> = LazyLock::new(|| PUBLICS.iter().map(PublicKey::thumbprint).collect());

pub fn origin(origin: model::Origin) -> String {
    let code = origin.code.map_or_else(|| "register".to_owned(), code);
    format!("{}/{code}", REALMS[origin.realm as usize])
}

/// Codes sort as their numbers do, so that successors do.
fn code(number: u32) -> String {
    format!("11330100MB{number:08}")
}

pub fn key(number: model::Key) -> PublicKey {
    PUBLICS.get(number as usize).copied().unwrap_or_else(|| PublicKey(Digest::of(&number.to_be_bytes()).0))
}

/// Ids sort as their numbers do, so that rosters do.
pub fn id(number: model::Id) -> Id {
    let mut bytes = [0xab; 16];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    Id(bytes)
}

/// The leaf hashes of what was written; other leaves are of nothing.
#[derive(Debug, Clone, Default)]
pub struct Leaves(BTreeMap<model::Leaf, Digest>);

impl Leaves {
    pub fn insert(&mut self, number: model::Leaf, leaf: Digest) {
        self.0.insert(number, leaf);
    }

    pub fn digest(&self, number: model::Leaf) -> Digest {
        self.0.get(&number).copied().unwrap_or_else(|| Digest::of(&number.to_le_bytes()))
    }

    fn base(&self, base: &model::Base) -> Base {
        let leaves: Vec<Digest> = base.root.iter().map(|leaf| self.digest(*leaf)).collect();
        Base { size: base.size as u64, root: root(&leaves) }
    }
}

/// RFC 6962 §2.1.
fn root(leaves: &[Digest]) -> Digest {
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

/// The bytes of an entry. `unique` is in them, so that no two have the same.
pub fn statement(act: &model::Act, leaves: &Leaves, unique: u32) -> Vec<u8> {
    with_broken_layer(None, act, leaves, unique)
}

/// The signature of one layer does not hold.
fn with_broken_layer(broken: Option<usize>, act: &model::Act, leaves: &Leaves, unique: u32) -> Vec<u8> {
    let anchor =
        Anchor { base: leaves.base(&act.base), roster: roster(&act.roster).digest(), rules: act.rules };
    let mut bytes = act_of(act, leaves, unique).to_bytes();
    for (index, layer) in act.layers.iter().enumerate() {
        let header = Header {
            kid: KIDS[layer.key as usize],
            content_type: if index == 0 { ACT_TYPE } else { COSE_TYPE },
            claims: Claims { iss: origin(act.iss), sub: id(act.sub), iat: layer.iat },
            purpose: purpose(layer.purpose),
            anchor: (index + 1 == act.layers.len()).then_some(anchor),
        };
        let mut layer = signed(layer.key, header.to_bytes(), bytes);
        layer.signature[0] ^= u8::from(broken == Some(index));
        bytes = layer.to_bytes();
    }
    bytes
}

fn signed(key: model::Key, protected: Vec<u8>, payload: Vec<u8>) -> Sign1 {
    let message = to_be_signed(&protected, &payload);
    let signature = SECRETS[key as usize].sign(&message).expect("a key in memory signs");
    Sign1 { protected, payload, signature }
}

fn act_of(act: &model::Act, leaves: &Leaves, unique: u32) -> Act {
    let digests = vec![Digest::of(&unique.to_be_bytes())];
    let content = |review| Content {
        kind: "community".to_owned(),
        template: Digest::of(b"a template"),
        open: BTreeMap::new(),
        digests: digests.clone(),
        review,
    };
    let successor = |version, previous| Successor { version, previous: leaves.digest(previous) };
    match &act.kind {
        model::Kind::Genesis(genesis) => Act::Genesis(Box::new(genesis_of(genesis, unique))),
        model::Kind::Member(member) => Act::Member(membership_of(member, leaves, unique)),
        model::Kind::Publish { review } => Act::Publish(content(*review)),
        model::Kind::Amend { review, version, previous } => {
            Act::Amend(content(*review), successor(*version, *previous))
        }
        model::Kind::Withdraw { version, previous } => {
            Act::Withdraw { of: successor(*version, *previous), digests }
        }
        model::Kind::Erase { version, previous } => {
            Act::Erase { of: successor(*version, *previous), digests }
        }
        model::Kind::Office(standing) => Act::Office(Box::new(standing_of(standing, leaves, unique))),
        model::Kind::Policy { number } => Act::Policy(policy_of(*number, unique)),
        model::Kind::Appoint(appointment) => {
            Act::Appoint(Box::new(appointment_of(appointment, leaves, unique)))
        }
    }
}

fn membership_of(member: &model::Member, leaves: &Leaves, unique: u32) -> Membership {
    let successor = |(version, previous)| Successor { version, previous: leaves.digest(previous) };
    let names = |number: u32| Digest::of(format!("names {number}").as_bytes());
    Membership {
        member: member_of(member.key, &member.roles, member.acting),
        suspended: member.suspended,
        digests: vec![member.names.map_or_else(|| Digest::of(&unique.to_be_bytes()), names)],
        follows: member.follows.map(successor),
        warrant: member.warrant.as_ref().map(|warrant| Box::new(warrant_of(warrant, leaves, unique))),
    }
}

/// What an act says of an officer. `unique` is the act's own.
pub fn appointment_of(appointment: &model::Appointment, leaves: &Leaves, unique: u32) -> Appointment {
    let model::Said { key, roles, names, follows } = appointment.member.clone();
    let member = model::Member { names, follows, ..model::Member::new(key, roles) };
    Appointment {
        code: code(appointment.code),
        size: appointment.size as u64,
        roster: roster(&appointment.roster).digest(),
        person: id(appointment.person),
        member: membership_of(&member, leaves, unique),
        lender: appointment.lender.map(code),
    }
}

/// Whether the proof shows the statement is for a copy to know: it is only text.
fn warrant_of(warrant: &model::Warrant, leaves: &Leaves, unique: u32) -> Warrant {
    let broken = match warrant.flaw {
        Some(model::Flaw::Signature(layer)) => Some(layer),
        _ => None,
    };
    let mut statement = with_broken_layer(broken, &warrant.statement, leaves, unique);
    if warrant.flaw == Some(model::Flaw::Bytes) {
        statement.pop();
    }
    let proof = format!("a proof for {unique}");
    Warrant { statement, proof, roster: roster(&warrant.roster).to_bytes() }
}

fn genesis_of(genesis: &model::Genesis, unique: u32) -> Genesis {
    Genesis {
        code: code(genesis.code),
        name: format!("某市某局 {unique}"),
        realm: REALMS[genesis.realm as usize].to_owned(),
        keys: OfficeKeys { founding: key(genesis.founding), host: host_keys(genesis.others) },
    }
}

fn host_keys(numbers: [model::Key; 4]) -> CertifiedKeys {
    let [log, receipt, transport, witness] = numbers.map(key);
    CertifiedKeys { delivery: "age1example".to_owned(), log, receipt, transport, witness }
}

/// What an act says of an office. `unique` is the act's own.
pub fn standing_of(standing: &model::Standing, leaves: &Leaves, unique: u32) -> Standing {
    let digest = |number: u32| Digest::of(&number.to_be_bytes());
    let follows = standing.follows.map(|(version, previous)| (version, leaves.digest(previous)));
    Standing {
        code: code(standing.code),
        name: format!("某市某局 {unique}"),
        ledger: digest(standing.ledger),
        keys: host_keys(standing.keys),
        head: Base { size: standing.head.size.into(), root: digest(standing.head.root) },
        roster: digest(unique),
        suspended: standing.suspended,
        successors: standing.successors.iter().copied().map(code).collect(),
        follows: follows.map(|(version, previous)| Successor { version, previous }),
    }
}

fn policy_of(number: u32, unique: u32) -> NumberedPolicy {
    let text = format!("# yinxin-policy {number}\n# {unique}\nquorum none\n");
    NumberedPolicy { number: number.into(), text }
}

pub fn roster(lines: &model::Roster) -> Roster {
    let mut roster = Roster::default();
    for line in lines {
        let member = member_of(line.key, &line.roles, line.acting);
        roster.add(id(line.id), member).expect("one line for everybody");
    }
    roster
}

pub fn member_of(
    number: model::Key,
    roles: &std::collections::BTreeSet<model::Role>,
    acting: Option<(model::Time, model::Time)>,
) -> Member {
    Member {
        key: key(number),
        roles: roles.iter().map(|held| role(*held)).collect(),
        acting: acting.map(|(from, until)| Acting { from, until }),
    }
}

fn role(role: model::Role) -> Role {
    match role {
        model::Role::Approver => Role::Approver,
        model::Role::Auditor => Role::Auditor,
        model::Role::DataAdmin => Role::DataAdmin,
        model::Role::Drafter => Role::Drafter,
        model::Role::Reviewer => Role::Reviewer,
        model::Role::SecrecyReviewer => Role::SecrecyReviewer,
        model::Role::SecurityAdmin => Role::SecurityAdmin,
        model::Role::Service => Role::Service,
        model::Role::SystemAdmin => Role::SystemAdmin,
    }
}

fn purpose(purpose: model::Purpose) -> Purpose {
    match purpose {
        model::Purpose::Draft => Purpose::Draft,
        model::Purpose::Review => Purpose::Review,
        model::Purpose::Approve => Purpose::Approve,
        model::Purpose::Service => Purpose::Service,
    }
}

//! A small office with fixed keys, and the register that admits it: those of
//! `tests/vectors/statement.json`.

#![allow(dead_code, reason = "every test uses another part")]

pub mod ledger;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use yinxin_record::act::{
    Act, CertifiedKeys, Content, Genesis, Membership, NumberedPolicy, OfficeKeys, Standing,
};
use yinxin_record::cbor::Value;
use yinxin_record::cose::{Sign1, to_be_signed};
use yinxin_record::key::{PublicKey, SecretKey, Signer as _};
use yinxin_record::roster::{Acting, Member, Role, Roster};
use yinxin_record::statement::{ACT_TYPE, Anchor, Base, COSE_TYPE, Claims, Header, Purpose};
use yinxin_record::{Digest, Id};

pub const REALM: &str = "zhen.example";
pub const CODE: &str = "11330100MB0000001A";
pub const ORIGIN: &str = "zhen.example/11330100MB0000001A";
/// The register of the office's realm, and who keeps it.
pub const REGISTER: &str = "zhen.example/register";
pub const KEEPER: &str = "11330100MB0000002X";
pub const RECORD: Id = Id([0xab; 16]);

/// Whose seeds are 1, 2, 3 … 32 times.
const NAMES: [&str; 24] = [
    "founding",
    "log",
    "receipt",
    "transport",
    "witness",
    "drafter",
    "reviewer",
    "approver",
    "everything",
    "newcomer",
    "system",
    "security",
    "auditor",
    "spare",
    "register-founding",
    "register-log",
    "register-receipt",
    "register-transport",
    "register-witness",
    "register-system",
    "register-security",
    "later-log",
    "later-receipt",
    "officer",
];

pub fn secret(name: &str) -> SecretKey {
    let index = NAMES.iter().position(|known| *known == name).unwrap();
    SecretKey::from_seed(&[u8::try_from(index).unwrap() + 1; 32])
}

pub fn public(name: &str) -> PublicKey {
    secret(name).public_key()
}

/// The member of that name: the word for the role, or all three.
pub fn member(name: &str) -> (Id, Member) {
    let (id, roles) = match name {
        "drafter" => (0x11, BTreeSet::from([Role::Drafter])),
        "reviewer" => (0x22, BTreeSet::from([Role::Reviewer])),
        "approver" => (0x33, BTreeSet::from([Role::Approver])),
        "system" => (0x66, BTreeSet::from([Role::SystemAdmin])),
        "security" => (0x77, BTreeSet::from([Role::SecurityAdmin])),
        "register-system" => (0x99, BTreeSet::from([Role::SystemAdmin])),
        "register-security" => (0xaa, BTreeSet::from([Role::SecurityAdmin])),
        "auditor" => (0x88, BTreeSet::from([Role::Auditor])),
        _ => (0x44, BTreeSet::from([Role::Drafter, Role::Reviewer, Role::Approver])),
    };
    (Id([id; 16]), Member::new(public(name), roles))
}

pub fn roster(names: &[&str]) -> Roster {
    let mut roster = Roster::default();
    for (id, member) in names.iter().map(|name| member(name)) {
        roster.add(id, member).unwrap();
    }
    roster
}

pub fn genesis() -> Genesis {
    Genesis {
        code: CODE.to_owned(),
        name: "某市某局".to_owned(),
        realm: REALM.to_owned(),
        keys: OfficeKeys {
            founding: public("founding"),
            host: host_keys(["log", "receipt", "transport", "witness"]),
        },
    }
}

/// Its code is not in the origin.
pub fn register_genesis() -> Genesis {
    let host = ["register-log", "register-receipt", "register-transport", "register-witness"];
    Genesis {
        code: KEEPER.to_owned(),
        name: "某市数据局".to_owned(),
        realm: REALM.to_owned(),
        keys: OfficeKeys { founding: public("register-founding"), host: host_keys(host) },
    }
}

/// The keys of a host, by their names.
pub fn host_keys([log, receipt, transport, witness]: [&str; 4]) -> CertifiedKeys {
    CertifiedKeys {
        delivery: "age1example".to_owned(),
        log: public(log),
        receipt: public(receipt),
        transport: public(transport),
        witness: public(witness),
    }
}

/// What a register says first of the office.
pub fn standing() -> Standing {
    Standing {
        code: CODE.to_owned(),
        name: "某市某局".to_owned(),
        ledger: Digest([3; 32]),
        keys: genesis().keys.host,
        head: Base { size: 6, root: Digest([6; 32]) },
        roster: Digest([8; 32]),
        suspended: false,
        successors: Vec::new(),
        follows: None,
    }
}

pub fn policy(number: u64) -> NumberedPolicy {
    NumberedPolicy { number, text: format!("# yinxin-policy {number}\nquorum none\n") }
}

pub fn content() -> Content {
    Content {
        kind: "community".to_owned(),
        template: Digest::of(b"a template"),
        open: BTreeMap::from([("village".to_owned(), Value::text("某社区"))]),
        digests: vec![Digest([1; 32]), Digest([2; 32])],
        review: false,
    }
}

/// Admits `member`.
pub fn admission(member: Member) -> Membership {
    let digests = vec![Digest([1; 32]), Digest([2; 32])];
    Membership { member, suspended: false, digests, follows: None, warrant: None }
}

pub const DRAFT: Purpose = Purpose::Draft;
pub const REVIEW: Purpose = Purpose::Review;
pub const APPROVE: Purpose = Purpose::Approve;
pub const SERVICE: Purpose = Purpose::Service;

/// A statement to be: everything that its bytes depend on, in the open, so
/// that a test may spoil one thing.
#[derive(Clone)]
pub struct Entry {
    pub act: Act,
    /// Innermost first.
    pub signers: Vec<(&'static str, Purpose)>,
    pub claims: Claims,
    /// Stands in the outermost layer.
    pub anchor: Option<Anchor>,
}

impl Entry {
    /// `act` on [`RECORD`], signed by drafter and approver.
    pub fn of(act: Act) -> Self {
        Self {
            act,
            signers: vec![("drafter", DRAFT), ("approver", APPROVE)],
            claims: Claims { iss: ORIGIN.to_owned(), sub: RECORD, iat: 1_790_000_000 },
            anchor: Some(Anchor {
                base: Base { size: 4, root: Digest([7; 32]) },
                roster: Digest([8; 32]),
                rules: 0,
            }),
        }
    }

    pub fn header(&self, index: usize) -> Header {
        let (name, purpose) = self.signers[index];
        Header {
            kid: public(name).thumbprint(),
            content_type: if index == 0 { ACT_TYPE } else { COSE_TYPE },
            claims: self.claims.clone(),
            purpose,
            anchor: self.anchor.filter(|_| index + 1 == self.signers.len()),
        }
    }

    pub fn bytes(&self) -> Vec<u8> {
        let layer = |payload, index: usize| {
            sign1(self.signers[index].0, self.header(index).to_bytes(), payload).to_bytes()
        };
        (0..self.signers.len()).fold(self.act.to_bytes(), layer)
    }
}

pub fn sign1(name: &str, protected: Vec<u8>, payload: Vec<u8>) -> Sign1 {
    let signature = secret(name).sign(&to_be_signed(&protected, &payload)).unwrap();
    Sign1 { protected, payload, signature }
}

// The vectors.

pub fn vectors() -> Json {
    serde_json::from_str(include_str!("../../../../../tests/vectors/statement.json")).unwrap()
}

pub fn cases<'a>(vectors: &'a Json, list: &str) -> &'a [Json] {
    vectors[list].as_array().unwrap()
}

/// The statements of both ledgers, of the office and of the register, each with
/// what goes on with it.
pub fn statements(vectors: &Json) -> impl Iterator<Item = &Json> {
    ["statements", "register", "appointing", "warranted"].into_iter().flat_map(|list| cases(vectors, list))
}

pub fn text(json: &Json) -> &str {
    json.as_str().unwrap()
}

pub fn bytes(json: &Json) -> Vec<u8> {
    hex::decode(text(json)).unwrap()
}

pub fn digest(json: &Json) -> Digest {
    text(json).parse().unwrap()
}

pub fn key(json: &Json) -> PublicKey {
    PublicKey(bytes(json).try_into().unwrap())
}

pub fn roles(json: &Json) -> BTreeSet<Role> {
    json.as_array().unwrap().iter().map(|word| Role::of_word(text(word)).unwrap()).collect()
}

/// `[from, until]`, or null.
pub fn acting(json: &Json) -> Option<Acting> {
    let [from, until] = json.as_array()?.as_slice() else { panic!("{json}") };
    Some(Acting { from: from.as_u64().unwrap(), until: until.as_u64().unwrap() })
}

/// A text, integer, bool or null.
pub fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(*flag),
        Json::Number(number) => Value::Int(number.as_i64().unwrap()),
        Json::String(text) => Value::text(text),
        Json::Array(_) | Json::Object(_) => panic!("{json}"),
    }
}

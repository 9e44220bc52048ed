//! The request for an officer: what a person who is to be one shows the register.
//!
//! ```text
//! { "yinxin": "appointment/v0", "act": bstr, "origin": text, "people": [2 * bstr], "possession": bstr }
//! ```
//!
//! `act` is what the register is to say, word for word; `people` are the name and
//! the post that it commits to; with `possession` the person's key has signed that
//! it is asked for.

use yinxin_record::act::{Act, Appointment};
use yinxin_record::cbor::{self, Fields, Value};
use yinxin_record::digits::Digits;
use yinxin_record::disclosure::{Disclosure, sorted_digests};
use yinxin_record::key::{SecretKey, Signature, Signer as _};
use yinxin_record::origin::Origin;
use yinxin_record::rules::OfficeState;

use super::error::RealmError;
use super::request::PresentedPerson;
use crate::error::Result;
use crate::people::check_name;

/// The longest request for an officer, in bytes.
pub const MAX_APPOINTMENT: usize = 4096;

const VERSION: &str = "appointment/v0";

/// Five items, the two of `people`, and what names them.
const MAX_ITEMS: usize = 16;

/// What the person's key signs: that its owner asks for it.
const POSSESSION: &[u8] = b"yinxin appointment v0\n";

/// A request for an officer, read; nothing of it is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppointmentRequest {
    origin: Origin,
    pub(super) act: Vec<u8>,
    pub(super) people: Vec<Disclosure>,
    possession: Signature,
}

impl AppointmentRequest {
    /// Asks for `appointment` in the office of this `origin`, in the name of its
    /// person, whose name and post are `people`.
    pub(super) fn sign(
        origin: &Origin,
        appointment: Appointment,
        people: Vec<Disclosure>,
        key: &SecretKey,
    ) -> Result<Self> {
        let act = Act::Appoint(Box::new(appointment)).to_bytes();
        let possession = key.sign(&possession(origin, &act))?;
        Ok(Self { origin: origin.clone(), act, people, possession })
    }

    /// The bytes of the file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::encode(&Value::map([
            ("act", Value::bytes(&self.act)),
            ("origin", Value::text(self.origin.to_string())),
            ("people", Value::Array(self.people.iter().map(|one| Value::bytes(one.to_bytes())).collect())),
            ("yinxin", Value::text(VERSION)),
            ("possession", Value::bytes(self.possession)),
        ]))
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
        Digits::of_appointment(&self.to_bytes())
    }

    /// What the register is to say.
    ///
    /// # Errors
    /// [`RealmError::BadRequest`].
    pub fn appointment(&self) -> Result<Appointment, RealmError> {
        match Act::parse(&self.act) {
            Ok(Act::Appoint(appointment)) => Ok(*appointment),
            _ => Err(RealmError::BadRequest("act")),
        }
    }

    /// Checks everything that the file can prove, against the realm and what the
    /// register `known`s of the office. Says who it is.
    ///
    /// # Errors
    /// [`RealmError`].
    pub(crate) fn judge(&self, realm: &str, known: &OfficeState) -> Result<PresentedPerson, RealmError> {
        let appointment = self.appointment()?;
        let bad = RealmError::BadRequest;
        if self.origin.realm() != realm {
            return Err(RealmError::OtherRealm { found: self.origin.realm().to_owned() });
        }
        if self.origin.code() != appointment.code || known.standing.code != appointment.code {
            return Err(bad("origin"));
        }
        if known.standing.suspended {
            return Err(RealmError::WrongStanding(known.standing.name.clone()));
        }
        if !appointment.makes_an_officer() {
            return Err(bad("roles"));
        }
        let key = appointment.member.member.key;
        let message = possession(&self.origin, &self.act);
        key.verify(&message, &self.possession).map_err(|_| bad("possession"))?;
        let value = |key: &str| self.people.iter().find(|one| one.key == key).map(|one| &one.value);
        let (name, post) = match (value("name"), value("post")) {
            (Some(Value::Text(name)), Some(Value::Text(post))) => (name, Some(post.as_str())),
            (Some(Value::Text(name)), Some(Value::Null)) => (name, None),
            _ => return Err(bad("people")),
        };
        let can_be_shown = check_name(name).is_ok() && post.is_none_or(|post| check_name(post).is_ok());
        if !can_be_shown || sorted_digests(&self.people) != appointment.member.digests {
            return Err(bad("people"));
        }
        Ok(PresentedPerson {
            id: appointment.person,
            name: Some(name.to_owned()),
            post: post.map(str::to_owned),
            member: appointment.member.member,
        })
    }
}

fn possession(origin: &Origin, act: &[u8]) -> Vec<u8> {
    [POSSESSION, origin.to_string().as_bytes(), b"\n", act].concat()
}

fn read(bytes: &[u8]) -> Option<AppointmentRequest> {
    if cbor::has_more_items(bytes, MAX_ITEMS) {
        return None;
    }
    let mut fields = Fields::of(cbor::decode(bytes, MAX_APPOINTMENT).ok()?).ok()?;
    fields.take("yinxin", |v| (v.as_text() == Some(VERSION)).then_some(())).ok()?;
    let request = AppointmentRequest {
        origin: fields.take("origin", |v| v.as_text()?.parse().ok()).ok()?,
        act: fields.take("act", |v| v.as_bytes().map(<[u8]>::to_vec)).ok()?,
        people: fields.take("people", people).ok()?,
        possession: fields.take("possession", |v| v.as_bytes()?.try_into().ok()).ok()?,
    };
    fields.finish().ok()?;
    Some(request)
}

fn people(value: &Value) -> Option<Vec<Disclosure>> {
    let items = value.as_array().filter(|items| items.len() == 2)?;
    items.iter().map(|item| Disclosure::parse(item.as_bytes()?).ok()).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "what tests share may fail a test")]
mod tests {
    use yinxin_record::act::{CertifiedKeys, Membership, Standing};
    use yinxin_record::roster::{Member, Role};
    use yinxin_record::statement::Base;
    use yinxin_record::{Digest, Id};

    use super::*;

    const CODE: &str = "11420100MB0889006F";

    fn request(name: Value, post: Value) -> AppointmentRequest {
        let key = SecretKey::from_seed(&[7; 32]);
        let one = |key: &str, value, salt| Disclosure { salt: [salt; 16], value, key: key.to_owned() };
        let people = vec![one("name", name, 1), one("post", post, 2)];
        let member = Membership {
            member: Member::new(key.public_key(), [Role::Auditor].into()),
            suspended: false,
            digests: sorted_digests(&people),
            follows: None,
            warrant: None,
        };
        let appointment = Appointment {
            code: CODE.to_owned(),
            size: 1,
            roster: Digest([1; 32]),
            person: Id([2; 16]),
            member,
            lender: None,
        };
        let origin = Origin::new("wuhan", CODE).unwrap();
        AppointmentRequest::sign(&origin, appointment, people, &key).unwrap()
    }

    fn known() -> OfficeState {
        let key = SecretKey::from_seed(&[9; 32]).public_key();
        let delivery = "age1".to_owned();
        let keys = CertifiedKeys { delivery, log: key, receipt: key, transport: key, witness: key };
        let standing = Standing {
            code: CODE.to_owned(),
            name: "武汉市民政局".to_owned(),
            ledger: Digest([3; 32]),
            keys,
            head: Base { size: 1, root: Digest([4; 32]) },
            roster: Digest([1; 32]),
            suspended: false,
            successors: Vec::new(),
            follows: None,
        };
        OfficeState { version: 1, leaf: Digest([5; 32]), standing }
    }

    #[test]
    fn only_a_name_and_a_post_that_can_be_shown_are() {
        let judged = |name: &str, post: Value| request(Value::text(name), post).judge("wuhan", &known());
        let shown = judged("示例", Value::text("主任")).unwrap();
        assert_eq!((shown.name.as_deref(), shown.post.as_deref()), (Some("示例"), Some("主任")));
        assert_eq!(judged("示例", Value::Null).unwrap().post, None);
        let refused = Err(RealmError::BadRequest("people"));
        for hostile in ["", " 示例", "示\u{7}例", "示\n例", &"长".repeat(101)] {
            assert_eq!(judged(hostile, Value::Null), refused, "{hostile:?}");
            assert_eq!(judged("示例", Value::text(hostile)), refused, "{hostile:?}");
        }
        assert_eq!(judged("示例", Value::Int(1)), refused);
        assert_eq!(request(Value::Int(1), Value::Null).judge("wuhan", &known()), refused);
    }
}

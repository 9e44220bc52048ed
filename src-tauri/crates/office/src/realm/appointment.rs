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
        let text = |key: &str| self.people.iter().find(|one| one.key == key).map(|one| one.value.as_text());
        let (Some(Some(name)), Some(post)) = (text("name"), text("post")) else { return Err(bad("people")) };
        if sorted_digests(&self.people) != appointment.member.digests {
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

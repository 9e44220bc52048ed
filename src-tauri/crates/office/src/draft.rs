//! From values to a draft: what is disclosed, what is committed, what is signed.

use std::collections::{BTreeMap, BTreeSet};

use yinxin_record::Digest;
use yinxin_record::Id;
use yinxin_record::act::{Act, Content, Successor};
use yinxin_record::cbor::{self, Value};
use yinxin_record::disclosure::Disclosure;
use yinxin_record::statement::{Claims, MAX_BYTES, sign_draft};
use yinxin_record::template::Template;
use yinxin_record::validate::Values;
use zeroize::Zeroizing;

use crate::content::{self, Sealed};
use crate::error::{OfficeError, Result};
use crate::people::Unlocked;
use crate::search_index;
use crate::submit::Ending;
use crate::surroundings::{Surroundings, random};

/// The layer of a reviewer or approver adds less than this to a draft.
const LAYER_BYTES: usize = 1_024;

/// A signed draft with its sealed contents, not yet stored.
pub(crate) struct Draft {
    pub record: Id,
    pub act: &'static str,
    pub version: u32,
    pub signed: Vec<u8>,
    pub sealed: Sealed,
    /// Whether a reviewer signs before the approver.
    pub asks_review: bool,
    /// What names the thing and what finds it, unless the act leaves both as
    /// they are.
    pub named: Option<Named>,
}

/// What the office's own tables say of a version's values.
pub(crate) struct Named {
    pub record_key: Digest,
    pub tokens: String,
}

impl Named {
    fn of(template: &Template, values: &Values) -> Self {
        let texts = values.values().filter_map(Value::as_text);
        Self { record_key: record_key(template, values), tokens: search_index::tokens(texts) }
    }
}

/// What a drafter does to one record.
pub(crate) enum Doing<'a> {
    Publish(&'a Values),
    Amend(&'a Values, Successor),
    End(Ending, &'a str, Successor),
}

/// Builds and signs a draft. Pure but for the surroundings.
pub(crate) fn sign(
    record: Id,
    doing: &Doing<'_>,
    template: &TemplateInUse,
    origin: &str,
    drafter: &Unlocked,
    surroundings: &dyn Surroundings,
) -> Result<Draft> {
    let named = |values| Some(Named::of(&template.template, values));
    let (act, disclosures, named) = match doing {
        Doing::Publish(values) => {
            let (content, disclosures) = commit(template, values, surroundings);
            (Act::Publish(content), disclosures, named(values))
        }
        Doing::Amend(values, successor) => {
            let (content, disclosures) = commit(template, values, surroundings);
            (Act::Amend(content, *successor), disclosures, named(values))
        }
        Doing::End(ending, reason, successor) => {
            let reason =
                Disclosure { salt: random(surroundings), value: Value::text(*reason), key: "reason".into() };
            let encoded = vec![reason.to_bytes()];
            let (of, digests) = (*successor, sorted_digests(&encoded));
            let act = match ending {
                Ending::Withdraw => Act::Withdraw { of, digests },
                Ending::Erase => Act::Erase { of, digests },
            };
            (act, encoded, None)
        }
    };
    let claims = Claims { iss: origin.to_owned(), sub: record, iat: surroundings.now() };
    let signed = sign_draft(&act, claims, &drafter.key)?;
    let asks_review = act.content().is_some_and(|content| content.review);
    let layers = 1 + usize::from(asks_review);
    if signed.len() + layers * LAYER_BYTES > MAX_BYTES {
        return Err(OfficeError::TooLarge);
    }
    let sealed = content::seal(record, &signed, disclosures, Zeroizing::new(random(surroundings)))?;
    let version = act.version().unwrap_or(0);
    Ok(Draft { record, act: act.word(), version, signed, sealed, asks_review, named })
}

/// A template with what every draft of it repeats.
#[derive(Debug)]
pub(crate) struct TemplateInUse {
    pub template: Template,
    pub digest: Digest,
}

impl TemplateInUse {
    /// The built-in template called `name`.
    pub(crate) fn builtin(name: &str) -> Result<Self> {
        let template = yinxin_record::template::builtin(name);
        let template = template.ok_or_else(|| OfficeError::UnknownTemplate(name.to_owned()))?;
        let digest = template.digest();
        Ok(Self { template, digest })
    }
}

fn commit(
    template: &TemplateInUse,
    values: &Values,
    surroundings: &dyn Surroundings,
) -> (Content, Vec<Vec<u8>>) {
    let value = |key: &str| values.get(key).cloned().unwrap_or(Value::Null);
    let open: BTreeMap<String, Value> =
        template.template.open_fields().map(|field| (field.key.clone(), value(&field.key))).collect();
    let committed: Vec<_> = template.template.committed_fields().collect();
    let mut salts = vec![[0; 16]; committed.len()];
    surroundings.fill(salts.as_flattened_mut());
    let disclosures: Vec<Vec<u8>> = committed
        .iter()
        .zip(salts)
        .map(|(field, salt)| Disclosure { salt, value: value(&field.key), key: field.key.clone() })
        .map(|disclosure| disclosure.to_bytes())
        .collect();
    let content = Content {
        kind: template.template.name.clone(),
        template: template.digest,
        open,
        digests: sorted_digests(&disclosures),
        review: template.template.review,
    };
    (content, disclosures)
}

/// What an act carries for encoded disclosures.
fn sorted_digests(encoded: &[Vec<u8>]) -> Vec<Digest> {
    encoded.iter().map(|bytes| Digest::of(bytes)).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The values of a version, put together again.
pub(crate) fn values_of(content: &Content, disclosures: &[Disclosure]) -> Values {
    let committed = disclosures.iter().map(|d| (d.key.clone(), d.value.clone()));
    content.open.clone().into_iter().chain(committed).collect()
}

/// The digest of the values that name the thing a record is about.
pub(crate) fn record_key(template: &Template, values: &Values) -> Digest {
    let mut named = vec![Value::text(template.name.as_str())];
    named.extend(template.record_key.iter().map(|key| values.get(key).cloned().unwrap_or(Value::Null)));
    Digest::of(&cbor::encode(&Value::Array(named)))
}

//! Records as people read them: labelled values, differences, states.

use serde_json::{Value as Json, json};
use yinxin_record::cbor::Value;
use yinxin_record::template;
use yinxin_record::validate::Values;

use crate::locale::{Locale, clean};

/// A field that differs: key, then value before and after.
pub(crate) struct Difference {
    pub(crate) field: String,
    pub(crate) old: String,
    pub(crate) new: String,
}

impl Difference {
    /// `label: old → new`.
    pub(crate) fn line(&self, locale: &Locale) -> String {
        let shown = |text: &str| if text.is_empty() { locale.say("empty", &[]) } else { clean(text) };
        let change = format!("{} → {}", shown(&self.old), shown(&self.new));
        labelled(locale, &locale.field(&self.field), change)
    }

    /// As JSON.
    pub(crate) fn json(&self) -> Json {
        json!({"field": self.field, "old": self.old, "new": self.new})
    }
}

/// What differs between two versions.
pub(crate) fn differences(locale: &Locale, kind: &str, old: &Values, new: &Values) -> Vec<Difference> {
    let plain = |value: Option<&Value>| value.map(|value| plain(locale, value)).unwrap_or_default();
    let changed = keys(kind, new).into_iter().filter(|key| old.get(key) != new.get(key));
    changed
        .map(|key| Difference { old: plain(old.get(&key)), new: plain(new.get(&key)), field: key })
        .collect()
}

/// The values in the order of their template, each with its label.
pub(crate) fn lines(locale: &Locale, kind: &str, values: &Values) -> Vec<String> {
    let line = |key: String| {
        let value = values.get(&key)?;
        let text = if *value == Value::Null { locale.say("empty", &[]) } else { plain(locale, value) };
        Some(labelled(locale, &locale.field(&key), clean(&text)))
    };
    keys(kind, values).into_iter().filter_map(line).collect()
}

/// The first values that tell records of a kind apart, for a list.
pub(crate) fn title(locale: &Locale, kind: &str, values: &Values) -> String {
    let Some(template) = template::builtin(kind) else { return String::new() };
    let other = template.fields.iter().map(|field| &field.key).find(|key| !template.record_key.contains(key));
    let keys = template.record_key.iter().chain(other);
    let texts = keys.filter_map(|key| values.get(key)).map(|value| clean(&plain(locale, value)));
    texts.collect::<Vec<_>>().join(" ")
}

/// `label: value`.
pub(crate) fn labelled(locale: &Locale, label: &str, value: String) -> String {
    locale.say_plain("labelled", &[("label", label.to_owned()), ("value", value)])
}

/// The keys of `values`: the template's in its order, then others.
fn keys(kind: &str, values: &Values) -> Vec<String> {
    let template = template::builtin(kind);
    let fields = template.iter().flat_map(|template| &template.fields);
    let mut keys: Vec<String> =
        fields.map(|field| field.key.clone()).filter(|key| values.contains_key(key)).collect();
    let others: Vec<String> = values.keys().filter(|key| !keys.contains(key)).cloned().collect();
    keys.extend(others);
    keys
}

fn plain(locale: &Locale, value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Int(number) => number.to_string(),
        Value::Bool(flag) => locale.word("bool", if *flag { "true" } else { "false" }),
        Value::Null | Value::Bytes(_) | Value::Array(_) | Value::Map(_) | Value::Tag(..) => String::new(),
    }
}

//! Rows of one file that say the same thing twice.

use std::collections::HashMap;

use super::Values;
use super::problem::{Fault, Problem, ProblemCode};
use crate::Digest;
use crate::cbor::{self, Value};
use crate::template::Template;

/// Rows of one file that say the same thing twice: equal record keys, and equal
/// values in `unique` fields. Each names the first row that had it. Rows whose
/// key fields are all empty are not compared.
pub fn duplicates<'a>(
    template: &Template,
    rows: impl IntoIterator<Item = (u64, &'a Values)>,
) -> Vec<Problem> {
    let unique = template.fields.iter().filter(|field| field.constraints.unique);
    let unique = unique.map(|field| vec![field.key.clone()]).filter(|key| *key != template.record_key);
    let mut keys: Vec<(Vec<String>, HashMap<Digest, u64>)> =
        unique.map(|key| (key, HashMap::new())).collect();
    keys.insert(0, (template.record_key.clone(), HashMap::new()));
    let mut problems = Vec::new();
    for (row, values) in rows {
        for (index, (key, seen)) in keys.iter_mut().enumerate() {
            let Some(digest) = digest_of(key, values) else { continue };
            let first = *seen.entry(digest).or_insert(row);
            if first == row {
                continue;
            }
            problems.push(if index == 0 {
                let fault = Fault::new(ProblemCode::DuplicateRow).with("first", first);
                fault.with("fields", key.join(", ").as_str()).at(row, None)
            } else {
                Fault::new(ProblemCode::NotUnique)
                    .with("first", first)
                    .at(row, key.first().map(String::as_str))
            });
        }
    }
    problems
}

fn digest_of(key: &[String], values: &Values) -> Option<Digest> {
    let parts: Vec<Value> =
        key.iter().map(|field| values.get(field).cloned().unwrap_or(Value::Null)).collect();
    let filled = parts.iter().any(|part| *part != Value::Null);
    filled.then(|| Digest::of(&cbor::encode(&Value::Array(parts))))
}

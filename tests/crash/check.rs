//! What must hold after every kill.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::Anything;
use crate::draw::Draw;
use crate::office::{BEFORE_RECORDS, COLUMNS, Office, Record, told};

/// How many published records are exported and verified each time.
const SAMPLE: usize = 2;

/// How many records are listed where not all are; and the most that `list` gives.
const NEWEST: usize = 300;
const MOST: usize = 10_000;

/// The rows of the sheet by record key.
pub struct Rows(BTreeMap<String, Vec<String>>);

impl Rows {
    /// Reads the sheet, whose values hold neither commas nor quotation marks.
    pub fn read(sheet: &Path) -> Result<Self, Anything> {
        let text = fs::read_to_string(sheet)?;
        let mut rows = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
        if rows.next().is_none_or(|header| header != COLUMNS) {
            return Err("the sheet has other columns".into());
        }
        Ok(Self(rows.filter_map(|row| Some((row.first()?.clone(), row))).collect()))
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

/// How far an office is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Waiting for approval.
    pub submitted: usize,
    /// Published.
    pub published: usize,
}

impl Counts {
    /// Records of either kind.
    pub fn all(self) -> usize {
        self.submitted + self.published
    }
}

/// How much of the list is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// The newest records.
    Newest,
    /// All of it.
    All,
}

/// Checks everything; how far the office is.
pub fn all(office: &Office, rows: &Rows, depth: Depth, draw: &mut Draw) -> Result<Counts, Anything> {
    let counts = Counts { submitted: office.count("submitted")?, published: office.count("published")? };
    let (records, total) = office.records(if depth == Depth::All { MOST } else { NEWEST })?;
    if counts.all() != total {
        return Err(format!("{counts:?}, but {total} in all").into());
    }
    let seen = nothing_half(&records, rows)?;
    if records.len() == total && seen != counts {
        return Err(format!("list counts {counts:?}, but {seen:?} are").into());
    }
    audit(office, counts.published)?;
    sample(office, &records, draw)?;
    Ok(counts)
}

/// Every record is whole, is a row of the sheet, and either waits for its first
/// version or has it.
fn nothing_half(records: &[Record], rows: &Rows) -> Result<Counts, Anything> {
    let mut counts = Counts::default();
    let (mut ids, mut keys) = (HashSet::new(), HashSet::new());
    for record in records {
        let key = record.values.first().map(String::as_str).unwrap_or_default();
        if rows.0.get(key) != Some(&record.values) {
            return Err(format!("{}: not a row of the sheet: {:?}", record.id, record.values).into());
        }
        if !ids.insert(&record.id) || !keys.insert(key) {
            return Err(format!("{}: a second record of {key}", record.id).into());
        }
        let waits = record.waits.as_ref().map(|(act, version)| (act.as_str(), *version));
        match (record.version, waits, record.state.as_str()) {
            (0, Some(("publish", 1)), "submitted") => counts.submitted += 1,
            (1, None, "published") => counts.published += 1,
            other => return Err(format!("{}: half of something: {other:?}", record.id).into()),
        }
    }
    Ok(counts)
}

fn audit(office: &Office, published: usize) -> Result<(), Anything> {
    let words = ["audit", "--json"];
    let output = office.on_data(&words)?;
    if !output.status.success() {
        return Err(told(&words, &output));
    }
    let report: Value = serde_json::from_slice(&output.stdout)?;
    let expected = published + BEFORE_RECORDS;
    if report["entries"] != expected {
        return Err(format!("audit read {} entries, expected {expected}", report["entries"]).into());
    }
    Ok(())
}

/// What is published can be exported and is genuine; what is not, cannot.
fn sample(office: &Office, records: &[Record], draw: &mut Draw) -> Result<(), Anything> {
    let (published, submitted): (Vec<&Record>, Vec<&Record>) =
        records.iter().partition(|record| record.version > 0);
    let (policy, file) = (&office.file("policy"), &office.file("yinxin"));
    if !published.is_empty() {
        office.done(&["policy", "--out", policy])?;
    }
    for _ in 0..SAMPLE.min(published.len()) {
        let id = &published[draw.below(published.len())].id;
        office.done(&["export", id, "--out", file])?;
        let words = ["verify", file, "--policy", policy];
        let output = office.output(&words)?;
        if !output.status.success() {
            return Err(told(&words, &output));
        }
    }
    if !submitted.is_empty() {
        let id = &submitted[draw.below(submitted.len())].id;
        let words = ["export", id, "--out", file];
        let output = office.on_data(&words)?;
        if output.status.code() != Some(1) {
            return Err(told(&words, &output));
        }
    }
    Ok(())
}

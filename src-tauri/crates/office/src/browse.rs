//! Look things up: list, search, show.

use rusqlite::types::Value as Sql;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};
use serde::Serialize;
use yinxin_ledger::store;
use yinxin_record::cbor::Value;
use yinxin_record::disclosure::Disclosure;
use yinxin_record::statement::{Purpose, Statement};
use yinxin_record::validate::Values;
use yinxin_record::{Digest, Id};

use crate::content;
use crate::draft::values_of;
use crate::error::{OfficeError, Result};
use crate::inbox::Review;
use crate::office::Office;
use crate::people::{Acts, Person, Said};
use crate::search_index;
use crate::step::Step;

/// The most records of one page.
pub const MAX_PAGE: usize = 10_000;

/// Where a record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Something of it waits for a reviewer.
    InReview,
    /// Something of it waits for an approver.
    Submitted,
    /// Something of it was returned to its drafter.
    Returned,
    /// It is published, and not withdrawn.
    Published,
    /// It is withdrawn.
    Withdrawn,
}

impl State {
    /// The state that `word` names.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        match word {
            "in_review" => Some(Self::InReview),
            "submitted" => Some(Self::Submitted),
            "returned" => Some(Self::Returned),
            "published" => Some(Self::Published),
            "withdrawn" => Some(Self::Withdrawn),
            _ => None,
        }
    }

    fn condition(self) -> &'static str {
        match self {
            Self::InReview => Step::Review.condition(),
            Self::Submitted => Step::Approve.condition(),
            Self::Returned => "s.state = 'returned'",
            Self::Published => "r.version > 0 AND r.withdrawn = 0",
            Self::Withdrawn => "r.withdrawn = 1",
        }
    }
}

/// What to list.
#[derive(Debug, Default, Clone)]
pub struct Filter<'a> {
    /// Words to find in the latest values.
    pub text: Option<&'a str>,
    /// Only records in this state. One that is published and has an amendment
    /// waiting is in both.
    pub state: Option<State>,
    /// At most this many.
    pub limit: usize,
    /// Where the previous page ended.
    pub after: Option<&'a str>,
    /// Only records of which this drafter has submitted what waits or came back.
    pub drafter: Option<Id>,
}

/// What waits, or came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pending {
    /// `publish`, `amend` or `withdraw`.
    pub act: String,
    /// The version that it would make, or withdraw.
    pub version: u32,
    /// Who drafted it.
    pub drafter: String,
    /// Since when it waits: seconds since 1970.
    pub submitted: u64,
    /// Why, if it is a withdrawal.
    pub reason: Option<String>,
    /// Who reviewed it.
    pub review: Option<Review>,
    /// Whose signature it waits for; none if it came back.
    #[serde(skip)]
    pub step: Option<Step>,
    /// Who returned it, when and why.
    pub returned: Option<Returned>,
    /// Why it cannot be signed as it is, if people have changed since it was: a
    /// code of the ledger rules. It came back by itself if nobody returned it.
    pub stale: Option<String>,
}

/// A return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Returned {
    /// Who; empty if it came back by itself.
    pub by: String,
    /// When: seconds since 1970.
    pub at: u64,
    /// Why; empty if it came back by itself.
    pub reason: String,
}

/// One line of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// The record's id.
    #[serde(serialize_with = "as_text")]
    pub id: Id,
    /// The template's name.
    pub template: String,
    /// Where it stands.
    pub state: State,
    /// The current version; 0 before the first is published.
    pub version: u32,
    /// The latest values, pending ones included; none if they are damaged.
    #[serde(serialize_with = "as_json")]
    pub values: Values,
    /// The values that are registered, where an amendment that waits or came
    /// back makes the latest ones differ; else empty.
    #[serde(serialize_with = "as_json")]
    pub in_force: Values,
    /// Whether the values cannot be read: `audit` tells more.
    pub damaged: bool,
    /// Whether the contents are erased, so that only open values are left.
    pub erased: bool,
    /// What waits or came back.
    pub pending: Option<Pending>,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page {
    /// How many records there are in all, on every page.
    pub total: u64,
    /// These.
    pub records: Vec<Summary>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

/// Who signed a layer, and when by his own clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signed {
    /// `draft`, `review`, `approve`.
    pub purpose: &'static str,
    /// Name.
    pub name: String,
    /// Post.
    pub post: Option<String>,
    /// Claimed time: seconds since 1970.
    pub claimed: u64,
}

/// One act on a record, as it stands in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Version {
    /// `publish`, `amend` or `withdraw`.
    pub act: String,
    /// The version that it made or withdrew.
    pub version: u32,
    /// Position in the ledger.
    pub position: u64,
    /// Leaf hash.
    #[serde(serialize_with = "as_text")]
    pub leaf: Digest,
    /// The values; for a withdrawal the reason.
    #[serde(serialize_with = "as_json")]
    pub values: Values,
    /// The signatures, drafter first.
    pub signed: Vec<Signed>,
}

/// A record with everything the office knows of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Details {
    /// As in a list.
    #[serde(flatten)]
    pub summary: Summary,
    /// Every act on it, oldest first.
    pub versions: Vec<Version>,
}

/// A row of `record`.
pub(crate) struct Stored {
    pub no: i64,
    pub id: Id,
    pub template: String,
    pub version: u32,
    pub withdrawn: bool,
    pub erased: bool,
}

const COLUMNS: &str = "r.no, r.id, r.template, r.version, r.withdrawn, r.erased";
const FROM: &str = "FROM record r LEFT JOIN submission s ON s.record = r.no";

impl Office {
    /// Lists records, newest first.
    ///
    /// # Errors
    /// [`OfficeError::BadCursor`] and what reading may fail with.
    pub fn list(&self, filter: &Filter<'_>) -> Result<Page> {
        let Some((mut conditions, mut values)) = conditions(filter) else {
            return Ok(Page { total: 0, records: Vec::new(), next: None });
        };
        // One snapshot, so that total, rows and values belong together.
        let snapshot = self.db.unchecked_transaction()?;
        let total: i64 = {
            let sql = format!("SELECT count(*) {FROM} {}", where_clause(&conditions));
            self.db.prepare_cached(&sql)?.query_row(params_from_iter(&values), |row| row.get(0))?
        };
        if let Some(cursor) = filter.after {
            let no: i64 = cursor.parse().map_err(|_| OfficeError::BadCursor(cursor.to_owned()))?;
            conditions.push("r.no < ?");
            values.push(Sql::Integer(no));
        }
        let limit = filter.limit.clamp(1, MAX_PAGE);
        let sql = format!(
            "SELECT {COLUMNS} {FROM} {} ORDER BY r.no DESC LIMIT {}",
            where_clause(&conditions),
            limit + 1
        );
        let mut query = self.db.prepare_cached(&sql)?;
        let mut rows: Vec<Stored> =
            query.query_map(params_from_iter(&values), stored)?.collect::<rusqlite::Result<_>>()?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(|row| row.no.to_string()) } else { None };
        let people = self.people()?;
        let records = rows.iter().map(|row| self.summary(row, &people)).collect::<Result<_>>()?;
        snapshot.finish()?;
        Ok(Page { total: store::unsigned(total)?, records, next })
    }

    /// Everything about one record.
    ///
    /// # Errors
    /// [`OfficeError::NoSuchRecord`], [`OfficeError::NoSuchVersion`].
    pub fn show(&self, id: &Id, version: Option<u32>) -> Result<Details> {
        let snapshot = self.db.unchecked_transaction()?;
        let row = self.stored(id)?;
        let people = self.people()?;
        let mut versions = self.versions(row.no, &self.acts_about_people()?)?;
        if let Some(version) = version {
            versions.retain(|v| v.version == version);
            if versions.is_empty() {
                return Err(OfficeError::NoSuchVersion { id: *id, version });
            }
        }
        let details = Details { summary: self.summary(&row, &people)?, versions };
        snapshot.finish()?;
        Ok(details)
    }

    pub(crate) fn stored(&self, id: &Id) -> Result<Stored> {
        let found = self
            .db
            .prepare_cached(&format!("SELECT {COLUMNS} FROM record r WHERE r.id = ?1"))?
            .query_row([id.0], stored)
            .optional()?;
        found.ok_or_else(|| OfficeError::NoSuchRecord(id.to_string()))
    }

    /// The latest values of a record: of what waits or came back if it has
    /// values, else of the current version.
    pub(crate) fn latest_values(&self, stored: &Stored) -> Result<Values> {
        let draft = self
            .db
            .prepare_cached(
                "SELECT draft, content FROM submission WHERE record = ?1 AND act IN ('publish', 'amend')",
            )?
            .query_row([stored.no], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, i64>(1)?)))
            .optional()?;
        if let Some((draft, content)) = draft {
            let statement =
                Statement::parse_pending(&draft).map_err(|_| OfficeError::Damaged("a stored draft"))?;
            return self.values(&statement, content);
        }
        let values = self.values_in_force(stored.no)?;
        let says_nothing = values.is_empty() && !stored.erased;
        if says_nothing { Err(OfficeError::Damaged("a record without acts")) } else { Ok(values) }
    }

    /// The values of a record's current version; of a withdrawn record those of
    /// its last. None before the first is published.
    pub(crate) fn values_in_force(&self, no: i64) -> Result<Values> {
        let current = self
            .db
            .prepare_cached(
                "SELECT position, content FROM record_act WHERE record = ?1 AND act IN ('publish', 'amend')
                 ORDER BY position DESC LIMIT 1",
            )?
            .query_row([no], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))
            .optional()?;
        let Some((position, content)) = current else { return Ok(Values::new()) };
        let (statement, _) = self.statement_at(position)?;
        self.values(&statement, content)
    }

    pub(crate) fn statement_at(&self, position: i64) -> Result<(Statement, Vec<u8>)> {
        let bytes = store::entry(&self.db, self.ledger, store::unsigned(position)?)?;
        let statement = Statement::parse(&bytes).map_err(|_| OfficeError::Damaged("an entry"))?;
        Ok((statement, bytes))
    }

    pub(crate) fn values(&self, statement: &Statement, content: i64) -> Result<Values> {
        let disclosures = self.contents(statement, content)?;
        Ok(match statement.act.content() {
            Some(content) => values_of(content, &disclosures),
            None => disclosures.into_iter().map(|d| (d.key, d.value)).collect(),
        })
    }

    /// The stored disclosures that a statement's draft commits to.
    pub(crate) fn contents(&self, statement: &Statement, content: i64) -> Result<Vec<Disclosure>> {
        content::load_set(&self.db, &self.content_keys, content, &statement.innermost().bytes)
    }

    fn summary(&self, row: &Stored, people: &[Person]) -> Result<Summary> {
        let pending = self.pending(row.no, people)?;
        let state = match pending.as_ref().map(|pending| pending.step) {
            Some(None) => State::Returned,
            Some(Some(Step::Review)) => State::InReview,
            Some(Some(Step::Approve)) => State::Submitted,
            None if row.withdrawn => State::Withdrawn,
            None => State::Published,
        };
        let amended = row.version > 0 && pending.as_ref().is_some_and(|pending| pending.act == "amend");
        let values = undamaged(self.latest_values(row))?;
        let in_force = if amended { undamaged(self.values_in_force(row.no))? } else { Some(Values::new()) };
        Ok(Summary {
            id: row.id,
            template: row.template.clone(),
            state,
            version: row.version,
            damaged: values.is_none() || in_force.is_none(),
            erased: row.erased,
            values: values.unwrap_or_default(),
            in_force: in_force.unwrap_or_default(),
            pending,
        })
    }

    fn pending(&self, no: i64, people: &[Person]) -> Result<Option<Pending>> {
        let name = |id: &[u8]| {
            let person = people.iter().find(|person| person.id.0.as_slice() == id);
            person.map_or_else(String::new, |person| person.name.clone())
        };
        let time = |seconds: i64| u64::try_from(seconds).unwrap_or_default();
        let row = self
            .db
            .prepare_cached(
                "SELECT act, version, drafter, submitted, returned_by, returned, reason, draft, content,
                        state, stale, asks_review, review IS NOT NULL, reviewer, reviewed
                 FROM submission WHERE record = ?1",
            )?
            .query_row([no], |row| {
                let returned = if row.get::<_, String>(9)? == "returned" {
                    let by = row.get::<_, Option<Vec<u8>>>(4)?.map(|by| name(&by));
                    let reason = row.get::<_, Option<String>>(6)?.unwrap_or_default();
                    Some(Returned { by: by.unwrap_or_default(), at: time(row.get(5)?), reason })
                } else {
                    None
                };
                let is_reviewed: bool = row.get(12)?;
                let review = if is_reviewed { Some(review_by(row, &name)?) } else { None };
                let step = Step::of_row(row.get(11)?, is_reviewed);
                let pending = Pending {
                    act: row.get(0)?,
                    version: row.get(1)?,
                    drafter: name(&row.get::<_, Vec<u8>>(2)?),
                    submitted: time(row.get(3)?),
                    reason: None,
                    review,
                    step: returned.is_none().then_some(step),
                    returned,
                    stale: row.get(10)?,
                };
                Ok((pending, row.get::<_, Vec<u8>>(7)?, row.get::<_, i64>(8)?))
            })
            .optional()?;
        let Some((mut pending, draft, content)) = row else { return Ok(None) };
        if matches!(pending.act.as_str(), "withdraw" | "erase") {
            pending.reason = self.withdrawal_reason(&draft, content);
        }
        Ok(Some(pending))
    }

    /// Why a record is to be withdrawn; `None` if that cannot be read, and then
    /// it cannot be approved either.
    fn withdrawal_reason(&self, draft: &[u8], content: i64) -> Option<String> {
        let statement = Statement::parse_pending(draft).ok()?;
        let values = self.values(&statement, content).ok()?;
        values.get("reason").and_then(Value::as_text).map(str::to_owned)
    }

    fn versions(&self, no: i64, people: &Acts) -> Result<Vec<Version>> {
        let acts: Vec<(i64, i64)> = self
            .db
            .prepare_cached("SELECT position, content FROM record_act WHERE record = ?1 ORDER BY position")?
            .query_map([no], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        acts.into_iter()
            .map(|(position, content)| {
                let (statement, bytes) = self.statement_at(position)?;
                let position = store::unsigned(position)?;
                Ok(Version {
                    act: statement.act.word().to_owned(),
                    version: statement.act.version().unwrap_or(0),
                    position,
                    leaf: yinxin_ledger::tree::leaf_hash(&bytes),
                    values: self.values(&statement, content)?,
                    signed: signed(&statement, position, people),
                })
            })
            .collect()
    }
}

/// The reviewer of a row of `submission`, in its last two columns.
fn review_by(row: &Row<'_>, name: &dyn Fn(&[u8]) -> String) -> rusqlite::Result<Review> {
    let by: [u8; 16] = row.get("reviewer")?;
    let at: i64 = row.get("reviewed")?;
    Ok(Review { by: name(&by), by_id: Id(by), at: u64::try_from(at).unwrap_or_default() })
}

/// `None` for values that are damaged; other failures stay.
fn undamaged(values: Result<Values>) -> Result<Option<Values>> {
    match values {
        Ok(values) => Ok(Some(values)),
        Err(OfficeError::Damaged(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Who signed, as they were called then.
fn signed(statement: &Statement, position: u64, acts: &Acts) -> Vec<Signed> {
    let layer = |layer: &yinxin_record::statement::Layer| {
        let said = acts.by_key_before(&layer.header.kid, position);
        Signed {
            purpose: Purpose::as_str(layer.header.purpose),
            name: said.map_or_else(String::new, Said::name),
            post: said.and_then(Said::post),
            claimed: layer.header.claims.iat,
        }
    };
    statement.layers.iter().map(layer).collect()
}

/// The conditions of `filter` and their values; `None` if nothing can match.
fn conditions(filter: &Filter<'_>) -> Option<(Vec<&'static str>, Vec<Sql>)> {
    let mut conditions = Vec::new();
    let mut values = Vec::new();
    if let Some(text) = filter.text {
        conditions.push("r.no IN (SELECT rowid FROM search_index WHERE search_index MATCH ?)");
        values.push(Sql::Text(search_index::query(text)?));
    }
    conditions.extend(filter.state.map(State::condition));
    if let Some(drafter) = filter.drafter {
        conditions.push("s.drafter = ?");
        values.push(Sql::Blob(drafter.0.to_vec()));
    }
    Some((conditions, values))
}

fn where_clause(conditions: &[&str]) -> String {
    if conditions.is_empty() { String::new() } else { format!("WHERE {}", conditions.join(" AND ")) }
}

fn stored(row: &Row<'_>) -> rusqlite::Result<Stored> {
    let id: [u8; 16] = row.get(1)?;
    Ok(Stored {
        no: row.get(0)?,
        id: Id(id),
        template: row.get(2)?,
        version: row.get(3)?,
        withdrawn: row.get(4)?,
        erased: row.get(5)?,
    })
}

/// Whether [`by_record_key`] finds anything, without sorting or temporary tables.
fn is_key_known(db: &Connection, key: &Digest) -> Result<bool> {
    Ok(db
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM record WHERE record_key = ?1)
                 OR EXISTS (SELECT 1 FROM submission WHERE record_key = ?1 AND state = 'submitted')",
        )?
        .query_row([key.0], |row| row.get(0))?)
}

/// The record with this record key, or with an amendment to it waiting, if there
/// is one; one that is not withdrawn before one that is.
pub(crate) fn by_record_key(db: &Connection, key: &Digest) -> Result<Option<Stored>> {
    if !is_key_known(db, key)? {
        return Ok(None);
    }
    // One after the other: each has an index of its own.
    for condition in [
        "r.record_key = ?1 ORDER BY r.withdrawn",
        "r.no IN (SELECT record FROM submission WHERE record_key = ?1 AND state = 'submitted')",
    ] {
        let sql = format!("SELECT {COLUMNS} FROM record r WHERE {condition} LIMIT 1");
        let found = db.prepare_cached(&sql)?.query_row([key.0], stored).optional()?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

fn as_text<T: std::fmt::Display, S: serde::Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

fn as_json<S: serde::Serializer>(values: &Values, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(values.iter().map(|(key, value)| (key, json(value))))
}

/// A field's value as JSON.
fn json(value: &Value) -> serde_json::Value {
    match value {
        Value::Text(text) => serde_json::Value::from(text.as_str()),
        Value::Int(n) => serde_json::Value::from(*n),
        Value::Bool(b) => serde_json::Value::from(*b),
        _ => serde_json::Value::Null,
    }
}

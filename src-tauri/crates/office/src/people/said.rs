//! The acts about people, as they are stored.

use rusqlite::{Connection, Row, params};
use yinxin_ledger::store;
use yinxin_record::cbor::Value;
use yinxin_record::disclosure::Disclosure;
use yinxin_record::rules::MemberState;
use yinxin_record::statement::Statement;
use yinxin_record::{Digest, Id};

use super::text_of;
use crate::content;
use crate::error::{OfficeError, Result};
use crate::office::Office;
use crate::state::{id_of, read_member_state};
use crate::surroundings::{Surroundings, random};

/// One act about a person.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    pub person: Id,
    pub position: u64,
    pub state: MemberState,
    pub disclosures: Vec<Disclosure>,
}

impl Said {
    pub(crate) fn name(&self) -> String {
        text_of(&self.disclosures, "name").unwrap_or_default()
    }

    pub(crate) fn post(&self) -> Option<String> {
        text_of(&self.disclosures, "post")
    }
}

/// Every act about people, by position: who had which key, when.
pub(crate) struct Acts(Vec<Said>);

impl Acts {
    /// What was in force of the person with this key before entry `position`.
    pub(crate) fn by_key_before(&self, kid: &Digest, position: u64) -> Option<&Said> {
        let has_it = |said: &&Said| said.position < position && said.state.member.key.thumbprint() == *kid;
        let person = self.0.iter().rev().find(has_it)?.person;
        self.before(&person, position)
    }

    /// Every act, by position.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Said> {
        self.0.iter()
    }

    /// The latest act about each person who is not suspended.
    pub(crate) fn latest(&self) -> impl Iterator<Item = &Said> {
        let is_latest = |said: &&Said| {
            let later = |other: &Said| other.person == said.person && other.position > said.position;
            !said.state.suspended && !self.0.iter().any(later)
        };
        self.0.iter().filter(is_latest)
    }

    /// The last act about a person before entry `position`.
    fn before(&self, person: &Id, position: u64) -> Option<&Said> {
        self.0.iter().rev().find(|said| said.person == *person && said.position < position)
    }
}

impl Office {
    /// Every act about people.
    pub(crate) fn acts_about_people(&self) -> Result<Acts> {
        let mut query = self.db.prepare_cached("SELECT * FROM member_act ORDER BY position")?;
        let mut rows = query.query([])?;
        let mut acts = Vec::new();
        while let Some(row) = rows.next()? {
            acts.push(self.said(row)?);
        }
        Ok(Acts(acts))
    }

    fn said(&self, row: &Row<'_>) -> Result<Said> {
        let position = store::unsigned(row.get("position")?)?;
        Ok(Said {
            person: id_of(&row.get::<_, Vec<u8>>("person")?)?,
            position,
            state: read_member_state(row)?,
            disclosures: self.member_contents(position, row.get("content")?)?,
        })
    }

    /// The disclosures of the member act at `position`, which are the set `no`.
    pub(crate) fn member_contents(&self, position: u64, no: i64) -> Result<Vec<Disclosure>> {
        self.member_act(position, no).map(|(_, disclosures)| disclosures)
    }

    /// The same, with the act.
    pub(super) fn member_act(&self, position: u64, no: i64) -> Result<(Statement, Vec<Disclosure>)> {
        let entry = store::entry(&self.db, self.ledger, position)?;
        let statement = Statement::parse(&entry).map_err(|_| OfficeError::Damaged("an entry"))?;
        let layer = &statement.innermost().bytes;
        let disclosures = content::load_set(&self.db, &self.content_keys, no, layer)?;
        Ok((statement, disclosures))
    }
}

/// Stores what an entry at `position` said of a person.
pub(crate) fn store_said(
    db: &Connection,
    id: &Id,
    position: u64,
    state: &MemberState,
    by_people: bool,
    content: i64,
) -> Result<()> {
    let member = &state.member;
    let roles: Vec<&str> = member.roles.iter().map(|role| role.as_str()).collect();
    let acting = member.acting;
    db.execute(
        "INSERT INTO member_act (position, person, version, leaf, key, roles, acting_from, acting_until,
                                 suspended, by_people, content)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        params![
            store::signed(position),
            id.0,
            state.version,
            state.leaf.0,
            member.key.0,
            roles.join(" "),
            acting.map(|acting| store::signed(acting.from)),
            acting.map(|acting| store::signed(acting.until)),
            state.suspended,
            by_people,
            content
        ],
    )?;
    Ok(())
}

/// What a member act commits to besides key and roles.
pub(crate) fn name_and_post(
    name: &str,
    post: Option<&str>,
    surroundings: &dyn Surroundings,
) -> Vec<Disclosure> {
    let post = post.map_or(Value::Null, Value::text);
    vec![
        Disclosure { salt: random(surroundings), value: Value::text(name), key: "name".into() },
        Disclosure { salt: random(surroundings), value: post, key: "post".into() },
    ]
}

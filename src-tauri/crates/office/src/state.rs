//! The state of the office's own ledger, as the ledger rules read it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, Row, params};
use yinxin_ledger::log_proof;
use yinxin_ledger::store::{self, LedgerId, StoredTiles};
use yinxin_ledger::tree;
use yinxin_record::act::{Act, Genesis, Warrant};
use yinxin_record::key::PublicKey;
use yinxin_record::origin::Origin;
use yinxin_record::roster::{Acting, Member, Role, Roster};
use yinxin_record::rules::{self, MemberState, OfficeState, RecordState, View};
use yinxin_record::statement::{Anchor, Base, Statement};
use yinxin_record::{Digest, Id};

use crate::error::{OfficeError, Result};
use crate::realm::register_key;
use crate::register::stored as register;
use crate::state_of;

/// A view of one ledger at its head; [`LedgerView::advance`] follows the
/// entries of a batch that is being written in the same transaction.
pub(crate) struct LedgerView<'db> {
    db: &'db Connection,
    ledger: LedgerId,
    origin: Origin,
    stored: u64,
    size: u64,
    genesis: Option<Genesis>,
    roster: Roster,
    roster_digest: Digest,
    founding: bool,
    roots: RefCell<BTreeMap<u64, Digest>>,
}

impl<'db> LedgerView<'db> {
    pub(crate) fn load(db: &'db Connection, ledger: LedgerId, origin: &Origin) -> Result<Self> {
        state_of::check(db, ledger)?;
        let head = store::head(db, ledger)?;
        let genesis = if head.size == 0 { None } else { Some(load_genesis(db, ledger)?) };
        let roster = load_roster(db)?;
        let founding = is_founding(db)?;
        Ok(Self {
            db,
            ledger,
            origin: origin.clone(),
            stored: head.size,
            size: head.size,
            genesis,
            roster_digest: roster.digest(),
            roster,
            founding,
            roots: RefCell::new(BTreeMap::from([(head.size, head.root)])),
        })
    }

    /// What a signer who trusts this view puts into the outermost header.
    pub(crate) fn anchor(&self) -> Result<Anchor> {
        let base = Base { size: self.size, root: self.root_at(self.size)? };
        Ok(Anchor { base, roster: self.roster_digest, rules: rules::VERSION })
    }

    /// Counts an act on a record that the rules let through. Records are read
    /// from the database, so their states are the caller's to store.
    pub(crate) fn count_record(&mut self) {
        self.size += 1;
        self.founding = false;
    }
}

impl View for LedgerView<'_> {
    type Error = OfficeError;

    fn origin(&self) -> &Origin {
        &self.origin
    }

    fn size(&self) -> u64 {
        self.size
    }

    fn genesis(&self) -> Option<&Genesis> {
        self.genesis.as_ref()
    }

    fn roster(&self) -> &Roster {
        &self.roster
    }

    fn roster_digest(&self) -> Digest {
        self.roster_digest
    }

    fn is_founding(&self) -> bool {
        self.founding
    }

    fn people_changed(&self) -> Result<Option<u64>> {
        let mut query = self.db.prepare_cached("SELECT max(position) FROM member_act")?;
        let latest: Option<i64> = query.query_row([], |row| row.get(0))?;
        Ok(latest.map(store::unsigned).transpose()?)
    }

    fn member(&self, id: &Id) -> Result<Option<MemberState>> {
        member_state(self.db, id)
    }

    fn is_key_used(&self, kid: &Digest) -> Result<bool> {
        let mut query = self.db.prepare_cached("SELECT DISTINCT key FROM member_act")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let key: [u8; 32] = row.get(0)?;
            if PublicKey(key).thumbprint() == *kid {
                return Ok(true);
            }
        }
        register::is_key_used(self.db, kid)
    }

    fn record(&self, id: &Id) -> Result<Option<RecordState>> {
        record_state(self.db, id)
    }

    fn office(&self, id: &Id) -> Result<Option<OfficeState>> {
        register::office_state(self.db, id)
    }

    fn is_code_taken(&self, code: &str) -> Result<bool> {
        register::is_code_taken(self.db, code)
    }

    fn policy_number(&self) -> Result<u64> {
        register::policy_number(self.db)
    }

    fn is_in_register(&self, warrant: &Warrant) -> Result<bool> {
        let key = register_key(self.db, &self.origin)?;
        Ok(key.is_some_and(|key| log_proof::shows(&warrant.proof, &key, &warrant.statement)))
    }

    fn root_at(&self, size: u64) -> Result<Digest> {
        if let Some(root) = self.roots.borrow().get(&size) {
            return Ok(*root);
        }
        if size > self.stored {
            // Signers anchor in what is stored, never in a batch half-written.
            return Err(OfficeError::Damaged("base beyond the stored ledger"));
        }
        let root =
            tree::root(size, &StoredTiles::new(self.db, self.ledger)).map_err(store::StoreError::from)?;
        self.roots.borrow_mut().insert(size, root);
        Ok(root)
    }
}

/// Whether people have signed nothing yet.
pub(crate) fn is_founding(db: &Connection) -> Result<bool> {
    let signed =
        "SELECT EXISTS (SELECT 1 FROM record_act) OR EXISTS (SELECT 1 FROM member_act WHERE by_people)
             OR EXISTS (SELECT 1 FROM office_act) OR EXISTS (SELECT 1 FROM policy_act)";
    Ok(!db.prepare_cached(signed)?.query_row([], |row| row.get::<_, bool>(0))?)
}

/// What the ledger says of a record; `None` if nothing.
pub(crate) fn record_state(db: &Connection, id: &Id) -> Result<Option<RecordState>> {
    let row = db
        .prepare_cached("SELECT version, leaf, withdrawn, erased FROM record WHERE id = ?1 AND version > 0")?
        .query_row([id.0], |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?, row.get(2)?, row.get(3)?)))
        .optional()?;
    let state = |(version, leaf, withdrawn, erased): (u32, Vec<u8>, bool, bool)| {
        let leaf = Digest::from_slice(&leaf).ok_or(OfficeError::Damaged("leaf of a record"))?;
        Ok(RecordState { version, leaf, withdrawn, erased })
    };
    row.map(state).transpose()
}

/// Stores what an entry on record number `no` changed.
pub(crate) fn store_record_state(db: &Connection, no: i64, state: &RecordState) -> Result<()> {
    db.prepare_cached(
        "UPDATE record SET version = ?2, leaf = ?3, withdrawn = ?4, erased = ?5 WHERE no = ?1",
    )?
    .execute(params![no, state.version, state.leaf.0, state.withdrawn, state.erased])?;
    Ok(())
}

pub(crate) fn load_genesis(db: &Connection, ledger: LedgerId) -> Result<Genesis> {
    let bytes = store::entry(db, ledger, 0)?;
    match Statement::parse(&bytes).map(|statement| statement.act) {
        Ok(Act::Genesis(genesis)) => Ok(*genesis),
        _ => Err(OfficeError::Damaged("entry 0 is no genesis")),
    }
}

/// The people at the head of the ledger who are not suspended.
pub(crate) fn load_roster(db: &Connection) -> Result<Roster> {
    load_roster_before(db, i64::MAX.unsigned_abs())
}

/// The roster as the first `size` entries made it.
pub(crate) fn load_roster_before(db: &Connection, size: u64) -> Result<Roster> {
    let mut roster = Roster::default();
    let mut query = db.prepare_cached(
        "SELECT person, key, roles, acting_from, acting_until, suspended, max(version)
         FROM member_act WHERE position < ?1 GROUP BY person",
    )?;
    let mut rows = query.query([store::signed(size)])?;
    while let Some(row) = rows.next()? {
        if !row.get::<_, bool>("suspended")? {
            let id = id_of(&row.get::<_, Vec<u8>>("person")?)?;
            roster.add(id, read_member(row)?).map_err(|_| OfficeError::Damaged("roster"))?;
        }
    }
    Ok(roster)
}

/// What is known of a person, suspended or not.
pub(crate) fn member_state(db: &Connection, id: &Id) -> Result<Option<MemberState>> {
    let mut query = db.prepare_cached(
        "SELECT version, leaf, key, roles, acting_from, acting_until, suspended FROM person WHERE person = ?1",
    )?;
    let mut rows = query.query([id.0])?;
    rows.next()?.map(read_member_state).transpose()
}

/// A row with the columns of `member_act`.
pub(crate) fn read_member_state(row: &Row<'_>) -> Result<MemberState> {
    let leaf = Digest::from_slice(&row.get::<_, Vec<u8>>("leaf")?);
    Ok(MemberState {
        version: row.get("version")?,
        leaf: leaf.ok_or(OfficeError::Damaged("a person's row"))?,
        suspended: row.get("suspended")?,
        member: read_member(row)?,
    })
}

fn read_member(row: &Row<'_>) -> Result<Member> {
    let damaged = || OfficeError::Damaged("a person's row");
    let key: Vec<u8> = row.get("key")?;
    let roles: String = row.get("roles")?;
    let roles: Option<BTreeSet<Role>> = roles.split(' ').map(Role::of_word).collect();
    let acting = match (row.get::<_, Option<i64>>("acting_from")?, row.get("acting_until")?) {
        (None, None) => None,
        (Some(from), Some(until)) => {
            Some(Acting { from: store::unsigned(from)?, until: store::unsigned(until)? })
        }
        _ => return Err(damaged()),
    };
    let key = PublicKey(key.try_into().map_err(|_| damaged())?);
    Ok(Member { key, roles: roles.ok_or_else(damaged)?, acting })
}

pub(crate) fn id_of(bytes: &[u8]) -> Result<Id> {
    Id::from_slice(bytes).ok_or(OfficeError::Damaged("a person's row"))
}

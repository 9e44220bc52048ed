//! A drafter takes back what waits or was returned.

use rusqlite::{Transaction, TransactionBehavior, params};
use yinxin_record::Id;

use crate::content;
use crate::duty::Duty;
use crate::error::{OfficeError, Result};
use crate::office::Office;
use crate::people::Unlocked;
use crate::search_index;
use crate::submit::drop_submission;

impl Office {
    /// Drops what `drafter`, or somebody who drafts no more, submitted of a record,
    /// whether it waits or was returned, and destroys its contents. A record of which nothing is registered
    /// is gone with it.
    ///
    /// # Errors
    /// [`OfficeError::NoSuchRecord`], [`OfficeError::NothingWaits`],
    /// [`OfficeError::NotYours`].
    pub fn take_back(&mut self, id: &Id, drafter: &Unlocked) -> Result<()> {
        self.must_be_for(drafter, Duty::TakeBack)?;
        let record = self.stored(id)?;
        let in_force = self.values_in_force(record.no)?;
        let transaction = Transaction::new_unchecked(&self.db, TransactionBehavior::Immediate)?;
        let whose: Option<[u8; 16]> = {
            let mut query = transaction.prepare("SELECT drafter FROM submission WHERE record = ?1")?;
            let mut rows = query.query([record.no])?;
            rows.next()?.map(|row| row.get(0)).transpose()?
        };
        match whose.map(Id) {
            None => return Err(OfficeError::NothingWaits(*id)),
            Some(other) if other != drafter.person.id && self.still_drafts(&other)? => {
                return Err(OfficeError::NotYours(*id));
            }
            Some(_) => {}
        }
        drop_submission(&transaction, record.no)?;
        let texts = in_force.values().filter_map(yinxin_record::cbor::Value::as_text);
        if record.version == 0 {
            // What is being typed about it becomes a form for a new record.
            transaction.execute("UPDATE form SET record = NULL WHERE record = ?1", [id.0])?;
            search_index::remove(&transaction, record.no)?;
            transaction.execute("DELETE FROM record WHERE no = ?1", params![record.no])?;
        } else {
            search_index::store(&transaction, record.no, &search_index::tokens(texts))?;
        }
        transaction.commit()?;
        content::destroy_dropped(&mut self.db, &mut self.content_keys);
        Ok(())
    }

    /// Whether somebody can still take back what they drafted.
    fn still_drafts(&self, person: &Id) -> Result<bool> {
        match self.person_with(person) {
            Ok(person) => Ok(Duty::TakeBack.check(&person).is_ok()),
            Err(OfficeError::UnknownPerson(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

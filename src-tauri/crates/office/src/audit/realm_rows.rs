//! What an office keeps of its register's answers.

use rusqlite::Connection;
use yinxin_ledger::policy::Policy;
use yinxin_record::key::PublicKey;
use yinxin_record::origin::Origin;

use crate::error::Result;
use crate::realm::Answer;

/// The keys of heads and receipts that the register certified; nothing if an answer
/// does not hold. Whether the policy is to be trusted, nobody can tell from inside.
pub(super) fn certified(db: &Connection, origin: &Origin) -> Result<Option<Vec<(PublicKey, PublicKey)>>> {
    let mut query = db.prepare("SELECT statement, proof, roster, policy FROM admission ORDER BY version")?;
    let mut rows = query.query([])?;
    let mut certified = Vec::new();
    while let Some(row) = rows.next()? {
        let answer = Answer { statement: row.get(0)?, proof: row.get(1)?, roster: row.get(2)? };
        let policy: String = row.get(3)?;
        let standing =
            Policy::parse(&policy).ok().and_then(|policy| answer.judge(&origin.register(), &policy).ok());
        let Some(standing) = standing.filter(|standing| standing.code == origin.code()) else {
            return Ok(None);
        };
        certified.push((standing.keys.log, standing.keys.receipt));
    }
    Ok(Some(certified))
}

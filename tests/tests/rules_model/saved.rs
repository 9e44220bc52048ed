//! The same ledger in an office's tables: the third side. It is given the signed bytes
//! and must come to what the view in memory came to, word for word.

use yinxin_office::OfficeError;
use yinxin_office::saved_ledger::{SavedLedger, SavedState};
use yinxin_record::act::{Act, Membership};
use yinxin_record::rules::Decision;
use yinxin_record::statement::Statement;

use crate::copy::Copy;
use crate::model::Code;
use crate::sides::{code, same};

pub struct Saved(SavedLedger);

impl Saved {
    pub fn new(origin: &str) -> Self {
        let origin = origin.parse().expect("an origin");
        Self(SavedLedger::create(&origin).expect("a database in memory"))
    }

    /// Judges what was judged by the view in memory, too.
    pub fn judge(&self, bytes: &[u8], decided: Result<&Decision, Code>) -> Result<(), String> {
        let statement = statement(bytes);
        // Whether a warrant stands in the register, these tables have no register to
        // know by; what it changes is stored and compared all the same.
        if matches!(&statement.act, Act::Member(Membership { warrant: Some(_), .. })) {
            return Ok(());
        }
        let saved = self.0.judge(&statement).map_err(|error| failed(&error))?;
        same("by the tables", &decided, &saved.as_ref().map_err(|violation| code(*violation)))
    }

    /// Appends what the view in memory, `copy`, has appended.
    pub fn append(&mut self, bytes: &[u8], decided: Option<&Decision>, copy: &Copy) -> Result<(), String> {
        let statement = statement(bytes);
        self.0.append(&statement, decided).map_err(|error| failed(&error))?;
        let id = statement.subject();
        let known = SavedState {
            roster: copy.roster.clone(),
            member: copy.members.get(&id).cloned(),
            record: copy.records.get(&id).copied(),
            office: copy.offices.get(&id).cloned(),
            policy: copy.policy,
        };
        same("the tables", &known, &self.0.state(&id).map_err(|error| failed(&error))?)
    }
}

fn statement(bytes: &[u8]) -> Statement {
    Statement::parse(bytes).expect("an act that can be written can be read")
}

fn failed(error: &OfficeError) -> String {
    format!("the tables failed: {error}")
}

//! What a register keeps beside its entries, held against them.

use rusqlite::Connection;
use yinxin_record::Id;
use yinxin_record::act::{Appointment, NumberedPolicy};
use yinxin_record::rules::{Delta, OfficeState};

use super::{Damage, Findings};
use crate::error::Result;
use crate::register::stored::{OfficeAct, appointments, office_acts, policies, unknown_keys};

/// What the entries said of offices and policies, in their order.
#[derive(Default)]
pub(super) struct RegisterRows {
    offices: Vec<(u64, Id, OfficeState)>,
    policies: Vec<(u64, NumberedPolicy)>,
    appointments: Vec<(u64, Id, Appointment)>,
}

impl RegisterRows {
    pub(super) fn remember(&mut self, position: u64, delta: &Delta) {
        match delta {
            Delta::Office(id, state) => self.offices.push((position, *id, (**state).clone())),
            Delta::Policy(policy) => self.policies.push((position, policy.clone())),
            Delta::Appointed(id, appointment) => {
                self.appointments.push((position, *id, (**appointment).clone()));
            }
            Delta::Founded(_) | Delta::Member(..) | Delta::Record(..) => {}
        }
    }

    pub(super) fn compare(&self, db: &Connection, findings: &mut Findings) -> Result<()> {
        let said = self.offices.iter().map(|(position, office, state)| OfficeAct {
            office: *office,
            position: *position,
            state: state.clone(),
        });
        // A row that cannot be read is no row of an entry.
        let same = office_acts(db).is_ok_and(|rows| said.eq(rows));
        let keys = self.offices.iter().flat_map(|(_, _, state)| state.standing.keys.signing());
        if !same || unknown_keys(db, keys)? {
            findings.add(Damage::whole("damage_table_offices", Vec::new()));
        }
        // As above.
        if !appointments(db).is_ok_and(|rows| rows == self.appointments) {
            findings.add(Damage::whole("damage_table_appointments", Vec::new()));
        }
        if policies(db)? != self.policies {
            findings.add(Damage::whole("damage_table_policies", Vec::new()));
        }
        Ok(())
    }
}

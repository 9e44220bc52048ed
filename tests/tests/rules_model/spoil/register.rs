//! What is wrong with an act of a register.

use crate::intent::{HeadLie, Lender, OfficeSpoil, Spoil};
use crate::model::{Act, Appointment, Head, Id, Key, Kind, Ledger, Office, Standing};
use crate::plan::{free_code, one_of};

pub fn spoil(spoil: &OfficeSpoil, act: &mut Act, ledger: &Ledger) {
    match &mut act.kind {
        Kind::Office(standing) => spoil_standing(spoil, standing, ledger),
        Kind::Appoint(appointment) => spoil_appointment(spoil, &mut act.sub, appointment, ledger),
        Kind::Member(member) => {
            if let OfficeSpoil::KeyOfOffice { which, .. } = spoil {
                member.key = key_of_office(ledger, *which).unwrap_or(member.key);
            }
        }
        _ => {}
    }
}

fn spoil_standing(spoil: &OfficeSpoil, standing: &mut Standing, ledger: &Ledger) {
    match spoil {
        OfficeSpoil::CodeOf(which) => standing.code = code_of(ledger, *which).unwrap_or(standing.code),
        OfficeSpoil::FreeCode => standing.code = free_code(ledger),
        OfficeSpoil::OtherLedger => standing.ledger += 1_000,
        OfficeSpoil::Head(lie) => standing.head = lie_about_head(*lie, standing.head),
        OfficeSpoil::Key { place, key } => standing.keys[*place] = *key,
        OfficeSpoil::KeyOfOffice { place, which } => {
            standing.keys[*place] = key_of_office(ledger, *which).unwrap_or(standing.keys[*place]);
        }
        OfficeSpoil::KeyTwice { place, other } => standing.keys[*place] = standing.keys[*other],
        OfficeSpoil::Lender(_) | OfficeSpoil::OfSuspended(_) => {}
    }
}

fn code_of(ledger: &Ledger, which: usize) -> Option<u32> {
    let offices: Vec<Office> = ledger.offices().into_values().collect();
    one_of(&offices, which).map(|office| office.now.code)
}

fn spoil_appointment(spoil: &OfficeSpoil, sub: &mut Id, appointment: &mut Appointment, ledger: &Ledger) {
    match spoil {
        OfficeSpoil::CodeOf(which) => appointment.code = code_of(ledger, *which).unwrap_or(appointment.code),
        OfficeSpoil::FreeCode => appointment.code = free_code(ledger),
        OfficeSpoil::Lender(Lender::Itself) => appointment.lender = Some(appointment.code),
        OfficeSpoil::Lender(Lender::Unknown) => appointment.lender = Some(free_code(ledger)),
        OfficeSpoil::OfSuspended(which) => {
            let offices = ledger.offices().into_iter().filter(|(_, office)| office.now.suspended);
            let offices: Vec<(Id, Office)> = offices.collect();
            if let Some((id, office)) = one_of(&offices, *which) {
                (*sub, appointment.code) = (*id, office.now.code);
            }
        }
        _ => {}
    }
}

/// A key that some office has or had.
fn key_of_office(ledger: &Ledger, which: usize) -> Option<Key> {
    let keys: Vec<Key> = ledger.keys_of_offices().into_iter().collect();
    one_of(&keys, which).copied()
}

fn lie_about_head(lie: HeadLie, Head { size, root }: Head) -> Head {
    match lie {
        HeadLie::Smaller => Head { size: size - 1, root },
        HeadLie::OtherRoot => Head { size, root: root + 1_000 },
    }
}

/// What can be wrong with an act about a person as well.
pub fn spoil_as_member(spoil: &Spoil, standing: &mut Standing) {
    match spoil {
        Spoil::Suspended => standing.suspended = true,
        Spoil::First => standing.follows = None,
        _ => {}
    }
}

pub fn miscount(spoil: &Spoil, number: &mut u32) {
    match spoil {
        Spoil::Version { more: true } => *number += 1,
        Spoil::Version { more: false } => *number = 1.max(*number - 1),
        _ => {}
    }
}

//! What is wrong with a warrant, or with the act that carries it.

use crate::intent::{Luck, WarrantSpoil};
use crate::model::{
    Act, Appointment, Flaw, Kind, Layer, Ledger, Member, Purpose, Role, Roster, Said, Warrant,
};
use crate::plan::{SIGNING_KEYS, by, said};

use super::{NO_ENTRY, lie_about_roster, outermost};

pub fn spoil(spoil: &WarrantSpoil, act: &mut Act, ledger: &Ledger, luck: &Luck) {
    let Kind::Member(member) = &mut act.kind else { return };
    let Some(warrant) = &mut member.warrant else { return };
    match spoil {
        WarrantSpoil::Missing => member.warrant = None,
        WarrantSpoil::NotShown => warrant.shown = false,
        WarrantSpoil::Signature(layer) => warrant.flaw = Some(Flaw::Signature(*layer)),
        WarrantSpoil::Bytes => warrant.flaw = Some(Flaw::Bytes),
        WarrantSpoil::OtherRealm => warrant.statement.iss.realm ^= 1,
        WarrantSpoil::OfAnOffice => warrant.statement.iss.code = Some(0),
        WarrantSpoil::Rules(rules) => warrant.statement.rules = *rules,
        WarrantSpoil::OtherAct(which) => warrant.statement.kind = other_act(*which, &warrant.statement.kind),
        WarrantSpoil::Signer { .. }
        | WarrantSpoil::OneForAll
        | WarrantSpoil::Alone { .. }
        | WarrantSpoil::ThreeLayers(_) => spoil_layers(spoil, &mut warrant.statement.layers),
        WarrantSpoil::Named(_)
        | WarrantSpoil::Carried(_)
        | WarrantSpoil::Without(_)
        | WarrantSpoil::NoAdmin(_)
        | WarrantSpoil::OneAdmin(_) => spoil_roster(spoil, warrant),
        WarrantSpoil::People(lie) => {
            if let Kind::Appoint(appointment) = &mut warrant.statement.kind {
                lie_about_roster(*lie, &mut appointment.roster, ledger, luck);
            }
        }
        WarrantSpoil::Size(fewer) => {
            if let Kind::Appoint(appointment) = &mut warrant.statement.kind {
                appointment.size = (ledger.entries.len() + 1).saturating_sub(*fewer).max(1);
            }
        }
        _ => {
            if let Kind::Appoint(appointment) = &mut warrant.statement.kind {
                spoil_appointment(spoil, appointment);
            }
        }
    }
}

fn other_act(which: usize, kind: &Kind) -> Kind {
    match (which, kind) {
        (0, Kind::Appoint(appointment)) => {
            let Said { key, roles, names, follows } = appointment.member.clone();
            Kind::Member(Member { names, follows, ..Member::new(key, roles) })
        }
        (1, _) => Kind::Publish { review: false },
        _ => Kind::Policy { number: 1 },
    }
}

fn spoil_layers(spoil: &WarrantSpoil, layers: &mut Vec<Layer>) {
    match spoil {
        WarrantSpoil::Signer { layer, key } => {
            let len = layers.len();
            layers[layer % len].key = *key;
        }
        WarrantSpoil::OneForAll => layers[0].key = outermost(layers).key,
        WarrantSpoil::Alone { service } => {
            let purpose = if *service { Purpose::Service } else { Purpose::Approve };
            *layers = vec![Layer { purpose, ..outermost(layers) }];
        }
        WarrantSpoil::ThreeLayers(key) if layers.len() == 2 => layers.insert(1, by(*key, Purpose::Review)),
        _ => {}
    }
}

/// Of the register's people.
fn spoil_roster(spoil: &WarrantSpoil, warrant: &mut Warrant) {
    let (named, carried) = (&mut warrant.statement.roster, &mut warrant.roster);
    match spoil {
        WarrantSpoil::Named(which) => without(named, *which),
        WarrantSpoil::Carried(which) => without(carried, *which),
        WarrantSpoil::Without(which) => {
            [named, carried].into_iter().for_each(|roster| without(roster, *which));
        }
        WarrantSpoil::NoAdmin(which) => {
            [named, carried].into_iter().for_each(|roster| no_admin(roster, *which));
        }
        WarrantSpoil::OneAdmin(which) => {
            [named, carried].into_iter().for_each(|roster| one_admin(roster, *which));
        }
        _ => {}
    }
}

fn without(roster: &mut Roster, which: usize) {
    roster.remove(which % roster.len());
}

fn no_admin(roster: &mut Roster, which: usize) {
    let len = roster.len();
    roster[which % len].roles = [Role::Drafter].into();
}

fn one_admin(roster: &mut Roster, which: usize) {
    let len = roster.len();
    roster.iter_mut().for_each(|listed| listed.roles = [Role::Auditor].into());
    roster[which % len].roles = [Role::SystemAdmin, Role::SecurityAdmin].into();
}

fn spoil_appointment(spoil: &WarrantSpoil, appointment: &mut Appointment) {
    let said = &mut appointment.member;
    match spoil {
        WarrantSpoil::Code(code) => appointment.code = *code,
        WarrantSpoil::Person(id) => appointment.person = *id,
        WarrantSpoil::Key(key) => said.key = *key,
        WarrantSpoil::Roles(roles) => said.roles.clone_from(roles),
        WarrantSpoil::Names => said.names = said.names.map(|names| names + 1),
        WarrantSpoil::First => said.follows = None,
        WarrantSpoil::Version => {
            said.follows = said.follows.map(|(version, previous)| (version + 1, previous)).or(Some((2, 0)));
        }
        WarrantSpoil::Previous => said.follows = said.follows.map(|(version, _)| (version, NO_ENTRY)),
        _ => {}
    }
}

/// The register has appointed somebody to just this, and that person signs it.
pub fn register_says_so(act: &mut Act) {
    let Kind::Member(member) = &mut act.kind else { return };
    let says = said(member);
    let Some(warrant) = &mut member.warrant else { return };
    if let Kind::Appoint(appointment) = &mut warrant.statement.kind {
        // The key of an office signs nothing.
        if says.key < SIGNING_KEYS {
            act.layers.iter_mut().for_each(|layer| layer.key = says.key);
        }
        appointment.person = act.sub;
        appointment.member = says;
    }
}

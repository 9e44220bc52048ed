//! One thing that is wrong, put into an act that is nearly right. The act stays
//! one that can be written down: what cannot be read never comes to the rules.

mod register;
mod warrant;

use crate::intent::{BaseLie, Luck, RosterLie, Spoil};
use crate::model::{
    Act, Genesis, Id, Key, Kind, Layer, Leaf, Ledger, Member, Purpose, Role, Roster, Standing, Time,
};
use crate::plan::{
    FOUNDING, NOBODY, acting, by, free_code, free_key, free_office, free_office_keys, free_person, one_of,
    record, who,
};

/// The leaf hash of no entry.
pub const NO_ENTRY: Leaf = 99_999;

/// Keys from here on are made up, another one for everybody.
const MADE_UP: Key = 1_000_000;

pub fn spoil(spoil: &Spoil, act: &mut Act, ledger: &Ledger, luck: &Luck) {
    match spoil {
        Spoil::OtherRealm => act.iss.realm ^= 1,
        Spoil::OtherCode => act.iss.code = Some(act.iss.code.map_or(0, |code| code ^ 1)),
        Spoil::Rules(rules) => act.rules = *rules,
        Spoil::Base(lie) => lie_about_base(*lie, act, ledger),
        Spoil::Roster(lie) => lie_about_roster(*lie, &mut act.roster, ledger, luck),
        Spoil::Subject(id) => act.sub = *id,
        Spoil::Version { .. } | Spoil::Previous(_) | Spoil::Withdrawn(_) | Spoil::Erased(_) => {
            lose_track(spoil, act, ledger);
        }
        Spoil::Review => toggle_review(&mut act.kind),
        Spoil::Stranger => about_a_stranger(act, ledger),
        Spoil::Office(what) => register::spoil(what, act, ledger),
        Spoil::Warrant(what) => warrant::spoil(what, act, ledger, luck),
        Spoil::GenesisRealm | Spoil::GenesisCode | Spoil::GenesisKey { .. } => {
            if let Kind::Genesis(genesis) = &mut act.kind {
                spoil_genesis(spoil, genesis);
            }
        }
        Spoil::Roles(_) | Spoil::Acting | Spoil::Suspended | Spoil::Key(_) | Spoil::First => {
            if let Kind::Member(member) = &mut act.kind {
                spoil_member(spoil, member, luck);
            }
            if let Kind::Office(standing) = &mut act.kind {
                register::spoil_as_member(spoil, standing);
            }
            if let (Kind::Appoint(appointment), Spoil::Roles(roles)) = (&mut act.kind, spoil) {
                appointment.member.roles.clone_from(roles);
            }
        }
        _ => spoil_layers(spoil, act, ledger),
    }
    if is_about_a_person(spoil) && luck.moment.is_multiple_of(2) {
        warrant::register_says_so(act);
    }
}

/// What of this is wrong a register might have said all the same.
fn is_about_a_person(spoil: &Spoil) -> bool {
    matches!(
        spoil,
        Spoil::Subject(_)
            | Spoil::Version { .. }
            | Spoil::Previous(_)
            | Spoil::Stranger
            | Spoil::Roles(_)
            | Spoil::Acting
            | Spoil::Suspended
            | Spoil::Key(_)
            | Spoil::First
            | Spoil::Office(_)
    )
}

fn lie_about_base(lie: BaseLie, act: &mut Act, ledger: &Ledger) {
    match lie {
        BaseLie::Larger => {
            act.base.size = ledger.entries.len() + 1;
            act.base.root = ledger.leaves();
        }
        BaseLie::OtherSize => act.base.size = act.base.size.saturating_sub(1),
        BaseLie::OtherEntry => {
            if let Some(last) = act.base.root.last_mut() {
                *last = NO_ENTRY;
            }
        }
    }
}

fn lie_about_roster(lie: RosterLie, roster: &mut Roster, ledger: &Ledger, luck: &Luck) {
    let len = roster.len();
    match lie {
        RosterLie::Older(by) => {
            let older = ledger.entries.len().saturating_sub(by);
            let entries = ledger.entries[..older].to_vec();
            *roster = Ledger { origin: ledger.origin, entries }.roster();
        }
        RosterLie::Empty => roster.clear(),
        _ if len == 0 => {}
        RosterLie::Without(which) => drop(roster.remove(which % len)),
        RosterLie::OtherRoles(which) => {
            let roles = &mut roster[which % len].roles;
            *roles = if roles.len() > 1 {
                [Role::Drafter].into()
            } else {
                [Role::DataAdmin, Role::Reviewer].into()
            };
        }
        RosterLie::OtherActing(which) => {
            let listed = &mut roster[which % len];
            listed.acting = if listed.acting.is_some() { None } else { Some(acting(luck)) };
        }
        RosterLie::OtherKey(which) => {
            let listed = &mut roster[which % len];
            listed.key = MADE_UP + listed.id;
        }
    }
}

fn spoil_layers(spoil: &Spoil, act: &mut Act, ledger: &Ledger) {
    let layers = &mut act.layers;
    match spoil {
        Spoil::Alone { service } => {
            layers.drain(..layers.len() - 1);
            layers[0].purpose = if *service { Purpose::Service } else { Purpose::Approve };
        }
        Spoil::ByFounder => *layers = vec![by(FOUNDING, Purpose::Approve)],
        Spoil::TwoLayers(key) => {
            let draft = if layers.len() == 1 { by(*key, Purpose::Draft) } else { layers[0] };
            *layers = vec![draft, outermost(layers)];
        }
        Spoil::ThreeLayers(key) => {
            let draft = if layers.len() == 1 { by(NOBODY, Purpose::Draft) } else { layers[0] };
            *layers = vec![draft, by(*key, Purpose::Review), outermost(layers)];
        }
        Spoil::Signer { layer, key } => {
            let len = layers.len();
            layers[layer % len].key = *key;
        }
        Spoil::OneForAll(which) => {
            let roster = ledger.roster();
            let key = one_of(&who(&roster, |_| true), *which).map_or(NOBODY, |listed| listed.key);
            layers.iter_mut().for_each(|layer| layer.key = key);
        }
        Spoil::Moment(moment) => {
            let iat = another_moment(*moment, outermost(layers).key, ledger);
            layers.iter_mut().for_each(|layer| layer.iat = iat);
        }
        _ => {}
    }
}

fn outermost(layers: &[Layer]) -> Layer {
    let last = layers[layers.len() - 1];
    Layer { purpose: Purpose::Approve, ..last }
}

/// Just before or after the time when the signer acts, or far from it.
fn another_moment(moment: u64, signer: Key, ledger: &Ledger) -> Time {
    let roster = ledger.roster();
    let acting = roster.iter().find(|listed| listed.key == signer).and_then(|listed| listed.acting);
    let (from, until) = acting.unwrap_or((1, 2));
    match moment {
        0..3 => from - 1,
        3..6 => until + 1,
        6 => 0,
        _ => Time::from(u32::MAX),
    }
}

fn spoil_member(spoil: &Spoil, member: &mut Member, luck: &Luck) {
    match spoil {
        Spoil::Roles(roles) => member.roles.clone_from(roles),
        Spoil::Acting => member.acting = Some(acting(luck)),
        Spoil::Suspended => member.suspended = true,
        Spoil::Key(key) => member.key = *key,
        Spoil::First => member.follows = None,
        _ => {}
    }
}

fn about_a_stranger(act: &mut Act, ledger: &Ledger) {
    if let Kind::Member(member) = &mut act.kind {
        act.sub = free_person(ledger);
        member.key = free_key(ledger);
        member.follows = member.follows.or(Some((2, NO_ENTRY)));
    }
    if let Kind::Appoint(_) = &act.kind {
        act.sub = free_office(ledger);
    }
    if let Kind::Office(standing) = &mut act.kind {
        act.sub = free_office(ledger);
        standing.code = free_code(ledger);
        standing.keys = free_office_keys(ledger);
        standing.follows = standing.follows.or(Some((2, NO_ENTRY)));
    }
}

fn lose_track(spoil: &Spoil, act: &mut Act, ledger: &Ledger) {
    if let Spoil::Withdrawn(which) = spoil {
        return resume(record(ledger, |record| record.withdrawn && !record.erased, *which), act);
    }
    if let Spoil::Erased(which) = spoil {
        return resume(record(ledger, |record| record.erased, *which), act);
    }
    let (least, version, previous) = match &mut act.kind {
        Kind::Member(Member { follows: Some((version, previous)), .. })
        | Kind::Office(Standing { follows: Some((version, previous)), .. })
        | Kind::Amend { version, previous, .. } => (2, version, previous),
        Kind::Withdraw { version, previous } | Kind::Erase { version, previous } => (1, version, previous),
        Kind::Policy { number } => return register::miscount(spoil, number),
        _ => return,
    };
    match spoil {
        Spoil::Version { more: true } => *version += 1,
        Spoil::Version { more: false } => *version = least.max(*version - 1),
        Spoil::Previous(which) => *previous = *one_of(&ledger.leaves(), *which).unwrap_or(&NO_ENTRY),
        _ => {}
    }
}

/// The act is about this record, which has ended, and follows what was last said.
fn resume(ended: Option<(Id, (u32, Leaf))>, act: &mut Act) {
    let Some((id, (now, latest))) = ended else { return };
    match &mut act.kind {
        Kind::Amend { version, previous, .. } => (*version, *previous) = (now + 1, latest),
        Kind::Withdraw { version, previous } | Kind::Erase { version, previous } => {
            (*version, *previous) = (now, latest);
        }
        _ => return,
    }
    act.sub = id;
}

fn toggle_review(kind: &mut Kind) {
    if let Kind::Publish { review } | Kind::Amend { review, .. } = kind {
        *review = !*review;
    }
}

fn spoil_genesis(spoil: &Spoil, genesis: &mut Genesis) {
    match spoil {
        Spoil::GenesisRealm => genesis.realm ^= 1,
        Spoil::GenesisCode => genesis.code ^= 1,
        Spoil::GenesisKey { which: 0, key } => genesis.founding = *key,
        Spoil::GenesisKey { which, key } => genesis.others[which - 1] = *key,
        _ => {}
    }
}

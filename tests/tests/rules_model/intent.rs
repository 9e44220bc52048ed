//! What somebody is about to do, before it is known who can sign it: a deed, the
//! luck that decides what the deed leaves open, and what is wrong with it.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::subsequence;

use crate::model::{BUSINESS, Id, Key, Role};
use crate::plan::SIGNING_KEYS;

/// The life of one office's ledger, or of a register: where it begins, and what
/// is tried in it.
#[derive(Debug, Clone)]
pub struct Life {
    pub is_register: bool,
    pub start: Start,
    /// A copy keeps entries that break a rule; the owner does not write them.
    pub keeps: bool,
    pub intents: Vec<Intent>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// Nothing, not even a genesis.
    Empty,
    /// The founding key has admitted somebody for every role.
    Staffed,
    /// The roster lacks this many people to be full.
    Crowded { free: usize },
}

#[derive(Debug, Clone)]
pub struct Intent {
    pub deed: Deed,
    pub luck: Luck,
    pub spoils: Vec<Spoil>,
}

#[derive(Debug, Clone)]
pub enum Deed {
    Found,
    Admit(BTreeSet<Role>),
    Change(Change),
    Publish,
    Amend,
    Withdraw,
    Erase,
    AdmitOffice,
    /// Says an office anew.
    Office(OfficeChange),
    Policy,
    /// Somebody becomes an officer of an office.
    Appoint(BTreeSet<Role>),
    /// An officer comes with the register's warrant: somebody new, or one of the
    /// people.
    Warranted {
        roles: BTreeSet<Role>,
        is_known: bool,
    },
    /// An entry of this ledger once more, byte for byte.
    Again,
}

#[derive(Debug, Clone)]
pub enum Change {
    Nothing,
    Key,
    Roles(BTreeSet<Role>),
    /// Begins or ends to act as approver.
    Acting,
    /// Is suspended, or comes back.
    Suspended,
}

#[derive(Debug, Clone)]
pub enum OfficeChange {
    Nothing,
    /// New keys in these places.
    Keys(BTreeSet<usize>),
    /// Its ledger is larger by so much.
    Head {
        by: u32,
    },
    /// Is suspended, with so many successors, or comes back.
    Suspended {
        successors: u32,
    },
}

/// Decides among what is equally right.
#[derive(Debug, Clone, Copy)]
pub struct Luck {
    /// Which person or record it is about.
    pub target: usize,
    /// Which of those who may sign each layer does.
    pub signers: [usize; 3],
    /// Whether somebody reviews, and whether the act asks for it.
    pub reviewed: bool,
    pub asks_review: bool,
    /// How many entries behind the head `base` is.
    pub lag: usize,
    /// When within the time that is allowed.
    pub moment: u64,
}

/// One thing that is wrong, where the act has it; where it has not, nothing is.
#[derive(Debug, Clone)]
pub enum Spoil {
    OtherRealm,
    OtherCode,
    Rules(u32),
    Base(BaseLie),
    Roster(RosterLie),
    /// One layer.
    Alone {
        service: bool,
    },
    /// One layer, by the founding key.
    ByFounder,
    /// Two layers, or three, where there were others.
    TwoLayers(Key),
    ThreeLayers(Key),
    Signer {
        layer: usize,
        key: Key,
    },
    /// One person signs every layer.
    OneForAll(usize),
    Moment(u64),
    Roles(BTreeSet<Role>),
    Acting,
    Suspended,
    Key(Key),
    /// An act about a person or an office becomes a first one.
    First,
    Version {
        more: bool,
    },
    Previous(usize),
    Subject(Id),
    /// A later act about a person, or an office, whom nobody knows.
    Stranger,
    Office(OfficeSpoil),
    Warrant(WarrantSpoil),
    /// It is about a record that was withdrawn.
    Withdrawn(usize),
    /// It is about a record that was erased.
    Erased(usize),
    Review,
    GenesisRealm,
    GenesisCode,
    GenesisKey {
        which: usize,
        key: Key,
    },
}

/// One thing that is wrong about an office.
#[derive(Debug, Clone)]
pub enum OfficeSpoil {
    CodeOf(usize),
    FreeCode,
    OtherLedger,
    Head(HeadLie),
    /// A key of the register, of a person or of nobody.
    Key {
        place: usize,
        key: Key,
    },
    /// A key of some office; a person may be given it, too.
    KeyOfOffice {
        place: usize,
        which: usize,
    },
    KeyTwice {
        place: usize,
        other: usize,
    },
    Lender(Lender),
    /// An appointment is in an office that is suspended.
    OfSuspended(usize),
}

/// An office that cannot lend anybody.
#[derive(Debug, Clone, Copy)]
pub enum Lender {
    Itself,
    Unknown,
}

/// One thing that is wrong with a warrant.
#[derive(Debug, Clone)]
pub enum WarrantSpoil {
    Missing,
    NotShown,
    /// The signature of one layer.
    Signature(usize),
    Bytes,
    OtherRealm,
    OfAnOffice,
    Rules(u32),
    /// Signed like an appointment, and none.
    OtherAct(usize),
    Signer {
        layer: usize,
        key: Key,
    },
    OneForAll,
    Alone {
        service: bool,
    },
    ThreeLayers(Key),
    /// One of the register's people is not in the roster that the statement names,
    /// or in the one that is carried, or in both.
    Named(usize),
    Carried(usize),
    Without(usize),
    /// One of the register's people is a clerk.
    NoAdmin(usize),
    /// One of them is both admins, and nobody else is one.
    OneAdmin(usize),
    /// The roster of the office.
    People(RosterLie),
    /// So many entries fewer than one more than there are.
    Size(usize),
    Code(u32),
    Person(Id),
    Key(Key),
    Roles(BTreeSet<Role>),
    Names,
    First,
    Version,
    Previous,
}

#[derive(Debug, Clone, Copy)]
pub enum HeadLie {
    Smaller,
    OtherRoot,
}

#[derive(Debug, Clone, Copy)]
pub enum BaseLie {
    /// Larger than the ledger.
    Larger,
    /// The root of another size.
    OtherSize,
    /// An entry that was never there.
    OtherEntry,
}

#[derive(Debug, Clone, Copy)]
pub enum RosterLie {
    /// The roster before this many of the latest entries.
    Older(usize),
    Empty,
    Without(usize),
    OtherRoles(usize),
    OtherActing(usize),
    OtherKey(usize),
}

pub fn lives() -> impl Strategy<Value = Life> {
    let in_office = lives_of(false, intents(deeds(), spoils()));
    let in_register = lives_of(true, intents(deeds_of_register(), spoils_of_register()));
    prop_oneof![3 => in_office, 1 => in_register]
}

fn lives_of(is_register: bool, intents: impl Strategy<Value = Intent>) -> impl Strategy<Value = Life> {
    let starts = prop_oneof![1 => Just(Start::Empty), 4 => Just(Start::Staffed)];
    let keeps = prop_oneof![2 => Just(false), 1 => Just(true)];
    let spoilt = (luck(), genesis_spoils()).prop_map(|(luck, spoil)| Intent {
        deed: Deed::Found,
        luck,
        spoils: vec![spoil],
    });
    (starts, keeps, spoilt, vec(intents, 12..=20)).prop_map(move |(start, keeps, spoilt, mut intents)| {
        if start == Start::Empty {
            begin(&mut intents);
            intents.insert(0, spoilt);
        }
        Life { is_register, start, keeps, intents }
    })
}

/// Lives of an office that is nearly full: mostly comings and goings.
pub fn crowded_lives() -> impl Strategy<Value = Life> {
    let intents = prop_oneof![4 => intents(comings_and_goings(), spoils()), 1 => intents(deeds(), spoils())];
    (prop_oneof![4 => Just(0), 1 => 1..3_usize], vec(intents, 2..=5)).prop_map(|(free, intents)| Life {
        is_register: false,
        start: Start::Crowded { free },
        keeps: false,
        intents,
    })
}

/// Whoever begins with nothing founds the office and admits its first people;
/// without them nothing else can be right. What was spoilt is tried again.
fn begin(intents: &mut Vec<Intent>) {
    let people = [Role::SystemAdmin, Role::SecurityAdmin, Role::Drafter, Role::Approver];
    let mut deeds = vec![Deed::Found];
    deeds.extend(people.map(|role| Deed::Admit([role].into())));
    let mut beginning = Vec::new();
    for (intent, deed) in intents.iter().cycle().zip(deeds) {
        let spoilt = Intent { deed, ..intent.clone() };
        let right = Intent { spoils: Vec::new(), ..spoilt.clone() };
        beginning.extend((!spoilt.spoils.is_empty()).then_some(spoilt));
        beginning.push(right);
    }
    intents.splice(..0, beginning);
}

fn intents(
    deeds: impl Strategy<Value = Deed>,
    spoils: impl Strategy<Value = Spoil> + 'static,
) -> impl Strategy<Value = Intent> {
    let none = Just(Vec::new());
    let spoils = spoils.boxed();
    let spoils = prop_oneof![4 => none, 5 => vec(spoils.clone(), 1), 1 => vec(spoils, 2)];
    (deeds, luck(), spoils).prop_map(|(deed, luck, spoils)| Intent { deed, luck, spoils })
}

fn deeds() -> impl Strategy<Value = Deed> {
    prop_oneof![
        1 => Just(Deed::Found),
        4 => roles().prop_map(Deed::Admit),
        10 => changes().prop_map(Deed::Change),
        8 => Just(Deed::Publish),
        9 => Just(Deed::Amend),
        4 => Just(Deed::Withdraw),
        3 => Just(Deed::Erase),
        4 => warranted(),
        1 => Just(Deed::Again),
        1 => deeds_about_offices(),
    ]
}

fn warranted() -> impl Strategy<Value = Deed> {
    (officers(), any::<bool>()).prop_map(|(roles, is_known)| Deed::Warranted { roles, is_known })
}

/// One of the three, alone.
fn officers() -> impl Strategy<Value = BTreeSet<Role>> {
    let officers = prop_oneof![Just(Role::SystemAdmin), Just(Role::SecurityAdmin), Just(Role::Auditor)];
    officers.prop_map(|role| BTreeSet::from([role]))
}

/// Of acts on records, only the first could be right elsewhere: the others are
/// about what a register never has.
fn deeds_of_register() -> impl Strategy<Value = Deed> {
    prop_oneof![
        1 => Just(Deed::Found),
        3 => roles().prop_map(Deed::Admit),
        6 => changes().prop_map(Deed::Change),
        24 => deeds_about_offices(),
        1 => warranted(),
        1 => Just(Deed::Publish),
        1 => Just(Deed::Again),
    ]
}

fn deeds_about_offices() -> impl Strategy<Value = Deed> {
    prop_oneof![
        2 => Just(Deed::AdmitOffice),
        4 => office_changes().prop_map(Deed::Office),
        1 => Just(Deed::Policy),
        3 => officers().prop_map(Deed::Appoint),
    ]
}

fn office_changes() -> impl Strategy<Value = OfficeChange> {
    let places = subsequence((0..4).collect::<Vec<_>>(), 1..=4);
    prop_oneof![
        1 => Just(OfficeChange::Nothing),
        3 => places.prop_map(|places| OfficeChange::Keys(places.into_iter().collect())),
        2 => (1..4_u32).prop_map(|by| OfficeChange::Head { by }),
        2 => (0..3_u32).prop_map(|successors| OfficeChange::Suspended { successors }),
    ]
}

fn comings_and_goings() -> impl Strategy<Value = Deed> {
    prop_oneof![
        6 => roles().prop_map(Deed::Admit),
        2 => Just(Deed::Change(Change::Suspended)),
        1 => changes().prop_map(Deed::Change),
    ]
}

fn changes() -> impl Strategy<Value = Change> {
    prop_oneof![
        1 => Just(Change::Nothing),
        2 => Just(Change::Key),
        2 => roles().prop_map(Change::Roles),
        3 => Just(Change::Acting),
        3 => Just(Change::Suspended),
    ]
}

/// Roles that one person may hold together.
fn roles() -> impl Strategy<Value = BTreeSet<Role>> {
    let business = subsequence(BUSINESS.to_vec(), 1..=3);
    let officer = prop_oneof![
        3 => Just(Role::SystemAdmin),
        3 => Just(Role::SecurityAdmin),
        1 => Just(Role::Auditor),
        1 => Just(Role::Service),
    ];
    prop_oneof![
        2 => business.prop_map(|roles| roles.into_iter().collect()),
        1 => officer.prop_map(|role| BTreeSet::from([role])),
    ]
}

/// Any roles at all.
fn any_roles() -> impl Strategy<Value = BTreeSet<Role>> {
    subsequence(Role::ALL.to_vec(), 1..=3).prop_map(|roles| roles.into_iter().collect())
}

fn luck() -> impl Strategy<Value = Luck> {
    let lag = prop_oneof![3 => 0..=0_usize, 1 => 0..30_usize];
    let signers = [0..64_usize, 0..64_usize, 0..64_usize];
    (0..64_usize, signers, any::<bool>(), any::<bool>(), lag, 0..30_u64).prop_map(
        |(target, signers, reviewed, asks_review, lag, moment)| Luck {
            target,
            signers,
            reviewed,
            asks_review,
            lag,
            moment,
        },
    )
}

/// Keys of those who sign in the register.
fn people_of_register() -> impl Strategy<Value = Key> {
    SIGNING_KEYS - 4..SIGNING_KEYS
}

/// Keys of the office, of people, and of nobody.
fn keys() -> impl Strategy<Value = Key> {
    0..24_u32
}

fn spoils() -> impl Strategy<Value = Spoil> {
    prop_oneof![
        8 => header_spoils(),
        14 => layer_spoils(),
        10 => member_spoils(),
        10 => successor_spoils(),
        2 => genesis_spoils(),
        6 => warrant_spoils().prop_map(Spoil::Warrant),
    ]
}

/// What only a record has is not there to be spoilt.
fn spoils_of_register() -> impl Strategy<Value = Spoil> {
    prop_oneof![
        8 => header_spoils(),
        10 => layer_spoils(),
        8 => member_spoils(),
        6 => successor_spoils(),
        1 => genesis_spoils(),
        14 => office_spoils().prop_map(Spoil::Office),
    ]
}

fn office_spoils() -> impl Strategy<Value = OfficeSpoil> {
    let head = prop_oneof![Just(HeadLie::Smaller), Just(HeadLie::OtherRoot)];
    prop_oneof![
        1 => (0..64_usize).prop_map(OfficeSpoil::CodeOf),
        1 => Just(OfficeSpoil::FreeCode),
        1 => Just(OfficeSpoil::OtherLedger),
        2 => head.prop_map(OfficeSpoil::Head),
        2 => (0..4_usize, keys()).prop_map(|(place, key)| OfficeSpoil::Key { place, key }),
        2 => (0..4_usize, 0..64_usize).prop_map(|(place, which)| OfficeSpoil::KeyOfOffice { place, which }),
        1 => (0..4_usize, 0..4_usize).prop_map(|(place, other)| OfficeSpoil::KeyTwice { place, other }),
        2 => prop_oneof![Just(Lender::Itself), Just(Lender::Unknown)].prop_map(OfficeSpoil::Lender),
        10 => (0..64_usize).prop_map(OfficeSpoil::OfSuspended),
    ]
}

fn warrant_spoils() -> impl Strategy<Value = WarrantSpoil> {
    prop_oneof![
        3 => spoils_of_the_statement(),
        3 => spoils_of_its_signers(),
        4 => spoils_of_the_appointment(),
    ]
}

fn spoils_of_the_statement() -> impl Strategy<Value = WarrantSpoil> {
    prop_oneof![
        Just(WarrantSpoil::Missing),
        Just(WarrantSpoil::NotShown),
        (0..2_usize).prop_map(WarrantSpoil::Signature),
        Just(WarrantSpoil::Bytes),
        Just(WarrantSpoil::OtherRealm),
        Just(WarrantSpoil::OfAnOffice),
        (1..4_u32).prop_map(WarrantSpoil::Rules),
        (0..3_usize).prop_map(WarrantSpoil::OtherAct),
    ]
}

fn spoils_of_its_signers() -> impl Strategy<Value = WarrantSpoil> {
    let anybody = || prop_oneof![keys(), people_of_register()];
    prop_oneof![
        3 => (0..2_usize, anybody()).prop_map(|(layer, key)| WarrantSpoil::Signer { layer, key }),
        1 => Just(WarrantSpoil::OneForAll),
        1 => any::<bool>().prop_map(|service| WarrantSpoil::Alone { service }),
        1 => anybody().prop_map(WarrantSpoil::ThreeLayers),
        1 => (0..4_usize).prop_map(WarrantSpoil::Named),
        1 => (0..4_usize).prop_map(WarrantSpoil::Carried),
        2 => (0..4_usize).prop_map(WarrantSpoil::Without),
        2 => (0..4_usize).prop_map(WarrantSpoil::NoAdmin),
        2 => (0..4_usize).prop_map(WarrantSpoil::OneAdmin),
    ]
}

fn spoils_of_the_appointment() -> impl Strategy<Value = WarrantSpoil> {
    prop_oneof![
        3 => roster_lies().prop_map(WarrantSpoil::People),
        2 => (0..6_usize).prop_map(WarrantSpoil::Size),
        1 => (0..3_u32).prop_map(WarrantSpoil::Code),
        1 => (100..112_u32).prop_map(WarrantSpoil::Person),
        1 => keys().prop_map(WarrantSpoil::Key),
        1 => any_roles().prop_map(WarrantSpoil::Roles),
        1 => Just(WarrantSpoil::Names),
        1 => Just(WarrantSpoil::First),
        1 => Just(WarrantSpoil::Version),
        1 => Just(WarrantSpoil::Previous),
    ]
}

fn header_spoils() -> impl Strategy<Value = Spoil> {
    let base = prop_oneof![Just(BaseLie::Larger), Just(BaseLie::OtherSize), Just(BaseLie::OtherEntry)];
    prop_oneof![
        1 => Just(Spoil::OtherRealm),
        1 => Just(Spoil::OtherCode),
        2 => (1..4_u32).prop_map(Spoil::Rules),
        3 => base.prop_map(Spoil::Base),
        4 => roster_lies().prop_map(Spoil::Roster),
    ]
}

fn roster_lies() -> impl Strategy<Value = RosterLie> {
    prop_oneof![
        3 => (1..6_usize).prop_map(RosterLie::Older),
        1 => Just(RosterLie::Empty),
        1 => (0..64_usize).prop_map(RosterLie::Without),
        1 => (0..64_usize).prop_map(RosterLie::OtherRoles),
        1 => (0..64_usize).prop_map(RosterLie::OtherActing),
        1 => (0..64_usize).prop_map(RosterLie::OtherKey),
    ]
}

fn layer_spoils() -> impl Strategy<Value = Spoil> {
    prop_oneof![
        2 => any::<bool>().prop_map(|service| Spoil::Alone { service }),
        2 => Just(Spoil::ByFounder),
        1 => keys().prop_map(Spoil::TwoLayers),
        2 => keys().prop_map(Spoil::ThreeLayers),
        6 => (0..3_usize, keys()).prop_map(|(layer, key)| Spoil::Signer { layer, key }),
        3 => (0..64_usize).prop_map(Spoil::OneForAll),
        3 => (0..8_u64).prop_map(Spoil::Moment),
    ]
}

fn member_spoils() -> impl Strategy<Value = Spoil> {
    prop_oneof![
        3 => any_roles().prop_map(Spoil::Roles),
        2 => Just(Spoil::Acting),
        1 => Just(Spoil::Suspended),
        3 => keys().prop_map(Spoil::Key),
        1 => Just(Spoil::First),
        1 => Just(Spoil::Stranger),
    ]
}

fn successor_spoils() -> impl Strategy<Value = Spoil> {
    let subjects = prop_oneof![Just(1), 100..112_u32, 200..208_u32, 300..304_u32];
    prop_oneof![
        2 => any::<bool>().prop_map(|more| Spoil::Version { more }),
        2 => (0..64_usize).prop_map(Spoil::Previous),
        3 => subjects.prop_map(Spoil::Subject),
        2 => (0..64_usize).prop_map(Spoil::Withdrawn),
        8 => (0..64_usize).prop_map(Spoil::Erased),
        2 => Just(Spoil::Review),
    ]
}

fn genesis_spoils() -> impl Strategy<Value = Spoil> {
    prop_oneof![
        Just(Spoil::GenesisRealm),
        Just(Spoil::GenesisCode),
        (0..5_usize, 0..5_u32).prop_map(|(which, key)| Spoil::GenesisKey { which, key }),
    ]
}

//! A life, from its start through all of its intents.

use std::fmt;
use std::sync::LazyLock;

use crate::intent::{Deed, Intent, Life, Luck, Spoil, Start};
use crate::model::{Act, Base, Entry, Kind, Member, Origin, Role};
use crate::plan::{ORIGIN, REGISTER};
use crate::saved::Saved;
use crate::sides::{Judged, Rules, Sides};

/// As many as the table of rules lets into a roster.
const FULL: usize = 10_000;
/// The first number of the crowd's ids, keys and leaves; no others reach it.
const CROWD: u32 = 100_000;

/// Everything that was judged, the disagreement last if there was one.
#[derive(Debug, Clone)]
pub struct Lived(pub Vec<Judged>);

impl Lived {
    pub fn disagreement(&self) -> Option<&Judged> {
        self.0.last().filter(|last| !last.agrees())
    }
}

impl fmt::Display for Lived {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(index, judged)| writeln!(f, "{index}. {judged}"))
    }
}

pub fn live(life: &Life, rules: Rules) -> Lived {
    live_in(&mut start_of(life), life, rules, None)
}

/// Lives it in the tables of an office, too.
pub fn live_saved(life: &Life) -> Lived {
    let mut sides = start_of(life);
    let mut saved = sides.saved();
    live_in(&mut sides, life, Rules::All, Some(&mut saved))
}

fn start_of(life: &Life) -> Sides {
    let origin = if life.is_register { REGISTER } else { ORIGIN };
    match life.start {
        Start::Empty => Sides::new(origin),
        Start::Staffed if life.is_register => STAFFED_REGISTER.clone(),
        Start::Staffed => STAFFED.clone(),
        Start::Crowded { free } => crowded(free),
    }
}

fn live_in(sides: &mut Sides, life: &Life, rules: Rules, mut saved: Option<&mut Saved>) -> Lived {
    let mut lived = Vec::new();
    for intent in &life.intents {
        let judged = sides.judge_beside(intent, life.keeps, rules, saved.as_deref_mut());
        let goes_on = judged.agrees();
        lived.push(judged);
        if !goes_on {
            break;
        }
    }
    Lived(lived)
}

/// Every life that starts with it has these first acts; they are signed once.
static STAFFED: LazyLock<Sides> = LazyLock::new(|| staffed(ORIGIN));
/// With clerks, so that only its being a register is against records.
static STAFFED_REGISTER: LazyLock<Sides> = LazyLock::new(|| staffed(REGISTER));

fn staffed(origin: Origin) -> Sides {
    let mut sides = Sides::new(origin);
    for deed in staff() {
        let judged = sides.judge(&plain(deed), false, Rules::All);
        assert!(judged.agrees() && judged.model.is_empty(), "{judged}");
    }
    sides
}

fn staff() -> Vec<Deed> {
    let people = [
        vec![Role::SystemAdmin],
        vec![Role::SecurityAdmin],
        vec![Role::Drafter],
        vec![Role::Approver],
        vec![Role::Reviewer],
        vec![Role::Drafter, Role::Reviewer, Role::Approver],
        vec![Role::DataAdmin, Role::SecrecyReviewer],
        vec![Role::SystemAdmin],
    ];
    let admissions = people.into_iter().map(|roles| Deed::Admit(roles.into_iter().collect()));
    [Deed::Found].into_iter().chain(admissions).collect()
}

fn plain(deed: Deed) -> Intent {
    let luck = Luck { target: 0, signers: [0; 3], reviewed: false, asks_review: true, lag: 0, moment: 0 };
    Intent { deed, luck, spoils: Vec::new() }
}

/// The staffed office, and so many more people that its roster is full but for
/// `free`. Both sides are told of them; nobody signs ten thousand admissions.
fn crowded(free: usize) -> Sides {
    static CROWDED: LazyLock<[Sides; 3]> = LazyLock::new(|| [0, 1, 2].map(crowd));
    CROWDED[free].clone()
}

fn crowd(free: usize) -> Sides {
    let mut sides = STAFFED.clone();
    let missing = FULL - free - sides.model.roster().len();
    sides.crowd((CROWD..).take(missing).map(long_admitted).collect());
    sides
}

fn long_admitted(number: u32) -> Entry {
    let member = Member::new(number, [Role::DataAdmin].into());
    let act = Act {
        iss: ORIGIN,
        rules: 0,
        base: Base { size: 0, root: Vec::new() },
        roster: Vec::new(),
        sub: number,
        layers: Vec::new(),
        kind: Kind::Member(member),
    };
    Entry { leaf: number, act, effect: true }
}

/// What becomes of a genesis after an entry 0 that broke a rule and is kept.
pub fn second_genesis() -> Judged {
    let mut sides = Sides::new(ORIGIN);
    let spoilt = Intent { spoils: vec![Spoil::Rules(1)], ..plain(Deed::Found) };
    sides.keep(&spoilt);
    sides.judge(&plain(Deed::Found), true, Rules::All)
}

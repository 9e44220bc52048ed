//! The model and the program's rules side by side: every act is put to both, and
//! both must come to the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use yinxin_record::act::{Act as Written, Appointment, Membership};
use yinxin_record::rules::{
    Decision, MemberState, OfficeState, RecordState, RuleError, Violation, apply, apply_without,
};
use yinxin_record::statement::Statement;
use yinxin_record::{Coded as _, Digest, Id};

use crate::copy::Copy;
use crate::intent::{Deed, Intent};
use crate::model::{self, Act, Code, Leaf, Ledger, Origin};
use crate::plan::{nearly_right, one_of};
use crate::saved::Saved;
use crate::spoil::spoil;
use crate::written::{self, Leaves};

/// The rules, or the rules without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rules {
    All,
    Without(Violation),
}

/// An act that was put to both.
#[derive(Debug, Clone)]
pub struct Judged {
    pub intent: Intent,
    pub act: Act,
    /// The rules that it breaks, says the model.
    pub model: BTreeSet<Code>,
    /// The rule that it breaks, say the rules.
    pub rules: Result<(), Code>,
    /// What else they disagree on.
    pub otherwise: Option<String>,
}

impl Judged {
    pub fn agrees(&self) -> bool {
        let same = match self.rules {
            Ok(()) => self.model.is_empty(),
            Err(code) => self.model.contains(code),
        };
        same && self.otherwise.is_none()
    }

    /// The one rule that it breaks.
    pub fn only(&self) -> Option<Code> {
        self.model.first().copied().filter(|_| self.model.len() == 1)
    }
}

impl fmt::Display for Judged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Intent { deed, spoils, .. } = &self.intent;
        writeln!(f, "{deed:?}, spoilt: {spoils:?}")?;
        writeln!(f, "    {:?}", self.act)?;
        writeln!(f, "    the model: {:?}", self.model)?;
        write!(f, "    the rules: {:?}", self.rules)?;
        self.otherwise.iter().try_for_each(|what| write!(f, "\n    but {what}"))
    }
}

/// Something signed that came to the ledger.
#[derive(Debug, Clone)]
struct Sent {
    leaf: Leaf,
    act: Act,
    bytes: Vec<u8>,
}

#[derive(Debug, Clone)]
pub struct Sides {
    pub model: Ledger,
    copy: Copy,
    leaves: Leaves,
    entries: Vec<Sent>,
    sent: u32,
}

impl Sides {
    pub fn new(origin: Origin) -> Self {
        Self {
            model: Ledger { origin, entries: Vec::new() },
            copy: Copy::new(&written::origin(origin)),
            leaves: Leaves::default(),
            entries: Vec::new(),
            sent: 0,
        }
    }

    /// Puts the intent's act to both sides, and to the ledger if it has effect
    /// or is kept all the same.
    pub fn judge(&mut self, intent: &Intent, keeps: bool, rules: Rules) -> Judged {
        self.judge_beside(intent, keeps, rules, None)
    }

    /// The same, and beside it to the tables of an office.
    pub fn judge_beside(
        &mut self,
        intent: &Intent,
        keeps: bool,
        rules: Rules,
        saved: Option<&mut Saved>,
    ) -> Judged {
        let sent = self.send(intent);
        let model = self.model.violated(&sent.act);
        let decided = self.decide(&sent, rules);
        let mut judged = Judged {
            intent: intent.clone(),
            act: sent.act.clone(),
            model,
            rules: decided.as_ref().map(drop).map_err(|code| *code),
            otherwise: None,
        };
        if judged.agrees() {
            judged.otherwise = self.take_in(sent, &decided, keeps, saved).err();
        }
        judged
    }

    /// Keeps the intent's act without effect, whatever there is before it.
    pub fn keep(&mut self, intent: &Intent) {
        let sent = self.send(intent);
        self.copy.append(written::leaf(&sent.bytes), None);
        self.model.append(sent.leaf, sent.act, false);
    }

    fn send(&mut self, intent: &Intent) -> Sent {
        let again = one_of(&self.entries, intent.luck.target);
        if let (Deed::Again, Some(sent)) = (&intent.deed, again) {
            return sent.clone();
        }
        let mut act = nearly_right(&self.model, intent);
        for what in &intent.spoils {
            spoil(what, &mut act, &self.model, &intent.luck);
        }
        let leaf = self.sent;
        self.sent += 1;
        let bytes = written::statement(&act, &self.leaves, leaf);
        self.leaves.insert(leaf, written::leaf(&bytes));
        Sent { leaf, act, bytes }
    }

    fn decide(&mut self, sent: &Sent, rules: Rules) -> Result<Decision, Code> {
        let statement = Statement::parse(&sent.bytes).expect("an act that can be written can be read");
        self.copy.registered = shown(sent, &statement);
        let leaf = written::leaf(&sent.bytes);
        let decided = match rules {
            Rules::All => apply(&self.copy, &statement, leaf),
            Rules::Without(rule) => apply_without(rule, &self.copy, &statement, leaf),
        };
        decided.map_err(|RuleError::Violation(violation)| code(violation))
    }

    /// Appends on both sides, and compares what they then know.
    fn take_in(
        &mut self,
        sent: Sent,
        decided: &Result<Decision, Code>,
        keeps: bool,
        mut saved: Option<&mut Saved>,
    ) -> Result<(), String> {
        if let Some(saved) = &saved {
            saved.judge(&sent.bytes, decided.as_ref().map_err(|code| *code))?;
        }
        let decision = decided.as_ref().ok();
        if let Some(decision) = decision {
            check_signers(&sent, decision)?;
        }
        // What the rules make of an entry 0 without effect has a test of its own.
        let is_kept = keeps && self.model.genesis().is_some();
        if decision.is_none() && !is_kept {
            return Ok(());
        }
        self.copy.append(written::leaf(&sent.bytes), decision);
        self.model.append(sent.leaf, sent.act.clone(), decision.is_some());
        let mut same = if decision.is_some() { self.compare(&sent) } else { Ok(()) };
        if let Some(saved) = saved.take() {
            same = same.and_then(|()| saved.append(&sent.bytes, decision, &self.copy));
        }
        self.entries.push(sent);
        same
    }

    /// The tables of an office with everything that was appended so far.
    pub fn saved(&self) -> Saved {
        let mut saved = Saved::new(&written::origin(self.model.origin));
        let mut copy = Copy::new(&written::origin(self.model.origin));
        for (sent, entry) in self.entries.iter().zip(&self.model.entries) {
            let statement = Statement::parse(&sent.bytes).expect("an act that can be written can be read");
            let leaf = written::leaf(&sent.bytes);
            let decision = entry.effect.then(|| apply(&copy, &statement, leaf).expect("it had effect"));
            copy.append(leaf, decision.as_ref());
            saved.append(&sent.bytes, decision.as_ref(), &copy).expect("it was appended before");
        }
        saved
    }

    fn compare(&self, sent: &Sent) -> Result<(), String> {
        let copy = &self.copy;
        let people = self.model.people();
        let members: BTreeMap<_, _> =
            people.iter().map(|(id, person)| (written::id(*id), self.member(person))).collect();
        same("people", &members, &copy.members)?;
        same("roster", &written::roster(&self.model.roster()), &copy.roster)?;
        let id = sent.act.sub;
        let record = self.model.record(id).map(|record| self.record(&record));
        same("record", &record, &copy.records.get(&written::id(id)).copied())?;
        let offices: BTreeMap<_, _> =
            self.model.offices().iter().map(|(id, office)| (written::id(*id), self.office(office))).collect();
        same("offices", &offices, &copy.offices)?;
        same("policy", &u64::from(self.model.policy_number()), &copy.policy)?;
        same("appointment", &self.appointed(sent), &copy.appointed)?;
        let founder = |founding| written::key(founding);
        let model = self.model.genesis().map(|genesis| founder(genesis.founding));
        same("founding key", &model, &copy.genesis.as_ref().map(|genesis| genesis.keys.founding))
    }

    fn member(&self, person: &model::Person) -> MemberState {
        let model::Member { key, roles, acting, suspended, .. } = &person.now;
        MemberState {
            version: person.version,
            leaf: self.leaves.digest(person.latest),
            suspended: *suspended,
            member: written::member_of(*key, roles, *acting),
        }
    }

    fn office(&self, office: &model::Office) -> OfficeState {
        OfficeState {
            version: office.version,
            leaf: self.leaves.digest(office.latest),
            standing: written::standing_of(&office.now, &self.leaves, office.latest),
        }
    }

    fn appointed(&self, sent: &Sent) -> Option<(Id, Appointment)> {
        let model::Kind::Appoint(said) = &sent.act.kind else { return None };
        Some((written::id(sent.act.sub), written::appointment_of(said, &self.leaves, sent.leaf)))
    }

    fn record(&self, record: &model::Record) -> RecordState {
        RecordState {
            version: record.version,
            leaf: self.leaves.digest(record.latest),
            withdrawn: record.withdrawn,
            erased: record.erased,
        }
    }

    /// Both sides hear of people whose acts are long past.
    pub fn crowd(&mut self, entries: Vec<model::Entry>) {
        self.model.entries.extend(entries);
        let newcomers = self.model.people();
        let newcomers = newcomers
            .iter()
            .map(|(id, person)| (written::id(*id), self.member(person)))
            .filter(|(id, _)| !self.copy.members.contains_key(id));
        let newcomers = newcomers.collect();
        self.copy.crowd(newcomers);
    }
}

/// What of the register the act shows, if its warrant does.
fn shown(sent: &Sent, statement: &Statement) -> BTreeSet<Digest> {
    let model::Kind::Member(member) = &sent.act.kind else { return BTreeSet::new() };
    let shows = member.warrant.as_ref().is_some_and(|warrant| warrant.shown);
    let Written::Member(Membership { warrant, .. }) = &statement.act else { return BTreeSet::new() };
    warrant.iter().filter(|_| shows).map(|warrant| Digest::of(&warrant.statement)).collect()
}

pub fn code(violation: Violation) -> Code {
    violation.code().trim_start_matches("violation_")
}

/// The rules name the keys that the layers must be signed with, and they are.
fn check_signers(sent: &Sent, decision: &Decision) -> Result<(), String> {
    let keys: Vec<_> = sent.act.layers.iter().map(|layer| written::key(layer.key)).collect();
    same("signers", &keys, &decision.signers)?;
    let statement = Statement::parse(&sent.bytes).map_err(|error| error.to_string())?;
    let mut signed = statement.layers.iter().zip(&decision.signers);
    let all = signed.all(|(layer, key)| layer.verify(key).is_ok());
    same("signatures", &true, &all)
}

pub fn same<T: PartialEq + fmt::Debug>(what: &str, model: &T, rules: &T) -> Result<(), String> {
    if model == rules { Ok(()) } else { Err(format!("{what}: the model has {model:?}, the rules {rules:?}")) }
}

//! What a run has reached: a generator that reaches nothing must not pass.

use std::collections::BTreeMap;
use std::fmt;

use crate::live::Lived;
use crate::model::Code;

#[derive(Debug, Clone, Default)]
pub struct Coverage {
    lives: usize,
    judged: usize,
    accepted: usize,
    /// How often each rule was the only one that an act broke.
    alone: BTreeMap<Code, usize>,
}

impl Coverage {
    pub fn count(&mut self, lived: &Lived) {
        self.lives += 1;
        for judged in &lived.0 {
            self.judged += 1;
            self.accepted += usize::from(judged.model.is_empty());
            if let Some(code) = judged.only() {
                *self.alone.entry(code).or_default() += 1;
            }
        }
    }

    pub fn and(mut self, other: Self) -> Self {
        self.lives += other.lives;
        self.judged += other.judged;
        self.accepted += other.accepted;
        for (code, times) in other.alone {
            *self.alone.entry(code).or_default() += times;
        }
        self
    }

    pub fn lives(&self) -> usize {
        self.lives
    }

    pub fn alone(&self, code: Code) -> usize {
        self.alone.get(code).copied().unwrap_or(0)
    }

    /// At least this share of all acts, in percent, had effect.
    pub fn accepted_at_least(&self, percent: usize) -> bool {
        self.accepted * 100 >= self.judged * percent
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} lives, {} acts, {} accepted", self.lives, self.judged, self.accepted)?;
        self.alone.iter().try_for_each(|(code, times)| writeln!(f, "{times:>8} {code} alone"))
    }
}

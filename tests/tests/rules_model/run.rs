//! Many lives, on all cores.

use std::cell::RefCell;

use proptest::strategy::{Strategy, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use crate::coverage::Coverage;
use crate::intent::Life;
use crate::live::{Lived, live};
use crate::sides::Rules;

/// Lives are drawn in shares, so that cores need not wait for each other.
const SHARES: u8 = 20;

/// A run with the same seed is the same run.
pub type Seed = [u8; 16];

/// Lives `cases` lives.
///
/// # Errors
/// The shortest life on which model and rules disagree.
pub fn all_agree<S: Strategy<Value = Life>>(
    cases: u32,
    seed: Seed,
    lives: impl Fn() -> S + Sync,
    live: fn(&Life) -> Lived,
) -> Result<Coverage, String> {
    let share = |number| share_agrees(cases / u32::from(SHARES), seed, number, &lives(), live);
    (0..SHARES).into_par_iter().map(share).try_reduce(Coverage::default, |one, other| Ok(one.and(other)))
}

fn share_agrees(
    cases: u32,
    seed: Seed,
    share: u8,
    lives: &impl Strategy<Value = Life>,
    live: fn(&Life) -> Lived,
) -> Result<Coverage, String> {
    let coverage = RefCell::new(Coverage::default());
    let result = runner(cases, seed, share).run(lives, |life| {
        let lived = live(&life);
        coverage.borrow_mut().count(&lived);
        lived.disagreement().map_or(Ok(()), |_| Err(TestCaseError::fail("they disagree")))
    });
    match result {
        Ok(()) => Ok(coverage.into_inner()),
        Err(TestError::Fail(_, life)) => Err(told(&life, live)),
        Err(TestError::Abort(reason)) => Err(reason.to_string()),
    }
}

/// How many lives there were until the model said that the rules let something
/// pass, or something that is right not, and the last of them; at most `cases`.
pub fn until_disagreement(
    cases: u32,
    seed: Seed,
    lives: &impl Strategy<Value = Life>,
    rules: Rules,
) -> Option<(u32, Lived)> {
    let mut runner = runner(cases, seed, 0);
    (1..=cases).find_map(|number| {
        let life = lives.new_tree(&mut runner).expect("a life can always be drawn").current();
        let lived = live(&life, rules);
        lived.disagreement().is_some().then_some((number, lived))
    })
}

fn told(life: &Life, live: fn(&Life) -> Lived) -> String {
    let Life { is_register, start, keeps, .. } = life;
    let lived = live(life);
    format!("register: {is_register}, starts {start:?}, keeps everything: {keeps}\n{lived}")
}

fn runner(cases: u32, seed: Seed, share: u8) -> TestRunner {
    let mut bytes = [share; 32];
    bytes[..16].copy_from_slice(&seed);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

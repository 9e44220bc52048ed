//! The real clock and the system's randomness.

use std::time::{SystemTime, UNIX_EPOCH};

use yinxin_office::Surroundings;

/// This machine.
#[derive(Debug, Clone, Copy)]
pub struct Machine;

impl Surroundings for Machine {
    fn now(&self) -> u64 {
        // A clock before 1970 is a clock that was never set.
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
    }

    fn fill(&self, bytes: &mut [u8]) {
        if getrandom::fill(bytes).is_err() {
            // Nothing may be signed or sealed with bytes that are not random.
            std::process::abort();
        }
    }
}

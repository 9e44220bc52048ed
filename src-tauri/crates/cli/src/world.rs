//! The real clock and the system's randomness.

use std::time::{SystemTime, UNIX_EPOCH};

use yinxin_office::Surroundings;

use crate::Context;
use crate::failure::{CliError, Failure};

/// This machine.
pub(crate) struct Machine<'a>(pub(crate) &'a Context);

impl Surroundings for Machine<'_> {
    fn now(&self) -> u64 {
        // A clock before 1970 is a clock that was never set.
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
    }

    fn fill(&self, bytes: &mut [u8]) {
        if let Err(error) = getrandom::fill(bytes) {
            // Nothing may be signed or sealed with bytes that are not random.
            let failure = Failure::from(CliError::NoRandomness { detail: error.to_string() });
            std::process::exit(i32::from(failure.print(self.0)));
        }
    }
}

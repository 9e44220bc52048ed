//! That every rule is enforced.

use super::Violation;

/// Which rules are enforced: all, but for the one that a test drops to see that
/// it is missed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Enforced {
    #[cfg(feature = "mutants")]
    dropped: Option<Violation>,
}

impl Enforced {
    pub(super) fn all() -> Self {
        Self {
            #[cfg(feature = "mutants")]
            dropped: None,
        }
    }

    #[cfg(feature = "mutants")]
    pub(super) fn but(dropped: Violation) -> Self {
        Self { dropped: Some(dropped) }
    }

    /// The violation, unless the rule holds.
    pub(super) fn require(self, holds: bool, violation: Violation) -> Result<(), Violation> {
        if holds || self.is_dropped(violation) { Ok(()) } else { Err(violation) }
    }

    #[cfg(feature = "mutants")]
    fn is_dropped(self, violation: Violation) -> bool {
        self.dropped == Some(violation)
    }

    #[cfg(not(feature = "mutants"))]
    #[allow(clippy::unused_self, reason = "the same call either way")]
    fn is_dropped(self, _: Violation) -> bool {
        false
    }
}

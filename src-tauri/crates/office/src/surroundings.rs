//! Clock and randomness, as arguments.

/// What the office asks of the world besides its folder.
pub trait Surroundings: Sync {
    /// Seconds since 1970-01-01 UTC, by this machine's clock.
    fn now(&self) -> u64;

    /// Fills `bytes` from a cryptographically secure source.
    fn fill(&self, bytes: &mut [u8]);
}

/// `N` random bytes.
pub(crate) fn random<const N: usize>(surroundings: &dyn Surroundings) -> [u8; N] {
    let mut bytes = [0; N];
    surroundings.fill(&mut bytes);
    bytes
}

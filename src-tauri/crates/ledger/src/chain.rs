//! The hash chain beside the entries, so that a database administrator can
//! check the table with ten lines of any language (DESIGN §4).
//!
//! ```text
//! chain_0 = SHA-256(32 zero bytes ‖ leaf_0)
//! chain_i = SHA-256(chain_{i-1}   ‖ leaf_i)
//! ```
//!
//! `leaf_i` is the leaf hash of the tree, SHA-256(0x00 ‖ entry bytes).
//! The chain is unsigned: it finds accidents. People are stopped by the tree
//! and the signatures over its root.

use yinxin_record::Digest;

/// What stands before the first link: 32 zero bytes.
pub const START: Digest = Digest([0; 32]);

/// The link of `leaf` after `previous`, which is [`START`] for the first leaf.
#[must_use]
pub fn link(previous: &Digest, leaf: &Digest) -> Digest {
    Digest::of_parts(&[&previous.0, &leaf.0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_sha256_of_what_stands_before_and_the_leaf() {
        // Made with sha256sum from coreutils; "abc" stands in for a leaf.
        let leaf = Digest::of(b"abc");
        let first = link(&START, &leaf);
        let second = link(&first, &leaf);
        assert_eq!(first.to_string(), "589f9ffed4c477966bfb8d41f37895b08c69047df8f911d6f3b57fbe08faee8d");
        assert_eq!(second.to_string(), "bdeb6c6dc63852834c89f67066194207ce7d3806ea40ca58dc079246ef58a926");
    }
}

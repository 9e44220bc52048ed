//! Cross-crate and interoperability tests. What is here is in other folders:
//! `crash` kills the program at random moments, `bench` measures it, `python`
//! checks what it wrote without any of its code, `vectors` are read by the
//! tests of the crates.

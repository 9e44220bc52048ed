//! Errors as values with stable codes; what people read is in the locale files.

/// An error that a locale file can explain.
///
/// The code is stable: scripts and the locale files `locales/*.json` rely on
/// it. The arguments fill the `{name}` places of the text.
pub trait Coded {
    /// The stable code, lower-case words joined by underscores.
    fn code(&self) -> &'static str;

    /// What the text may mention, by name.
    fn args(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

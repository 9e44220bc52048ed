//! What a person sets for the window and the desk, kept in `settings.json` of the home folder.

use std::path::Path;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::Desk;
use crate::error::DeskError;
use crate::failure::Failure;

/// How the window is shown, and when the desk locks itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// `zh-CN` or `en`.
    pub language: String,
    /// 80 to 200 per cent.
    pub zoom: u16,
    /// `light`, `dark` or `system`.
    pub theme: String,
    /// After how many idle minutes the desk locks itself: 5, 10 or 30.
    pub lock_after: u16,
}

impl Default for Settings {
    fn default() -> Self {
        Self { language: "zh-CN".to_owned(), zoom: 100, theme: "light".to_owned(), lock_after: 10 }
    }
}

impl Settings {
    fn is_possible(&self) -> bool {
        ["zh-CN", "en"].contains(&self.language.as_str())
            && (80..=200).contains(&self.zoom)
            && [5, 10, 30].contains(&self.lock_after)
            && ["light", "dark", "system"].contains(&self.theme.as_str())
    }

    /// What is kept at `path`; the defaults if nothing that can be read is.
    pub(crate) fn read(path: &Path) -> Self {
        let kept = std::fs::read(path).ok().and_then(|bytes| serde_json::from_slice::<Self>(&bytes).ok());
        kept.filter(Self::is_possible).unwrap_or_default()
    }
}

pub(crate) fn settings_save(desk: &Desk, settings: &Settings) -> Result<Settings, Failure> {
    if !settings.is_possible() {
        return Err(DeskError::BadSettings.into());
    }
    desk.keep_settings(settings)?;
    Ok(settings.clone())
}

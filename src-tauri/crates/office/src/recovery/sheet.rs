//! What a sheet says: on paper, and in its QR code.
//!
//! ```text
//! YINXIN-RECOVERY-1:<office code>:<number>:<group>-<group>-…
//! ```
//!
//! All of it is in the alphanumeric mode of QR codes.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};
use zeroize::Zeroizing;

use super::code::RecoveryCode;
use super::error::RecoveryError;

const BEGINNING: &str = "YINXIN-RECOVERY-1:";

const PAGE: &str = include_str!("sheet.html");

/// A sheet that was read.
#[derive(Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The code of the office (统一社会信用代码).
    pub office: String,
    /// Tells one sheet of an office from another.
    pub number: String,
    /// The secret.
    pub code: RecoveryCode,
}

impl Sheet {
    /// What the QR code holds.
    fn text(&self) -> Zeroizing<String> {
        let groups = self.code.groups();
        Zeroizing::new(format!("{BEGINNING}{}:{}:{}", self.office, self.number, groups.join("-")))
    }

    /// Reads what a QR code holds.
    ///
    /// # Errors
    /// [`RecoveryError::OtherQrCode`], and what [`RecoveryCode::parse`] fails with.
    pub(crate) fn parse(text: &str) -> Result<Self, RecoveryError> {
        let rest = text.strip_prefix(BEGINNING).ok_or(RecoveryError::OtherQrCode)?;
        let mut parts = rest.splitn(3, ':').map(str::to_owned);
        let mut next = || parts.next().filter(|part| part.len() <= 64).ok_or(RecoveryError::OtherQrCode);
        Ok(Self { office: next()?, number: next()?, code: RecoveryCode::parse(&next()?)? })
    }

    /// The page that is printed: one HTML file without scripts, A4. `made` is in
    /// seconds since 1970.
    pub(crate) fn page(&self, office_name: &str, made: u64) -> Zeroizing<String> {
        let mut groups = Zeroizing::new(String::new());
        for (n, group) in self.code.groups().iter().enumerate() {
            // Writing to a string cannot fail.
            let _ = write!(groups, "<li><small>{}</small><b>{group}</b></li>", n + 1);
        }
        let filled = PAGE
            .replace("{office}", &escaped(office_name))
            .replace("{code}", &escaped(&self.office))
            .replace("{number}", &escaped(&self.number))
            .replace("{date}", &date(made))
            .replace("{groups}", &groups)
            .replace("{qr}", &drawn(&self.text()));
        Zeroizing::new(filled)
    }
}

/// The QR code as the path of an SVG, one unit a module, with its quiet zone.
fn drawn(text: &str) -> Zeroizing<String> {
    const QUIET: i32 = 4;
    // So short a text fits at any level.
    let Ok(qr) = QrCode::encode_text(text, QrCodeEcc::Quartile) else { return Zeroizing::default() };
    let side = qr.size() + 2 * QUIET;
    let mut path = Zeroizing::new(String::new());
    for (y, x) in (0..qr.size()).flat_map(|y| (0..qr.size()).map(move |x| (y, x))) {
        if qr.get_module(x, y) {
            let _ = write!(path, "M{},{}h1v1h-1z", x + QUIET, y + QUIET);
        }
    }
    Zeroizing::new(format!(
        r##"<svg viewBox="0 0 {side} {side}" shape-rendering="crispEdges"><path fill="#fff" d="M0,0h{side}v{side}h-{side}z"/><path fill="#000" d="{}"/></svg>"##,
        path.as_str()
    ))
}

/// Text between tags; braces would be taken for places to fill.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' | '<' | '>' | '"' | '\'' | '{' | '}' => {
                let _ = write!(safe, "&#{};", u32::from(c));
            }
            c if c.is_control() => {}
            c => safe.push(c),
        }
    }
    safe
}

/// The day in China (UTC+8), `2026-11-23` (Hinnant, “chrono-compatible low-level
/// date algorithms”, `civil_from_days`).
fn date(seconds: u64) -> String {
    let z = (seconds + 8 * 3_600) / 86_400 + 719_468;
    let (era, day_of_era) = (z / 146_097, z % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> Sheet {
        Sheet {
            office: "11420100MB0889006F".into(),
            number: "0A1B2C3D".into(),
            code: RecoveryCode::of(&[9; 28]),
        }
    }

    #[test]
    fn what_the_qr_code_holds_is_read_again() {
        let sheet = sheet();
        assert_eq!(Sheet::parse(&sheet.text()).as_ref(), Ok(&sheet));
        for other in ["", "https://example.org", "YINXIN-RECOVERY-1:", "YINXIN-RECOVERY-2:A:B:C"] {
            assert_eq!(Sheet::parse(other), Err(RecoveryError::OtherQrCode), "{other}");
        }
        let cut = &sheet.text()[..sheet.text().len() - 1];
        assert!(matches!(Sheet::parse(cut), Err(RecoveryError::CodeLength { .. })));
    }

    #[test]
    fn the_page_stands_alone_and_takes_no_markup_from_a_name() {
        let page = sheet().page("<script>{groups}</script>局", 1_795_000_000);
        assert!(!page.contains("<script") && !page.contains("://") && !page.contains("{code}"));
        assert_eq!(page.matches("<li>").count(), 7);
        assert!(page.contains("&#60;script&#62;&#123;groups&#125;") && page.contains("2026-11-18"));
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        for (seconds, day) in [(0, "1970-01-01"), (951_753_600, "2000-02-29"), (1_767_196_799, "2025-12-31")]
        {
            assert_eq!(date(seconds), day);
        }
        assert_eq!(date(1_767_196_800), "2026-01-01");
    }
}

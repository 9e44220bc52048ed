//! Times as people write them: 2026-11-22 10:42, in China's time (UTC+8).

/// The last second of the year 9999.
const LAST: u64 = 253_402_300_799;

const EAST_EIGHT: u64 = 8 * 3_600;
const DAY: u64 = 86_400;

/// Seconds since 1970 as date and time; the number itself beyond the year 9999.
pub(crate) fn shown(seconds: u64) -> String {
    if seconds > LAST - EAST_EIGHT {
        return seconds.to_string();
    }
    let local = seconds + EAST_EIGHT;
    let (year, month, day) = civil(local / DAY);
    let (hour, minute) = (local % DAY / 3_600, local % 3_600 / 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}")
}

/// From the first second of one day to the last of another, in seconds since 1970:
/// `2026-11-23..2026-11-30`.
pub(crate) fn days(text: &str) -> Option<(u64, u64)> {
    let (first, last) = text.split_once("..")?;
    let (from, until) = (midnight(first)?, midnight(last)?.checked_add(DAY - 1)?);
    (from < until).then_some((from, until))
}

/// The second in which a day from 1970 to 9999 begins: `2026-11-23`.
fn midnight(date: &str) -> Option<u64> {
    let parts: Vec<u64> = date.split('-').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let &[year @ 1970..=9999, month @ 1..=12, of_month @ 1..=31] = parts.as_slice() else { return None };
    // Months of 30 days and a leap year every four miss by less than 80 days.
    let about = (year - 1970) * 365 + (year - 1969) / 4 + (month - 1) * 30;
    let day = (about.saturating_sub(80)..about + 80).find(|day| civil(*day) == (year, month, of_month))?;
    (day * DAY).checked_sub(EAST_EIGHT)
}

/// The date of a day since 1970-01-01, by eras of 400 years that begin in March.
fn civil(day: u64) -> (u64, u64, u64) {
    let day = day + 719_468;
    let of_era = day % 146_097;
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march = (5 * of_year + 2) / 153;
    let date = of_year - (153 * march + 2) / 5 + 1;
    let month = if march < 10 { march + 3 } else { march - 9 };
    (day / 146_097 * 400 + year_of_era + u64::from(month <= 2), month, date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_begin_at_midnight_in_china() {
        assert_eq!(days("2026-11-23..2026-11-23"), Some((1_795_363_200, 1_795_449_599)));
        for date in ["1970-01-02", "2000-02-29", "2024-12-31", "2100-03-01", "9999-01-01", "9999-12-31"] {
            let (from, until) = days(&format!("{date}..{date}")).unwrap();
            assert_eq!((shown(from), shown(until)), (format!("{date} 00:00"), format!("{date} 23:59")));
        }
        for wrong in ["", "..", "2026-11-23", "2026-11-24..2026-11-23", "2026-02-30..2026-03-01", "x..y"] {
            assert_eq!(days(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn dates_are_right() {
        for (seconds, text) in [
            (0, "1970-01-01 08:00"),
            (951_753_600, "2000-02-29 00:00"),
            (951_840_000, "2000-03-01 00:00"),
            (1_700_000_000, "2023-11-15 06:13"),
            (4_107_513_599, "2100-02-28 23:59"),
            (4_107_513_600, "2100-03-01 00:00"),
            (253_402_271_999, "9999-12-31 23:59"),
            (253_402_272_000, "253402272000"),
            (u64::MAX, "18446744073709551615"),
        ] {
            assert_eq!(shown(seconds), text);
        }
    }
}

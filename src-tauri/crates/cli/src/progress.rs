//! Long work: a bar on a terminal, plain lines elsewhere; always on stderr.

use std::io::{IsTerminal as _, stderr};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::Context;
use crate::answer::note;

/// How often a plain line is printed where every step is not of interest.
const PAUSE: Duration = Duration::from_secs(2);

/// How far something has come.
pub(crate) struct Progress<'a> {
    context: &'a Context,
    key: &'static str,
    bar: Option<ProgressBar>,
    /// When the last plain line was printed; `None` to print each.
    last: Option<Instant>,
}

impl<'a> Progress<'a> {
    /// Work whose every step is a line of its own, such as what is on disk.
    pub(crate) fn of_steps(context: &'a Context, key: &'static str, total: u64) -> Self {
        Self { context, key, bar: bar(total), last: None }
    }

    /// Work that says now and then how far it is.
    pub(crate) fn now_and_then(context: &'a Context, key: &'static str) -> Self {
        Self { context, key, bar: bar(0), last: Some(Instant::now()) }
    }

    /// `done` of `total` is done.
    pub(crate) fn at(&mut self, done: u64, total: u64) {
        if let Some(bar) = &self.bar {
            bar.set_length(total);
            bar.set_position(done);
            return;
        }
        if self.last.is_some_and(|last| last.elapsed() < PAUSE) {
            return;
        }
        self.last = self.last.map(|_| Instant::now());
        // Plain digits: programs read these lines as well.
        let args = [("n", done.to_string()), ("of", total.to_string())];
        note(&self.context.locale.say_plain(self.key, &args));
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar(total: u64) -> Option<ProgressBar> {
    if !stderr().is_terminal() {
        return None;
    }
    let bar = ProgressBar::new(total);
    let style = ProgressStyle::with_template("{wide_bar} {human_pos}/{human_len} {eta}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    Some(bar)
}

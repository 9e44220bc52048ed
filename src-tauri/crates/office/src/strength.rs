//! Whether a new passphrase is hard enough to guess.
//!
//! Whoever copies a key file can try passphrases for as long as they like; each
//! try costs the work of scrypt ([`crate::keyring::WORK_FACTOR`]), a few tenths
//! of a second. A new passphrase must withstand 10¹⁰ tries, some hundred years
//! of one core. Guesses are counted by zxcvbn (Wheeler, “zxcvbn: Low-Budget
//! Password Strength Estimation”, USENIX Security 2016), which knows words,
//! names, dates, keyboards and repetition, but no Chinese: see [`HAN_DIGITS`].
//! What exists is never judged again: an old passphrase still opens its file.

use age::secrecy::ExposeSecret as _;
use yinxin_record::Coded;
use zxcvbn::feedback::Warning;

use crate::keyring::{Locking, Passphrase};

/// The fewest characters; a Chinese one counts as two.
pub const SHORTEST: usize = 8;

/// The tries that it must withstand, as a power of ten.
const ENOUGH: f64 = 10.0;

/// What a Chinese character adds to the one decimal digit that zxcvbn counts for
/// any character it knows nothing about: between predictable text (some 4 bits a
/// character) and characters drawn from the 3,500 most common (12 bits).
const HAN_DIGITS: f64 = 0.5;

/// Sayings and words that come to everybody's mind; those of Latin letters are in
/// zxcvbn's lists.
const COMMON: &[&str] = &[
    "口令",
    "密码",
    "密钥",
    "主机",
    "印信",
    "示例",
    "经办",
    "审批",
    "管理员",
    "你好",
    "我爱你",
    "中国",
    "武汉",
    "为人民服务",
    "中华人民共和国",
    "中国共产党",
    "不忘初心",
    "牢记使命",
    "好好学习",
    "天天向上",
    "恭喜发财",
    "万事如意",
    "一帆风顺",
    "心想事成",
    "身体健康",
    "新年快乐",
    "阿里巴巴",
    "芝麻开门",
    "床前明月光",
    "疑是地上霜",
    "一二三四五六七八九十",
    "yinxin",
    "practice",
    "passphrase",
    "mima",
    "kouling",
    "guanliyuan",
    "zhangsan",
    "lisi",
    "wangwu",
    "zhaoliu",
];

/// Why a new passphrase is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Weakness {
    /// Too few characters.
    #[error("passphrase shorter than {SHORTEST}")]
    Short,
    /// Too easy to guess.
    #[error("passphrase easy to guess: {0:?}")]
    Guessable(Hint),
}

/// What makes a passphrase easy to guess, as far as one thing does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// The office's or person's name is in it.
    Name,
    /// It is, or holds, what many people use.
    Common,
    /// Neighbouring keys.
    Keys,
    /// The same again.
    Repeated,
    /// `abcd`, `6543`.
    Sequence,
    /// A date or year.
    Date,
    /// It is not long enough for what it is made of.
    More,
}

impl Hint {
    /// Every hint.
    pub const ALL: [Self; 7] =
        [Self::Name, Self::Common, Self::Keys, Self::Repeated, Self::Sequence, Self::Date, Self::More];

    /// A stable word, for the locale files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Common => "common",
            Self::Keys => "keys",
            Self::Repeated => "repeated",
            Self::Sequence => "sequence",
            Self::Date => "date",
            Self::More => "more",
        }
    }
}

impl Coded for Weakness {
    fn code(&self) -> &'static str {
        match self {
            Self::Short => "passphrase_short",
            Self::Guessable(_) => "passphrase_guessable",
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Short => vec![("min", SHORTEST.to_string())],
            Self::Guessable(hint) => vec![("hint", hint.as_str().to_owned())],
        }
    }
}

/// Judges a new passphrase; `names` are those that everybody connects with it:
/// the office's, the person's.
///
/// # Errors
/// [`Weakness`].
pub fn judge(passphrase: &Passphrase, names: &[&str]) -> Result<(), Weakness> {
    let text = passphrase.expose_secret();
    if text.chars().map(|c| if is_han(c) { 2 } else { 1 }).sum::<usize>() < SHORTEST {
        return Err(Weakness::Short);
    }
    let known: Vec<&str> = names.iter().chain(COMMON).copied().collect();
    let counted = zxcvbn::zxcvbn(text, &known);
    if counted.guesses_log10() + HAN_DIGITS * telling_characters(text, names) >= ENOUGH {
        return Ok(());
    }
    let warning = counted.feedback().and_then(zxcvbn::feedback::Feedback::warning);
    Err(Weakness::Guessable(hint(text, names, warning)))
}

/// Judges a passphrase that is to protect a new key file, unless it is public.
pub(crate) fn check(passphrase: &Passphrase, names: &[&str], locking: Locking) -> Result<(), Weakness> {
    match locking {
        Locking::Secret => judge(passphrase, names),
        Locking::Public => Ok(()),
    }
}

/// How many different Chinese characters there are that no name and no common
/// saying gives away.
fn telling_characters(text: &str, names: &[&str]) -> f64 {
    let said = COMMON.iter().filter(|saying| text.contains(**saying));
    let given_away: String = names.iter().chain(said).copied().collect();
    let mut telling: Vec<char> = text.chars().filter(|c| is_han(*c) && !given_away.contains(*c)).collect();
    telling.sort_unstable();
    telling.dedup();
    u32::try_from(telling.len()).map_or(0.0, f64::from)
}

fn hint(text: &str, names: &[&str], warning: Option<Warning>) -> Hint {
    let (text, long_enough) = (text.to_lowercase(), |word: &&&str| word.chars().count() > 1);
    if names.iter().filter(long_enough).any(|name| text.contains(&name.to_lowercase())) {
        return Hint::Name;
    }
    let of_zxcvbn = warning.map_or(Hint::More, hint_of);
    let is_common = COMMON.iter().any(|saying| text.contains(saying));
    if of_zxcvbn == Hint::More && is_common { Hint::Common } else { of_zxcvbn }
}

fn hint_of(warning: Warning) -> Hint {
    match warning {
        Warning::StraightRowsOfKeysAreEasyToGuess | Warning::ShortKeyboardPatternsAreEasyToGuess => {
            Hint::Keys
        }
        Warning::RepeatsLikeAaaAreEasyToGuess | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => {
            Hint::Repeated
        }
        Warning::SequencesLikeAbcAreEasyToGuess => Hint::Sequence,
        Warning::RecentYearsAreEasyToGuess | Warning::DatesAreOftenEasyToGuess => Hint::Date,
        Warning::ThisIsATop10Password
        | Warning::ThisIsATop100Password
        | Warning::ThisIsACommonPassword
        | Warning::ThisIsSimilarToACommonlyUsedPassword
        | Warning::AWordByItselfIsEasyToGuess
        | Warning::NamesAndSurnamesByThemselvesAreEasyToGuess
        | Warning::CommonNamesAndSurnamesAreEasyToGuess => Hint::Common,
    }
}

/// Chinese characters: the unified ideographs (Unicode 16, blocks of planes 0, 2 and 3).
fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: &[&str] = &["武汉市民政局", "张三示例"];

    fn judged(text: &str) -> Result<(), Weakness> {
        judge(&Passphrase::from(text.to_owned()), NAMES)
    }

    #[test]
    fn what_nobody_guesses_is_taken() {
        for strong in [
            "今晚吃红烧鱼块",
            "东湖边的柳树下有三只鸭子",
            "jU7#qpw2Lz0v",
            "correct horse battery staple",
            "shuixing huoche nanmu 37",
            "8mH2pQyTKs9wVd0L",
            &"长".repeat(1_000).replace("长长", "长江"),
        ] {
            let judged = judged(strong);
            assert!(judged.is_ok() || strong.len() > 1_000, "{strong}: {judged:?}");
        }
    }

    #[test]
    fn what_is_guessed_is_refused_with_what_makes_it_so() {
        use Hint::{Common, Date, Keys, More, Name, Repeated, Sequence};
        let expected = [
            ("password", Common),
            ("P@ssw0rd2026", Common),
            ("qwertyuiop", Common),
            ("qazwsxedc", Common),
            ("1qaz2wsx3edc", Common),
            ("aaaaaaaaaaaa", Repeated),
            ("武武武武武武武武", Repeated),
            ("abcdefgh", Sequence),
            ("19881206", Date),
            ("poiuytrfgh", Keys),
            ("为人民服务", Common),
            ("中华人民共和国", Common),
            ("武汉市民政局", Name),
            ("武汉市民政局2026", Name),
            ("张三示例的口令", Name),
            ("民政局密码", Common),
            ("practice-zhangsan", Common),
            ("红烧鱼块", More),
            ("xK3#pQ9z", More),
        ];
        let found = expected.map(|(weak, _)| (weak, judged(weak)));
        assert_eq!(found, expected.map(|(weak, hint)| (weak, Err(Weakness::Guessable(hint)))));
    }

    #[test]
    fn a_chinese_character_is_worth_two_in_length() {
        for (text, short) in [("", true), ("xK3#pQ9", true), ("红烧鱼", true), ("红烧鱼a", true)] {
            assert_eq!(judged(text) == Err(Weakness::Short), short, "{text}");
        }
        assert_ne!(judged("红烧鱼块"), Err(Weakness::Short));
    }

    #[test]
    fn what_is_public_is_not_judged() {
        let public = Passphrase::from("x".to_owned());
        assert_eq!(check(&public, NAMES, Locking::Public), Ok(()));
        assert_eq!(check(&public, NAMES, Locking::Secret), Err(Weakness::Short));
    }
}

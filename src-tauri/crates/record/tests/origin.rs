//! Names of ledgers.

use proptest::prelude::*;
use yinxin_record::origin::{Origin, OriginError, REGISTER, is_office_code};

const CODE: &str = "11330100MB0000001A";

#[test]
fn an_origin_is_realm_and_code() {
    let origin: Origin = "zhen-2.example/11330100MB0000001A".parse().unwrap();
    assert_eq!((origin.realm(), origin.code()), ("zhen-2.example", CODE));
    assert_eq!(Origin::new("zhen-2.example", CODE), Ok(origin.clone()));
    assert_eq!(origin.to_string(), "zhen-2.example/11330100MB0000001A");
    assert!(Origin::new(&"r".repeat(100), CODE).is_ok());
}

#[test]
fn everything_else_is_refused() {
    let long = "r".repeat(101);
    for realm in ["", "Zhen", "zh en", "zhen_x", "镇", "zhen\n", "zhen+x", "a/b", long.as_str()] {
        assert_eq!(Origin::new(realm, CODE), Err(OriginError::Realm), "{realm:?}");
    }
    for code in ["", "11330100MB0000001", "11330100MB0000001A0", "11330100mb0000001a", "11330100MB000000１"]
    {
        assert_eq!(Origin::new("zhen", code), Err(OriginError::Code), "{code:?}");
    }
    assert_eq!("zhen".parse::<Origin>(), Err(OriginError::Code));
    assert_eq!("/11330100MB0000001A".parse::<Origin>(), Err(OriginError::Realm));
    assert_eq!("zhen//11330100MB0000001A".parse::<Origin>(), Err(OriginError::Code));
    assert_eq!("zhen/11330100MB0000001A ".parse::<Origin>(), Err(OriginError::Code));
}

#[test]
fn the_register_of_a_realm_has_a_word_for_a_code() {
    let office: Origin = "zhen.example/11330100MB0000001A".parse().unwrap();
    let register = office.register();
    assert_eq!(register.to_string(), "zhen.example/register");
    assert_eq!((register.realm(), register.code()), ("zhen.example", REGISTER));
    assert_eq!("zhen.example/register".parse(), Ok(register.clone()));
    assert_eq!(register.register(), register);
    assert!(register.is_register() && !office.is_register());
    assert!(!register.is_practice() && Origin::new("practice", REGISTER).unwrap().is_practice());
    for other in ["Register", "REGISTER", "registers", " register", "register/", "registe"] {
        assert_eq!(Origin::new("zhen.example", other), Err(OriginError::Code), "{other:?}");
    }
    // A realm of that name is one like others.
    assert!(!Origin::new("register", CODE).unwrap().is_register());
}

#[test]
fn an_office_code_is_18_digits_and_capital_letters() {
    for code in [CODE, "000000000000000000", "ZZZZZZZZZZZZZZZZZZ"] {
        assert!(is_office_code(code), "{code:?}");
    }
    for other in ["", REGISTER, &CODE[1..], &format!("{CODE}0"), &CODE.to_lowercase(), "11330100MB000000１"]
    {
        assert!(!is_office_code(other), "{other:?}");
    }
}

#[test]
fn practice_stands_in_the_realm() {
    let is_practice = |realm: &str| Origin::new(realm, CODE).unwrap().is_practice();
    for realm in ["practice", "practice.wuhan", "practice."] {
        assert!(is_practice(realm), "{realm}");
    }
    for realm in ["wuhan", "wuhan.practice", "practice-wuhan", "practices", "wuhan-practice", "xpractice"] {
        assert!(!is_practice(realm), "{realm}");
    }
}

proptest! {
    #[test]
    fn origins_have_one_spelling(realm in "[a-z0-9.-]{1,100}", code in "[0-9A-Z]{18}") {
        let origin = Origin::new(&realm, &code).unwrap();
        prop_assert_eq!(origin.to_string().parse(), Ok(origin.clone()));
        prop_assert_eq!(origin.is_register(), origin == origin.register());
        prop_assert_eq!(origin.register().to_string().parse(), Ok(origin.register()));
    }

    #[test]
    fn what_is_read_is_written_again(text in "\\PC{0,40}|[a-z.]{0,9}/([0-9A-Z]{17,19}|register)") {
        if let Ok(origin) = text.parse::<Origin>() {
            prop_assert_eq!(origin.to_string(), text);
        }
    }
}

//! Layers of signatures: what is a statement, and what only looks like one.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what tests share may fail a test")]

mod office;

use office::{
    APPROVE, DRAFT, Entry, ORIGIN, RECORD, REVIEW, SERVICE, bytes, cases, content, digest, key, public,
    secret, sign1, statements, text, vectors,
};
use proptest::prelude::*;
use serde_json::Value as Json;
use yinxin_record::act::{Act, ActError};
use yinxin_record::cbor::{self, CborError, FieldError, Value};
use yinxin_record::cose::{CoseError, Sign1};
use yinxin_record::key::{KeyError, PublicKey, Signature, Signer, SignerUnavailable};
use yinxin_record::statement::{
    Anchor, Base, Claims, Header, MAX_BYTES, Statement, StatementError, sign_alone, sign_approval,
    sign_draft, sign_review,
};
use yinxin_record::{Digest, Id};

fn publish() -> Entry {
    Entry::of(Act::Publish(content()))
}

fn reviewed() -> Entry {
    let signers = vec![("drafter", DRAFT), ("reviewer", REVIEW), ("approver", APPROVE)];
    Entry { signers, ..publish() }
}

// Vectors.

/// The error's name, as the vectors spell it.
fn named(error: &StatementError) -> String {
    fn cbor(error: CborError) -> &'static str {
        match error {
            CborError::TooLong { .. } => "TooLong",
            CborError::Truncated { .. } => "Truncated",
            CborError::Trailing { .. } => "Trailing",
            CborError::TooDeep { .. } => "TooDeep",
            CborError::NotAccepted { .. } => "NotAccepted",
            CborError::MapOrder { .. } => "MapOrder",
            CborError::NotShortest { .. } => "NotShortest",
        }
    }
    fn field(error: &FieldError) -> &'static str {
        match error {
            FieldError::NotAMap => "NotAMap",
            FieldError::Missing(_) => "Missing",
            FieldError::Malformed(_) => "Malformed",
            FieldError::Unknown => "Unknown",
        }
    }
    match error {
        StatementError::Cose(CoseError::Cbor(error)) => format!("Cose.Cbor.{}", cbor(*error)),
        StatementError::Cose(CoseError::Shape) => "Cose.Shape".to_owned(),
        StatementError::HeaderCbor(error) => format!("HeaderCbor.{}", cbor(*error)),
        StatementError::Header(error) => format!("Header.{}", field(error)),
        StatementError::Act(ActError::Cbor(error)) => format!("Act.Cbor.{}", cbor(*error)),
        StatementError::Act(ActError::Field(error)) => format!("Act.Field.{}", field(error)),
        StatementError::Act(ActError::UnknownKind(_)) => "Act.UnknownKind".to_owned(),
        StatementError::Layers => "Layers".to_owned(),
        StatementError::Disagree => "Disagree".to_owned(),
        StatementError::Anchor => "Anchor".to_owned(),
    }
}

#[test]
fn keys_have_the_thumbprints_of_the_vectors() {
    for case in cases(&vectors(), "seeds") {
        let name = text(&case["name"]);
        assert_eq!(*secret(name).seed(), *bytes(&case["seed"]));
        assert_eq!(public(name), key(&case["public_key"]));
        assert_eq!(public(name).thumbprint(), digest(&case["kid"]));
    }
}

fn claims_of(case: &Json, layer: &Json) -> Claims {
    Claims {
        iss: text(&case["iss"]).to_owned(),
        sub: text(&case["sub"]).parse().unwrap(),
        iat: layer["iat"].as_u64().unwrap(),
    }
}

fn anchor_of(case: &Json) -> Anchor {
    Anchor {
        base: Base { size: case["size"].as_u64().unwrap(), root: digest(&case["root"]) },
        roster: digest(&case["roster"]),
        rules: u32::try_from(case["rules"].as_u64().unwrap()).unwrap(),
    }
}

#[test]
fn good_statements_are_read() {
    let vectors = vectors();
    for case in statements(&vectors) {
        let why = &case["why"];
        let entry = bytes(&case["hex"]);
        let statement = Statement::parse(&entry).unwrap();
        assert_eq!(statement.bytes(), entry, "{why}");
        assert_eq!(statement.act.to_bytes(), bytes(&case["act_hex"]), "{why}");
        assert_eq!(statement.subject(), text(&case["sub"]).parse().unwrap());
        assert_eq!(statement.outermost().header.anchor, Some(anchor_of(case)), "{why}");
        let expected = case["layers"].as_array().unwrap();
        assert_eq!(statement.layers.len(), expected.len(), "{why}");
        for (layer, expected) in statement.layers.iter().zip(expected) {
            assert_eq!(layer.header.claims, claims_of(case, expected), "{why}");
            assert_eq!(layer.header.purpose.as_str(), expected["purpose"], "{why}");
            assert_eq!(statement.layer(layer.header.purpose), Some(layer));
            let signer = public(text(&expected["signer"]));
            assert_eq!(layer.verify(&signer), Ok(()), "{why}");
            assert_eq!(layer.verify_with(&signer.verifier().unwrap()), Ok(()), "{why}");
            assert_eq!(layer.verify(&public("everything")), Err(KeyError::BadSignature), "{why}");
        }
    }
}

#[test]
fn signing_gives_the_bytes_of_the_vectors() {
    for case in statements(&vectors()) {
        let act = Act::parse(&bytes(&case["act_hex"])).unwrap();
        let mut signed = Vec::new();
        for (index, layer) in case["layers"].as_array().unwrap().iter().enumerate() {
            let (claims, signer) = (claims_of(case, layer), secret(text(&layer["signer"])));
            signed = match (index, text(&layer["purpose"])) {
                (0, "draft") => sign_draft(&act, claims, &signer),
                (0, _) => sign_alone(&act, claims, anchor_of(case), &signer),
                (_, "review") => sign_review(signed, claims, &signer),
                _ => sign_approval(signed, claims, anchor_of(case), &signer),
            }
            .unwrap();
        }
        assert_eq!(signed, bytes(&case["hex"]), "{}", case["why"]);
    }
}

#[test]
fn bad_statements_are_refused_for_the_right_reason() {
    let vectors = vectors();
    let bad = cases(&vectors, "bad");
    assert!(bad.len() >= 190);
    for case in bad {
        let error = Statement::parse(&bytes(&case["hex"])).unwrap_err();
        assert_eq!(named(&error), case["error"], "{}", case["why"]);
        assert!(!error.to_string().is_empty());
    }
}

// What the vectors are too short to say.

#[test]
fn an_entry_has_at_most_65535_bytes() {
    let with_text = |len: usize| {
        let mut content = content();
        content.open.insert("long".to_owned(), Value::text("x".repeat(len)));
        Entry::of(Act::Publish(content)).bytes()
    };
    let rest = with_text(60_000).len() - 60_000;
    let longest = with_text(MAX_BYTES - rest);
    assert_eq!(longest.len(), MAX_BYTES);
    assert!(Statement::parse(&longest).is_ok());
    let error = CborError::TooLong { len: MAX_BYTES + 1, max: MAX_BYTES };
    assert_eq!(Statement::parse(&with_text(MAX_BYTES + 1 - rest)), Err(CoseError::Cbor(error).into()));
}

#[test]
fn a_header_has_at_most_4096_bytes() {
    let protected = cbor::encode(&Value::text("x".repeat(4_100)));
    let error = CborError::TooLong { len: protected.len(), max: 4_096 };
    let entry = sign1("approver", protected, Vec::new()).to_bytes();
    assert_eq!(Statement::parse(&entry), Err(StatementError::HeaderCbor(error)));
}

#[test]
fn a_ledger_has_a_name_of_at_most_255_bytes() {
    let with_iss = |iss: String| {
        let mut entry = publish();
        entry.claims.iss = iss;
        Statement::parse(&entry.bytes())
    };
    assert!(with_iss("x".repeat(255)).is_ok());
    let malformed = Err(StatementError::Header(FieldError::Malformed("1".to_owned())));
    assert_eq!(with_iss("x".repeat(256)), malformed);
    assert_eq!(with_iss(String::new()), malformed);
}

#[test]
fn only_certain_orders_of_layers_are_complete_or_pending() {
    let all = [DRAFT, REVIEW, APPROVE, SERVICE];
    let ones = all.iter().map(|a| vec![*a]);
    let twos = all.iter().flat_map(|a| all.iter().map(|b| vec![*a, *b]));
    let threes = all.iter().flat_map(|a| all.iter().flat_map(|b| all.iter().map(|c| vec![*a, *b, *c])));
    let complete = [vec![APPROVE], vec![SERVICE], vec![DRAFT, APPROVE], vec![DRAFT, REVIEW, APPROVE]];
    let pending = [vec![DRAFT], vec![DRAFT, REVIEW]];
    for purposes in ones.chain(twos).chain(threes) {
        let signers = ["drafter", "reviewer", "approver"].into_iter().zip(purposes.iter().copied());
        let anchored = Entry { signers: signers.collect(), ..publish() };
        let waiting = Entry { anchor: None, ..anchored.clone() };
        let read = |ok: bool, error| if ok { Ok(()) } else { Err(error) };
        let is = |list: &[Vec<_>]| list.contains(&purposes);
        assert_eq!(
            Statement::parse(&anchored.bytes()).map(drop),
            read(is(&complete), StatementError::Layers)
        );
        let result = Statement::parse_pending(&waiting.bytes()).map(drop);
        assert_eq!(result, read(is(&pending), StatementError::Layers));
    }
}

#[test]
fn the_anchor_stands_in_the_last_layer_of_an_entry_and_nowhere_else() {
    for entry in [publish(), reviewed()] {
        assert!(Statement::parse(&entry.bytes()).is_ok());
        let without = Entry { anchor: None, ..entry.clone() };
        assert_eq!(Statement::parse(&without.bytes()), Err(StatementError::Anchor));
        // Signed as if it were the last, then covered by another layer.
        let early = Entry { signers: entry.signers[..entry.signers.len() - 1].to_vec(), ..entry.clone() };
        assert_eq!(Statement::parse_pending(&early.bytes()), Err(StatementError::Anchor));
        let last = entry.signers.len() - 1;
        let covered = sign1("approver", entry.header(last).to_bytes(), early.bytes()).to_bytes();
        assert_eq!(Statement::parse(&covered), Err(StatementError::Anchor));
    }
}

#[test]
fn layers_agree_on_ledger_and_subject_but_not_on_time() {
    let entry = publish();
    let with_inner = |change: fn(&mut Claims)| {
        let mut inner = Entry { signers: vec![("drafter", DRAFT)], anchor: None, ..entry.clone() };
        change(&mut inner.claims);
        Statement::parse(&sign1("approver", entry.header(1).to_bytes(), inner.bytes()).to_bytes()).map(drop)
    };
    assert_eq!(with_inner(|claims| claims.iat += 1), Ok(()));
    assert_eq!(with_inner(|claims| claims.sub = Id([1; 16])), Err(StatementError::Disagree));
    assert_eq!(with_inner(|claims| claims.iss.push('x')), Err(StatementError::Disagree));
}

#[test]
fn a_pending_statement_is_completed_without_a_change_to_it() {
    let act = Act::Publish(content());
    let claims = |iat| Claims { iss: ORIGIN.to_owned(), sub: RECORD, iat };
    let draft = sign_draft(&act, claims(1), &secret("drafter")).unwrap();
    let pending = Statement::parse_pending(&draft).unwrap();
    assert_eq!((pending.bytes(), &pending.act), (draft.as_slice(), &act));
    let review = sign_review(draft.clone(), claims(2), &secret("reviewer")).unwrap();
    assert_eq!(Statement::parse_pending(&review).unwrap().layers[0], pending.layers[0]);
    let anchor = publish().anchor.unwrap();
    for below in [draft, review] {
        let entry = sign_approval(below.clone(), claims(3), anchor, &secret("approver")).unwrap();
        let statement = Statement::parse(&entry).unwrap();
        assert_eq!(statement.layers[statement.layers.len() - 2].bytes, below);
        assert_eq!(Statement::parse_pending(&entry), Err(StatementError::Layers));
    }
}

#[test]
fn a_signer_may_decline() {
    struct Declines;
    impl Signer for Declines {
        fn public_key(&self) -> PublicKey {
            public("drafter")
        }
        fn sign(&self, _: &[u8]) -> Result<Signature, SignerUnavailable> {
            Err(SignerUnavailable)
        }
    }
    let claims = publish().claims;
    assert_eq!(sign_draft(&Act::Publish(content()), claims, &Declines), Err(SignerUnavailable));
}

#[test]
fn a_signature_holds_for_its_layer_only() {
    let statement = Statement::parse(&reviewed().bytes()).unwrap();
    let [draft, review, approve] = statement.layers.as_slice() else { panic!() };
    for (layer, name) in [(draft, "drafter"), (review, "reviewer"), (approve, "approver")] {
        assert_eq!(layer.verify(&public(name)), Ok(()));
        for other in ["drafter", "reviewer", "approver"].into_iter().filter(|other| *other != name) {
            assert_eq!(layer.verify(&public(other)), Err(KeyError::BadSignature));
        }
    }
    // The drafter's signature over the same act, under the approver's header.
    let mut moved = Sign1::parse(&approve.bytes, MAX_BYTES).unwrap();
    moved.signature = Sign1::parse(&draft.bytes, MAX_BYTES).unwrap().signature;
    let moved = Statement::parse(&moved.to_bytes()).unwrap();
    assert_eq!(moved.outermost().verify(&public("approver")), Err(KeyError::BadSignature));
}

// Algebra.

fn any_claims() -> impl Strategy<Value = Claims> {
    ("\\PC{1,60}", any::<[u8; 16]>(), 0..i64::MAX.unsigned_abs()).prop_map(|(iss, sub, iat)| Claims {
        iss,
        sub: Id(sub),
        iat,
    })
}

fn any_anchor() -> impl Strategy<Value = Anchor> {
    (0..i64::MAX.unsigned_abs(), any::<[u8; 32]>(), any::<[u8; 32]>(), any::<u32>()).prop_map(
        |(size, root, roster, rules)| Anchor {
            base: Base { size, root: Digest(root) },
            roster: Digest(roster),
            rules,
        },
    )
}

proptest! {
    #[test]
    fn headers_round_trip(claims in any_claims(), anchor in proptest::option::of(any_anchor()), index in 0_usize..3) {
        let header = Header { claims, anchor, ..reviewed().header(index) };
        prop_assert_eq!(Header::parse(&header.to_bytes()), Ok(header));
    }

    #[test]
    fn layers_round_trip(protected: Vec<u8>, payload: Vec<u8>) {
        let layer = sign1("drafter", protected, payload);
        prop_assert_eq!(Sign1::parse(&layer.to_bytes(), 1 << 20), Ok(layer));
    }

    #[test]
    fn statements_round_trip(claims in any_claims(), anchor in any_anchor(), three: bool) {
        let entry = if three { reviewed() } else { publish() };
        let entry = Entry { claims, anchor: Some(anchor), ..entry };
        let statement = Statement::parse(&entry.bytes()).unwrap();
        prop_assert_eq!(statement.bytes(), entry.bytes());
        for (index, layer) in statement.layers.iter().enumerate() {
            prop_assert_eq!(&layer.header, &entry.header(index));
            prop_assert_eq!(layer.verify(&public(entry.signers[index].0)), Ok(()));
        }
        prop_assert_eq!(statement.act, entry.act);
    }

    #[test]
    fn a_changed_byte_is_refused_or_breaks_a_signature(at in any::<prop::sample::Index>(), flip in 1_u8..) {
        let entry = reviewed();
        let mut bytes = entry.bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        if let Ok(statement) = Statement::parse(&bytes) {
            prop_assert_eq!(statement.bytes(), &bytes);
            let holds = statement.layers.iter().zip(&entry.signers).all(|(layer, (name, _))| layer.verify(&public(name)).is_ok());
            prop_assert!(!holds);
        }
    }

    #[test]
    fn no_bytes_panic(bytes: Vec<u8>) {
        let _ = Statement::parse(&bytes);
        let _ = Statement::parse_pending(&bytes);
        let _ = Header::parse(&bytes);
    }
}

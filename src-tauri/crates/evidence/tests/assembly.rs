//! Making files and taking them apart.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what tests share may fail a test")]

mod ledger_fixture;

use ledger_fixture::{Office, check, id, sorted, template};
use yinxin_evidence::{AssembleError, Evidence, Parts, Verdict, unpack};
use yinxin_record::cbor::{self, Value};
use yinxin_record::cose::to_be_signed;
use yinxin_record::disclosure::Disclosure;
use yinxin_record::key::PublicKey;
use yinxin_record::template::Template;

fn parts<'a>(
    office: &Office,
    template: &'a Template,
    proof: &'a yinxin_ledger::log_proof::LogProof,
    roster: &'a yinxin_record::roster::Roster,
    disclosures: &'a [Disclosure],
    people: &'a [Disclosure],
) -> Parts<'a> {
    let file = office.file(proof.index);
    Parts {
        statement: file.statement,
        template,
        disclosures,
        proof,
        roster,
        entries: file.entries.into_iter().rev().collect(),
        people,
        receipt: file.receipt,
        status: None,
        admission: None,
    }
}

#[test]
fn assembling_sorts_and_makes_the_one_file() {
    let office = Office::busy("city.example", "true");
    let (template, proof) = (template(), office.proof(4, 19, &["witness-one", "witness-two"]));
    let mut people = office.persons["zhang"].people.clone();
    people.extend(office.persons["li"].people.clone());
    for disclosures in
        [office.disclosures[&4].clone(), office.disclosures[&4].iter().rev().cloned().collect()]
    {
        let parts = parts(&office, &template, &proof, &office.roster, &disclosures, &people);
        let file = Evidence::assemble(parts).unwrap();
        assert_eq!(file, office.file(4));
        assert_eq!(check(&file, &office.policy(2)).verdict, Verdict::Genuine);
    }
}

#[test]
fn what_would_not_verify_is_not_made() {
    let office = Office::busy("city.example", "true");
    let (template, proof) = (template(), office.proof(4, 19, &[]));
    let refused = |parts: Parts<'_>| match Evidence::assemble(parts) {
        Err(AssembleError::WouldNotVerify { check, finding }) => (check, finding),
        other => panic!("{other:?}"),
    };
    let honest = || parts(&office, &template, &proof, &office.roster, &office.disclosures[&4], &[]);
    assert!(Evidence::assemble(honest()).is_ok());
    let other = parts(&office, &template, &proof, &office.roster, &office.disclosures[&5], &[]);
    assert_eq!(refused(other), ("disclosures", "finding_disclosure_not_in_act"));
    let mut without = honest();
    without.entries.retain(|entry| entry.position != 0);
    assert_eq!(refused(without), ("genesis", "finding_genesis_missing"));
    let mut claim = office.claim("a", 19);
    claim.record = id("b");
    let wrong = Parts { status: Some(office.sign_claim(&claim)), ..honest() };
    assert_eq!(refused(wrong), ("status", "finding_status_other_record"));
    let mut twice = honest();
    twice.entries.push(twice.entries[0].clone());
    assert!(matches!(Evidence::assemble(twice), Err(AssembleError::File(_))));
}

#[test]
fn an_unfinished_quorum_may_be_exported() {
    let office = Office::busy("city.example", "true");
    let file = office.file_at(4, 19, &[]);
    assert_eq!(check(&file, &office.policy(1)).verdict, Verdict::Undetermined);
}

fn take<'a>(files: &'a [(&'static str, Vec<u8>)], name: &str) -> &'a [u8] {
    &files.iter().find(|(known, _)| *known == name).unwrap().1
}

#[test]
fn unpacked_files_are_what_other_tools_expect() {
    let mut office = Office::busy("city.example", "true");
    let position = office.publish_reviewed("r");
    let mut file = office.file(position);
    file.disclosures = sorted(office.disclosures[&position].iter().take(1));
    let files = unpack(&file).unwrap();
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    let expected = [
        "statement.cose",
        "draft.cose",
        "review.cose",
        "proof.tlog-proof",
        "receipt.cose",
        "disclosures.json",
        "keys.json",
    ];
    assert_eq!(names, expected);
    assert_eq!(take(&files, "statement.cose"), file.statement);
    assert_eq!(take(&files, "proof.tlog-proof"), file.proof.as_bytes());

    let keys: serde_json::Value = serde_json::from_slice(take(&files, "keys.json")).unwrap();
    for (name, purpose) in [("draft.cose", "draft"), ("review.cose", "review"), ("statement.cose", "approve")]
    {
        check_cose(take(&files, name), keys["signers"][purpose].as_str().unwrap());
    }
    assert_eq!((keys["size"].as_u64(), keys["index"].as_u64()), (Some(20), Some(position)));
    assert_eq!(keys["log"], office.log_key().to_string());
    assert_eq!(keys["root"], office.root(20).to_string());

    let shown: serde_json::Value = serde_json::from_slice(take(&files, "disclosures.json")).unwrap();
    let bytes = hex::decode(shown[0]["bytes"].as_str().unwrap()).unwrap();
    assert_eq!(yinxin_record::Digest::of(&bytes).to_string(), shown[0]["digest"]);
    assert_eq!((shown[0]["key"].as_str(), shown[0]["value"].as_i64()), (Some("seats"), Some(40)));
}

fn public(hex_key: &str) -> PublicKey {
    PublicKey(hex::decode(hex_key).unwrap().try_into().unwrap())
}

/// Checks a `COSE_Sign1` by hand, as RFC 9052 says.
fn check_cose(bytes: &[u8], key: &str) {
    let items = sign1(bytes);
    let (Value::Bytes(protected), Value::Bytes(payload)) = (&items[0], &items[2]) else { panic!() };
    let Value::Bytes(signature) = &items[3] else { panic!() };
    let message = to_be_signed(protected, payload);
    public(key).verify(&message, signature.as_slice().try_into().unwrap()).unwrap();
}

fn sign1(bytes: &[u8]) -> Vec<Value> {
    let Value::Tag(18, inner) = cbor::decode(bytes, 1 << 20).unwrap() else { panic!() };
    inner.as_array().unwrap().to_vec()
}

#[test]
fn the_unpacked_receipt_verifies_from_the_statement_alone() {
    let office = Office::busy("city.example", "true");
    let files = unpack(&office.file(4)).unwrap();
    let items = sign1(take(&files, "receipt.cose"));
    let Value::Map(unprotected) = &items[1] else { panic!() };
    assert_eq!(unprotected[0].0, Value::Int(396));
    let Value::Map(proofs) = &unprotected[0].1 else { panic!() };
    assert_eq!(proofs[0].0, Value::Int(-1));
    let proof = cbor::decode(proofs[0].1.as_array().unwrap()[0].as_bytes().unwrap(), 4_096).unwrap();
    let [size, index, path] = proof.as_array().unwrap() else { panic!() };
    let hash = |hash: &Value| yinxin_record::Digest::from_slice(hash.as_bytes().unwrap()).unwrap();
    let path: Vec<_> = path.as_array().unwrap().iter().map(hash).collect();
    let leaf = yinxin_ledger::tree::leaf_hash(take(&files, "statement.cose"));
    let (size, index) = (size.as_uint().unwrap(), index.as_uint().unwrap());
    let root = yinxin_ledger::tree::root_from_inclusion(&leaf, index, size, &path).unwrap();
    let keys: serde_json::Value = serde_json::from_slice(take(&files, "keys.json")).unwrap();
    let (Value::Bytes(protected), Value::Bytes(signature)) = (&items[0], &items[3]) else { panic!() };
    let message = to_be_signed(protected, &root.0);
    let key = public(keys["receipt"].as_str().unwrap());
    key.verify(&message, signature.as_slice().try_into().unwrap()).unwrap();
}

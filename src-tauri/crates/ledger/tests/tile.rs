//! Tiles and bundles against tests/vectors/tile.json, and tiles as a tree.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what tests share may fail a test")]

use proptest::prelude::*;
use serde_json::Value;
use yinxin_ledger::tile::{
    Bundle, FULL, MAX_ENTRY, NoSuchNode, Resource, Tile, TileError, Tiles, bundles_for, decode_bundle,
    decode_tile, encode_bundle, encode_tile, locate, node_in_tile, parse_path, tiles_for,
};
use yinxin_ledger::tree::{
    Frontier, Nodes as _, check_consistency, check_inclusion, consistency_proof, inclusion_proof, leaf_hash,
    root,
};
use yinxin_record::Digest;

const VECTORS: &str = include_str!("../../../../tests/vectors/tile.json");

fn vectors() -> Value {
    serde_json::from_str(VECTORS).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn leaf(i: u64) -> Digest {
    leaf_hash(&i.to_be_bytes())
}

fn tree(size: u64) -> Tiles {
    let mut tiles = Tiles::default();
    (0..size).for_each(|i| tiles.push(leaf(i)));
    tiles
}

#[test]
fn paths() {
    for case in vectors()["paths"].as_array().unwrap() {
        let index = text(&case["index"]).parse().unwrap();
        let width = u16::try_from(case["width"].as_u64().unwrap()).unwrap();
        let resource = match case["level"].as_u64() {
            Some(level) => Resource::Tile(Tile { level: u8::try_from(level).unwrap(), index, width }),
            None => Resource::Bundle(Bundle { index, width }),
        };
        assert_eq!(parse_path(text(&case["path"])), Ok(resource), "{}", case["path"]);
        assert_eq!(resource.to_string(), text(&case["path"]));
    }
}

#[test]
fn bad_paths() {
    for case in vectors()["bad_paths"].as_array().unwrap() {
        assert_eq!(
            parse_path(text(&case["path"])),
            Err(TileError::BadPath),
            "{} {}",
            case["path"],
            case["why"]
        );
    }
}

#[test]
fn tiles_of_a_size() {
    for case in vectors()["sizes"].as_array().unwrap() {
        let size = case["size"].as_u64().unwrap();
        let mut expected = Vec::new();
        for level in case["levels"].as_array().unwrap() {
            let field = |i: usize| level[i].as_u64().unwrap();
            for index in 0..field(1) {
                let width = if index + 1 == field(1) { field(2) } else { 256 };
                let (level, width) = (u8::try_from(field(0)).unwrap(), u16::try_from(width).unwrap());
                expected.push(Tile { level, index, width });
            }
        }
        assert_eq!(tiles_for(size).collect::<Vec<_>>(), expected, "{size}");
        let bundles: Vec<_> = bundles_for(size).map(|bundle| (bundle.index, bundle.width)).collect();
        let leaves = expected.iter().filter(|tile| tile.level == 0);
        assert_eq!(bundles, leaves.map(|tile| (tile.index, tile.width)).collect::<Vec<_>>());
    }
}

#[test]
fn the_largest_tree_has_eight_levels() {
    assert_eq!(tiles_for(u64::MAX).next(), Some(Tile { level: 0, index: 0, width: FULL }));
    let last = Tile { level: 0, index: u64::MAX >> 8, width: 255 };
    assert_eq!(locate(0, u64::MAX - 1, u64::MAX), Some((last, 0, 254)));
    assert_eq!(locate(63, 0, u64::MAX), Some((Tile { level: 7, index: 0, width: 255 }, 7, 0)));
    assert_eq!(locate(63, 1, u64::MAX), None);
    assert_eq!(locate(64, 0, u64::MAX), None);
    assert_eq!(locate(255, 0, u64::MAX), None);
}

#[test]
fn bundles() {
    for case in vectors()["bundles"].as_array().unwrap() {
        let bytes = hex::decode(text(&case["hex"])).unwrap();
        let entries: Vec<Vec<u8>> = case["entries"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| hex::decode(text(entry)).unwrap())
            .collect();
        assert_eq!(encode_bundle(&entries), Ok(bytes.clone()));
        let width = u16::try_from(entries.len()).unwrap();
        assert_eq!(decode_bundle(&bytes, width), Ok(entries.iter().map(Vec::as_slice).collect()));
    }
}

#[test]
fn bad_bundles() {
    for case in vectors()["bad_bundles"].as_array().unwrap() {
        let bytes = hex::decode(text(&case["hex"])).unwrap();
        let width = u16::try_from(case["width"].as_u64().unwrap()).unwrap();
        let error = decode_bundle(&bytes, width).unwrap_err();
        assert_eq!(format!("{error:?}"), text(&case["error"]), "{}", case["why"]);
    }
}

#[test]
fn bounds_of_bundles_and_tiles() {
    assert_eq!(encode_bundle::<Vec<u8>>(&[]), Err(TileError::WrongCount));
    assert_eq!(encode_bundle(&vec![b"x"; 257]), Err(TileError::WrongCount));
    assert_eq!(encode_bundle(&[vec![0; MAX_ENTRY + 1]]), Err(TileError::EntryTooLong));
    let longest = encode_bundle(&[vec![7; MAX_ENTRY]]).unwrap();
    assert_eq!(decode_bundle(&longest, 1).unwrap(), [vec![7; MAX_ENTRY]]);
    assert!(encode_bundle(&vec![b"x"; 256]).is_ok());

    let hashes: Vec<Digest> = (0..256).map(leaf).collect();
    let bytes = encode_tile(&hashes);
    assert_eq!(bytes.len(), 8192);
    assert_eq!(decode_tile(&bytes, 256).unwrap(), hashes);
    for (len, width) in [(8191, 256), (8192, 255), (0, 0), (31, 1), (33, 1), (64, 1), (8192, 257)] {
        assert_eq!(decode_tile(&bytes[..len], width), Err(TileError::WrongLength));
    }
}

#[test]
fn nodes_within_a_tile() {
    let hashes: Vec<Digest> = (0..200).map(leaf).collect();
    let mut frontier = Frontier::new();
    hashes[..128].iter().for_each(|hash| frontier.push(*hash));
    assert_eq!(node_in_tile(&hashes, 7, 0), Some(frontier.root()));
    assert_eq!(node_in_tile(&hashes, 0, 199), Some(hashes[199]));
    for (level, index) in
        [(0, 200), (0, 256), (3, 25), (7, 1), (8, 0), (8, 1), (9, 0), (255, 0), (0, u64::MAX)]
    {
        assert_eq!(node_in_tile(&hashes, level, index), None, "{level} {index}");
    }
    let full: Vec<Digest> = (0..256).map(leaf).collect();
    assert!(node_in_tile(&full, 8, 0).is_some());
}

/// The tiles that a size needs are all there, and decode to the tree.
#[test]
fn tiles_of_a_tree_of_three_levels() {
    let size = 66_000;
    let tiles = tree(size);
    assert_eq!(tiles.size(), size);
    let mut frontier = Frontier::new();
    (0..size).for_each(|i| frontier.push(leaf(i)));
    assert_eq!(root(size, &tiles).unwrap(), frontier.root());
    let mut hashes = 0;
    for tile in tiles_for(size) {
        hashes += tiles.tile(tile).unwrap().len();
    }
    assert_eq!(hashes, 66_000 + 257 + 1);
    assert_eq!(tiles.tile(Tile { level: 0, index: 257, width: 209 }), None);
    assert_eq!(tiles.tile(Tile { level: 3, index: 0, width: 1 }), None);
    assert_eq!(tiles.tile(Tile { level: 0, index: u64::MAX, width: 1 }), None);

    let top = frontier.root();
    for index in [0, 255, 256, 65_535, 65_536, 65_999] {
        let proof = inclusion_proof(index, size, &tiles).unwrap();
        assert_eq!(check_inclusion(&leaf(index), index, size, &proof, &top), Ok(()));
    }
    for old in [1, 255, 256, 257, 65_535, 65_536, 65_537] {
        let proof = consistency_proof(old, size, &tiles).unwrap();
        let old_root = root(old, &tiles).unwrap();
        assert_eq!(check_consistency(old, &old_root, size, &top, &proof), Ok(()));
    }
}

#[test]
fn incomplete_nodes_are_refused() {
    let tiles = tree(300);
    assert!(tiles.node(8, 0).is_ok());
    assert!(tiles.node(2, 74).is_ok());
    for (level, index) in [(8, 1), (9, 0), (0, 300), (2, 75), (63, 0), (200, 0)] {
        assert_eq!(tiles.node(level, index), Err(NoSuchNode { level, index }));
    }
}

proptest! {
    #[test]
    fn every_path_is_read_back(level in 0..64_u8, index in any::<u64>(), short in 0..2000_u64, width in 1..=256_u16) {
        for index in [index, short] {
            let tile = Resource::Tile(Tile { level, index, width });
            let bundle = Resource::Bundle(Bundle { index, width });
            for resource in [tile, bundle] {
                prop_assert_eq!(parse_path(&resource.to_string()), Ok(resource));
            }
        }
    }

    #[test]
    fn only_one_spelling_of_a_path(path in "tile/(entries|[0-9]{1,3})/(x?[0-9]{1,4}/?){1,8}(\\.p/[0-9]{1,4})?") {
        if let Ok(resource) = parse_path(&path) {
            prop_assert_eq!(resource.to_string(), path);
        }
    }

    #[test]
    fn bundles_are_read_back(entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..50), 1..20)) {
        let bytes = encode_bundle(&entries).unwrap();
        let width = u16::try_from(entries.len()).unwrap();
        prop_assert_eq!(decode_bundle(&bytes, width).unwrap(), entries);
        prop_assert!(decode_bundle(&bytes, width + 1).is_err());
        prop_assert!(decode_bundle(&bytes[..bytes.len() - 1], width).is_err());
    }

    #[test]
    fn hostile_bundles_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..100), width in 0..300_u16) {
        if let Ok(entries) = decode_bundle(&bytes, width) {
            prop_assert_eq!(encode_bundle(&entries).unwrap(), bytes);
        }
    }
}

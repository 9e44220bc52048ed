//! A photo or scan of a sheet: hostile until its QR code is read.

use std::io::Cursor;

use image::{GrayImage, ImageFormat, ImageReader, Limits};

use super::error::RecoveryError;
use super::sheet::Sheet;

/// The largest file that is read.
pub const MAX_FILE: u64 = 32 << 20;

/// The most pixels: more than any telephone makes.
const MAX_PIXELS: u64 = 120_000_000;

/// What decoding may take of memory.
const MAX_MEMORY: u64 = 600 << 20;

/// The longer side at which codes are looked for, one after the other: small
/// noise and fine paper disappear when a large photo is made smaller.
const SIDES: [u32; 3] = [1_600, 3_200, 900];

/// Reads the sheet in a picture (PNG or JPEG).
///
/// # Errors
/// [`RecoveryError::NotPicture`], [`RecoveryError::PictureTooLarge`],
/// [`RecoveryError::NoQrCode`], and what is wrong with the code that was read.
pub fn read(picture: &[u8]) -> Result<Sheet, RecoveryError> {
    let grey = decoded(picture)?;
    let mut best = RecoveryError::NoQrCode;
    for side in SIDES {
        for text in texts(&scaled(&grey, side)) {
            match Sheet::parse(&text) {
                // Another code may stand on the desk beside the sheet.
                Err(RecoveryError::OtherQrCode) => best = RecoveryError::OtherQrCode,
                read => return read,
            }
        }
    }
    Err(best)
}

fn decoded(picture: &[u8]) -> Result<GrayImage, RecoveryError> {
    if picture.len() as u64 > MAX_FILE {
        return Err(RecoveryError::PictureTooLarge);
    }
    let reader = || {
        let mut reader = ImageReader::new(Cursor::new(picture)).with_guessed_format().ok()?;
        let mut limits = Limits::default();
        limits.max_alloc = Some(MAX_MEMORY);
        reader.limits(limits);
        matches!(reader.format(), Some(ImageFormat::Png | ImageFormat::Jpeg)).then_some(reader)
    };
    let header = reader().ok_or(RecoveryError::NotPicture)?;
    let (width, height) = header.into_dimensions().map_err(|_| RecoveryError::NotPicture)?;
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(RecoveryError::PictureTooLarge);
    }
    let decoded = reader().ok_or(RecoveryError::NotPicture)?.decode();
    Ok(decoded.map_err(|_| RecoveryError::NotPicture)?.into_luma8())
}

/// The picture with its longer side at most `side` pixels.
fn scaled(grey: &GrayImage, side: u32) -> GrayImage {
    let (width, height) = grey.dimensions();
    let longer = width.max(height);
    if longer <= side {
        return grey.clone();
    }
    let to = |length: u32| {
        let scaled = u64::from(length) * u64::from(side) / u64::from(longer);
        u32::try_from(scaled).unwrap_or(side).max(1)
    };
    image::imageops::thumbnail(grey, to(width), to(height))
}

/// What the QR codes in a picture hold.
fn texts(grey: &GrayImage) -> Vec<String> {
    let (width, height) = grey.dimensions();
    let [wide, high] = [width, height].map(|length| usize::try_from(length).unwrap_or(0));
    if wide == 0 || high == 0 {
        return Vec::new();
    }
    let pixels = grey.as_raw();
    // The reader of codes is others' work on a picture that may be made to break
    // it; whatever happens there is no more than a code that cannot be read.
    let read = std::panic::catch_unwind(|| {
        let mut prepared =
            rqrr::PreparedImage::prepare_from_greyscale(wide, high, |x, y| pixels[y * wide + x]);
        prepared.detect_grids().iter().filter_map(|grid| grid.decode().ok().map(|(_, text)| text)).collect()
    });
    read.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use image::{DynamicImage, Luma};
    use qrcodegen::{QrCode, QrCodeEcc};

    use super::*;

    fn encoded(image: &GrayImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::from(image.clone()).write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn drawn(text: &str, module: u32) -> GrayImage {
        let qr = QrCode::encode_text(text, QrCodeEcc::Quartile).unwrap();
        let side = (u32::try_from(qr.size()).unwrap() + 8) * module;
        GrayImage::from_fn(side, side, |x, y| {
            let at = |v: u32| i32::try_from(v / module).unwrap() - 4;
            Luma([if qr.get_module(at(x), at(y)) { 20 } else { 235 }])
        })
    }

    #[test]
    fn pictures_without_a_code_with_another_and_no_pictures_are_told_apart() {
        let white = GrayImage::from_pixel(200, 300, Luma([255]));
        let other = drawn("https://example.org/", 4);
        for (bytes, refused) in [
            (Vec::new(), RecoveryError::NotPicture),
            (b"<!doctype html>".to_vec(), RecoveryError::NotPicture),
            (b"\x89PNG\r\n\x1a\n".to_vec(), RecoveryError::NotPicture),
            (encoded(&white, ImageFormat::Png)[..60].to_vec(), RecoveryError::NotPicture),
            (b"GIF89a\x01\x00\x01\x00".to_vec(), RecoveryError::NotPicture),
            (encoded(&white, ImageFormat::Png), RecoveryError::NoQrCode),
            (encoded(&other, ImageFormat::Jpeg), RecoveryError::OtherQrCode),
        ] {
            assert_eq!(read(&bytes), Err(refused));
        }
    }

    #[test]
    fn a_picture_that_unpacks_to_too_much_is_not_unpacked() {
        // A header that promises 60,000 × 60,000 pixels; CRC as PNG has it.
        let mut png = encoded(&GrayImage::new(1, 1), ImageFormat::Png);
        png[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
        let crc = crc32(&png[12..29]);
        png[29..33].copy_from_slice(&crc.to_be_bytes());
        assert_eq!(read(&png), Err(RecoveryError::PictureTooLarge));
        assert_eq!(read(&vec![0; 33 << 20]), Err(RecoveryError::PictureTooLarge));
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0_u32, |crc, byte| {
            (0..8)
                .fold(crc ^ u32::from(*byte), |crc, _| crc >> 1 ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 })
        })
    }

    #[test]
    fn a_sheet_is_read_from_a_large_picture_and_beside_other_codes() {
        let text = format!("YINXIN-RECOVERY-1:11420100MB0889006F:0A1B2C3D:{}", {
            crate::recovery::RecoveryCode::of(&[3; 28]).groups().join("-")
        });
        let mut desk = GrayImage::from_pixel(4_000, 3_000, Luma([220]));
        image::imageops::replace(&mut desk, &drawn("https://example.org/", 12), 200, 200);
        image::imageops::replace(&mut desk, &drawn(&text, 20), 1_500, 900);
        let read = read(&encoded(&desk, ImageFormat::Jpeg)).unwrap();
        assert_eq!((read.office.as_str(), read.number.as_str()), ("11420100MB0889006F", "0A1B2C3D"));
    }
}

//! Percent-encoding of texts and paths (RFC 3986 §2.1), for links and `file://` addresses.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// A text whose bytes all have a plain meaning in the query of a link.
pub(crate) fn encoded(text: &[u8]) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text {
        // RFC 3986 §2.3, and what stands for itself in a query (§3.4) and makes paths readable.
        if byte.is_ascii_alphanumeric() || b"-._~/:@,".contains(byte) {
            encoded.push(char::from(*byte));
        } else {
            // Writing to a text never fails.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// A path, encoded byte by byte as the system has it.
pub(crate) fn encoded_path(path: &Path) -> String {
    #[cfg(unix)]
    let bytes = std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str());
    #[cfg(not(unix))]
    let text = path.to_string_lossy();
    #[cfg(not(unix))]
    let bytes = text.as_bytes();
    encoded(bytes)
}

/// The bytes of an encoded text. What is no code stands for itself.
pub(crate) fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = (*first == b'%')
            .then(|| after.get(..2))
            .flatten()
            .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match code {
            Some(code) => {
                bytes.push(code);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    bytes
}

/// The path that an encoded text names.
pub(crate) fn path(text: &str) -> PathBuf {
    let bytes = decoded(text);
    #[cfg(unix)]
    let name: OsString = std::os::unix::ffi::OsStringExt::from_vec(bytes);
    #[cfg(not(unix))]
    let name = OsString::from(String::from_utf8_lossy(&bytes).into_owned());
    PathBuf::from(name)
}

//! How much memory the machine has, how much of it may be taken, and numbers of bytes as people
//! write and read them.

use std::str::FromStr;

/// Most bytes of frames that [`default_cache_bytes`] gives.
const MOST_CACHE_BYTES: usize = 4 << 30;
/// What it gives where the machine's memory is not known.
const UNKNOWN_CACHE_BYTES: usize = 1 << 30;
/// Memory for logged rows where the machine's memory is not known.
const UNKNOWN_MEMORY_LIMIT: usize = 4 << 30;
/// Percent of the machine's memory for logged rows, unless told otherwise.
const DEFAULT_PERCENT: f64 = 75.0;
/// The least memory for logged rows that makes sense.
const LEAST_LIMIT: usize = 1 << 20;

/// Units of bytes, with how many they are.
const UNITS: [(&str, u64); 9] = [
    ("kib", 1 << 10),
    ("mib", 1 << 20),
    ("gib", 1 << 30),
    ("tib", 1 << 40),
    ("kb", 1_000),
    ("mb", 1_000_000),
    ("gb", 1_000_000_000),
    ("tb", 1_000_000_000_000),
    ("b", 1),
];

/// Bytes of decoded frames to keep unless told otherwise: a quarter of the machine's memory, at most
/// [`MOST_CACHE_BYTES`].
pub(crate) fn default_cache_bytes() -> usize {
    memory_bytes().map_or(UNKNOWN_CACHE_BYTES, |bytes| {
        usize::try_from(bytes / 4).map_or(MOST_CACHE_BYTES, |quarter| quarter.min(MOST_CACHE_BYTES))
    })
}

/// Bytes of logged rows to keep unless told otherwise: three quarters of the machine's memory.
pub(crate) fn default_memory_limit() -> usize {
    MemoryLimit::Percent(DEFAULT_PERCENT).bytes()
}

/// A limit of memory as it is written: `4GiB`, `512MB`, `50%`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum MemoryLimit {
    /// So many bytes.
    Bytes(usize),
    /// So much of the machine's memory.
    Percent(f64),
}

impl MemoryLimit {
    /// The limit in bytes.
    pub(crate) fn bytes(self) -> usize {
        let bytes = match self {
            Self::Bytes(bytes) => bytes,
            Self::Percent(percent) => memory_bytes().map_or(UNKNOWN_MEMORY_LIMIT, |bytes| {
                // Saturates where a machine has more than it can address.
                (bytes as f64 * percent / 100.0) as usize
            }),
        };
        bytes.max(LEAST_LIMIT)
    }
}

impl FromStr for MemoryLimit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || "a size is needed, such as 4GiB, 512MB or 50%".to_owned();
        let number = |digits: &str| {
            let number: f64 = digits.trim().parse().map_err(|_| wrong())?;
            if number.is_finite() && number > 0.0 {
                Ok(number)
            } else {
                Err(wrong())
            }
        };
        if let Some(digits) = text.strip_suffix('%') {
            let percent = number(digits)?;
            return if percent <= 100.0 {
                Ok(Self::Percent(percent))
            } else {
                Err("there is no more than 100 %".to_owned())
            };
        }
        let lower = text.to_ascii_lowercase();
        let found = UNITS
            .into_iter()
            .find_map(|(unit, bytes)| Some((lower.strip_suffix(unit)?, bytes)));
        let (digits, unit) = found.ok_or_else(wrong)?;
        Ok(Self::Bytes((number(digits)? * unit as f64) as usize))
    }
}

/// A number of bytes for people.
pub(crate) fn bytes_text(bytes: u64) -> String {
    const STEPS: [(u64, &str); 3] = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    let step = STEPS.into_iter().find(|(size, _)| bytes >= *size);
    match step {
        Some((size, unit)) => format!("{:.1} {unit}", bytes as f64 / size as f64),
        None => format!("{bytes} bytes"),
    }
}

/// The machine's memory in bytes, where it can be had without asking the operating system (Linux).
fn memory_bytes() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_of_memory_are_written_with_a_unit() {
        let parse = |text: &str| text.parse::<MemoryLimit>().ok();
        assert_eq!(parse("4GiB"), Some(MemoryLimit::Bytes(4 << 30)));
        assert_eq!(parse("512MB"), Some(MemoryLimit::Bytes(512_000_000)));
        assert_eq!(parse("1.5 gib"), Some(MemoryLimit::Bytes(3 << 29)));
        assert_eq!(parse("50%"), Some(MemoryLimit::Percent(50.0)));
        for wrong in ["", "4", "GiB", "-1GiB", "110%", "0MB", "nanMB", "4 pounds"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn numbers_of_bytes_are_short() {
        assert_eq!(bytes_text(999), "999 bytes");
        assert_eq!(bytes_text(3 << 29), "1.5 GiB");
    }
}

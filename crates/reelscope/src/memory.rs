//! How much memory the machine has, and how much of it decoded frames may take.

/// Most bytes of frames that [`default_cache_bytes`] gives.
const MOST_CACHE_BYTES: usize = 4 << 30;
/// What it gives where the machine's memory is not known.
const UNKNOWN_CACHE_BYTES: usize = 1 << 30;

/// Bytes of decoded frames to keep unless told otherwise: a quarter of the machine's memory, at most
/// [`MOST_CACHE_BYTES`].
pub(crate) fn default_cache_bytes() -> usize {
    memory_bytes().map_or(UNKNOWN_CACHE_BYTES, |bytes| {
        usize::try_from(bytes / 4).map_or(MOST_CACHE_BYTES, |quarter| quarter.min(MOST_CACHE_BYTES))
    })
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

//! Changes to MP4 files that FFmpeg's muxer cannot be asked for (boxes as in ISO/IEC 14496-12).

use std::ops::Range;

use anyhow::{Context as _, Result};

/// Finds the body (behind size and name) of the box at a path of names from the top of the file.
fn find(bytes: &[u8], path: &[&[u8; 4]]) -> Result<Range<usize>> {
    let mut range = 0..bytes.len();
    for name in path {
        range = child(bytes, range, name)
            .with_context(|| format!("no box {}", String::from_utf8_lossy(*name)))?;
    }
    Ok(range)
}

fn child(bytes: &[u8], within: Range<usize>, name: &[u8; 4]) -> Option<Range<usize>> {
    let mut at = within.start;
    while at + 8 <= within.end {
        let size = u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize;
        if bytes.get(at + 4..at + 8)? == name {
            return Some(at + 8..at + size);
        }
        at += size.max(8);
    }
    None
}

fn table(bytes: &[u8], name: &[u8; 4]) -> Result<Range<usize>> {
    find(bytes, &[b"moov", b"trak", b"mdia", b"minf", b"stbl", name])
}

fn write(bytes: &mut [u8], at: usize, value: &[u8]) -> Result<()> {
    bytes
        .get_mut(at..at + value.len())
        .context("the box is too short")?
        .copy_from_slice(value);
    Ok(())
}

/// Turns the sync sample table into free space.
pub(crate) fn remove_stss(mut bytes: Vec<u8>) -> Result<Vec<u8>> {
    let body = table(&bytes, b"stss")?;
    write(&mut bytes, body.start - 4, b"free")?;
    Ok(bytes)
}

/// Shown after a clockwise turn by 90°.
pub(crate) fn rotate_90(bytes: Vec<u8>) -> Result<Vec<u8>> {
    set_matrix(bytes, [0, 1, -1, 0])
}

/// Shown after a turn by 180°.
pub(crate) fn rotate_180(bytes: Vec<u8>) -> Result<Vec<u8>> {
    set_matrix(bytes, [-1, 0, 0, -1])
}

/// Shown after a clockwise turn by 270°.
pub(crate) fn rotate_270(bytes: Vec<u8>) -> Result<Vec<u8>> {
    set_matrix(bytes, [0, -1, 1, 0])
}

/// Sets `a b c d` of the track header's matrix `{a b u; c d v; x y w}`; the shift is left at zero.
fn set_matrix(mut bytes: Vec<u8>, [a, b, c, d]: [i32; 4]) -> Result<Vec<u8>> {
    let header = find(&bytes, &[b"moov", b"trak", b"tkhd"])?;
    // Version 0: 40 bytes of version, flags, times, track and group come before.
    let matrix = header.start + 40;
    for (place, value) in [(0, a), (1, b), (3, c), (4, d)] {
        write(&mut bytes, matrix + place * 4, &(value << 16).to_be_bytes())?;
    }
    Ok(bytes)
}

/// Says that there are 4 294 967 280 samples of 1000 bytes each.
pub(crate) fn claim_four_billion_samples(mut bytes: Vec<u8>) -> Result<Vec<u8>> {
    let sizes = table(&bytes, b"stsz")?;
    write(&mut bytes, sizes.start + 4, &1000_u32.to_be_bytes())?;
    write(&mut bytes, sizes.start + 8, &0xFFFF_FFF0_u32.to_be_bytes())?;
    Ok(bytes)
}

/// Says that 4 294 967 295 samples have the first duration.
pub(crate) fn claim_endless_times(mut bytes: Vec<u8>) -> Result<Vec<u8>> {
    let times = table(&bytes, b"stts")?;
    write(&mut bytes, times.start + 8, &u32::MAX.to_be_bytes())?;
    Ok(bytes)
}

/// Moves the first chunk, and all samples with it, to behind the end of the file.
pub(crate) fn move_chunks_away(mut bytes: Vec<u8>) -> Result<Vec<u8>> {
    let chunks = table(&bytes, b"stco")?;
    write(&mut bytes, chunks.start + 8, &0x7FFF_0000_u32.to_be_bytes())?;
    Ok(bytes)
}

/// Gives the movie box a 64-bit size of 2⁶⁰ bytes.
pub(crate) fn claim_exabyte(mut bytes: Vec<u8>) -> Result<Vec<u8>> {
    let movie = find(&bytes, &[b"moov"])?;
    write(&mut bytes, movie.start - 8, &1_u32.to_be_bytes())?;
    bytes.splice(movie.start..movie.start, (1_u64 << 60).to_be_bytes());
    Ok(bytes)
}

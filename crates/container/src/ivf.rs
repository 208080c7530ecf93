//! IVF: a 32-byte header, then frames behind 12-byte headers. Has no index and no key frame flags,
//! so the frames are looked into.

use std::sync::Arc;

use reelscope_media::codec::Inspector;
use reelscope_media::{ByteSource, Codec, Timescale, Track, Visibility, WholeSource};

use crate::assemble::{
    MAX_SAMPLES, codec_of_fourcc, fourcc_text, greatest_common_divisor, plain_config, range_sample,
    raw_framing, video_track,
};
use crate::facts::complete_facts;
use crate::raw::look_into;
use crate::window::Window;
use crate::{ContainerError, Demuxer, Movie, named};

pub(crate) const DEMUXER: Demuxer = Demuxer {
    name: "ivf",
    probe,
    open,
};

const FRAME_HEADER: u64 = 12;

/// How much of a frame is looked into: past all headers of any real one. VP9 superframes, whose
/// index is at the end, are whole up to this size.
const INSPECTED: usize = 64 << 10;

fn probe(head: &[u8], name_hint: &str) -> u8 {
    match head.starts_with(b"DKIF") {
        true if head.get(4..8) == Some(&[0, 0, 32, 0]) => 100,
        true => 80 + 10 * u8::from(named(name_hint, &["ivf"])),
        false => 0,
    }
}

/// The file header.
struct Header {
    len: u64,
    fourcc: [u8; 4],
    timescale: Timescale,
    ticks_per_pts: u32,
}

fn open(source: &Arc<dyn ByteSource>) -> Result<Movie, ContainerError> {
    let mut window = Window::new(&**source, 256 << 10);
    let mut warnings = Vec::new();
    let header = read_header(&mut window, &mut warnings)?;
    let codec = codec_of_fourcc(header.fourcc);
    let config = plain_config(codec, raw_framing(codec));
    let mut inspector = codec.entry().map(|entry| (entry.inspector)(&config));
    let whole = Arc::new(WholeSource(Arc::clone(source)));
    let mut track = video_track(1, config, header.timescale, whole);
    if codec == Codec::Unknown {
        let name = fourcc_text(header.fourcc);
        track.unplayable = Some(format!("its codec {name} is not known"));
        track.codec_string = name;
    }
    read_frames(
        &mut window,
        &header,
        &mut track,
        inspector.as_mut(),
        &mut warnings,
    )?;
    if track.samples.is_empty() {
        let reason = "there is no frame after its header".to_owned();
        return Err(ContainerError::Damaged {
            container: "ivf",
            reason,
        });
    }
    complete_facts(&mut track);
    Ok(Movie {
        container: "ivf",
        tracks: vec![track],
        warnings,
    })
}

fn read_header(
    window: &mut Window<'_>,
    warnings: &mut Vec<String>,
) -> Result<Header, ContainerError> {
    let Some(bytes) = window.array::<32>(0)? else {
        let reason = "it ends inside its header".to_owned();
        return Err(ContainerError::Damaged {
            container: "ivf",
            reason,
        });
    };
    let [
        ..,
        l0,
        l1,
        f0,
        f1,
        f2,
        f3,
        _,
        _,
        _,
        _,
        r0,
        r1,
        r2,
        r3,
        s0,
        s1,
        s2,
        s3,
    ] = *bytes.first_chunk::<24>().unwrap_or(&[0; 24]);
    let rate = u32::from_le_bytes([r0, r1, r2, r3]);
    let scale = u32::from_le_bytes([s0, s1, s2, s3]);
    let divisor = greatest_common_divisor(rate, scale).max(1);
    let (timescale, ticks_per_pts) = match Timescale::new(rate / divisor) {
        Some(timescale) if scale > 0 => (timescale, scale / divisor),
        _ => {
            warnings.push("its header has no time base: 1/90000 s is assumed".to_owned());
            (Timescale::MPEG, 1)
        }
    };
    let len = u64::from(u16::from_le_bytes([l0, l1])).max(32);
    Ok(Header {
        len,
        fourcc: [f0, f1, f2, f3],
        timescale,
        ticks_per_pts,
    })
}

fn read_frames(
    window: &mut Window<'_>,
    header: &Header,
    track: &mut Track,
    mut inspector: Option<&mut Box<dyn Inspector>>,
    warnings: &mut Vec<String>,
) -> Result<(), ContainerError> {
    let end = window.len();
    let mut offset = header.len;
    while let Some(bytes) = window.array::<12>(offset)? {
        if track.samples.len() == MAX_SAMPLES {
            warnings.push(format!("only its first {MAX_SAMPLES} frames are read"));
            return Ok(());
        }
        let [s0, s1, s2, s3, pts @ ..] = bytes;
        let claimed = u32::from_le_bytes([s0, s1, s2, s3]);
        let start = offset + FRAME_HEADER;
        let len = claimed.min(u32::try_from(end - start).unwrap_or(u32::MAX));
        if len < claimed {
            warnings.push(format!(
                "its last frame is cut off: {len} of {claimed} bytes are there"
            ));
        }
        let pts = i64::from_le_bytes(pts).saturating_mul(i64::from(header.ticks_per_pts));
        let head = window.get(start, INSPECTED.min(len as usize))?;
        let facts = look_into(inspector.as_deref_mut(), head);
        let mut sample = range_sample(pts, pts, facts.sync, start, len);
        sample.visibility = Visibility::of_picture(facts.shown);
        track.samples.push(sample);
        offset = start + u64::from(len);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    /// An IVF file of 30000/1001 frames per second with frames of these times and lengths.
    fn file(fourcc: &[u8; 4], frames: &[(u64, usize)]) -> Vec<u8> {
        let mut bytes = b"DKIF\0\0\x20\0".to_vec();
        bytes.extend(fourcc);
        bytes.extend([16, 0, 16, 0]);
        bytes.extend(30_000_u32.to_le_bytes());
        bytes.extend(1_001_u32.to_le_bytes());
        bytes.extend([0; 8]);
        for (pts, len) in frames {
            bytes.extend(u32::try_from(*len).unwrap().to_le_bytes());
            bytes.extend(pts.to_le_bytes());
            bytes.resize(bytes.len() + len, 0xFF);
        }
        bytes
    }

    fn opened(bytes: Vec<u8>) -> Result<Movie, ContainerError> {
        let source: Arc<dyn ByteSource> = Arc::new(Bytes::from(bytes));
        open(&source)
    }

    #[test]
    fn times_are_exact_on_a_rational_time_base() {
        let movie = opened(file(b"QQQQ", &[(0, 5), (1, 3), (7, 4)])).unwrap();
        let track = &movie.tracks[0];
        assert_eq!(track.timescale.ticks_per_second(), 30_000);
        let ids = track.samples.shown();
        let times: Vec<i64> = ids
            .iter()
            .map(|id| track.samples.get(*id).unwrap().pts.0)
            .collect();
        assert_eq!(times, [0, 1_001, 7_007]);
        assert_eq!(
            track.unplayable.as_deref(),
            Some("its codec QQQQ is not known")
        );
    }

    #[test]
    fn a_cut_off_frame_is_given_as_far_as_it_goes() {
        let mut bytes = file(b"AV01", &[(0, 100), (1, 100)]);
        bytes.truncate(bytes.len() - 60);
        let movie = opened(bytes).unwrap();
        let samples = &movie.tracks[0].samples;
        assert_eq!(
            samples
                .get(reelscope_media::SampleId(1))
                .unwrap()
                .data
                .len(),
            40
        );
        assert_eq!(
            movie.warnings,
            ["its last frame is cut off: 40 of 100 bytes are there"]
        );
    }

    #[test]
    fn a_header_alone_is_damaged() {
        assert!(matches!(
            opened(file(b"AV01", &[])),
            Err(ContainerError::Damaged { .. })
        ));
        assert!(matches!(
            opened(b"DKIF".to_vec()),
            Err(ContainerError::Damaged { .. })
        ));
    }
}

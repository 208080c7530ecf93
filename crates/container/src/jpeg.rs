//! A JPEG picture, or JPEG pictures one after the other (raw Motion JPEG).

use std::sync::Arc;

use memchr::{memchr, memmem};
use reelscope_media::{ByteSource, Codec, Framing, SyncKind, Timescale, WholeSource};

use crate::assemble::{DEFAULT_RATE, MAX_SAMPLES, plain_config, range_sample, video_track};
use crate::facts::complete_facts;
use crate::window::Window;
use crate::{ContainerError, Demuxer, Movie};

pub(crate) const DEMUXER: Demuxer = Demuxer {
    name: "jpeg",
    probe,
    open,
};

/// Read at once.
const WINDOW: usize = 256 << 10;

/// How far behind a picture the next one may start.
const LONGEST_PADDING: usize = 64 << 10;

/// Start of a picture and of its first segment.
const START: [u8; 3] = [0xFF, 0xD8, 0xFF];

fn probe(head: &[u8], _name_hint: &str) -> u8 {
    if head.starts_with(&START) { 95 } else { 0 }
}

fn open(source: &Arc<dyn ByteSource>) -> Result<Movie, ContainerError> {
    let mut window = Window::new(&**source, WINDOW);
    let (pictures, warnings) = pictures(&mut window)?;
    let [rate, duration] = DEFAULT_RATE;
    let timescale = Timescale::new(rate).unwrap_or(Timescale::MILLIS);
    let whole = Arc::new(WholeSource(Arc::clone(source)));
    let config = plain_config(Codec::Jpeg, Framing::Whole);
    let mut track = video_track(1, config, timescale, whole);
    for (number, (start, stop)) in (0..).zip(&pictures) {
        let len = u32::try_from(stop - start).unwrap_or(u32::MAX);
        let mut sample = range_sample(number, number, SyncKind::Closed, *start, len);
        sample.duration = duration;
        track.samples.push(sample);
    }
    complete_facts(&mut track);
    let container = if pictures.len() > 1 {
        "mjpeg"
    } else {
        DEMUXER.name
    };
    Ok(Movie {
        container,
        tracks: vec![track],
        warnings,
    })
}

/// Where pictures start and end, and what was wrong on the way.
type Pictures = (Vec<(u64, u64)>, Vec<String>);

fn pictures(window: &mut Window<'_>) -> Result<Pictures, ContainerError> {
    let (mut pictures, mut warnings) = (Vec::new(), Vec::new());
    let mut next = Some(0);
    while let Some(start) = next {
        let picture = Picture::read(window, start)?;
        pictures.push((start, picture.stop));
        if !picture.complete {
            warnings.push(format!("the picture at byte {start} is cut off"));
        }
        // The other pictures of a photo (a preview, a gain map) are no video.
        if picture.lists_others || pictures.len() == MAX_SAMPLES {
            break;
        }
        let behind = window.get(picture.stop, LONGEST_PADDING)?;
        next = memmem::find(behind, &START).map(|at| picture.stop + at as u64);
    }
    Ok((pictures, warnings))
}

/// What the markers of a picture say (ITU-T T.81 Annex B).
struct Picture {
    stop: u64,
    /// True if it has its end marker.
    complete: bool,
    /// True if it has an index of further pictures in the file (CIPA DC-007).
    lists_others: bool,
}

impl Picture {
    fn read(window: &mut Window<'_>, start: u64) -> Result<Self, ContainerError> {
        let mut lists_others = false;
        let mut at = start + 2;
        let mut segment = at;
        while let Some([0xFF, marker]) = window.array::<2>(at)? {
            segment = at;
            match marker {
                0xD9 => {
                    return Ok(Self {
                        stop: at + 2,
                        complete: true,
                        lists_others,
                    });
                }
                // A picture begins before this one ended.
                0xD8 => {
                    return Ok(Self {
                        stop: at,
                        complete: false,
                        lists_others,
                    });
                }
                0xFF => at += 1,
                0x01 | 0xD0..=0xD7 => at += 2,
                _ => {
                    let Some([l0, l1]) = window.array::<2>(at + 2)? else {
                        break;
                    };
                    if marker == 0xE2 {
                        lists_others |= window.get(at + 4, 4)? == b"MPF\0";
                    }
                    at += 2 + u64::from(u16::from_be_bytes([l0, l1]).max(2));
                    if marker == 0xDA {
                        at = skip_entropy_coded(window, at)?;
                    }
                }
            }
        }
        // Damaged or cut off: what follows up to the next picture is given with it. The length of
        // the last segment is not to be trusted.
        let stop = match find(window, segment + 2, &START)? {
            Some(next) => next,
            None => window.len(),
        };
        Ok(Self {
            stop: stop.max(start + 2),
            complete: false,
            lists_others,
        })
    }
}

/// Where the next marker is that is not part of entropy-coded bytes; the end if there is none.
fn skip_entropy_coded(window: &mut Window<'_>, mut at: u64) -> Result<u64, ContainerError> {
    loop {
        let chunk = window.at_least(at, 2)?;
        match memchr(0xFF, chunk) {
            Some(place) => match chunk.get(place + 1) {
                Some(0 | 0xD0..=0xD7) => at += place as u64 + 2,
                Some(_) => return Ok(at + place as u64),
                None if place > 0 => at += place as u64,
                None => return Ok(window.len()),
            },
            None if chunk.is_empty() => return Ok(window.len()),
            None => at += chunk.len() as u64,
        }
    }
}

fn find(window: &mut Window<'_>, from: u64, what: &[u8]) -> Result<Option<u64>, ContainerError> {
    let mut at = from;
    while at < window.len() {
        let chunk = window.at_least(at, what.len())?;
        if let Some(place) = memmem::find(chunk, what) {
            return Ok(Some(at + place as u64));
        }
        at += chunk.len().saturating_sub(what.len() - 1).max(1) as u64;
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    /// A comment with a start marker inside, a scan with stuffed bytes and a restart marker.
    const PICTURE: &[u8] = &[
        0xFF, 0xD8, 0xFF, 0xFE, 0, 5, 0xFF, 0xD8, 0xFF, 0xFF, 0xDA, 0, 2, 1, 0xFF, 0, 2, 0xFF,
        0xD3, 3, 0xFF, 0xD9,
    ];

    fn found(bytes: &[u8]) -> Vec<(u64, u64)> {
        let source = Bytes::copy_from_slice(bytes);
        pictures(&mut Window::new(&source, WINDOW)).unwrap().0
    }

    #[test]
    fn pictures_end_at_their_end_marker_and_not_inside_segments() {
        let two = [PICTURE, &[0, 0], PICTURE, b"trailing"].concat();
        assert_eq!(found(&two), [(0, 22), (24, 46)]);
    }

    #[test]
    fn a_cut_off_picture_ends_where_the_next_one_starts() {
        let cut = [&PICTURE[..12], PICTURE].concat();
        assert_eq!(found(&cut), [(0, 12), (12, 34)]);
        assert_eq!(found(&PICTURE[..20]), [(0, 20)]);
    }

    #[test]
    fn the_further_pictures_of_a_photo_are_left_out() {
        let index = [&[0xFF, 0xD8, 0xFF, 0xE2, 0, 6][..], b"MPF\0", &PICTURE[2..]].concat();
        assert_eq!(
            found(&[&index[..], PICTURE].concat()),
            [(0, index.len() as u64)]
        );
    }
}

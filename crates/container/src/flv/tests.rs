//! FLV files built by hand.

use reelscope_media::{Dts, Pts, SampleId};

use super::*;

fn tag(kind: u8, time: u32, inside: &[u8]) -> Vec<u8> {
    let [_, s0, s1, s2] = u32::try_from(inside.len()).unwrap().to_be_bytes();
    let [t3, t0, t1, t2] = time.to_be_bytes();
    let head = [kind, s0, s1, s2, t0, t1, t2, t3, 0, 0, 0];
    let trailer = u32::try_from(head.len() + inside.len())
        .unwrap()
        .to_be_bytes();
    [&head, inside, &trailer].concat()
}

fn opened(tags: &[Vec<u8>]) -> Result<Movie, ContainerError> {
    let header = [b'F', b'L', b'V', 1, 5, 0, 0, 0, 9, 0, 0, 0, 0];
    assert_eq!(probe(&header, ""), 100);
    let source: Arc<dyn ByteSource> = Arc::new(Bytes::from([&header, &tags.concat()[..]].concat()));
    open(&source)
}

#[test]
fn composition_times_are_added_and_may_be_negative() {
    let config = tag(9, 0, &[0x17, 0, 0, 0, 0, 1, 100, 0, 31, 0xFD, 0xE0, 0]);
    let picture = tag(9, 40, &[0x27, 1, 0xFF, 0xFF, 0xF6, 1, 2, 3]);
    let late = tag(9, 0x0100_0001, &[0x27, 1, 0, 0, 2, 4]);
    let movie = opened(&[tag(8, 0, &[0xAF, 0]), config, picture, late]).unwrap();
    let track = &movie.tracks[0];
    assert_eq!(track.configs[0].framing, Framing::Lengths(2));
    let first = track.samples.get(SampleId(0)).unwrap();
    assert_eq!(
        (first.pts, first.dts, first.data.len()),
        (Pts(30), Dts(40), 3)
    );
    assert_eq!(first.data.load(&*track.source).unwrap(), &[1, 2, 3][..]);
    assert_eq!(
        track.samples.get(SampleId(1)).unwrap().pts,
        Pts(0x0100_0003)
    );
    assert_eq!(movie.tracks[1].codec_string, "aac");
}

#[test]
fn a_codec_that_is_not_known_is_named() {
    let movie = opened(&[tag(9, 0, &[0x12, 1, 2])]).unwrap();
    let reason = movie.tracks[0].unplayable.as_deref();
    assert_eq!(reason, Some("its codec Sorenson H.263 is not known"));
}

#[test]
fn sound_alone_is_no_video() {
    let opened = opened(&[tag(8, 0, &[0x2F, 0])]);
    assert!(matches!(opened, Err(ContainerError::NoVideo { found, .. }) if found == "mp3"));
}

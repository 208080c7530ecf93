//! Matroska files built by hand.

use bytes::Bytes;
use reelscope_media::{Codec, SampleId, SyncKind};

use super::*;

/// An element with a size of four bytes.
fn element(id: ebml::Id, inside: &[u8]) -> Vec<u8> {
    let id_bytes = id.to_be_bytes();
    let mut bytes = id_bytes[(id.leading_zeros() / 8) as usize..].to_vec();
    bytes.extend((0x1000_0000 | u32::try_from(inside.len()).unwrap()).to_be_bytes());
    bytes.extend(inside);
    bytes
}

fn unsized_element(id: ebml::Id, inside: &[u8]) -> Vec<u8> {
    [
        &id.to_be_bytes(),
        &[1, 255, 255, 255, 255, 255, 255, 255][..],
        inside,
    ]
    .concat()
}

fn ebml_header() -> Vec<u8> {
    element(ebml::EBML, &element(ebml::DOC_TYPE, b"webm"))
}

/// A track with an unknown codec, so that nobody looks into the frames.
fn tracks(more: &[u8]) -> Vec<u8> {
    let video = [
        element(ebml::PIXEL_WIDTH, &[64]),
        element(ebml::PIXEL_HEIGHT, &[48]),
    ]
    .concat();
    let entry = [
        &element(ebml::TRACK_NUMBER, &[1])[..],
        &element(ebml::TRACK_TYPE, &[1]),
        &element(ebml::CODEC_ID, b"V_TEST"),
        &element(ebml::VIDEO, &video),
        more,
    ]
    .concat();
    element(ebml::TRACKS, &element(ebml::TRACK_ENTRY, &entry))
}

fn simple_block(time: i16, flags: u8, bytes: &[u8]) -> Vec<u8> {
    let [t0, t1] = time.to_be_bytes();
    element(
        ebml::SIMPLE_BLOCK,
        &[&[0x81, t0, t1, flags], bytes].concat(),
    )
}

fn opened(bytes: Vec<u8>) -> Result<Movie, ContainerError> {
    let source: Arc<dyn ByteSource> = Arc::new(Bytes::from(bytes));
    assert_eq!(probe(b"\x1A\x45\xDF\xA3\x87\x42\x82\x84webm", ""), 100);
    open(&source)
}

/// Time, sync and bytes of every sample in decode order.
fn samples(movie: &Movie) -> Vec<(i64, bool, Bytes)> {
    let track = &movie.tracks[0];
    let ids = (0..track.samples.len()).map(|at| track.samples.at_decode_position(at).unwrap());
    ids.map(|id| {
        let sample = track.samples.get(id).unwrap();
        let bytes = sample.data.load(&*track.source).unwrap();
        (sample.pts.0, sample.sync != SyncKind::None, bytes)
    })
    .collect()
}

#[test]
fn live_files_without_sizes_are_read() {
    let first = [
        element(ebml::TIMESTAMP, &[10]),
        simple_block(0, 0x80, b"one"),
    ]
    .concat();
    let second = [
        element(ebml::TIMESTAMP, &[1, 0]),
        simple_block(-6, 0, b"two"),
    ]
    .concat();
    let inside = [
        tracks(&[]),
        unsized_element(ebml::CLUSTER, &first),
        unsized_element(ebml::CLUSTER, &second),
    ];
    let movie = opened(
        [
            ebml_header(),
            unsized_element(ebml::SEGMENT, &inside.concat()),
        ]
        .concat(),
    )
    .unwrap();
    let expected = [
        (10, true, Bytes::from("one")),
        (250, false, Bytes::from("two")),
    ];
    assert_eq!(samples(&movie), expected);
    assert_eq!(movie.warnings, [""; 0]);
    let track = &movie.tracks[0];
    assert_eq!((track.facts.width, track.facts.height), (64, 48));
    assert_eq!(
        track.unplayable.as_deref(),
        Some("its codec V_TEST is not known")
    );
}

#[test]
fn stripped_headers_are_put_back() {
    let compression = [
        element(ebml::CONTENT_COMP_ALGO, &[3]),
        element(ebml::CONTENT_COMP_SETTINGS, b"front "),
    ];
    let encoding = element(ebml::CONTENT_COMPRESSION, &compression.concat());
    let encodings = element(
        ebml::CONTENT_ENCODINGS,
        &element(ebml::CONTENT_ENCODING, &encoding),
    );
    let cluster = element(ebml::CLUSTER, &simple_block(0, 0x80, b"back"));
    let movie = opened([ebml_header(), tracks(&encodings), cluster].concat()).unwrap();
    assert_eq!(samples(&movie), [(0, true, Bytes::from("front back"))]);
}

#[test]
fn encrypted_tracks_are_refused_in_words() {
    let encoding = element(ebml::CONTENT_ENCODING_TYPE, &[1]);
    let encodings = element(
        ebml::CONTENT_ENCODINGS,
        &element(ebml::CONTENT_ENCODING, &encoding),
    );
    let cluster = element(ebml::CLUSTER, &simple_block(0, 0x80, b"?"));
    let movie = opened([ebml_header(), tracks(&encodings), cluster].concat()).unwrap();
    assert_eq!(
        movie.tracks[0].unplayable.as_deref(),
        Some("it is encrypted")
    );
}

#[test]
fn block_groups_tell_key_frames_by_the_lack_of_references() {
    let block = element(ebml::BLOCK, &[0x81, 0, 5, 0, 42]);
    let referring = element(ebml::REFERENCE_BLOCK, &[0xFF]);
    let duration = element(ebml::BLOCK_DURATION, &[7]);
    let groups = [
        element(ebml::BLOCK_GROUP, &[&block[..], &duration].concat()),
        element(ebml::BLOCK_GROUP, &[&block[..], &referring].concat()),
    ];
    let cluster = element(ebml::CLUSTER, &groups.concat());
    let movie = opened([ebml_header(), tracks(&[]), cluster].concat()).unwrap();
    let bytes = Bytes::from_static(&[42]);
    assert_eq!(
        samples(&movie),
        [(5, true, bytes.clone()), (5, false, bytes)]
    );
    assert_eq!(
        movie.tracks[0].samples.get(SampleId(0)).unwrap().duration,
        7
    );
}

#[test]
fn damage_between_clusters_costs_nothing_else() {
    let cluster = |time: u8, bytes| {
        let inside = [
            element(ebml::TIMESTAMP, &[time]),
            simple_block(0, 0x80, bytes),
        ];
        element(ebml::CLUSTER, &inside.concat())
    };
    let parts = [
        ebml_header(),
        tracks(&[]),
        cluster(0, b"a"),
        vec![0; 99],
        cluster(9, b"b"),
    ];
    let movie = opened(parts.concat()).unwrap();
    let expected = [(0, true, Bytes::from("a")), (9, true, Bytes::from("b"))];
    assert_eq!(samples(&movie), expected);
    assert_eq!(movie.warnings.len(), 1);
}

#[test]
fn a_file_without_pictures_says_so() {
    let opened = opened([ebml_header(), tracks(&[])].concat());
    assert!(matches!(opened, Err(ContainerError::Damaged { .. })));
}

#[test]
fn a_configuration_record_says_how_long_lengths_are() {
    let avc = crate::assemble::configuration(Codec::H264, &[1, 100, 0, 31, 0xFD, 0xE1, 0]);
    assert_eq!(avc.framing, reelscope_media::Framing::Lengths(2));
    let start_codes = crate::assemble::configuration(Codec::H264, &[0, 0, 0, 1, 0x67, 1]);
    assert_eq!(start_codes.framing, reelscope_media::Framing::AnnexB);
}

fn described(video: &[Vec<u8>], entry: &[u8]) -> Movie {
    let cluster = element(ebml::CLUSTER, &simple_block(0, 0x80, b"?"));
    let video = element(ebml::VIDEO, &video.concat());
    let tracks = tracks(&[&video, entry].concat());
    opened([ebml_header(), tracks, cluster].concat()).unwrap()
}

#[test]
fn brightness_fields_and_turn_are_those_of_the_elements() {
    let real = |id: u32, value: f64| element(id, &value.to_be_bytes());
    // In the order of RFC 9559: red, green, blue and white, then the luminances.
    let numbers = [
        0.708, 0.292, 0.170, 0.797, 0.131, 0.046, 0.3127, 0.3290, 1000.0, 0.005,
    ];
    let numbers = (ebml::PRIMARY_R_X..).zip(numbers);
    let numbers: Vec<Vec<u8>> = numbers.map(|(id, value)| real(id, value)).collect();
    let colour = |numbers: &[Vec<u8>]| {
        let inside = [
            element(ebml::MAX_CLL, &[3, 232]),
            element(ebml::MAX_FALL, &[1, 144]),
            element(ebml::MASTERING, &numbers.concat()),
        ];
        element(ebml::COLOUR, &inside.concat())
    };
    let roll = element(ebml::POSE_ROLL, &(-90.0_f32).to_be_bytes());
    let video = [
        colour(&numbers),
        element(ebml::FLAG_INTERLACED, &[1]),
        element(ebml::FIELD_ORDER, &[6]),
        element(ebml::PROJECTION, &roll),
    ];
    let movie = described(&video, &[]);
    let track = &movie.tracks[0];
    let display = track.hdr.mastering.unwrap();
    assert_eq!(
        display.primaries,
        [[35400, 14600], [8500, 39850], [6550, 2300]]
    );
    assert_eq!(
        (display.max_luminance, display.min_luminance),
        (10_000_000, 50)
    );
    assert_eq!(track.hdr.content_light.unwrap().max_frame_average, 400);
    assert!(track.facts.interlaced);
    let order = Some(reelscope_media::FieldOrder::BottomFirst);
    assert_eq!(track.facts.field_order, order);
    // Counter-clockwise by -90 degrees is a quarter turn clockwise.
    assert_eq!(track.geometry.orientation.degrees(), 90);
    let incomplete = described(&[colour(&numbers[1..])], &[]);
    assert_eq!(incomplete.tracks[0].hdr.mastering, None);
}

#[test]
fn dolby_vision_is_told_from_the_mapping_of_its_additions() {
    let mapping = |profile: u8, compatibility: u8| {
        let record = [1, 0, profile << 1, 6 << 3 | 5, compatibility << 4];
        let inside = [
            element(ebml::BLOCK_ADD_ID_TYPE, b"dvcC"),
            element(ebml::BLOCK_ADD_ID_EXTRA, &record),
        ];
        element(ebml::BLOCK_ADDITION_MAPPING, &inside.concat())
    };
    let movie = described(&[], &mapping(8, 4));
    let remark = movie.tracks[0].remark.as_deref();
    assert_eq!(
        remark,
        Some("Dolby Vision profile 8.4: its HLG base layer is shown")
    );
}

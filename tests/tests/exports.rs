//! `reelscope frames FILE --at TIME -o OUT.png`: what the picture's file says of itself, its depth,
//! its size where the stream's size changes, and what is chosen instead of what the file says.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use reelscope_tests::{Outcome, Run, clip_path, clips, read_counter};

/// A picture that was read back.
struct Saved {
    bits: png::BitDepth,
    is_srgb: bool,
    size: (u32, u32),
    /// Rows of red, green, blue and alpha.
    values: Vec<u16>,
}

fn export(clip: &str, at: &str, options: &[&str], output: &Path) -> Outcome {
    let path = clip_path(clip);
    let place = [path.to_str().unwrap(), "--at", at];
    let output = ["-o", output.to_str().unwrap()];
    let args = [&["frames"], &place[..], &output, options].concat();
    Run::new(args).outcome().unwrap()
}

fn exported(clip: &str, at: &str, options: &[&str]) -> Saved {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("frame.png");
    let outcome = export(clip, at, options, &output);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let decoder = png::Decoder::new(BufReader::new(File::open(output).unwrap()));
    let mut reader = decoder.read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let picture = reader.next_frame(&mut bytes).unwrap();
    assert_eq!(picture.color_type, png::ColorType::Rgba);
    let values = match picture.bit_depth {
        png::BitDepth::Sixteen => {
            let words = bytes.as_chunks().0;
            words.iter().map(|word| u16::from_be_bytes(*word)).collect()
        }
        _ => bytes.into_iter().map(u16::from).collect(),
    };
    Saved {
        bits: picture.bit_depth,
        is_srgb: reader.info().srgb.is_some(),
        size: (picture.width, picture.height),
        values,
    }
}

/// How many different greens there are.
fn greens(saved: &Saved) -> usize {
    let mut greens: Vec<u16> = saved.values.iter().skip(1).step_by(4).copied().collect();
    greens.sort_unstable();
    greens.dedup();
    greens.len()
}

const TEN_BITS: &str = "h264_422_10bit.mp4";

#[test]
fn a_picture_says_that_it_is_srgb_and_has_8_bits_unless_16_are_asked_for() {
    let usual = exported(TEN_BITS, "#3", &[]);
    assert!(usual.is_srgb && usual.bits == png::BitDepth::Eight);
    let asked = exported(TEN_BITS, "#3", &["--depth", "8"]);
    assert_eq!(asked.values, usual.values);
    let deep = exported(TEN_BITS, "#3", &["--depth", "16"]);
    assert!(deep.is_srgb && deep.bits == png::BitDepth::Sixteen);
    assert_eq!(deep.size, usual.size);
}

#[test]
fn a_picture_of_16_bits_is_the_same_one_with_the_steps_between() {
    let usual = exported(TEN_BITS, "#3", &[]);
    let deep = exported(TEN_BITS, "#3", &["--depth", "16"]);
    for (eight, sixteen) in usual.values.iter().zip(&deep.values) {
        let apart = (f64::from(*eight) * 257.0 - f64::from(*sixteen)).abs();
        // Half a step of 8 bits for rounding, half a step for dithering.
        assert!(apart <= 258.0, "{eight} and {sixteen}");
    }
    assert!(greens(&usual) <= 256);
    assert!(greens(&deep) > 256, "{} greens", greens(&deep));
}

#[test]
fn frames_before_and_after_a_change_of_size_have_their_own_sizes() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("frame.png");
    let clips = clips().unwrap();
    // The clip is one of these after the other.
    let mut first = 0;
    for part in ["h264.h264", "h264_cropped.h264"] {
        let part = clips.iter().find(|clip| clip.file == part).unwrap();
        let track = &part.tracks[0];
        let counters = &track.counter.as_ref().unwrap().values;
        for number in [0, counters.len() - 1] {
            let at = format!("#{}", first + number);
            let outcome = export("h264_size_change.h264", &at, &[], &output);
            assert_eq!(outcome.code, Some(0), "{at}: {outcome:?}");
            // Also holds the picture's shape against the track's.
            let seen = read_counter(&output, track).unwrap();
            assert_eq!(seen, counters[number], "{at} of {}", part.file);
        }
        first += counters.len();
    }
}

#[test]
fn what_is_chosen_goes_before_what_the_file_says_and_before_guesses() {
    // 176 × 144 without a word on its colours: shown as BT.601 in limited range.
    let clip = "h264_color_unstated.mp4";
    let guessed = exported(clip, "#0", &[]);
    let guess = ["--matrix", "smpte170m", "--range", "tv", "--siting", "left"];
    assert_eq!(exported(clip, "#0", &guess).values, guessed.values);
    for other in [
        ["--matrix", "bt709"],
        ["--range", "pc"],
        ["--range", "full"],
        ["--siting", "topleft"],
    ] {
        let chosen = exported(clip, "#0", &other);
        assert_ne!(chosen.values, guessed.values, "{other:?}");
    }
    // Stated as BT.709, whose colours BT.601 would make others of.
    let stated = exported(TEN_BITS, "#0", &[]);
    let wrong = exported(TEN_BITS, "#0", &["--matrix", "smpte170m"]);
    assert_ne!(wrong.values, stated.values);
}

#[test]
fn a_name_that_is_none_is_refused_with_those_that_are() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("frame.png");
    for (option, wrong, names) in [
        ("--matrix", "bt602", ["smpte170m", "bt2020nc"]),
        ("--range", "video", ["tv", "pc"]),
        ("--primaries", "unknown", ["bt709", "smpte432"]),
        ("--transfer", "gamma", ["smpte2084", "arib-std-b67"]),
        ("--siting", "middle", ["topleft", "center"]),
        ("--depth", "10", ["8", "16"]),
    ] {
        let outcome = export(TEN_BITS, "#0", &[option, wrong], &output);
        assert_eq!(outcome.code, Some(2), "{option}");
        for part in [&[option, wrong][..], &names].concat() {
            assert!(outcome.stderr.contains(part), "{}", outcome.stderr);
        }
    }
    let outcome = export(TEN_BITS, "#0", &["--exposure", "bright"], &output);
    assert_eq!(outcome.code, Some(2));
    assert!(outcome.stderr.contains("-30 to 30"), "{}", outcome.stderr);
    assert!(!output.exists());
}

#[test]
fn names_that_people_use_mean_what_ffmpegs_names_mean() {
    let folder = tempfile::tempdir().unwrap();
    for (option, name, ffmpegs) in [
        ("--matrix", "bt601", "smpte170m"),
        ("--primaries", "p3", "smpte432"),
        ("--range", "full", "pc"),
        ("--transfer", "pq", "smpte2084"),
    ] {
        let [one, other] = [name, ffmpegs].map(|name| {
            let output = folder.path().join(format!("{name}.png"));
            let outcome = export(TEN_BITS, "#0", &[option, name], &output);
            assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
            std::fs::read(output).unwrap()
        });
        assert_eq!(one, other, "{option} {name}");
    }
}

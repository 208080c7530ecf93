//! One file: what the crate reads in it beside what ffprobe says.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

use reelscope_media::{ByteSource, Sample, SyncKind, Track, TrackKind};
use serde_json::Value;

/// What differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// It cannot be opened.
    Open,
    /// Another codec.
    Codec,
    /// The number of samples.
    Count,
    /// The number of samples that are shown, against ffmpeg's decoded frames.
    Shown,
    /// Presentation times.
    Times,
    /// The nominal frame rate of a stream without times.
    Rate,
    /// Which samples are key frames.
    Keys,
    /// The picture size.
    Size,
    /// The shape of a pixel.
    Aspect,
}

/// One difference.
pub(crate) struct Difference {
    /// In what.
    pub(crate) kind: Kind,
    detail: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.kind, self.detail)
    }
}

struct Open(File);

impl ByteSource for Open {
    fn len(&self) -> u64 {
        self.0.metadata().map_or(0, |metadata| metadata.len())
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> std::io::Result<usize> {
        let mut total = 0;
        while let Some(rest) = buf.get_mut(total..).filter(|rest| !rest.is_empty()) {
            match self.0.read_at(rest, offset + total as u64)? {
                0 => break,
                read => total += read,
            }
        }
        Ok(total)
    }
}

/// All that differs between a file and the truth about its first video stream.
pub(crate) fn differences(path: &Path, truth: &Value) -> Result<Vec<Difference>, Box<dyn Error>> {
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let source = Arc::new(Open(File::open(path)?));
    let movie = match reelscope_container::open(source, name) {
        Ok(movie) => movie,
        Err(error) => {
            return Ok(vec![Difference {
                kind: Kind::Open,
                detail: error.to_string(),
            }]);
        }
    };
    let Some(track) = movie
        .tracks
        .iter()
        .find(|track| track.kind == TrackKind::Video)
    else {
        return Ok(vec![Difference {
            kind: Kind::Open,
            detail: "no video track".to_owned(),
        }]);
    };
    let mut compare = Compare {
        track,
        truth,
        samples: decode_order(track),
        found: Vec::new(),
    };
    compare.run();
    Ok(compare.found)
}

fn decode_order(track: &Track) -> Vec<&Sample> {
    let ids = (0..track.samples.len()).filter_map(|at| track.samples.at_decode_position(at));
    ids.filter_map(|id| track.samples.get(id)).collect()
}

struct Compare<'a> {
    track: &'a Track,
    truth: &'a Value,
    samples: Vec<&'a Sample>,
    found: Vec<Difference>,
}

impl Compare<'_> {
    fn run(&mut self) {
        let codec = match self.truth["codec_name"].as_str() {
            Some("hevc") => "h265",
            Some("mjpeg") => "jpeg",
            other => other.unwrap_or_default(),
        };
        self.equal(Kind::Codec, self.track.codec.name(), codec);
        if self.track.codec.entry().is_none() {
            return;
        }
        let packets = &self.truth["packets"];
        self.equal(
            Kind::Count,
            self.samples.len() as u64,
            packets["count"].as_u64().unwrap_or(0),
        );
        self.shown();
        self.times();
        self.keys();
        let side = |name: &str| self.truth[name].as_u64().unwrap_or(0);
        let size = (side("width"), side("height"));
        let facts = &self.track.facts;
        self.equal(Kind::Size, (facts.width.into(), facts.height.into()), size);
        let aspect = self.track.geometry.pixel_aspect.or(facts.pixel_aspect);
        let aspect = aspect.map_or("1:1".to_owned(), |ratio| {
            format!("{}:{}", ratio.num, ratio.den)
        });
        let expected = self.truth["sample_aspect_ratio"].as_str().unwrap_or("1:1");
        self.equal(Kind::Aspect, aspect, expected.to_owned());
    }

    fn equal<T: PartialEq + fmt::Debug>(&mut self, kind: Kind, ours: T, theirs: T) {
        if ours != theirs {
            self.found.push(Difference {
                kind,
                detail: format!("{ours:?}, not {theirs:?}"),
            });
        }
    }

    fn shown(&mut self) {
        let decode = &self.truth["decode"];
        let errors = decode["ffmpeg_errors"].as_array().map_or(0, Vec::len);
        if decode["complete"] == true && errors == 0 {
            let frames = decode["pts"].as_array().map_or(0, Vec::len);
            self.equal(Kind::Shown, self.track.samples.shown().len(), frames);
        }
    }

    /// Times of all packets where each is a sample, otherwise (two fields in one sample) those of
    /// the decoded frames.
    fn times(&mut self) {
        let packets = self.truth["packets"]["presentation_pts_sorted"].as_array();
        let frames = self.truth["decode"]["pts"].as_array();
        let numbers =
            |times: &Vec<Value>| times.iter().map(Value::as_i64).collect::<Option<Vec<_>>>();
        let of_our_count = |times: &Vec<i64>| times.len() == self.samples.len();
        let expected = packets
            .and_then(numbers)
            .filter(of_our_count)
            .or_else(|| frames.and_then(numbers).filter(of_our_count));
        let Some(expected) = expected else {
            return self.rate();
        };
        let (num, den) = ratio(&self.truth["time_base"]);
        let nanos = |ticks: i64| {
            let exact = 2 * i128::from(ticks) * num * 1_000_000_000 + den;
            let bounds = (i128::from(i64::MIN), i128::from(i64::MAX));
            exact.div_euclid(2 * den).clamp(bounds.0, bounds.1)
        };
        let expected: Vec<i128> = expected.into_iter().map(nanos).collect();
        let mut ours: Vec<i128> = self
            .samples
            .iter()
            .map(|sample| self.track.nanos(sample.pts).into())
            .collect();
        ours.sort_unstable();
        let first = ours
            .iter()
            .zip(&expected)
            .find(|(ours, expected)| ours != expected);
        if let Some((ours, expected)) = first {
            let detail = format!("{ours} ns, not {expected} ns");
            self.found.push(Difference {
                kind: Kind::Times,
                detail,
            });
        }
    }

    /// Streams without times are shown at their nominal rate.
    fn rate(&mut self) {
        let (num, den) = ratio(&self.truth["r_frame_rate"]);
        let ours = self.samples.iter().find(|sample| sample.duration > 0);
        let Some(duration) = ours.map(|sample| i128::from(sample.duration)) else {
            return;
        };
        let per_second = i128::from(self.track.timescale.ticks_per_second());
        if per_second * den != duration * num {
            let detail = format!("{per_second}/{duration}, not {num}/{den}");
            self.found.push(Difference {
                kind: Kind::Rate,
                detail,
            });
        }
    }

    fn keys(&mut self) {
        let expected = self.truth["packets"]["keyframe_packet_indexes_decode_order"].as_array();
        let expected: BTreeSet<u64> = expected
            .into_iter()
            .flatten()
            .filter_map(Value::as_u64)
            .collect();
        let is_key = |(at, sample): (u64, &&Sample)| (sample.sync != SyncKind::None).then_some(at);
        let ours: BTreeSet<u64> = (0..).zip(&self.samples).filter_map(is_key).collect();
        self.equal(Kind::Keys, ours, expected);
    }
}

/// A ratio as ffprobe writes it.
fn ratio(value: &Value) -> (i128, i128) {
    let parts = value.as_str().and_then(|text| text.split_once('/'));
    parts
        .and_then(|(num, den)| num.parse().ok().zip(den.parse().ok()))
        .unwrap_or((0, 1))
}

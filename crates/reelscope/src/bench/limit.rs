//! The limit: what the bare decoder needs for the same samples, measured in the same run after the
//! player has gone.

mod av1;
mod ffmpeg;
mod matroska;

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use bytes::Bytes;
use reelscope_decode::FfmpegLocator;
use reelscope_media::{Codec, CodecConfig, Sample, SyncKind, Track};
use serde::Serialize;

use super::measured::{Decoded, percentile};
use super::rig::{Request, millis};

/// Requests whose limit is measured, at most: they are spread evenly over the run.
const MOST: usize = 15;
/// Times that the decoder's own start is measured.
const STARTS: usize = 3;

/// What the bare decoder needs. Field names are part of the command's interface.
#[derive(Debug, Default, Serialize)]
pub(super) struct Limit {
    /// The bare decoder.
    pub(super) decoder: Option<String>,
    /// How many requests it was measured for.
    measured: usize,
    /// The median of their times, from where decoding can start to the wanted sample.
    pub(super) ms_p50: Option<f64>,
    /// The same for nothing but the one sample where decoding can start.
    pub(super) startup_ms: Option<f64>,
    /// Frames per second of one run over all samples.
    pub(super) fps: Option<f64>,
    /// The median of the requests' times, each divided by its limit.
    pub(super) ratio_p50: Option<f64>,
    /// The same with the limits less the start.
    ratio_net_p50: Option<f64>,
    /// Why it could not be measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<String>,
}

/// A bare decoder.
enum Bare {
    Ffmpeg(ffmpeg::Bare),
    Av1(av1::Bare),
}

/// Measures the limit, and notes each request's.
pub(super) fn measure(
    track: &Track,
    ffmpeg: &Arc<FfmpegLocator>,
    requests: &mut [Request],
    decoded: &Decoded,
) -> Limit {
    let mut limit = Limit::default();
    let measured = Bare::of(track.codec, ffmpeg).and_then(|bare| {
        limit.decoder = Some(bare.name());
        match decoded {
            Decoded::EachRequest => each_request(&bare, track, requests, &mut limit),
            Decoded::Run { positions, frames } => {
                limit.startup_ms = Some(startup(&bare, track, start_of(positions))?);
                let took = bare.decode(track, positions.clone())?;
                limit.fps = Some(*frames as f64 / took.as_secs_f64());
                Ok(())
            }
        }
    });
    limit.error = measured.err().map(|error| format!("{error:#}"));
    limit
}

fn each_request(
    bare: &Bare,
    track: &Track,
    requests: &mut [Request],
    limit: &mut Limit,
) -> anyhow::Result<()> {
    let mut exact: Vec<(&mut Request, Range<usize>)> = requests
        .iter_mut()
        .filter(|request| request.ms.is_some())
        .filter_map(|request| {
            let way = way(track, request)?;
            Some((request, way))
        })
        .collect();
    let Some((_, first)) = exact.first() else {
        return Ok(());
    };
    let startup_ms = startup(bare, track, start_of(first))?;
    limit.startup_ms = Some(startup_ms);
    let all = exact.len();
    let count = all.min(MOST);
    let (mut limits, mut ratios, mut net) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..count {
        let Some((request, way)) = exact.get_mut(number * all / count) else {
            break;
        };
        let limit_ms = millis(bare.decode(track, way.clone())?);
        request.limit_ms = Some(limit_ms);
        limits.push(limit_ms);
        let Some(ms) = request.ms else { continue };
        ratios.push(ms / limit_ms);
        if limit_ms > startup_ms {
            net.push(ms / (limit_ms - startup_ms));
        }
    }
    limit.measured = limits.len();
    limit.ms_p50 = percentile(limits, 0.5);
    limit.ratio_p50 = percentile(ratios, 0.5);
    limit.ratio_net_p50 = percentile(net, 0.5);
    Ok(())
}

/// The decode positions from where decoding can start to a request's sample.
fn way(track: &Track, request: &Request) -> Option<Range<usize>> {
    let id = request.sample?;
    let start = track.samples.decode_start(id)?;
    Some(start..track.samples.decode_position(id)? + 1)
}

fn start_of(positions: &Range<usize>) -> Range<usize> {
    positions.start..positions.start + 1
}

fn startup(bare: &Bare, track: &Track, start: Range<usize>) -> anyhow::Result<f64> {
    // The first start of a program reads it from the disk, and does not count.
    bare.decode(track, start.clone())?;
    let mut times = Vec::new();
    for _ in 0..STARTS {
        times.push(millis(bare.decode(track, start.clone())?));
    }
    Ok(percentile(times, 0.5).unwrap_or_default())
}

impl Bare {
    fn of(codec: Codec, locator: &FfmpegLocator) -> anyhow::Result<Self> {
        if codec == Codec::Av1 {
            return Ok(Self::Av1(av1::Bare));
        }
        let bare = ffmpeg::Bare::new(codec, locator)?;
        Ok(Self::Ffmpeg(bare))
    }

    fn name(&self) -> String {
        match self {
            Self::Ffmpeg(bare) => bare.name(),
            Self::Av1(_) => "dav1d".to_owned(),
        }
    }

    /// How long it takes to decode samples of a range of decode positions.
    fn decode(&self, track: &Track, positions: Range<usize>) -> anyhow::Result<Duration> {
        match self {
            Self::Ffmpeg(bare) => bare.decode(track, positions),
            Self::Av1(bare) => bare.decode(track, positions),
        }
    }
}

/// A sample with its bytes, as a bare decoder gets it.
struct Coded<'a> {
    sample: &'a Sample,
    /// Its place in presentation order.
    rank: usize,
    bytes: Bytes,
}

impl Coded<'_> {
    fn is_sync(&self) -> bool {
        self.sample.sync != SyncKind::None
    }
}

/// The configuration that decoding at a position starts with.
fn config_at(track: &Track, position: usize) -> anyhow::Result<&CodecConfig> {
    let samples = &track.samples;
    let first = samples.at_decode_position(position);
    first
        .and_then(|id| samples.get(id))
        .and_then(|sample| track.configs.get(usize::from(sample.config)))
        .map(AsRef::as_ref)
        .context("there are no samples to decode")
}

/// The samples of a range of decode positions, one after the other.
fn coded(
    track: &Track,
    positions: Range<usize>,
) -> impl Iterator<Item = anyhow::Result<Coded<'_>>> {
    let samples = &track.samples;
    positions.filter_map(move |position| {
        let id = samples.at_decode_position(position)?;
        let sample = samples.get(id)?;
        let rank = samples.rank(id)?;
        let bytes = sample.data.load(track.source.as_ref());
        Some(bytes.context("could not read a sample").map(|bytes| Coded {
            sample,
            rank,
            bytes,
        }))
    })
}

//! A PNG picture: a track of one sample.

use std::sync::Arc;

use reelscope_media::{ByteSource, Codec, Framing, SyncKind, Timescale, WholeSource};

use crate::assemble::{DEFAULT_RATE, plain_config, range_sample, video_track};
use crate::facts::complete_facts;
use crate::{ContainerError, Demuxer, Movie};

pub(crate) const DEMUXER: Demuxer = Demuxer {
    name: "png",
    probe,
    open,
};

/// W3C PNG §5.2.
const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1A\n";

fn probe(head: &[u8], _name_hint: &str) -> u8 {
    if head.starts_with(SIGNATURE) { 100 } else { 0 }
}

fn open(source: &Arc<dyn ByteSource>) -> Result<Movie, ContainerError> {
    let Ok(len) = u32::try_from(source.len()) else {
        let reason = "it is larger than 4 GB".to_owned();
        return Err(ContainerError::Damaged {
            container: DEMUXER.name,
            reason,
        });
    };
    let [rate, duration] = DEFAULT_RATE;
    let timescale = Timescale::new(rate).unwrap_or(Timescale::MILLIS);
    let whole = Arc::new(WholeSource(Arc::clone(source)));
    let config = plain_config(Codec::Png, Framing::Whole);
    let mut track = video_track(1, config, timescale, whole);
    let mut sample = range_sample(0, 0, SyncKind::Closed, 0, len);
    sample.duration = duration;
    track.samples.push(sample);
    complete_facts(&mut track);
    Ok(Movie {
        container: DEMUXER.name,
        tracks: vec![track],
        warnings: Vec::new(),
    })
}

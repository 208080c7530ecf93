//! What a track's bits say of its pictures: asked of the codec's inspector, with the configuration
//! record, the first sync sample, and a few more where those say nothing.

use reelscope_media::codec::Inspector;
use reelscope_media::{SampleId, StreamFacts, Track};

/// How many samples are read at most: parameter sets come with the first sync sample.
const MAX_SAMPLES: usize = 4;

/// How many bytes are read at most. One picture of 8K intra video fits.
const MAX_BYTES: usize = 64 << 20;

/// Fills `facts` and `codec_string` of a track whose configurations and samples are known.
///
/// `codec_string` is taken as the name of the sample entry (`"avc1"`). What `facts` hold already
/// (a size stated by the container) stays where the bits say nothing.
pub(crate) fn complete_facts(track: &mut Track) {
    let (Some(entry), Some(config)) = (track.codec.entry(), track.configs.first()) else {
        return;
    };
    let mut inspector = (entry.inspector)(config);
    // Messages in the first sample may say more than the record, if its bits can be read at all.
    if track.unplayable.is_none() || !knows_size(inspector.as_ref()) {
        inspect_first_samples(track, inspector.as_mut());
    }
    if let Some(facts) = inspector.facts() {
        let facts = with_fallback(facts.clone(), &track.facts);
        track.learn(facts);
    }
    track.codec_string = inspector.codec_string(&track.codec_string);
}

fn knows_size(inspector: &dyn Inspector) -> bool {
    inspector
        .facts()
        .is_some_and(|facts| facts.width > 0 && facts.height > 0)
}

/// Shows the inspector the first sync sample, and what follows until it knows the picture size.
fn inspect_first_samples(track: &Track, inspector: &mut dyn Inspector) {
    let start = track.samples.sync_samples().next().unwrap_or(SampleId(0));
    let first = track.samples.decode_position(start).unwrap_or(0);
    let mut budget = MAX_BYTES;
    for position in first..first.saturating_add(MAX_SAMPLES) {
        let Some(sample) = track
            .samples
            .at_decode_position(position)
            .and_then(|id| track.samples.get(id))
        else {
            return;
        };
        // Another configuration's sample would be read with the wrong one.
        if sample.config != 0 {
            return;
        }
        let Some(left) = budget.checked_sub(sample.data.len()) else {
            return;
        };
        budget = left;
        let Ok(bytes) = sample.data.load(track.source.as_ref()) else {
            return;
        };
        // A damaged sample may still have told something, and the next one may tell the rest.
        let _ = inspector.inspect(&bytes);
        if knows_size(inspector) {
            return;
        }
    }
}

fn with_fallback(mut facts: StreamFacts, before: &StreamFacts) -> StreamFacts {
    if facts.width == 0 || facts.height == 0 {
        (facts.width, facts.height) = (before.width, before.height);
    }
    facts.pixel_aspect = facts.pixel_aspect.or(before.pixel_aspect);
    facts.color = facts.color.or(before.color);
    facts.interlaced |= before.interlaced;
    facts.field_order = before.field_order.or(facts.field_order);
    facts
}

//! The last step to a track's samples: final times, and only what the file holds of them.

use std::sync::Arc;

use reelscope_media::{
    CodecConfig, Dts, Pts, Sample, SampleData, SampleIndex, SampleSource, SyncKind, Visibility,
};

use super::entry_list::Entry;
use super::movie::Draft;
use super::sync;

/// The samples of a track that lie in a file of `end` bytes. One that is cut off stays with what
/// there is of it; one without any bytes says that there is no new picture, and is left out.
pub(super) fn index(
    draft: Draft,
    end: u64,
    configs: &[Arc<CodecConfig>],
    source: &dyn SampleSource,
    warnings: &mut Vec<String>,
) -> SampleIndex {
    let (id, shift) = (draft.id, draft.timeline.shift);
    let mut entries = draft.timeline.entries;
    entries.retain(|entry| entry.len > 0);
    if draft.timeline.fragmented {
        // One run states offsets for the whole track: of 0 where there are none.
        entries
            .iter_mut()
            .for_each(|entry| entry.composition = entry.composition.or(Some(0)));
    }
    let stated = entries.len();
    entries.retain(|entry| entry.offset < end);
    let lost = stated - entries.len();
    if lost > 0 {
        let text = format!("the file is cut off, {lost} of {stated} samples are missing");
        warnings.push(format!("track {id}: {text}"));
    }
    let intra = configs.first().and_then(|config| config.codec.entry());
    if intra.is_some_and(|entry| entry.intra_only) {
        entries.iter_mut().for_each(|entry| entry.sync = true);
    }
    let undecided = draft.sync_unstated || entries.iter().all(|entry| entry.sync);
    let mut samples: Vec<Sample> = entries
        .into_iter()
        .map(|entry| sample(&entry, shift, end, configs.len()))
        .collect();
    if undecided {
        sync::mark(&mut samples, configs, source);
    }
    samples.into_iter().collect()
}

fn sample(entry: &Entry, shift: i64, end: u64, configs: usize) -> Sample {
    let offset = entry
        .composition
        .map_or(0, |offset| shift.saturating_add(i64::from(offset)));
    let there = u32::try_from(end.saturating_sub(entry.offset)).unwrap_or(u32::MAX);
    Sample {
        pts: Pts(entry.dts.saturating_add(offset)),
        dts: Dts(entry.dts),
        duration: entry.duration,
        sync: if entry.sync {
            SyncKind::Stated
        } else {
            SyncKind::None
        },
        config: if usize::from(entry.config) < configs {
            entry.config
        } else {
            0
        },
        visibility: if entry.hidden {
            Visibility::CutOff
        } else {
            Visibility::Shown
        },
        data: SampleData::Range {
            offset: entry.offset,
            len: entry.len.min(there),
        },
    }
}

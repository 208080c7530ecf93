//! Sync samples of tracks whose boxes do not tell them apart. No `stss` box means that all samples
//! are sync samples, but muxers also leave it out because they did not know: then the bits decide.

use std::sync::Arc;

use reelscope_media::codec::Inspector;
use reelscope_media::{CodecConfig, Sample, SampleSource, SyncKind};

/// If this many samples from the start are sync samples, the rest is taken to be so too.
const TRIED: usize = 12;

/// How many samples, and how many bytes, are read at most; the samples behind are no sync samples
/// then.
const MAX_READ: usize = 100_000;
const MAX_BYTES: u64 = 256 << 20;

/// Marks the sync samples by their bits, unless all of them seem to be sync samples indeed.
pub(super) fn mark(
    samples: &mut [Sample],
    configs: &[Arc<CodecConfig>],
    source: &dyn SampleSource,
) {
    let Some(entry) = configs.first().and_then(|config| config.codec.entry()) else {
        return;
    };
    if entry.intra_only || samples.len() < 2 {
        return;
    }
    let mut bits = Bits {
        configs,
        source,
        current: None,
        left: MAX_BYTES,
    };
    let mut kinds: Vec<SyncKind> = Vec::new();
    for (at, sample) in samples.iter().enumerate().take(MAX_READ) {
        let kind = bits.kind(sample);
        if at == 0 && kind == SyncKind::None {
            // Not to be told apart: encrypted, damaged, or nothing that an inspector understands.
            return;
        }
        kinds.push(kind);
        if kinds.len() == TRIED && !kinds.contains(&SyncKind::None) {
            kinds.clear();
            break;
        }
    }
    if kinds.is_empty() {
        return;
    }
    let kinds = kinds.into_iter().chain(std::iter::repeat(SyncKind::None));
    for (sample, kind) in samples.iter_mut().zip(kinds) {
        sample.sync = kind;
    }
}

struct Bits<'a> {
    configs: &'a [Arc<CodecConfig>],
    source: &'a dyn SampleSource,
    /// The inspector at work, and whose configuration it has.
    current: Option<(u16, Box<dyn Inspector>)>,
    left: u64,
}

impl Bits<'_> {
    fn kind(&mut self, sample: &Sample) -> SyncKind {
        let Some(left) = self.left.checked_sub(sample.data.len() as u64) else {
            return SyncKind::None;
        };
        self.left = left;
        if self
            .current
            .as_ref()
            .is_none_or(|(config, _)| *config != sample.config)
        {
            let config = self.configs.get(usize::from(sample.config));
            let inspector =
                config.and_then(|config| Some((config.codec.entry()?.inspector)(config)));
            self.current = inspector.map(|inspector| (sample.config, inspector));
        }
        let Some((_, inspector)) = &mut self.current else {
            return SyncKind::None;
        };
        let Ok(bytes) = sample.data.load(self.source) else {
            return SyncKind::None;
        };
        inspector
            .inspect(&bytes)
            .map_or(SyncKind::None, |facts| facts.sync)
    }
}

//! `EncodedImage` and `EncodedDepthImage`: picture files, each a keyframe.

use std::sync::Arc;

use bytes::Bytes;
use reelscope_media::codec::Inspector;
use reelscope_media::{
    Codec, CodecConfig, Framing, Presentation, StreamFacts, SyncKind, Visibility, sniff_image,
};
use reelscope_store::{Content, LoggedSample, StreamKind};
use reelscope_wire as wire;
use wire::component;

use super::{Archetype, Entity, emptied, numbered};

pub(super) const ARCHETYPE: Archetype = Archetype {
    waits: |_, _| false,
    read: |entity, chunk, content| {
        for kind in KINDS {
            read(entity, chunk, kind, content);
        }
    },
};

/// The archetypes and their components.
struct Kind {
    kind: StreamKind,
    blob: &'static str,
    media_type: &'static str,
    meter: Option<&'static str>,
}

const KINDS: &[Kind] = &[
    Kind {
        kind: StreamKind::EncodedImage,
        blob: component::ENCODED_IMAGE_BLOB,
        media_type: component::ENCODED_IMAGE_MEDIA_TYPE,
        meter: None,
    },
    Kind {
        kind: StreamKind::EncodedDepthImage,
        blob: component::ENCODED_DEPTH_IMAGE_BLOB,
        media_type: component::ENCODED_DEPTH_IMAGE_MEDIA_TYPE,
        meter: Some("EncodedDepthImage:meter"),
    },
];

#[derive(Default)]
pub(crate) struct State {
    /// Reads the headers of pictures of a codec.
    inspector: Option<(Arc<CodecConfig>, Box<dyn Inspector>)>,
    facts: Option<StreamFacts>,
    media_type: Option<Codec>,
    meter: Option<f32>,
}

impl State {
    /// True if nothing was learnt yet.
    pub(super) fn is_blank(&self) -> bool {
        self.inspector.is_none() && self.media_type.is_none() && self.meter.is_none()
    }
}

fn read(entity: &mut Entity, chunk: &wire::Chunk, kind: &Kind, content: &mut Vec<Content>) {
    let (media_types, meters) = (
        chunk.column(kind.media_type),
        kind.meter.and_then(|name| chunk.column(name)),
    );
    let mut samples = Vec::new();
    let blobs = chunk.column(kind.blob);
    for (row, number) in numbered(chunk) {
        if let Some(text) = media_types.and_then(|column| column.text(row)) {
            entity.encoded.media_type = Codec::of_media_type(text);
        }
        if let Some(meter) = meters.and_then(|column| column.f32(row)) {
            entity.encoded.meter = Some(meter);
        }
        let Some(blob) = blobs.and_then(|column| column.blob(row)) else {
            continue;
        };
        // What the bytes say goes before what was said of them.
        let stated = entity.encoded.media_type;
        let Some(codec) = sniff_image(&blob).or(stated) else {
            entity.tell(
                "a picture is of no format that can be read (JPEG, PNG, WebP, BMP, TIFF, GIF)"
                    .to_owned(),
            );
            continue;
        };
        let presentation = match kind.kind {
            StreamKind::EncodedDepthImage => Presentation::Depth {
                meter: entity.encoded.meter,
            },
            _ => Presentation::Picture,
        };
        samples.push(sample(
            &mut entity.encoded,
            codec,
            number,
            blob,
            presentation,
        ));
    }
    if !samples.is_empty() {
        content.push(Content::Samples(kind.kind, samples));
    }
    let ends = blobs.map(|column| emptied(column, chunk));
    if let Some(ends) = ends.filter(|ends| !ends.is_empty()) {
        content.push(Content::Ends(kind.kind, ends));
    }
}

fn sample(
    state: &mut State,
    codec: Codec,
    row: u32,
    data: Bytes,
    presentation: Presentation,
) -> LoggedSample {
    let known = state.inspector.as_ref();
    if known.is_none_or(|(config, _)| config.codec != codec) {
        let config = Arc::new(CodecConfig {
            codec,
            framing: Framing::Whole,
            record: Bytes::new(),
        });
        let entry = codec.entry();
        state.inspector = entry.map(|entry| (config.clone(), (entry.inspector)(&config)));
    }
    let mut facts = None;
    let config = match &mut state.inspector {
        Some((config, inspector)) => {
            // A damaged picture is the decoder's to complain about.
            let _damaged = inspector.inspect(&data);
            if inspector.facts() != state.facts.as_ref() {
                state.facts = inspector.facts().cloned();
                facts = state.facts.clone().map(Arc::new);
            }
            config.clone()
        }
        None => Arc::new(CodecConfig {
            codec,
            framing: Framing::Whole,
            record: Bytes::new(),
        }),
    };
    LoggedSample {
        row,
        sync: SyncKind::Closed,
        visibility: Visibility::Shown,
        config,
        data,
        facts,
        presentation,
    }
}

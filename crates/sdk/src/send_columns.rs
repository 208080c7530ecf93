//! Many rows at once, column by column.

use reelscope_wire::{Chunk, ChunkBuilder, TimeColumn, component};

use crate::SdkError;
use crate::archetypes::{ComponentValue, VideoFrameReference, VideoStream};
use crate::batch::column;

/// One component of many rows.
#[derive(Clone, Debug, PartialEq)]
pub struct ComponentColumn {
    /// The protocol's name (`VideoStream:sample`), or one of your own.
    pub name: String,
    /// A value for each row, all of one kind.
    pub values: Vec<ComponentValue>,
}

impl ComponentColumn {
    /// A value for each row.
    pub fn new(name: &str, values: impl IntoIterator<Item = ComponentValue>) -> Self {
        Self {
            name: name.to_owned(),
            values: values.into_iter().collect(),
        }
    }
}

impl VideoFrameReference {
    /// Columns of references to the frames at so many nanoseconds from the start of the video.
    pub fn columns_nanos(nanos: impl IntoIterator<Item = i64>) -> Vec<ComponentColumn> {
        let values = nanos.into_iter().map(ComponentValue::I64);
        vec![ComponentColumn::new(
            component::VIDEO_FRAME_REFERENCE_TIMESTAMP,
            values,
        )]
    }
}

impl VideoStream {
    /// Columns of samples.
    pub fn columns(
        samples: impl IntoIterator<Item = impl Into<bytes::Bytes>>,
    ) -> Vec<ComponentColumn> {
        let values = samples
            .into_iter()
            .map(|sample| ComponentValue::Blob(sample.into()));
        vec![ComponentColumn::new(component::VIDEO_STREAM_SAMPLE, values)]
    }
}

/// The chunk of some columns.
pub(crate) fn chunk(
    entity: &str,
    times: Vec<TimeColumn>,
    columns: Vec<ComponentColumn>,
) -> Result<Chunk, SdkError> {
    let lengths = times.iter().map(|times| (&*times.name, times.len()));
    let lengths = lengths.chain(columns.iter().map(|it| (&*it.name, it.values.len())));
    let mut expected = None;
    for (name, rows) in lengths {
        let expected = *expected.get_or_insert(rows);
        if rows != expected {
            return Err(SdkError::ColumnLength {
                column: name.to_owned(),
                rows,
                expected,
            });
        }
    }
    let mut chunk = ChunkBuilder::new(entity);
    for times in times {
        chunk = chunk.time_column(times);
    }
    for ComponentColumn { name, values } in columns {
        chunk = chunk.column(column(&name, values));
    }
    Ok(chunk.build()?)
}

#[cfg(test)]
mod tests {
    use reelscope_wire::TimeKind;

    use super::*;

    #[test]
    fn columns_of_different_lengths_are_refused_by_name() {
        let times = vec![TimeColumn::new("frame", TimeKind::Sequence, vec![0, 1, 2])];
        let columns = VideoFrameReference::columns_nanos([0, 1]);
        let error = chunk("/v", times, columns).unwrap_err().to_string();
        assert!(
            error.contains("VideoFrameReference:timestamp has 2 rows, the others 3"),
            "{error}"
        );
    }
}

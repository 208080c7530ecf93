//! Tables as files: Arrow IPC, Parquet, CSV, JSON.

mod parquet_export;
mod text;

use std::io::Write;

use arrow_ipc::writer::StreamWriter;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use crate::{QueryError, Table};

pub use parquet_export::export_parquet;

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Arrow's IPC streaming format.
    Arrow,
    /// Apache Parquet, compressed with Zstandard.
    Parquet,
    /// A line of text for each row, after one with the names of the columns; RFC 4180.
    Csv,
    /// A JSON object for each row, one per line.
    Json,
}

impl Format {
    /// All of them, with the names that people write.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::Arrow, "arrow"),
        (Self::Parquet, "parquet"),
        (Self::Csv, "csv"),
        (Self::Json, "json"),
    ];
}

/// Writes a table, batch by batch. Returns how many rows there were.
///
/// # Errors
/// [`QueryError::Write`], [`QueryError::Arrow`], [`QueryError::Parquet`].
pub fn write<W: Write + Send>(
    table: Table,
    format: Format,
    target: W,
) -> Result<usize, QueryError> {
    let rows = table.num_rows();
    match format {
        Format::Arrow => {
            let mut writer = StreamWriter::try_new(target, &table.schema())?;
            for batch in table {
                writer.write(&batch?)?;
            }
            writer.finish()?;
        }
        Format::Parquet => parquet(table, target)?,
        Format::Csv => text::csv(table, target)?,
        Format::Json => text::json(table, target)?,
    }
    Ok(rows)
}

fn parquet<W: Write + Send>(table: Table, target: W) -> Result<(), QueryError> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .build();
    let mut writer = ArrowWriter::try_new(target, table.schema(), Some(properties))?;
    for batch in table {
        writer.write(&batch?)?;
    }
    writer.close()?;
    Ok(())
}

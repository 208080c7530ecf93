//! What was logged, as Arrow tables: one row for each time on a timeline, one column for each component of
//! each entity. Opens recordings and writes tables; what the values mean is for others to know.
//!
//! The tables are those that the stock SDK's dataframe queries give for the same recording.
//!
//! ```no_run
//! use reelscope_query::{Query, Recordings};
//!
//! # fn main() -> Result<(), reelscope_query::QueryError> {
//! let recordings = Recordings::open("drive.rrd".as_ref())?;
//! let query = Query {
//!     entities: vec!["/camera/**".parse()?],
//!     index: Some("frame".to_owned()),
//!     ..Query::default()
//! };
//! for batch in recordings.only()?.select(&query)? {
//!     println!("{} rows", batch?.num_rows());
//! }
//! # Ok(())
//! # }
//! ```

mod columns;
mod contents;
mod error;
mod formats;
mod recordings;
mod rows;
mod select;

pub use contents::Contents;
pub use error::QueryError;
pub use formats::{Format, export_parquet, write};
pub use recordings::{Recording, Recordings};
pub use select::{Query, Table};

//! `reelscope query`: what was logged, as a table.

use std::io::{IsTerminal as _, Write, stdout};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};
use reelscope_ingest::write_whole;
use reelscope_query::{Contents, Format, Query, Recording, Recordings, export_parquet, write};
use reelscope_viewer::Place;

/// What to ask, and how to write the answer.
#[derive(Args, Debug)]
pub(crate) struct QueryArgs {
    /// The recording (.rrd).
    file: PathBuf,

    /// An entity, or with /** all below it; may be repeated [default: all].
    #[arg(long, value_name = "PATH")]
    entity: Vec<Contents>,

    /// A component, such as VideoStream:sample; may be repeated [default: all].
    #[arg(long, value_name = "NAME")]
    component: Vec<String>,

    /// The timeline that the rows go along [default: the only one beside those of the SDK].
    #[arg(long, value_name = "NAME", conflicts_with = "only_static")]
    timeline: Option<String>,

    /// Only what holds at all times.
    #[arg(long = "static")]
    only_static: bool,

    /// Rows from A to B, both included: whole numbers in the timeline's units (nanoseconds, or what it
    /// counts), or times such as 1.5s and 2026-09-21T14:13:20Z. Either may be left out.
    #[arg(long, value_name = "A..B", allow_hyphen_values = true, conflicts_with_all = ["at", "only_static"])]
    range: Option<TimeRange>,

    /// Rows at these times, with what was logged last before each.
    #[arg(
        long,
        value_name = "T",
        value_delimiter = ',',
        conflicts_with = "only_static"
    )]
    at: Vec<Time>,

    /// Fill cells in which nothing was logged with what was logged last before.
    #[arg(long)]
    fill: bool,

    /// The recording's id or its program's name, where the file has several.
    #[arg(long, value_name = "ID")]
    recording: Option<String>,

    /// How the table is written [default: as the output's name ends, else csv].
    #[arg(long, value_enum)]
    format: Option<FormatName>,

    /// The file to write [default: standard output].
    #[arg(short, long, value_name = "FILE", conflicts_with = "partition")]
    output: Option<PathBuf>,

    /// Write Parquet files into this folder instead: one for each recording, timeline and entity.
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["range", "at", "recording", "format"])]
    partition: Option<PathBuf>,
}

/// The names of formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FormatName {
    Arrow,
    Parquet,
    Csv,
    Json,
}

impl FormatName {
    fn format(self) -> Format {
        match self {
            Self::Arrow => Format::Arrow,
            Self::Parquet => Format::Parquet,
            Self::Csv => Format::Csv,
            Self::Json => Format::Json,
        }
    }

    /// What a file's name says.
    fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()? {
            "arrow" | "arrows" | "ipc" => Some(Self::Arrow),
            "parquet" => Some(Self::Parquet),
            "csv" => Some(Self::Csv),
            "json" | "jsonl" | "ndjson" => Some(Self::Json),
            _ => None,
        }
    }
}

/// A time on a timeline, in its units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Time(i64);

impl FromStr for Time {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(number) = text.trim().parse() {
            return Ok(Self(number));
        }
        let place: Place = text.parse().map_err(|error| format!("{error}"))?;
        match place {
            Place::Frame(number) => i64::try_from(number).map(Self).map_err(|it| it.to_string()),
            Place::Time(nanos) | Place::Clock(nanos) | Place::Moment(nanos) => Ok(Self(nanos)),
            Place::FramesFromHere(_) | Place::NanosFromHere(_) => Err(format!(
                "“{text}” is a step: there is nothing here to step from"
            )),
        }
    }
}

/// From when to when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct TimeRange(i64, i64);

impl FromStr for TimeRange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let Some((from, to)) = text.split_once("..") else {
            return Err(format!("“{text}” is no range: write A..B, A.. or ..B"));
        };
        let end = |text: &str, open: i64| match text.trim() {
            "" => Ok(open),
            text => text.parse::<Time>().map(|time| time.0),
        };
        let (from, to) = (end(from, i64::MIN)?, end(to, i64::MAX)?);
        if from > to {
            return Err(format!("the range “{text}” ends before it starts"));
        }
        Ok(Self(from, to))
    }
}

/// Runs the command.
pub(crate) fn run(args: &QueryArgs) -> anyhow::Result<()> {
    let recordings = Recordings::open(&args.file)?;
    if recordings.is_cut_off() {
        let name = args.file.display();
        eprintln!("reelscope: {name} ends in the middle: its program was killed, or still writes");
    }
    for warning in recordings.warnings() {
        eprintln!("reelscope: {}: {warning}", args.file.display());
    }
    let mut query = Query {
        entities: args.entity.clone(),
        components: args.component.clone(),
        index: args.timeline.clone(),
        range: args.range.map(|TimeRange(from, to)| (from, to)),
        at: (!args.at.is_empty()).then(|| args.at.iter().map(|time| time.0).collect()),
        fill_latest_at: args.fill || !args.at.is_empty(),
    };
    if let Some(folder) = &args.partition {
        let files = export_parquet(&recordings, &query, folder)?;
        eprintln!("{} files in {}", files.len(), folder.display());
        return Ok(());
    }
    let recording = match &args.recording {
        Some(id) => recordings.named(id)?,
        None => recordings.only()?,
    };
    if query.index.is_none() && !args.only_static {
        query.index = Some(only_timeline(recording)?);
    }
    if let Some(output) = &args.output {
        crate::picture::check_not_input(output, &args.file)?;
    }
    let named = args.output.as_deref().and_then(FormatName::of);
    let format = args.format.or(named).unwrap_or(FormatName::Csv);
    let table = recording.select(&query)?;
    match &args.output {
        Some(path) => {
            let rows = write_whole(path, |file| write(table, format.format(), file))
                .with_context(|| path.display().to_string())?;
            eprintln!("{rows} rows in {}", path.display());
        }
        None => {
            let is_binary = matches!(format, FormatName::Arrow | FormatName::Parquet);
            if is_binary && stdout().is_terminal() {
                bail!("a terminal cannot show this format: give a file with -o, or use a pipe");
            }
            write_out(|out| write(table, format.format(), out))?;
        }
    }
    Ok(())
}

/// Writes to standard output. That whoever reads it has gone is told as the system tells it.
fn write_out(
    write: impl FnOnce(&mut (dyn Write + Send)) -> Result<usize, reelscope_query::QueryError>,
) -> anyhow::Result<()> {
    let mut out = stdout();
    match write(&mut out) {
        Ok(_) => Ok(()),
        Err(reelscope_query::QueryError::Write { source }) => Err(source.into()),
        Err(error) => Err(error.into()),
    }
}

/// The timeline that is meant if nobody says: the only one that the program itself set.
fn only_timeline(recording: &Recording) -> anyhow::Result<String> {
    /// Those that the SDK adds.
    const BUILT_IN: [&str; 2] = ["log_time", "log_tick"];
    let all: Vec<String> = recording.timelines().into_keys().collect();
    let set = all.iter().filter(|name| !BUILT_IN.contains(&name.as_str()));
    let set: Vec<&String> = set.collect();
    match (set.as_slice(), all.as_slice()) {
        ([only], _) => Ok((*only).clone()),
        ([], [first, ..]) => Ok(first.clone()),
        ([], []) => {
            bail!("the recording has no timeline; --static asks for what holds at all times")
        }
        (several, _) => {
            let names: Vec<&str> = several.iter().map(|name| name.as_str()).collect();
            bail!(
                "say along which timeline: --timeline {}",
                names.join(", or --timeline ")
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_whole_numbers_or_times() {
        assert_eq!("3..7".parse(), Ok(TimeRange(3, 7)));
        assert_eq!(
            "1.5s..2s".parse(),
            Ok(TimeRange(1_500_000_000, 2_000_000_000))
        );
        assert_eq!("..7".parse(), Ok(TimeRange(i64::MIN, 7)));
        assert!("7..3".parse::<TimeRange>().is_err());
        assert!("7".parse::<TimeRange>().is_err());
        assert!("+5f..".parse::<TimeRange>().is_err());
    }

    #[test]
    fn the_output_s_name_says_the_format() {
        assert_eq!(
            FormatName::of("a/b.parquet".as_ref()),
            Some(FormatName::Parquet)
        );
        assert_eq!(FormatName::of("b.jsonl".as_ref()), Some(FormatName::Json));
        assert_eq!(FormatName::of("b.txt".as_ref()), None);
    }
}

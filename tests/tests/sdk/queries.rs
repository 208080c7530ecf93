//! Tables that `reelscope query` makes of a recording, as the stock SDK's own dataframe queries have them.

use std::path::Path;

use reelscope_query::Recordings;
use reelscope_sdk::TimeKind;
use reelscope_tests::{Run, Sdk};
use serde_json::{Value, json};

use crate::recorded::Recorded;

/// The version that came with a reader of its own; later ones have a server in its place.
const STOCK: Sdk = Sdk::OLDEST;

/// A question and the arguments that ask it.
fn ask(file: &Path, table: &Path, question: &Value) {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut args = vec!["query".to_owned(), file.to_str().unwrap().to_owned()];
    args.extend(["--timeline".to_owned(), text(&question["index"])]);
    args.extend(["--entity".to_owned(), text(&question["contents"])]);
    if let Some(range) = question["range"].as_array() {
        args.extend(["--range".to_owned(), format!("{}..{}", range[0], range[1])]);
    }
    if let Some(at) = question["at"].as_array() {
        let at: Vec<String> = at.iter().map(Value::to_string).collect();
        args.push(format!("--at={}", at.join(",")));
    } else if question["fill"] == true {
        args.push("--fill".to_owned());
    }
    args.extend(["--format", "arrow", "-o"].map(str::to_owned));
    args.push(table.to_str().unwrap().to_owned());
    Run::new(args).success().unwrap();
}

/// Asks everything along every timeline in every way, and lets the stock SDK answer as well.
fn check(file: &Path, folder: &Path) {
    let recordings = Recordings::open(file).unwrap();
    let recording = recordings.only().unwrap();
    let mut questions = Vec::new();
    for (index, kind) in recording.timelines() {
        let times = recording.times(&index);
        let (first, last) = (times[times.len() / 4], times[times.len() * 3 / 4]);
        let mut around = vec![first - 1, first, last, last + 1];
        around.dedup();
        let kind = match kind {
            TimeKind::Sequence => "sequence",
            TimeKind::Duration | TimeKind::Timestamp => "nanoseconds",
        };
        let ways = [
            (Value::Null, Value::Null, false),
            (Value::Null, Value::Null, true),
            (json!([first, last]), Value::Null, false),
            (json!([first, last]), Value::Null, true),
            (Value::Null, json!(around), true),
        ];
        for (range, at, fill) in ways {
            let table = folder.join(format!("{}.arrow", questions.len()));
            let question = json!({
                "index": index, "kind": kind, "contents": "/**", "range": range, "at": at,
                "fill": fill, "table": table,
            });
            ask(file, &table, &question);
            questions.push(question);
        }
    }
    let list = folder.join("questions.json");
    std::fs::write(&list, serde_json::to_string(&questions).unwrap()).unwrap();
    let stock = STOCK.program("same_table").arg(file).arg(&list).success();
    let said = stock.unwrap().stdout;
    assert_eq!(said.trim(), questions.len().to_string());
}

#[test]
fn tables_are_those_of_the_stock_reader() {
    for program in ["one_of_everything", "cameras", "late", "b_frames"] {
        let saved = Recorded::saved(STOCK, program, &[]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        check(&saved.file, folder.path());
    }
}

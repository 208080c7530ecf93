//! Loggers and recorders that die, and connections that say nothing. Signals are for Unix.
#![cfg(unix)]

use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use reelscope_tests::{Logged, Recorder, Running, Sdk};

use crate::contents::{self, End};
use crate::{frames, recorded, stock};

const PATIENCE: Duration = Duration::from_secs(120);

/// Waits until a program has written its truth, which it does when everything has got through.
fn truth_of(logger: &mut Running, path: &Path) -> Logged {
    let truth = logger.until("truth", PATIENCE, |_| {
        path.exists().then(|| Logged::read(path)).transpose()
    });
    truth.unwrap()
}

#[test]
fn a_logger_that_is_killed_loses_nothing_and_another_continues_its_recording() {
    for end in ["kill", "vanish"] {
        recorded::with_each_sdk(|sdk| {
            let folder = tempfile::tempdir()?;
            let in_folder = |name: &str| folder.path().join(name);
            let file = in_folder("recording.rrd");
            let recorder = Recorder::start(&file)?;

            let common = ["--recording-id", "interrupted", "--end"];
            let truth = in_folder("first.json");
            let args = [&common[..], &[end, "--count", "30"]].concat();
            let mut logger = sdk.log_to(recorder.port, "killed", &truth, &args)?;
            let mut first = truth_of(&mut logger, &truth);
            assert_ne!(logger.end(PATIENCE)?.code, Some(0));
            let entity = &first.single()?.entities["/camera"];
            let mut stream = std::fs::read(in_folder(entity.stream.as_deref().unwrap()))?;

            // The stream's file has the name of the first one's: it was read before.
            let args = [&common[..], &["exit", "--first", "30", "--count", "30"]].concat();
            let second =
                sdk.logged_to(recorder.port, "killed", &in_folder("second.json"), &args)?;
            recorder.interrupt()?;
            let entity = &second.single()?.entities["/camera"];
            stream.extend(std::fs::read(in_folder(entity.stream.as_deref().unwrap()))?);

            let [recording] = &mut first.recordings[..] else {
                panic!("{} recordings", first.recordings.len());
            };
            recording.append(second.single()?.clone());
            first.check(&contents::read(&file, End::Finished)?)?;
            stock::check(&file, &first)?;
            let stream_file = in_folder("both.h264");
            std::fs::write(&stream_file, stream)?;
            let times = first.single()?.entities["/camera"].times("frame");
            let found = frames::list(&file, "/camera", "frame")?;
            frames::check_frames(&found, &frames::decode(&stream_file)?, &times)
        });
    }
}

#[test]
fn a_recorder_that_is_killed_leaves_all_that_had_arrived_and_the_next_one_starts_afresh() {
    recorded::with_each_sdk(|sdk| {
        let folder = tempfile::tempdir()?;
        let in_folder = |name: &str| folder.path().join(name);
        let recorder = Recorder::start(&in_folder("killed.rrd"))?;
        let port = recorder.port;
        let truth = in_folder("first.json");
        let mut logger = sdk.log_to(port, "killed", &truth, &["--end", "wait"])?;
        let truth = truth_of(&mut logger, &truth);
        recorder.kill()?;

        // It was cut off at any byte, and some of what came after the truth may be there.
        let mut found = contents::read(&in_folder("killed.rrd"), End::Cut)?;
        for recording in &mut found.recordings {
            for entity in recording.entities.values_mut() {
                entity.rows.truncate(30);
            }
        }
        truth.check(&found)?;

        // The logger goes on and does not notice, or says so; it does not come back, and ends.
        let port_again = port.to_string();
        let again = in_folder("again.rrd");
        let recorder = Recorder::with(&again, &["--port", &port_again, "--until-disconnect"])?;
        logger.end(PATIENCE)?;
        let truth = sdk.logged_to(
            port,
            "killed",
            &in_folder("second.json"),
            &["--end", "exit"],
        )?;
        recorder.end()?;
        truth.check(&contents::read(&again, End::Finished)?)?;
        stock::check(&again, &truth)
    });
}

#[test]
fn connections_that_say_nothing_and_loggers_of_all_versions_do_not_disturb_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let in_folder = |name: &str| folder.path().join(name);
    let file = in_folder("recording.rrd");
    let recorder = Recorder::start(&file).unwrap();
    let address = ("127.0.0.1", recorder.port);
    let silent: Vec<TcpStream> = (0..100)
        .map(|_| TcpStream::connect(address).unwrap())
        .collect();

    let truths = Sdk::ALL.map(|sdk| in_folder(&format!("{}.json", sdk.version)));
    let loggers = Sdk::ALL.into_iter().zip(&truths).map(|(sdk, truth)| {
        sdk.log_to(recorder.port, "late", truth, &["--rate", "60"])
            .unwrap()
    });
    let loggers: Vec<Running> = loggers.collect();
    for logger in loggers {
        let outcome = logger.end(PATIENCE).unwrap();
        assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    }
    drop(silent);
    recorder.interrupt().unwrap();

    let mut all = Logged::read(&truths[0]).unwrap();
    for truth in &truths[1..] {
        all.recordings
            .extend(Logged::read(truth).unwrap().recordings);
    }
    all.check(&contents::read(&file, End::Finished).unwrap())
        .unwrap();
    stock::check(&file, &all).unwrap();
}

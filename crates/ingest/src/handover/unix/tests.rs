//! Windows that find each other, and whatever else may come to their socket.

use std::os::unix::fs::PermissionsExt;
use std::sync::Mutex;

use super::*;
use crate::handover::{handover_address, offer};

/// A window that takes all that comes.
fn window(address: &Path) -> (Reception, Arc<Mutex<Vec<String>>>) {
    let taken = Arc::new(Mutex::new(Vec::new()));
    let into = taken.clone();
    let deliver = move |message: HandedOver| {
        into.lock().unwrap().extend(message.take());
        true
    };
    let reception = Reception::start(address, Arc::new(deliver)).unwrap();
    (reception, taken)
}

fn address(folder: &tempfile::TempDir) -> PathBuf {
    handover_address(&folder.path().join("reelscope"), ":0")
}

/// What the window answers to bytes.
fn answer(address: &Path, bytes: &[u8]) -> String {
    let mut stream = UnixStream::connect(address).unwrap();
    stream.write_all(bytes).ok();
    stream.shutdown(std::net::Shutdown::Write).ok();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok();
    answer
}

#[test]
fn what_is_handed_over_arrives_and_only_while_a_window_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let address = address(&folder);
    assert_eq!(offer(&address, "a"), Offer::Nobody);
    let (reception, taken) = window(&address);
    assert_eq!(offer(&address, "reelscope://open?path=/ä b"), Offer::Taken);
    assert_eq!(*taken.lock().unwrap(), ["reelscope://open?path=/ä b"]);
    let folder_of = std::fs::metadata(address.parent().unwrap()).unwrap();
    assert_eq!(folder_of.permissions().mode() & 0o777, 0o700);
    drop(reception);
    assert_eq!(offer(&address, "b"), Offer::Nobody);
    assert_eq!(
        std::fs::read_dir(address.parent().unwrap())
            .unwrap()
            .count(),
        0
    );
}

#[test]
fn the_socket_of_a_window_that_died_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let address = address(&folder);
    std::fs::create_dir_all(address.parent().unwrap()).unwrap();
    let dead = address.with_file_name("1-0.sock");
    drop(UnixListener::bind(&dead).unwrap());
    symlink("1-0.sock", &address).unwrap();
    assert_eq!(offer(&address, "a"), Offer::Nobody);
    let (_reception, taken) = window(&address);
    assert_eq!(offer(&address, "a"), Offer::Taken);
    assert_eq!(taken.lock().unwrap().len(), 1);
    assert!(!dead.exists());
}

#[test]
fn the_last_window_is_the_one_and_the_one_before_goes_without_taking_it_along() {
    let folder = tempfile::tempdir().unwrap();
    let address = address(&folder);
    let (first, _) = window(&address);
    let (_second, taken) = window(&address);
    drop(first);
    assert_eq!(offer(&address, "a"), Offer::Taken);
    assert_eq!(taken.lock().unwrap().len(), 1);
}

#[test]
fn a_window_that_hangs_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let address = address(&folder);
    let kept = Mutex::new(Vec::new());
    let hangs = move |message| {
        kept.lock().unwrap().push(message);
        true
    };
    let _reception = Reception::start(&address, Arc::new(hangs)).unwrap();
    let start = Instant::now();
    assert_eq!(offer(&address, "a"), Offer::Unanswered);
    assert!(start.elapsed() < Duration::from_secs(4));
}

#[test]
fn a_socket_where_nobody_accepts_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let address = folder.path().join("window.sock");
    let _deaf = UnixListener::bind(&address).unwrap();
    let start = Instant::now();
    assert_eq!(offer(&address, "a"), Offer::Unanswered);
    assert!(start.elapsed() < Duration::from_secs(4));
}

#[test]
fn hostile_bytes_open_nothing_and_hold_up_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let address = address(&folder);
    let (_reception, taken) = window(&address);
    let endless = vec![b'a'; MOST_BYTES + 10_000];
    for bytes in [
        b"".as_slice(),
        b"\n",
        b"\0\0\0\n",
        b"reelscope-handover 9 reelscope://open\n",
        b"reelscope-handover 1 \xff\xfe\n",
        b"reelscope-handover 1 without an end",
        b"GET / HTTP/1.1\r\n\r\n",
        &endless,
    ] {
        let said = answer(&address, bytes);
        assert!(said.is_empty() || said == "refused\n", "{said}");
    }
    // Someone who says nothing at all.
    let _silent = UnixStream::connect(&address).unwrap();
    assert_eq!(offer(&address, "still there"), Offer::Taken);
    assert_eq!(*taken.lock().unwrap(), ["still there"]);
}

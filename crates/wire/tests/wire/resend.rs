//! What a client does about servers that break off, come back, or refuse something.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use reelscope_wire::{
    Client, ClientOptions, Ending, LogMessage, Server, ServerEvent, ServerOptions, WhenFull,
};

use crate::{PATIENCE, samples, store_id, store_info};

fn announcement() -> LogMessage {
    LogMessage::Store(store_info())
}

fn chunk(text: &str) -> LogMessage {
    LogMessage::Chunk(store_id(), samples(&[text.as_bytes()]))
}

fn server(addr: SocketAddr) -> (Server, Receiver<ServerEvent>) {
    let (sender, events) = channel();
    let options = ServerOptions {
        addrs: vec![addr],
        ..ServerOptions::default()
    };
    let handler = move |event| drop(sender.send(event));
    (Server::start(&options, Arc::new(handler)).unwrap(), events)
}

/// The texts of the chunks that came, once so many have.
fn texts(events: &Receiver<ServerEvent>, count: usize) -> Vec<String> {
    let mut texts = Vec::new();
    while texts.len() < count {
        let event = events.recv_timeout(PATIENCE).unwrap();
        if let ServerEvent::Message(_, LogMessage::Chunk(_, chunk), _) = event {
            let blob = chunk.columns[0].blob(0).unwrap();
            texts.push(String::from_utf8(blob.to_vec()).unwrap());
        }
    }
    texts
}

fn free_addr() -> SocketAddr {
    let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
    std::net::TcpListener::bind(any)
        .unwrap()
        .local_addr()
        .unwrap()
}

#[test]
fn flushing_means_that_the_server_has_it() {
    let addr = free_addr();
    let (server, events) = server(addr);
    let client = Client::connect(&addr.to_string()).unwrap();
    client.send(&announcement()).unwrap();
    for round in 0..20 {
        client.send(&chunk(&round.to_string())).unwrap();
        client.flush(PATIENCE).unwrap();
        // What is confirmed is decoded even if nothing more comes.
        assert_eq!(texts(&events, 1), [round.to_string()]);
    }
    drop(server);
}

#[test]
fn a_logger_that_has_its_messages_confirmed_is_one_logger() {
    let addr = free_addr();
    let (_server, events) = server(addr);
    let client = Client::connect(&addr.to_string()).unwrap();
    for text in ["a", "b", "c"] {
        client.send(&chunk(text)).unwrap();
        client.flush(PATIENCE).unwrap();
    }
    client.close(PATIENCE).unwrap();
    let mut came = 0;
    loop {
        match events.recv_timeout(PATIENCE).unwrap() {
            ServerEvent::Connected(..) => came += 1,
            ServerEvent::Ended(_, ending) => {
                assert!(matches!(ending, Ending::Clean), "{ending:?}");
                break;
            }
            _ => {}
        }
    }
    assert_eq!(came, 1);
}

#[test]
fn a_server_that_takes_the_place_of_another_gets_all_of_it() {
    let addr = free_addr();
    let (first, events) = server(addr);
    let client = Client::connect(&addr.to_string()).unwrap();
    client.send(&announcement()).unwrap();
    for text in ["a", "b", "c"] {
        client.send(&chunk(text)).unwrap();
    }
    client.flush(PATIENCE).unwrap();
    assert_eq!(texts(&events, 3), ["a", "b", "c"]);
    drop(first);
    client.send(&chunk("d")).unwrap();
    let (_second, events) = server(addr);
    client.send(&chunk("e")).unwrap();
    client.flush(PATIENCE).unwrap();
    let mut got = texts(&events, 5);
    // In what order they come does not matter: rows have times.
    got.sort();
    got.dedup();
    assert_eq!(got, ["a", "b", "c", "d", "e"]);
}

#[test]
fn what_is_kept_for_another_server_has_a_bound() {
    let addr = free_addr();
    let (first, events) = server(addr);
    let options = ClientOptions {
        replay_bytes: 0,
        ..ClientOptions::default()
    };
    let client = Client::connect_with(&addr.to_string(), options).unwrap();
    client.send(&announcement()).unwrap();
    client.send(&chunk("old")).unwrap();
    client.flush(PATIENCE).unwrap();
    assert_eq!(texts(&events, 1), ["old"]);
    drop(first);
    let (_second, events) = server(addr);
    client.send(&chunk("new")).unwrap();
    client.flush(PATIENCE).unwrap();
    assert_eq!(texts(&events, 1), ["new"]);
}

#[test]
fn without_a_server_the_newest_are_dropped_if_that_was_chosen() {
    let options = ClientOptions {
        queue_bytes: 10_000,
        when_full: WhenFull::DropNewest,
        ..ClientOptions::default()
    };
    let addr = free_addr();
    let client = Client::connect_with(&addr.to_string(), options).unwrap();
    let long = "x".repeat(4_000);
    for _ in 0..20 {
        client.send(&chunk(&long)).unwrap();
    }
    assert!((10..20).contains(&client.dropped()), "{}", client.dropped());
    let error = client.flush(Duration::from_millis(200)).unwrap_err();
    assert!(error.to_string().contains(&addr.to_string()), "{error}");
}

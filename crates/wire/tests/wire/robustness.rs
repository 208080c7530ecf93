//! Those who say nothing, nonsense, or too much, beside a logger that wants to log.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use reelscope_wire::{Client, LogMessage, PackedChunk, ServerEvent, ServerOptions, WireError};

use crate::server::{WRITE_MESSAGES, any_port, arrow_request, blocked_server, call, first_blob};
use crate::{PATIENCE, next_chunk, samples, server, store_id};

fn log_one(addr: std::net::SocketAddr) {
    let client = Client::connect(&addr.to_string()).unwrap();
    client
        .send(&LogMessage::Chunk(store_id(), samples(&[b"one"])))
        .unwrap();
    client.close(PATIENCE).unwrap();
}

#[test]
fn a_hundred_silent_connections_are_nothing() {
    let (server, events) = server();
    let addr = server.local_addrs()[0];
    let silent: Vec<TcpStream> = (0..100)
        .map(|_| TcpStream::connect(addr).unwrap())
        .collect();
    // What a logger does to see whether somebody listens.
    for _ in 0..20 {
        drop(TcpStream::connect(addr).unwrap());
    }
    log_one(addr);
    let first = events.recv_timeout(PATIENCE).unwrap();
    assert!(matches!(first, ServerEvent::Connected(..)));
    next_chunk(&events);
    assert!(matches!(
        events.recv_timeout(PATIENCE).unwrap(),
        ServerEvent::Ended(..)
    ));
    drop(silent);
    assert!(events.recv_timeout(Duration::from_millis(200)).is_err());
    assert!(server.connections().is_empty());
}

#[test]
fn silent_connections_make_room_for_a_logger() {
    let options = ServerOptions {
        max_connections: 4,
        ..any_port()
    };
    let (server, events, gate) = blocked_server(options);
    gate.open();
    let addr = server.local_addrs()[0];
    let silent: Vec<TcpStream> = (0..20).map(|_| TcpStream::connect(addr).unwrap()).collect();
    log_one(addr);
    next_chunk(&events);
    drop(silent);
}

#[test]
fn those_who_do_not_speak_http2_are_shown_the_door() {
    let (server, events) = server();
    let addr = server.local_addrs()[0];
    let requests: [&[u8]; 3] = [
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST /rerun.sdk_comms.v1alpha1.MessageProxyService/WriteMessages HTTP/1.1\r\n\
          Content-Type: application/grpc-web\r\nContent-Length: 5\r\n\r\n\0\0\0\0\0",
        &[0xff; 500],
    ];
    for request in requests {
        let mut stream = TcpStream::connect(addr).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(request).unwrap();
        let mut answer = Vec::new();
        // Closed, with or without a reset.
        let _ = stream.read_to_end(&mut answer);
        assert!(!answer.starts_with(b"HTTP/1.1 200"));
    }
    log_one(addr);
    next_chunk(&events);
}

#[test]
fn what_waits_to_be_decoded_is_bounded_in_bytes() {
    const MIB: usize = 1 << 20;
    let options = ServerOptions {
        queue_bytes: 4 * MIB,
        ..any_port()
    };
    let (server, events, gate) = blocked_server(options);
    let addr = server.local_addrs()[0];
    let request = arrow_request(&samples(&[&[7; 500_000]]).encode().unwrap(), 1);
    let messages = 100;
    let sender = std::thread::spawn(move || call(addr, WRITE_MESSAGES, vec![request; messages]));
    // Until nothing arrives any more.
    let start = Instant::now();
    let mut last = (0, Instant::now());
    while last.1.elapsed() < Duration::from_millis(500) && start.elapsed() < PATIENCE {
        let now = server.connections().first().map_or(0, |info| info.messages);
        if now != last.0 {
            last = (now, Instant::now());
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let queued = server.connections()[0].queued_bytes;
    // The queue, a connection's reserve of 8 MiB, and one frame.
    assert!((2 * MIB..=13 * MIB).contains(&queued), "{queued}");
    assert!(!sender.is_finished());

    // Another logger is not held up by it.
    log_one(addr);
    let is_other = |event: &ServerEvent| matches!(event, ServerEvent::Message(id, ..) if id.0 == 2);
    let start = Instant::now();
    while !events
        .recv_timeout(PATIENCE)
        .is_ok_and(|event| is_other(&event))
    {
        assert!(start.elapsed() < PATIENCE);
    }

    gate.open();
    assert_eq!(sender.join().unwrap(), Some(0));
    for _ in 0..messages {
        next_chunk(&events);
    }
}

#[test]
fn a_message_larger_than_the_queue_arrives() {
    let options = ServerOptions {
        queue_bytes: 1000,
        ..any_port()
    };
    let (server, events, gate) = blocked_server(options);
    gate.open();
    let request = arrow_request(&samples(&[&vec![7; 40 << 20]]).encode().unwrap(), 1);
    let status = call(
        server.local_addrs()[0],
        WRITE_MESSAGES,
        vec![request.clone(), request],
    );
    assert_eq!(status, Some(0));
    next_chunk(&events);
    next_chunk(&events);
}

#[test]
fn a_message_that_would_take_too_much_memory_is_skipped_and_the_next_one_read() {
    let options = ServerOptions {
        max_payload: 1 << 20,
        ..any_port()
    };
    let (server, events, gate) = blocked_server(options);
    gate.open();
    // Once too long as it is sent, once only when it is decompressed.
    let long = arrow_request(&samples(&[&vec![7; 3 << 20]]).encode().unwrap(), 1);
    let compressed = PackedChunk::new(&store_id(), &samples(&[&vec![7; 3 << 20]])).unwrap();
    assert!(compressed.size() < 1 << 20);
    let client = Client::connect(&server.local_addrs()[0].to_string()).unwrap();
    client.send_packed(&compressed).unwrap();
    client.close(PATIENCE).unwrap();
    let good = arrow_request(&samples(&[b"good"]).encode().unwrap(), 1);
    let status = call(server.local_addrs()[0], WRITE_MESSAGES, vec![long, good]);
    assert_eq!(status, Some(0));
    let mut refused = 0;
    let blob = loop {
        match events.recv_timeout(PATIENCE).unwrap() {
            ServerEvent::Rejected(_, WireError::TooLarge { size, limit }) => {
                assert!(size > limit && limit <= 2 << 20, "{size}, {limit}");
                refused += 1;
            }
            ServerEvent::Message(_, LogMessage::Chunk(_, chunk), _) => break first_blob(&chunk),
            _ => {}
        }
    };
    assert_eq!(refused, 2);
    assert_eq!(&blob[..], b"good");
}

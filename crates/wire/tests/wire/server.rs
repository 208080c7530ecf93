//! Server and client: what is sent arrives, in order, and each side notices what the other does.

use std::collections::VecDeque;
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::BodyExt as _;
use reelscope_wire::{
    Chunk, Client, Ending, LogMessage, Server, ServerEvent, ServerOptions, StoreKind, WireError,
    component,
};
use tower_service::Service as _;

use crate::{PATIENCE, next_chunk, samples, server, store_id, store_info};

pub(crate) const WRITE_MESSAGES: &str =
    "/rerun.sdk_comms.v1alpha1.MessageProxyService/WriteMessages";

/// Calls a method with a request of these bytes, and gives the status of the reply.
pub(crate) fn call(addr: SocketAddr, method: &str, frames: Vec<Vec<u8>>) -> Option<u32> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let endpoint = tonic::transport::Endpoint::from_shared(format!("http://{addr}")).unwrap();
        let mut channel = endpoint.connect().await.unwrap();
        std::future::poll_fn(|cx| channel.poll_ready(cx))
            .await
            .unwrap();
        let frames = frames.into_iter().map(|bytes| {
            Ok::<_, std::convert::Infallible>(http_body::Frame::data(Bytes::from(bytes)))
        });
        let body = http_body_util::StreamBody::new(tokio_stream::iter(frames));
        let request = http::Request::post(method)
            .header("content-type", "application/grpc")
            .header("te", "trailers")
            .body(tonic::body::Body::new(body))
            .unwrap();
        let response = channel.call(request).await.unwrap();
        let header = response.headers().get("grpc-status").cloned();
        let collected = response.into_body().collect().await.ok()?;
        let trailer = collected
            .trailers()
            .and_then(|trailers| trailers.get("grpc-status"))
            .cloned();
        trailer.or(header)?.to_str().ok()?.parse().ok()
    })
}

/// A protobuf field with a length (wire type 2).
pub(crate) fn field(number: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![number << 3 | 2];
    let mut length = content.len();
    while length >= 0x80 {
        bytes.push(length as u8 | 0x80);
        length >>= 7;
    }
    bytes.push(length as u8);
    bytes.extend_from_slice(content);
    bytes
}

/// A protobuf field with a number below 128 (wire type 0).
fn small(number: u8, value: u8) -> [u8; 2] {
    [number << 3, value]
}

/// A message behind gRPC's prefix: not compressed, four bytes of length.
pub(crate) fn framed(message: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0];
    bytes.extend_from_slice(&(message.len() as u32).to_be_bytes());
    bytes.extend_from_slice(message);
    bytes
}

/// A request with a chunk as the oldest loggers send it: not compressed here, without application.
pub(crate) fn arrow_request(payload: &[u8], compression: u8) -> Vec<u8> {
    let store = [&small(1, 1)[..], &field(2, b"run-1")].concat();
    let arrow = [
        &field(1, &store)[..],
        &small(2, compression),
        &small(3, 1),
        &small(4, 1),
        &field(5, payload),
        // A field of the future.
        &field(14, b"?"),
    ];
    framed(&field(1, &field(2, &arrow.concat())))
}

pub(crate) fn first_blob(chunk: &Chunk) -> Bytes {
    chunk
        .column(component::VIDEO_STREAM_SAMPLE)
        .unwrap()
        .blob(0)
        .unwrap()
}

/// Bytes without a pattern (a linear congruential generator, from Numerical Recipes).
fn noise(length: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let next = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    });
    next.take(length).collect()
}

#[test]
fn all_that_a_client_sends_arrives_byte_for_byte() {
    let (server, events) = server();
    assert!(!server.local_addrs().is_empty());
    for addr in server.local_addrs() {
        let client = Client::connect(&addr.to_string()).unwrap();
        client.send(&LogMessage::Store(store_info())).unwrap();
        let sent: Vec<Vec<u8>> = [0, 1, 1000, 20_000, 6_220_800].map(noise).into();
        for sample in &sent {
            let chunk = samples(&[sample]);
            client.send(&LogMessage::Chunk(store_id(), chunk)).unwrap();
        }
        client.close(PATIENCE).unwrap();

        assert!(matches!(
            events.recv_timeout(PATIENCE).unwrap(),
            ServerEvent::Connected(..)
        ));
        let store = events.recv_timeout(PATIENCE).unwrap();
        let ServerEvent::Message(_, LogMessage::Store(store), _) = store else {
            panic!("{store:?}");
        };
        assert_eq!(store, store_info());
        for sample in &sent {
            let (store, chunk) = next_chunk(&events);
            assert_eq!(store, store_id());
            assert!(first_blob(&chunk) == sample[..]);
        }
        let end = events.recv_timeout(PATIENCE).unwrap();
        assert!(
            matches!(end, ServerEvent::Ended(_, Ending::Clean)),
            "{end:?}"
        );
    }
}

#[test]
fn content_that_is_not_readable_does_not_end_the_call() {
    let (server, events) = server();
    let ipc = samples(&[b"sample"]).encode().unwrap();
    let good = arrow_request(&ipc, 1);
    let bad: Vec<Vec<u8>> = vec![
        framed(b"\xff\xff\xff"),
        framed(b""),
        framed(&field(1, &field(9, b"unknown content"))),
        // Flagged as compressed.
        [&[1, 0, 0, 0, 3][..], b"zip"].concat(),
        arrow_request(b"no table", 1),
        // Says that it is one byte when decompressed.
        arrow_request(&ipc, 2),
        arrow_request(&ipc, 9),
    ];
    let mut frames = vec![good.clone()];
    frames.extend(bad.iter().cloned());
    frames.push(good);
    assert_eq!(
        call(server.local_addrs()[0], WRITE_MESSAGES, frames),
        Some(0)
    );

    assert!(matches!(
        events.recv_timeout(PATIENCE).unwrap(),
        ServerEvent::Connected(..)
    ));
    assert_eq!(&first_blob(&next_chunk(&events).1)[..], b"sample");
    for _ in &bad {
        let event = events.recv_timeout(PATIENCE).unwrap();
        assert!(matches!(event, ServerEvent::Rejected(..)), "{event:?}");
    }
    assert_eq!(&first_blob(&next_chunk(&events).1)[..], b"sample");
    let end = events.recv_timeout(PATIENCE).unwrap();
    assert!(matches!(end, ServerEvent::Ended(_, Ending::Clean)));
}

#[test]
fn chunks_of_old_loggers_get_the_application_that_was_announced() {
    let (server, events) = server();
    // Up to 0.24 the application stands in the first field of the announcement, and nowhere else.
    let store = [&small(1, 1)[..], &field(2, b"run-1")].concat();
    let info = [&field(1, &field(1, b"my app"))[..], &field(2, &store)].concat();
    let announcement = framed(&field(1, &field(1, &field(2, &info))));
    let ipc = samples(&[b"sample"]).encode().unwrap();
    let frames = vec![arrow_request(&ipc, 1), announcement, arrow_request(&ipc, 1)];
    assert_eq!(
        call(server.local_addrs()[0], WRITE_MESSAGES, frames),
        Some(0)
    );

    let stores = [next_chunk(&events).0, next_chunk(&events).0];
    let applications = stores.each_ref().map(|store| &*store.application_id);
    assert_eq!(applications, ["", "my app"]);
    assert_eq!(
        (stores[0].kind, &*stores[0].recording_id),
        (StoreKind::Recording, "run-1")
    );
}

#[test]
fn other_methods_are_not_implemented() {
    let (server, events) = server();
    for method in [
        "/rerun.sdk_comms.v1alpha1.MessageProxyService/ReadMessages",
        "/rerun.sdk_comms.v1alpha1.MessageProxyService/WriteTable",
        "/other.Service/WriteMessages",
    ] {
        assert_eq!(
            call(server.local_addrs()[0], method, vec![framed(b"")]),
            Some(12)
        );
    }
    assert!(events.try_recv().is_err());
}

/// A server whose handler does not return from a message before it is allowed to.
pub(crate) fn blocked_server(options: ServerOptions) -> (Server, Receiver<ServerEvent>, Gate) {
    let (sender, events) = channel();
    let gate = Gate::default();
    let handler = {
        let gate = gate.clone();
        move |event: ServerEvent| {
            if let ServerEvent::Message(id, ..) = &event {
                gate.pass(id.0);
            }
            let _ = sender.send(event);
        }
    };
    (
        Server::start(&options, Arc::new(handler)).unwrap(),
        events,
        gate,
    )
}

/// Holds the first connection until it is opened.
#[derive(Clone, Default)]
pub(crate) struct Gate(Arc<(Mutex<bool>, std::sync::Condvar)>);

impl Gate {
    pub(crate) fn open(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
    }

    fn pass(&self, connection: u64) {
        let is_open = self.0.0.lock().unwrap();
        let closed = |is_open: &mut bool| !*is_open && connection == 1;
        drop(self.0.1.wait_while(is_open, closed).unwrap());
    }
}

pub(crate) fn any_port() -> ServerOptions {
    ServerOptions {
        addrs: vec!["127.0.0.1:0".parse().unwrap()],
        ..ServerOptions::default()
    }
}

#[test]
fn the_end_of_a_stream_is_answered_before_anything_is_decoded() {
    let (server, events, gate) = blocked_server(any_port());
    let ipc = samples(&[&noise(100_000)]).encode().unwrap();
    let frames = vec![arrow_request(&ipc, 1); 50];
    let start = Instant::now();
    assert_eq!(
        call(server.local_addrs()[0], WRITE_MESSAGES, frames),
        Some(0)
    );
    assert!(start.elapsed() < Duration::from_secs(5));
    assert_eq!(server.connections()[0].messages, 50);
    gate.open();
    for _ in 0..50 {
        next_chunk(&events);
    }
}

#[test]
fn a_logger_that_is_killed_has_broken_off() {
    let (server, events) = server();
    let addr = server.local_addrs()[0];
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let ipc = samples(&[b"sample"]).encode().unwrap();
    let (sender, body) = tokio::sync::mpsc::channel(10);
    sender
        .try_send(Ok::<_, std::convert::Infallible>(http_body::Frame::data(
            Bytes::from(arrow_request(&ipc, 1)),
        )))
        .unwrap();
    runtime.spawn(async move {
        let endpoint = tonic::transport::Endpoint::from_shared(format!("http://{addr}")).unwrap();
        let mut channel = endpoint.connect().await.unwrap();
        std::future::poll_fn(|cx| channel.poll_ready(cx))
            .await
            .unwrap();
        let body =
            http_body_util::StreamBody::new(tokio_stream::wrappers::ReceiverStream::new(body));
        let request = http::Request::post(WRITE_MESSAGES)
            .body(tonic::body::Body::new(body))
            .unwrap();
        let _ = channel.call(request).await;
    });
    next_chunk(&events);
    runtime.shutdown_background();
    drop(sender);
    let end = events.recv_timeout(PATIENCE).unwrap();
    assert!(
        matches!(end, ServerEvent::Ended(_, Ending::Broken)),
        "{end:?}"
    );
    assert!(server.connections().is_empty());
}

#[test]
fn a_taken_port_is_an_error_of_its_own() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap();
    let options = ServerOptions {
        addrs: vec![addr],
        ..ServerOptions::default()
    };
    let error = Server::start(&options, Arc::new(|_| {})).unwrap_err();
    assert!(matches!(error, WireError::PortTaken { addr: which } if which == addr));
    assert!(error.to_string().contains(&format!("port {}", addr.port())));
}

#[test]
fn both_addresses_have_the_same_port() {
    let (server, _events) = server();
    let ports: Vec<u16> = server.local_addrs().iter().map(SocketAddr::port).collect();
    assert!(ports.iter().all(|port| *port == ports[0] && *port != 0));
}

#[test]
fn a_server_stops_within_a_second_and_frees_its_port() {
    let (server, _events, _gate) = blocked_server(any_port());
    let addr = server.local_addrs()[0];
    let client = Client::connect(&addr.to_string()).unwrap();
    client.send(&LogMessage::Store(store_info())).unwrap();
    client.flush(PATIENCE).unwrap();
    let start = Instant::now();
    drop(server);
    assert!(
        start.elapsed() < Duration::from_millis(1200),
        "{:?}",
        start.elapsed()
    );
    let options = ServerOptions {
        addrs: vec![addr],
        ..ServerOptions::default()
    };
    Server::start(&options, Arc::new(|_| {})).unwrap();
}

#[test]
fn a_client_waits_for_a_server_that_comes_later() {
    let addr = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let client = Client::connect(&addr.to_string()).unwrap();
    client
        .send(&LogMessage::Chunk(store_id(), samples(&[b"early"])))
        .unwrap();
    assert!(client.flush(Duration::from_millis(300)).is_err());
    let (sender, events) = channel();
    let options = ServerOptions {
        addrs: vec![addr],
        ..ServerOptions::default()
    };
    let handler = move |event| drop(sender.send(event));
    let _server = Server::start(&options, Arc::new(handler)).unwrap();
    client.close(PATIENCE).unwrap();
    assert_eq!(&first_blob(&next_chunk(&events).1)[..], b"early");
}

#[test]
fn a_client_introduces_itself_to_a_server_that_comes_back() {
    let (first, events) = server();
    let addr = first.local_addrs()[0];
    let client = Client::connect(&addr.to_string()).unwrap();
    client.send(&LogMessage::Store(store_info())).unwrap();
    client
        .send(&LogMessage::Chunk(store_id(), samples(&[b"one"])))
        .unwrap();
    next_chunk(&events);
    drop(first);
    let seen = Arc::new(Mutex::new(VecDeque::new()));
    let options = ServerOptions {
        addrs: vec![addr],
        ..ServerOptions::default()
    };
    let handler = {
        let seen = seen.clone();
        move |event| {
            if let ServerEvent::Message(_, message, _) = event {
                seen.lock().unwrap().push_back(message);
            }
        }
    };
    let second = Server::start(&options, Arc::new(handler)).unwrap();
    while seen.lock().unwrap().is_empty() {
        std::thread::sleep(Duration::from_millis(10));
    }
    client
        .send(&LogMessage::Chunk(store_id(), samples(&[b"two"])))
        .unwrap();
    client.close(PATIENCE).unwrap();
    second.close(PATIENCE);
    let mut seen = seen.lock().unwrap();
    // The first one had no time to say what it had.
    assert!(matches!(seen.pop_front(), Some(LogMessage::Store(info)) if info == store_info()));
    assert!(
        matches!(seen.pop_front(), Some(LogMessage::Chunk(_, chunk)) if first_blob(&chunk) == b"one"[..])
    );
    assert!(
        matches!(seen.pop_front(), Some(LogMessage::Chunk(_, chunk)) if first_blob(&chunk) == b"two"[..])
    );
}

#[test]
fn a_server_that_is_closed_decodes_what_has_arrived() {
    let (sender, events) = channel();
    let handler = move |event| {
        std::thread::sleep(Duration::from_millis(2));
        let _ = sender.send(event);
    };
    let server = Server::start(&any_port(), Arc::new(handler)).unwrap();
    let client = Client::connect(&server.local_addrs()[0].to_string()).unwrap();
    for _ in 0..200 {
        client
            .send(&LogMessage::Chunk(store_id(), samples(&[b"one"])))
            .unwrap();
    }
    client.close(PATIENCE).unwrap();
    server.close(PATIENCE);
    let messages = events
        .try_iter()
        .filter(|event| matches!(event, ServerEvent::Message(..)));
    assert_eq!(messages.count(), 200);
}

//! From a call's messages to the program: each call has a thread that decodes what arrived and hands
//! it on, and that may be held up by whom it hands it to.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::SystemTime;

use bytes::{Bytes, BytesMut};
use prost::Message as _;

use super::ServerOptions;
use super::budget::{Budget, Share};
use super::framing::{Assembler, Joined, Pieces};
use crate::message::{MessageDecoder, PackedChunk, caught};
use crate::{Chunk, LogMessage, StoreId, WireError, proto};

/// Names a logger's call among all that a server has had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// How a logger left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It said that this was all. Some versions' loggers say so too when they are killed.
    Clean,
    /// It broke off: the rest of what it logged is lost.
    Broken,
}

/// What happens at a server. For one connection: `Connected`, any number of `Message`, `Packed` and
/// `Rejected`, `Ended`, in this order and from one thread.
#[derive(Debug)]
pub enum ServerEvent {
    /// A logger has sent its first message.
    Connected(ConnectionId, SocketAddr),
    /// A message, and how long it was on the wire.
    Message(ConnectionId, LogMessage, usize),
    /// A chunk, also as it was received, and how long that was. In place of `Message` where
    /// [`ServerOptions::keep_packed`](super::ServerOptions::keep_packed) asks for it.
    Packed(ConnectionId, StoreId, Chunk, PackedChunk, usize),
    /// A message that is not readable; those behind it are.
    Rejected(ConnectionId, WireError),
    /// Nothing more comes from this logger.
    Ended(ConnectionId, Ending),
}

/// Gets the events. It is called from the decoding thread of the connection and may block: then the
/// logger is slowed down in the end.
pub(super) type Handler = Arc<dyn Fn(ServerEvent) + Send + Sync>;

/// A logger that is connected.
#[derive(Clone, Debug)]
pub struct ConnectionInfo {
    /// Its name in events.
    pub id: ConnectionId,
    /// Its address.
    pub peer: SocketAddr,
    /// When it sent its first message.
    pub since: SystemTime,
    /// How many messages it has sent.
    pub messages: u64,
    /// How many bytes they had.
    pub bytes: u64,
    /// How many of them were not readable.
    pub rejected: u64,
    /// How many bytes wait to be decoded.
    pub queued_bytes: usize,
}

/// What all calls of a server share.
pub(super) struct Intake {
    pub(super) budget: Arc<Budget>,
    handler: Handler,
    keep_packed: bool,
    largest: u64,
    next: AtomicU64,
    /// What still waits is thrown away.
    abandoned: AtomicBool,
    calls: Mutex<BTreeMap<ConnectionId, Arc<Counts>>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

/// What is known of one call.
struct Counts {
    peer: SocketAddr,
    since: SystemTime,
    messages: AtomicU64,
    bytes: AtomicU64,
    rejected: AtomicU64,
    share: Share,
}

enum Arrival {
    /// A message and its length, or why it was not kept.
    Message(Result<Pieces, WireError>, usize),
    End(Ending),
}

/// Memory for putting messages together that is kept for the next one of a call.
const KEPT: usize = 16 << 20;

/// What a message needs beside its bytes while it waits.
const OVERHEAD: usize = 256;

/// The sending side of a call, held by the network.
pub(super) struct Call {
    arrivals: mpsc::Sender<Arrival>,
    counts: Arc<Counts>,
    assembler: Assembler,
    ended: bool,
}

impl Intake {
    pub(super) fn new(options: &ServerOptions, handler: Handler) -> Arc<Self> {
        Arc::new(Self {
            budget: Budget::new(options.queue_bytes),
            handler,
            keep_packed: options.keep_packed,
            largest: options.max_payload as u64,
            next: AtomicU64::new(1),
            abandoned: AtomicBool::new(false),
            calls: Mutex::default(),
            threads: Mutex::default(),
        })
    }

    /// Starts a call's thread.
    pub(super) fn call(self: &Arc<Self>, peer: SocketAddr) -> std::io::Result<Call> {
        let id = ConnectionId(self.next.fetch_add(1, Ordering::Relaxed));
        let counts = Arc::new(Counts {
            peer,
            since: SystemTime::now(),
            messages: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            rejected: AtomicU64::new(0),
            share: self.budget.share(id.0),
        });
        // The budget bounds what is in it.
        let (arrivals, receiver) = mpsc::channel();
        let decoding = Decoding {
            intake: self.clone(),
            id,
            counts: counts.clone(),
            decoder: MessageDecoder::new(self.largest),
            joined: BytesMut::new(),
        };
        let thread = std::thread::Builder::new()
            .name(format!("wire-decode-{}", id.0))
            .spawn(move || decoding.run(&receiver))?;
        let mut threads = locked(&self.threads);
        threads.retain(|thread| !thread.is_finished());
        threads.push(thread);
        Ok(Call {
            arrivals,
            counts,
            assembler: Assembler::new(self.largest),
            ended: false,
        })
    }

    /// Who is connected, in the order in which they came.
    pub(super) fn connections(&self) -> Vec<ConnectionInfo> {
        let calls = locked(&self.calls);
        let info = calls.iter().map(|(id, counts)| ConnectionInfo {
            id: *id,
            peer: counts.peer,
            since: counts.since,
            messages: counts.messages.load(Ordering::Relaxed),
            bytes: counts.bytes.load(Ordering::Relaxed),
            rejected: counts.rejected.load(Ordering::Relaxed),
            queued_bytes: counts.share.held(),
        });
        info.collect()
    }

    /// Bytes that wait to be decoded.
    pub(super) fn queued_bytes(&self) -> usize {
        let calls = locked(&self.calls);
        calls.values().map(|counts| counts.share.held()).sum()
    }

    /// Throws away what waits to be decoded.
    pub(super) fn abandon(&self) {
        self.abandoned.store(true, Ordering::Relaxed);
    }

    /// Joins the threads that are done. Whether none is left.
    pub(super) fn join(&self) -> bool {
        let mut threads = locked(&self.threads);
        for thread in threads.extract_if(.., |thread| thread.is_finished()) {
            let _ = thread.join();
        }
        threads.is_empty()
    }
}

impl Call {
    /// Takes bytes as they arrive, and hands on the messages that are whole with them.
    pub(super) fn receive(&mut self, bytes: Bytes) {
        let before = self.assembler.held();
        let mut whole = Vec::new();
        self.assembler.push(bytes, |message, length| {
            whole.push((message, length));
        });
        if !whole.is_empty() {
            self.counts.share.end_exemption();
        }
        let costs = whole.iter().map(|(message, length)| cost(message, *length));
        // Noted before it can be taken off again.
        let held = costs.sum::<usize>() + self.assembler.held();
        self.counts.share.take(held.saturating_sub(before));
        for (message, length) in whole {
            self.counts.messages.fetch_add(1, Ordering::Relaxed);
            self.counts
                .bytes
                .fetch_add(length as u64, Ordering::Relaxed);
            let _ = self.arrivals.send(Arrival::Message(message, length));
        }
    }

    /// Waits until there is room for more.
    pub(super) async fn room(&self) {
        self.counts.share.room(self.assembler.held()).await;
    }

    /// Whether a message has begun that is not whole.
    pub(super) fn is_inside_message(&self) -> bool {
        self.assembler.is_inside()
    }

    /// Whether it keeps others waiting.
    pub(super) fn is_in_the_way(&self) -> bool {
        self.counts.share.is_in_the_way()
    }

    /// Says that all was sent.
    pub(super) fn finish(mut self) {
        self.end(Ending::Clean);
    }

    /// Says how the call ended.
    fn end(&mut self, ending: Ending) {
        if !std::mem::replace(&mut self.ended, true) {
            let _ = self.arrivals.send(Arrival::End(ending));
        }
    }
}

/// A call that is dropped in the middle broke off.
impl Drop for Call {
    fn drop(&mut self) {
        self.end(Ending::Broken);
    }
}

/// The thread of a call.
struct Decoding {
    intake: Arc<Intake>,
    id: ConnectionId,
    counts: Arc<Counts>,
    decoder: MessageDecoder,
    /// Memory in which messages are put together, used again and again.
    joined: BytesMut,
}

impl Decoding {
    fn run(mut self, arrivals: &mpsc::Receiver<Arrival>) {
        let id = self.id;
        let mut is_connected = false;
        let mut ending = Ending::Broken;
        for arrival in arrivals {
            if self.intake.abandoned.load(Ordering::Relaxed) {
                break;
            }
            let (message, length) = match arrival {
                Arrival::Message(message, length) => (message, length),
                Arrival::End(how) => {
                    ending = how;
                    break;
                }
            };
            if !std::mem::replace(&mut is_connected, true) {
                locked(&self.intake.calls).insert(id, self.counts.clone());
                self.tell(ServerEvent::Connected(id, self.counts.peer));
            }
            let cost = cost(&message, length);
            let (decoder, keep) = (&mut self.decoder, self.intake.keep_packed);
            let joined = &mut self.joined;
            match message.and_then(|it| caught(|| decoded(decoder, it.joined(joined), keep))) {
                Ok((LogMessage::Chunk(store, chunk), Some(packed))) => {
                    self.tell(ServerEvent::Packed(id, store, chunk, packed, length));
                }
                Ok((message, _)) => self.tell(ServerEvent::Message(id, message, length)),
                Err(error) => {
                    self.counts.rejected.fetch_add(1, Ordering::Relaxed);
                    self.tell(ServerEvent::Rejected(id, error));
                }
            }
            if length > KEPT {
                self.joined = BytesMut::new();
            }
            self.counts.share.give(cost);
        }
        if is_connected {
            locked(&self.intake.calls).remove(&id);
            self.tell(ServerEvent::Ended(id, ending));
        }
    }

    fn tell(&self, event: ServerEvent) {
        (self.intake.handler)(event);
    }
}

/// What a message that waits counts for.
fn cost(message: &Result<Pieces, WireError>, length: usize) -> usize {
    OVERHEAD + message.as_ref().map_or(0, |_| length)
}

fn decoded(
    decoder: &mut MessageDecoder,
    message: Joined<'_>,
    keep_packed: bool,
) -> Result<(LogMessage, Option<PackedChunk>), WireError> {
    let request = proto::WriteMessagesRequest::decode(message)?;
    let content = request.log_message.and_then(|message| message.content);
    let content = content.ok_or(WireError::EmptyMessage)?;
    if keep_packed {
        decoder.content_and_packed(content)
    } else {
        Ok((decoder.content(content)?, None))
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

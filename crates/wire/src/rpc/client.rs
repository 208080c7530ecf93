//! The sending side: messages wait in a bounded queue until a server takes them, and are kept until it
//! has said so. It may come later, or come back: then it is told again what it may not have.

mod calls;
mod outbox;

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tonic::transport::Endpoint;

use self::outbox::{Kind, Outbox};
use crate::{LogMessage, PackedChunk, WireError, message};

/// How a client holds back what is sent.
#[derive(Clone, Copy, Debug)]
pub struct ClientOptions {
    /// How many bytes may wait: to be sent, or for the server's word that it has them.
    pub queue_bytes: usize,
    /// How many of the bytes that a server has are kept for one that takes its place.
    pub replay_bytes: usize,
    /// What becomes of a message for which there is no room.
    pub when_full: WhenFull,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            queue_bytes: 256 << 20,
            replay_bytes: 64 << 20,
            when_full: WhenFull::Wait,
        }
    }
}

/// What becomes of a message for which there is no room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WhenFull {
    /// Whoever sends it waits.
    #[default]
    Wait,
    /// It is dropped, and counted.
    DropNewest,
}

/// Sends messages to a server. Dropping it without [`Client::close`] waits a moment for what is
/// queued, then gives up.
///
/// The protocol has a server confirm messages at the end of a call only. So the client ends a call from
/// time to time and begins another; what is not confirmed when a connection breaks is sent again on the
/// next one. A server may thus get a chunk twice, and knows it by its id.
#[derive(Debug)]
pub struct Client {
    addr: String,
    outbox: Arc<Outbox>,
    thread: Option<JoinHandle<()>>,
}

impl Client {
    /// A client for the server at `addr` (`127.0.0.1:9876`). Returns at once: the server is looked for
    /// in the background, again and again until it is there.
    ///
    /// # Errors
    /// [`WireError::Connection`] if that is no address, [`WireError::Thread`].
    pub fn connect(addr: &str) -> Result<Self, WireError> {
        Self::connect_with(addr, ClientOptions::default())
    }

    /// The same with other limits.
    ///
    /// # Errors
    /// See [`Client::connect`].
    pub fn connect_with(addr: &str, options: ClientOptions) -> Result<Self, WireError> {
        let endpoint = Endpoint::from_shared(format!("http://{addr}")).map_err(|source| {
            WireError::Connection {
                addr: addr.to_owned(),
                source: source.into(),
            }
        })?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|source| WireError::Thread { source })?;
        let outbox = Arc::new(Outbox::new(options));
        let thread = std::thread::Builder::new()
            .name("wire-client".to_owned())
            .spawn({
                let (outbox, addr) = (outbox.clone(), addr.to_owned());
                move || runtime.block_on(calls::run(&endpoint, &addr, &outbox))
            })
            .map_err(|source| WireError::Thread { source })?;
        Ok(Self {
            addr: addr.to_owned(),
            outbox,
            thread: Some(thread),
        })
    }

    /// Queues a message. If the queue is full it waits, or drops the message, as was chosen.
    ///
    /// # Errors
    /// [`WireError::Closed`]; [`WireError::Arrow`] for a chunk that is none.
    pub fn send(&self, message: &LogMessage) -> Result<(), WireError> {
        let kind = match message {
            LogMessage::Store(_) => Kind::Store,
            LogMessage::Chunk(_, chunk) if chunk.is_static() => Kind::Lasting,
            _ => Kind::Passing,
        };
        self.outbox.push(message::encode(message)?, kind)
    }

    /// Queues a chunk that is encoded already, otherwise like [`Client::send`].
    ///
    /// # Errors
    /// [`WireError::Closed`], [`WireError::TooLarge`].
    pub fn send_packed(&self, chunk: &PackedChunk) -> Result<(), WireError> {
        let kind = if chunk.is_static() {
            Kind::Lasting
        } else {
            Kind::Passing
        };
        self.outbox.push(message::encode_packed(chunk)?, kind)
    }

    /// Waits until the server has said that it received all that was sent.
    ///
    /// # Errors
    /// [`WireError::Timeout`], or what is known of why nothing goes out.
    pub fn flush(&self, timeout: Duration) -> Result<(), WireError> {
        self.outbox.flush(timeout)
    }

    /// Sends what is queued, says that this was all, and waits until the server has received it.
    ///
    /// # Errors
    /// See [`Client::flush`].
    pub fn close(mut self, timeout: Duration) -> Result<(), WireError> {
        self.finish(timeout)
    }

    /// Takes nothing more, so that whoever waits for room is let go. What is queued is still sent, as far
    /// as [`Client::close`] waits for it.
    pub fn refuse_more(&self) {
        self.outbox.refuse_more();
    }

    /// The server's address, as it was given.
    pub fn addr(&self) -> &str {
        &self.addr
    }

    /// How many messages were dropped: because there was no room, or because the server refused them.
    pub fn dropped(&self) -> u64 {
        self.outbox.dropped()
    }

    /// What is wrong with the connection now, in words; `None` if nothing is known to be.
    pub fn trouble(&self) -> Option<String> {
        self.outbox.trouble()
    }

    fn finish(&mut self, timeout: Duration) -> Result<(), WireError> {
        let Some(thread) = self.thread.take() else {
            return Ok(());
        };
        let finished = self.outbox.close(timeout);
        self.outbox.give_up();
        let _ = thread.join();
        finished
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.finish(Duration::from_secs(1));
    }
}

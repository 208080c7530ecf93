//! The sending side: messages wait in a bounded queue until a server takes them. It may come later,
//! or come back.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, Response, Version};
use http_body::Frame;
use http_body_util::BodyExt as _;
use tonic::body::Body;
use tonic::transport::Endpoint;
use tower_service::Service as _;

use super::WRITE_MESSAGES;
use crate::{LogMessage, WireError, message};

/// How much may wait to be sent.
const QUEUE_BYTES: usize = 256 << 20;

/// How long to wait before a server is tried again that was not there.
const RETRY: Duration = Duration::from_millis(100);

/// How long one try may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// Sends messages to a server. Dropping it without [`Client::close`] waits a moment for what is
/// queued, then gives up.
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
        let endpoint = Endpoint::from_shared(format!("http://{addr}"))
            .map_err(|source| WireError::Connection {
                addr: addr.to_owned(),
                source: source.into(),
            })?
            .tcp_nodelay(true)
            .connect_timeout(CONNECT_TIMEOUT);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|source| WireError::Thread { source })?;
        let outbox = Arc::new(Outbox::default());
        let thread = std::thread::Builder::new()
            .name("wire-client".to_owned())
            .spawn({
                let (outbox, addr) = (outbox.clone(), addr.to_owned());
                move || runtime.block_on(run(&endpoint, &addr, &outbox))
            })
            .map_err(|source| WireError::Thread { source })?;
        Ok(Self {
            addr: addr.to_owned(),
            outbox,
            thread: Some(thread),
        })
    }

    /// Queues a message. Waits if the queue is full.
    ///
    /// # Errors
    /// [`WireError::Closed`]; [`WireError::Arrow`] for a chunk that is none.
    pub fn send(&self, message: &LogMessage) -> Result<(), WireError> {
        let bytes = message::encode(message)?;
        self.outbox
            .push(bytes, matches!(message, LogMessage::Store(_)))
    }

    /// Waits until all that was queued is handed to the network: not until the server has decoded it.
    ///
    /// # Errors
    /// [`WireError::Timeout`], or what is known of why nothing goes out.
    pub fn flush(&self, timeout: Duration) -> Result<(), WireError> {
        self.outbox.wait(timeout, |state| state.queue.is_empty())
    }

    /// Sends what is queued, says that this was all, and waits until the server has received it.
    ///
    /// # Errors
    /// See [`Client::flush`].
    pub fn close(mut self, timeout: Duration) -> Result<(), WireError> {
        self.finish(timeout)
    }

    /// The server's address, as it was given.
    pub fn addr(&self) -> &str {
        &self.addr
    }

    fn finish(&mut self, timeout: Duration) -> Result<(), WireError> {
        let Some(thread) = self.thread.take() else {
            return Ok(());
        };
        self.outbox.close();
        let finished = self.outbox.wait(timeout, |state| state.is_done);
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

/// What waits to be sent.
#[derive(Debug, Default)]
struct Outbox {
    state: Mutex<State>,
    changed: Condvar,
    given_up: tokio::sync::Notify,
}

#[derive(Debug, Default)]
struct State {
    queue: VecDeque<Bytes>,
    bytes: usize,
    /// Said again to a server that comes back.
    stores: Vec<Bytes>,
    /// Which connection may take from the queue.
    connection: u64,
    waker: Option<Waker>,
    is_closed: bool,
    is_done: bool,
    error: Option<WireError>,
}

impl Outbox {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, bytes: Bytes, is_store: bool) -> Result<(), WireError> {
        let mut state = self.lock();
        while state.bytes > QUEUE_BYTES && !state.is_closed {
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        if state.is_closed {
            return Err(WireError::Closed);
        }
        if is_store {
            state.stores.push(bytes.clone());
        }
        state.bytes += bytes.len();
        state.queue.push_back(bytes);
        state.wake();
        Ok(())
    }

    fn close(&self) {
        let mut state = self.lock();
        state.is_closed = true;
        state.wake();
        drop(state);
        self.changed.notify_all();
    }

    /// Lets the thread end whatever is left.
    fn give_up(&self) {
        self.given_up.notify_one();
    }

    /// Waits until `is_so`.
    fn wait(&self, timeout: Duration, is_so: impl Fn(&State) -> bool) -> Result<(), WireError> {
        let start = Instant::now();
        let mut state = self.lock();
        while !is_so(&state) {
            let Some(left) = timeout.checked_sub(start.elapsed()) else {
                let bytes = state.bytes;
                return Err(state.error.take().unwrap_or(WireError::Timeout {
                    seconds: timeout.as_secs(),
                    bytes,
                }));
            };
            let waited = self.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        Ok(())
    }

    /// The queue is now another connection's: it starts with the recordings that were announced.
    fn begin(&self) -> u64 {
        let mut state = self.lock();
        state.connection += 1;
        if state.connection > 1 {
            for store in state.stores.clone().into_iter().rev() {
                state.bytes += store.len();
                state.queue.push_front(store);
            }
        }
        state.connection
    }

    fn note(&self, error: WireError) {
        self.lock().error = Some(error);
    }
}

impl State {
    fn wake(&mut self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

/// What one connection sends: the queue, until it is closed.
struct Outgoing {
    outbox: Arc<Outbox>,
    connection: u64,
}

impl http_body::Body for Outgoing {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let mut state = self.outbox.lock();
        if state.connection != self.connection {
            return Poll::Ready(None);
        }
        let Some(bytes) = state.queue.pop_front() else {
            if state.is_closed {
                return Poll::Ready(None);
            }
            state.waker = Some(cx.waker().clone());
            return Poll::Pending;
        };
        state.bytes = state.bytes.saturating_sub(bytes.len());
        drop(state);
        self.outbox.changed.notify_all();
        Poll::Ready(Some(Ok(Frame::data(bytes))))
    }
}

/// Sends until all is sent or nobody waits for it any more.
async fn run(endpoint: &Endpoint, addr: &str, outbox: &Arc<Outbox>) {
    let send_all = async {
        while let Err(error) = connection(endpoint, addr, outbox).await {
            outbox.note(error);
            tokio::time::sleep(RETRY).await;
        }
    };
    tokio::select! {
        () = send_all => {}
        () = outbox.given_up.notified() => {}
    }
    outbox.lock().is_done = true;
    outbox.changed.notify_all();
}

/// One connection from its start to the server's reply.
async fn connection(
    endpoint: &Endpoint,
    addr: &str,
    outbox: &Arc<Outbox>,
) -> Result<(), WireError> {
    let failed = |source: tonic::transport::Error| WireError::Connection {
        addr: addr.to_owned(),
        source: source.into(),
    };
    let mut channel = endpoint.connect().await.map_err(failed)?;
    poll_fn(|cx| channel.poll_ready(cx)).await.map_err(failed)?;
    let response = channel.call(request(outbox)).await.map_err(failed)?;
    status(response).await
}

fn request(outbox: &Arc<Outbox>) -> Request<Body> {
    let body = Outgoing {
        connection: outbox.begin(),
        outbox: outbox.clone(),
    };
    let mut request = Request::new(Body::new(body));
    *request.version_mut() = Version::HTTP_2;
    *request.method_mut() = http::Method::POST;
    *request.uri_mut() = http::Uri::from_static(WRITE_MESSAGES);
    let headers = request.headers_mut();
    headers.insert("te", http::HeaderValue::from_static("trailers"));
    headers.insert(
        http::header::CONTENT_TYPE,
        http::HeaderValue::from_static("application/grpc"),
    );
    request
}

/// What the server says at the end.
async fn status(response: Response<Body>) -> Result<(), WireError> {
    let http = response.status();
    let code = |headers: &http::HeaderMap| {
        let status = headers.get("grpc-status")?;
        status.to_str().ok()?.parse::<u32>().ok()
    };
    let mut status = code(response.headers());
    let mut body = response.into_body();
    while let Some(Ok(frame)) = body.frame().await {
        status = frame.trailers_ref().and_then(code).or(status);
    }
    match status {
        Some(0) => Ok(()),
        Some(status) => Err(WireError::Status { status }),
        None => Err(WireError::Status {
            status: http.as_u16().into(),
        }),
    }
}

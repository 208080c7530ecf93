//! Letting connections in: how many, and how long one may stay that says nothing.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio::time::Sleep;
use tonic::transport::server::Connected;

use super::intake::Call;

/// How long a connection may stay before it has called the method. Loggers do so at once.
const SILENCE: Duration = Duration::from_secs(30);

/// How long to wait after the system could not accept a connection, usually for lack of files.
const PAUSE: Duration = Duration::from_millis(100);

/// Who is at the other end of a connection.
pub(super) struct Peer {
    pub(super) addr: SocketAddr,
    spoke: AtomicBool,
    /// The call that has ended. Another one on the same connection goes on where it was.
    parked: Mutex<Parked>,
}

/// Between two calls of a connection.
#[derive(Default)]
struct Parked {
    call: Option<Call>,
    /// True once there will be no further call.
    is_over: bool,
}

impl Peer {
    /// The call before this one, if it ended as it should.
    pub(super) fn resume(&self) -> Option<Call> {
        self.parked().call.take()
    }

    /// Keeps a call that has ended for the next one. A logger has left when its connection is closed, not
    /// before: one that has its messages confirmed ends a call each time.
    pub(super) fn park(&self, call: Call) {
        let mut parked = self.parked();
        if parked.is_over {
            parked.call = None;
            call.finish();
        } else if let Some(other) = parked.call.replace(call) {
            other.finish();
        }
    }

    fn leave(&self) {
        let mut parked = self.parked();
        parked.is_over = true;
        if let Some(call) = parked.call.take() {
            call.finish();
        }
    }

    fn parked(&self) -> MutexGuard<'_, Parked> {
        self.parked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on the connection is somebody's.
    pub(super) fn speak(&self) {
        self.spoke.store(true, Ordering::Relaxed);
    }

    fn is_silent(&self) -> bool {
        !self.spoke.load(Ordering::Relaxed)
    }
}

/// The places for connections.
pub(super) struct Doorkeeper {
    places: Arc<Semaphore>,
    /// Those who have said nothing yet, and how to show them out.
    silent: Mutex<VecDeque<(Arc<Peer>, oneshot::Sender<()>)>>,
}

impl Doorkeeper {
    pub(super) fn new(places: usize) -> Arc<Self> {
        Arc::new(Self {
            places: Arc::new(Semaphore::new(places)),
            silent: Mutex::default(),
        })
    }

    /// Accepts connections until nobody wants them any more.
    pub(super) async fn run(self: Arc<Self>, listener: TcpListener, accepted: mpsc::Sender<Door>) {
        loop {
            let connection = tokio::select! {
                connection = listener.accept() => connection,
                () = accepted.closed() => return,
            };
            let Ok((stream, addr)) = connection else {
                tokio::time::sleep(PAUSE).await;
                continue;
            };
            let Some(place) = self.place().await else {
                continue;
            };
            // Without it small messages wait for each other.
            let _ = stream.set_nodelay(true);
            if accepted.send(self.door(stream, addr, place)).await.is_err() {
                return;
            }
        }
    }

    /// A place, if need be that of who has been silent for longest.
    async fn place(&self) -> Option<OwnedSemaphorePermit> {
        if let Ok(place) = self.places.clone().try_acquire_owned() {
            return Some(place);
        }
        let shown_out = {
            let mut silent = self.silent.lock().unwrap_or_else(PoisonError::into_inner);
            std::iter::from_fn(|| silent.pop_front())
                .find(|(peer, _)| peer.is_silent())
                .is_some_and(|(_, out)| out.send(()).is_ok())
        };
        let place = self.places.clone().acquire_owned();
        if !shown_out {
            return None;
        }
        tokio::time::timeout(Duration::from_secs(1), place)
            .await
            .ok()?
            .ok()
    }

    fn door(&self, stream: TcpStream, addr: SocketAddr, place: OwnedSemaphorePermit) -> Door {
        let peer = Arc::new(Peer {
            addr,
            spoke: AtomicBool::new(false),
            parked: Mutex::default(),
        });
        let (out, shown_out) = oneshot::channel();
        let mut silent = self.silent.lock().unwrap_or_else(PoisonError::into_inner);
        // Those who left or who have spoken.
        silent.retain(|(peer, out)| peer.is_silent() && !out.is_closed());
        silent.push_back((peer.clone(), out));
        Door {
            stream,
            peer,
            patience: Box::pin(tokio::time::sleep(SILENCE)),
            shown_out,
            _place: place,
        }
    }
}

/// A connection that ends by itself if it stays silent.
pub(super) struct Door {
    stream: TcpStream,
    peer: Arc<Peer>,
    patience: Pin<Box<Sleep>>,
    shown_out: oneshot::Receiver<()>,
    _place: OwnedSemaphorePermit,
}

impl Door {
    fn is_over(&mut self, cx: &mut Context<'_>) -> bool {
        self.peer.is_silent()
            && (self.patience.as_mut().poll(cx).is_ready()
                || matches!(Pin::new(&mut self.shown_out).poll(cx), Poll::Ready(Ok(()))))
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.peer.leave();
    }
}

impl Connected for Door {
    type ConnectInfo = Arc<Peer>;

    fn connect_info(&self) -> Arc<Peer> {
        self.peer.clone()
    }
}

impl AsyncRead for Door {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        target: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.is_over(cx) {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        Pin::new(&mut self.stream).poll_read(cx, target)
    }
}

impl AsyncWrite for Door {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

//! Listening for loggers: sockets, the threads of the network, starting and stopping.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::MAX_FRAME;
use super::door::Doorkeeper;
use super::intake::{ConnectionInfo, Handler, Intake, ServerEvent};
use super::service::Service;
use crate::WireError;

/// The port that loggers connect to if they are not told another.
const DEFAULT_PORT: u16 = 9876;

/// A dead peer is noticed after these; a live one answers by itself.
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(10);
const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(20);

/// Calls on one connection. Loggers make one.
const MAX_STREAMS: u32 = 32;

/// How long a server that is dropped goes on decoding what has arrived.
const PATIENCE: Duration = Duration::from_millis(500);

/// How a server listens.
#[derive(Clone, Debug)]
pub struct ServerOptions {
    /// Where to listen. The first is required; the others are left out where the machine has no such
    /// address. Port 0 is any free one, the same for all.
    pub addrs: Vec<SocketAddr>,
    /// How many bytes may wait to be decoded, for all loggers together. Beyond it each still has a
    /// few megabytes; then it is slowed down.
    pub queue_bytes: usize,
    /// The longest message that is taken, in bytes of its rows; longer ones are skipped. Beyond 2.5
    /// GiB none is taken in any case.
    pub max_payload: usize,
    /// How many loggers there may be at once.
    pub max_connections: usize,
    /// Whether chunks are handed out as they were received as well, to be written to a file.
    pub keep_packed: bool,
}

impl Default for ServerOptions {
    fn default() -> Self {
        Self {
            addrs: vec![
                (Ipv4Addr::LOCALHOST, DEFAULT_PORT).into(),
                (Ipv6Addr::LOCALHOST, DEFAULT_PORT).into(),
            ],
            queue_bytes: 256 << 20,
            max_payload: usize::MAX,
            max_connections: 256,
            keep_packed: false,
        }
    }
}

/// Receives what loggers send. Stops when it is dropped.
pub struct Server {
    addrs: Vec<SocketAddr>,
    intake: Arc<Intake>,
    runtime: Option<Runtime>,
}

impl Server {
    /// Starts to listen. `handler` gets what happens; see [`ServerEvent`] for the order.
    ///
    /// # Errors
    /// [`WireError::PortTaken`], [`WireError::Listen`], [`WireError::Thread`].
    pub fn start(
        options: &ServerOptions,
        handler: Arc<dyn Fn(ServerEvent) + Send + Sync>,
    ) -> Result<Self, WireError> {
        let listeners = listen(&options.addrs)?;
        let addrs = listeners
            .iter()
            .map(TcpListener::local_addr)
            .collect::<Result<_, _>>()?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("wire-network")
            .enable_all()
            .build()
            .map_err(|source| WireError::Thread { source })?;
        let handler: Handler = handler;
        let intake = Intake::new(options, handler);
        let doorkeeper = Doorkeeper::new(options.max_connections);
        let (accepted, incoming) = mpsc::channel(1);
        {
            let _inside = runtime.enter();
            for listener in listeners {
                let listener = tokio::net::TcpListener::from_std(listener)?;
                runtime.spawn(doorkeeper.clone().run(listener, accepted.clone()));
            }
        }
        let service = Service::new(intake.clone(), options.max_connections);
        let incoming =
            tokio_stream::StreamExt::map(ReceiverStream::new(incoming), Ok::<_, std::io::Error>);
        runtime.spawn(
            tonic::transport::Server::builder()
                .accept_http1(false)
                .max_frame_size(MAX_FRAME)
                .max_concurrent_streams(MAX_STREAMS)
                .http2_keepalive_interval(Some(KEEPALIVE_INTERVAL))
                .http2_keepalive_timeout(Some(KEEPALIVE_TIMEOUT))
                .serve_with_incoming(service, incoming),
        );
        Ok(Self {
            addrs,
            intake,
            runtime: Some(runtime),
        })
    }

    /// Where it listens.
    pub fn local_addrs(&self) -> &[SocketAddr] {
        &self.addrs
    }

    /// The loggers that are connected, in the order in which they came.
    pub fn connections(&self) -> Vec<ConnectionInfo> {
        self.intake.connections()
    }

    /// Bytes that wait to be decoded, of all loggers.
    pub fn queued_bytes(&self) -> usize {
        self.intake.queued_bytes()
    }

    /// Stops listening, cuts all connections, and waits until what has arrived is decoded, or
    /// `patience` is at an end: then the rest is thrown away.
    pub fn close(mut self, patience: Duration) {
        self.stop(patience);
    }

    fn stop(&mut self, patience: Duration) {
        let Some(runtime) = self.runtime.take() else {
            return;
        };
        runtime.shutdown_timeout(PATIENCE / 2);
        let start = Instant::now();
        while !self.intake.join() && start.elapsed() < patience + PATIENCE / 2 {
            if start.elapsed() >= patience {
                self.intake.abandon();
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop(PATIENCE);
    }
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server")
            .field("addrs", &self.addrs)
            .finish_non_exhaustive()
    }
}

/// Binds all addresses that the machine has.
fn listen(addrs: &[SocketAddr]) -> Result<Vec<TcpListener>, WireError> {
    let mut listeners: Vec<TcpListener> = Vec::new();
    let mut chosen = None;
    for addr in addrs {
        let mut addr = *addr;
        let is_any_port = addr.port() == 0;
        if let Some(port) = chosen.filter(|_| is_any_port) {
            addr.set_port(port);
        }
        match TcpListener::bind(addr) {
            Ok(listener) => {
                listener.set_nonblocking(true)?;
                chosen = Some(listener.local_addr()?.port());
                listeners.push(listener);
            }
            // A machine without IPv6, or a port that happens to be free on one of two only.
            Err(error)
                if !listeners.is_empty()
                    && (is_any_port || error.kind() != ErrorKind::AddrInUse) => {}
            Err(error) if error.kind() == ErrorKind::AddrInUse => {
                return Err(WireError::PortTaken { addr });
            }
            Err(source) => return Err(WireError::Listen { addr, source }),
        }
    }
    Ok(listeners)
}

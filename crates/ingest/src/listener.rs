//! Loggers that connect: their messages become events.

use std::collections::{BTreeSet, HashMap};
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use reelscope_wire::{
    ConnectionId, ConnectionInfo, LogMessage, Server, ServerEvent, ServerOptions, WireError,
};

use crate::Event;
use crate::ingest::{RunName, Source};
use crate::outlet::{Outlet, run_name};

/// Where loggers may connect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListenOptions {
    /// The port; 0 for any that is free.
    pub port: u16,
    /// The address; `None` for this computer alone.
    pub bind: Option<IpAddr>,
}

impl ListenOptions {
    /// The port that loggers connect to if nobody tells them another.
    pub const DEFAULT_PORT: u16 = 9876;
}

impl Default for ListenOptions {
    fn default() -> Self {
        Self {
            port: Self::DEFAULT_PORT,
            bind: None,
        }
    }
}

/// What loggers connect to. They are cut off when it is dropped.
pub struct Listener {
    server: Server,
    is_open: bool,
}

impl Listener {
    pub(crate) fn start(
        options: &ListenOptions,
        memory: usize,
        outlet: Outlet,
    ) -> Result<Self, WireError> {
        let connections = Mutex::new(HashMap::new());
        let handler = move |event| take(event, &outlet, &connections);
        let server = Server::start(&server_options(options, memory), Arc::new(handler))?;
        let is_open = options.bind.is_some_and(|bind| !bind.is_loopback());
        Ok(Self { server, is_open })
    }

    /// The addresses that are listened at.
    pub fn addrs(&self) -> Vec<SocketAddr> {
        self.server.local_addrs().to_vec()
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.addrs().first().map_or(0, SocketAddr::port)
    }

    /// True if other computers can connect. There is no authentication.
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// Bytes that were received and not looked at yet.
    pub(crate) fn queued_bytes(&self) -> usize {
        self.server.queued_bytes()
    }

    /// Who is connected.
    pub fn connections(&self) -> Vec<ConnectionInfo> {
        self.server.connections()
    }
}

/// What a server needs to know to listen there, for a program that may take `memory` bytes in all.
pub fn server_options(options: &ListenOptions, memory: usize) -> ServerOptions {
    let mut server = ServerOptions::default();
    server.queue_bytes = server.queue_bytes.min(memory / 8);
    server.max_payload = memory / 2;
    match options.bind {
        Some(bind) => server.addrs = vec![SocketAddr::new(bind, options.port)],
        None => {
            for addr in &mut server.addrs {
                addr.set_port(options.port);
            }
        }
    }
    server
}

/// A connection, and the runs that came by it.
struct Connection {
    source: Source,
    runs: BTreeSet<RunName>,
}

type Connections = Mutex<HashMap<ConnectionId, Connection>>;

/// Takes what happened on a connection, on the connection's own thread.
fn take(event: ServerEvent, outlet: &Outlet, connections: &Connections) {
    let connections = || connections.lock().unwrap_or_else(PoisonError::into_inner);
    match event {
        ServerEvent::Connected(id, peer) => {
            let source = Source {
                origin: peer.to_string(),
                kind: "live",
                program: String::new(),
                sdk: None,
            };
            let runs = BTreeSet::new();
            connections().insert(id, Connection { source, runs });
            (outlet.wake)();
        }
        ServerEvent::Message(id, message, _) => {
            let run = match &message {
                LogMessage::Store(info) => Some(run_name(info)),
                LogMessage::Chunk(store, _) => Some(RunName {
                    application: store.application_id.clone(),
                    run: store.recording_id.clone(),
                }),
                LogMessage::Blueprint => None,
            };
            let source = {
                let mut connections = connections();
                let Some(connection) = connections.get_mut(&id) else {
                    return;
                };
                if let Some(run) = run
                    && !connection.runs.contains(&run)
                {
                    connection.runs.insert(run);
                }
                connection.source.clone()
            };
            let _gone = outlet.message(message, &source);
        }
        // Not asked for.
        ServerEvent::Packed(..) => {}
        ServerEvent::Rejected(id, error) => {
            let origin = connections().get(&id).map(|it| it.source.origin.clone());
            let origin = origin.unwrap_or_else(|| "a logger".to_owned());
            let text = format!("{origin}: {error}");
            let _gone = outlet.send(Event::Warning { run: None, text });
        }
        ServerEvent::Ended(id, _) => {
            let connection = connections().remove(&id);
            for run in connection.into_iter().flat_map(|it| it.runs) {
                let _gone = outlet.finish(&run);
            }
            (outlet.wake)();
        }
    }
}

//! The protocol over TCP: gRPC on cleartext HTTP/2, one call for each recording that a program logs.
//! What is said in a call is decoded elsewhere; here it is only carried.

mod budget;
mod client;
mod door;
mod framing;
mod intake;
mod server;
mod service;

pub(crate) use framing::prefix;

pub use client::{Client, ClientOptions, WhenFull};
pub use intake::{ConnectionId, ConnectionInfo, Ending, ServerEvent};
pub use server::{Server, ServerOptions};

/// The one method that loggers call.
const WRITE_MESSAGES: &str = "/rerun.sdk_comms.v1alpha1.MessageProxyService/WriteMessages";

/// The largest HTTP/2 frame that is taken: raw pictures come in fewer pieces.
const MAX_FRAME: u32 = 1 << 20;

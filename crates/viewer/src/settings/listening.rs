//! Where programs may log to.

use std::net::IpAddr;

use reelscope_ingest::ListenOptions;
use serde::{Deserialize, Serialize};

/// Whether and where programs may log to the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Listening {
    /// Whether they may.
    pub on: bool,
    /// The address; `None` for this computer alone.
    pub bind: Option<IpAddr>,
    /// The port.
    pub port: u16,
}

impl Default for Listening {
    fn default() -> Self {
        let ListenOptions { port, bind } = ListenOptions::default();
        Self {
            on: true,
            bind,
            port,
        }
    }
}

impl Listening {
    /// What to ask the listener for; `None` if programs may not log.
    pub(crate) fn options(self) -> Option<ListenOptions> {
        let Self { on, bind, port } = self;
        on.then_some(ListenOptions { port, bind })
    }
}

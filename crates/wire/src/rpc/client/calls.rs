//! One call after another to the server, on one connection after another.

use std::convert::Infallible;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, Version};
use http_body::Frame;
use http_body_util::BodyExt as _;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tonic::body::Body;
use tonic::transport::{Channel, Endpoint};
use tower_service::Service as _;

use super::outbox::{Call, Next, Outbox};
use crate::WireError;
use crate::rpc::WRITE_MESSAGES;

/// How long to wait before a server is tried again that was not there.
const RETRY: Duration = Duration::from_millis(100);

/// How long one try may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// How often to look whether something waits for the server's word for too long.
const TICK: Duration = Duration::from_millis(250);

/// Sends until all is sent or nobody waits for it any more.
pub(super) async fn run(endpoint: &Endpoint, addr: &str, outbox: &Arc<Outbox>) {
    let send_all = async {
        while let Err(error) = connection(endpoint, addr, outbox).await {
            outbox.note(error);
            tokio::time::sleep(RETRY).await;
        }
    };
    tokio::select! {
        () = send_all => {}
        () = outbox.given_up() => {}
        () = tick(outbox) => {}
    }
    outbox.set_done();
}

/// Makes connections, and notes that it did: a channel whose connection was closed makes another one by
/// itself, perhaps to another server.
#[derive(Clone)]
struct Connector {
    outbox: Arc<Outbox>,
}

impl tower_service::Service<http::Uri> for Connector {
    type Response = TokioIo<TcpStream>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<TokioIo<TcpStream>>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: http::Uri) -> Self::Future {
        let outbox = self.outbox.clone();
        Box::pin(async move {
            let addr = uri.authority().ok_or(io::ErrorKind::InvalidInput)?;
            let connecting = TcpStream::connect(addr.as_str());
            let connected = tokio::time::timeout(CONNECT_TIMEOUT, connecting).await;
            let stream = connected.map_err(|_| io::ErrorKind::TimedOut)??;
            // Without it small messages wait for each other.
            stream.set_nodelay(true)?;
            outbox.connected();
            Ok(TokioIo::new(stream))
        })
    }
}

/// Sees to it that what was sent is confirmed although nothing more is sent.
async fn tick(outbox: &Outbox) {
    loop {
        tokio::time::sleep(TICK).await;
        outbox.tick();
    }
}

/// One connection, until it breaks or all is sent.
async fn connection(
    endpoint: &Endpoint,
    addr: &str,
    outbox: &Arc<Outbox>,
) -> Result<(), WireError> {
    let failed = |source: tonic::transport::Error| WireError::Connection {
        addr: addr.to_owned(),
        source: source.into(),
    };
    let connector = Connector {
        outbox: outbox.clone(),
    };
    let connecting = endpoint.connect_with_connector(connector);
    let mut channel = connecting.await.map_err(failed)?;
    while !outbox.is_finished() {
        outbox.something_to_send().await;
        if outbox.is_finished() {
            break;
        }
        poll_fn(|cx| channel.poll_ready(cx)).await.map_err(failed)?;
        let call = outbox.begin();
        let status = ask(&mut channel, outbox, call).await.map_err(failed)?;
        if !outbox.answered(status)? {
            tokio::time::sleep(RETRY).await;
        }
    }
    Ok(())
}

/// One call from its start to the server's reply: the number of its status.
async fn ask(
    channel: &mut Channel,
    outbox: &Arc<Outbox>,
    call: Call,
) -> Result<u32, tonic::transport::Error> {
    let body = Outgoing {
        outbox: outbox.clone(),
        call,
        message: Vec::new().into_iter(),
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
    Ok(status(channel.call(request).await?).await)
}

/// What the server says at the end.
async fn status(response: Response<Body>) -> u32 {
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
    status.unwrap_or_else(|| http.as_u16().into())
}

/// What one call sends: the queue, until it is to be confirmed.
struct Outgoing {
    outbox: Arc<Outbox>,
    call: Call,
    /// What is left of the message that was begun.
    message: std::vec::IntoIter<Bytes>,
}

impl http_body::Body for Outgoing {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        loop {
            if let Some(part) = self.message.next() {
                return Poll::Ready(Some(Ok(Frame::data(part))));
            }
            match self.outbox.next(self.call, cx.waker()) {
                Next::Message(parts) => self.message = parts.into_iter(),
                Next::End => return Poll::Ready(None),
                Next::Wait => return Poll::Pending,
            }
        }
    }
}

//! One call after another to the server, on one connection after another.

use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, Version};
use http_body::Frame;
use http_body_util::BodyExt as _;
use tonic::body::Body;
use tonic::transport::{Channel, Endpoint};
use tower_service::Service as _;

use super::outbox::{Call, Next, Outbox};
use crate::WireError;
use crate::rpc::WRITE_MESSAGES;

/// How long to wait before a server is tried again that was not there.
const RETRY: Duration = Duration::from_millis(100);

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
    let mut channel = endpoint.connect().await.map_err(failed)?;
    outbox.connected();
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
}

impl http_body::Body for Outgoing {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.outbox.next(self.call, cx.waker()) {
            Next::Message(bytes) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
            Next::End => Poll::Ready(None),
            Next::Wait => Poll::Pending,
        }
    }
}

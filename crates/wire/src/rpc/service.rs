//! The one method that loggers call, found by its path. All others are answered as not implemented.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response};
use http_body::Frame;
use http_body_util::BodyExt as _;
use tonic::Status;
use tonic::body::Body;

use super::WRITE_MESSAGES;
use super::door::Peer;
use super::framing;
use super::intake::{Call, Intake};

/// How long a logger may pause in the middle of a message while others wait for the memory that this
/// message holds.
const STALL: Duration = Duration::from_secs(30);

/// Answers calls.
#[derive(Clone)]
pub(super) struct Service {
    intake: Arc<Intake>,
    calls: Arc<AtomicUsize>,
    max_calls: usize,
}

impl Service {
    pub(super) fn new(intake: Arc<Intake>, max_calls: usize) -> Self {
        Self {
            intake,
            calls: Arc::default(),
            max_calls,
        }
    }

    async fn answer(self, request: Request<Body>) -> Response<Body> {
        if request.uri().path() != WRITE_MESSAGES || request.method() != Method::POST {
            return Status::unimplemented("only WriteMessages is implemented here").into_http();
        }
        let Some(peer) = request.extensions().get::<Arc<Peer>>().cloned() else {
            return Status::internal("the connection is not known").into_http();
        };
        let Some(_place) = Place::take(&self.calls, self.max_calls) else {
            return Status::resource_exhausted("too many loggers").into_http();
        };
        match receive(&self.intake, &peer, request.into_body()).await {
            Ok(()) => success(),
            Err(status) => status.into_http(),
        }
    }
}

impl tower_service::Service<Request<Body>> for Service {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let service = self.clone();
        Box::pin(async move { Ok(service.answer(request).await) })
    }
}

/// Receives all messages of a call. Whatever they contain, only the end of the stream ends it.
async fn receive(intake: &Arc<Intake>, peer: &Peer, mut body: Body) -> Result<(), Status> {
    let mut call: Option<Call> = peer.resume();
    while let Some(frame) = next_frame(&mut body, call.as_ref()).await? {
        let Ok(bytes) = frame.into_data() else {
            continue;
        };
        if bytes.is_empty() {
            continue;
        }
        peer.speak();
        let call = match &mut call {
            Some(call) => call,
            none => none.insert(
                intake
                    .call(peer.addr)
                    .map_err(|_| Status::resource_exhausted("no thread for another logger"))?,
            ),
        };
        call.receive(bytes);
        call.room().await;
    }
    if let Some(call) = call {
        if call.is_inside_message() {
            return Err(Status::data_loss("the last message is not whole"));
        }
        peer.park(call);
    }
    Ok(())
}

/// What arrives next. A call that is dropped on the way counts as broken off.
async fn next_frame(body: &mut Body, call: Option<&Call>) -> Result<Option<Frame<Bytes>>, Status> {
    loop {
        let frame = match call {
            Some(call) if call.is_inside_message() => {
                match tokio::time::timeout(STALL, body.frame()).await {
                    Ok(frame) => frame,
                    Err(_) if call.is_in_the_way() => {
                        return Err(Status::deadline_exceeded(
                            "the rest of a message did not come",
                        ));
                    }
                    Err(_) => continue,
                }
            }
            _ => body.frame().await,
        };
        return frame.transpose();
    }
}

/// An empty message and the status 0.
fn success() -> Response<Body> {
    const EMPTY: Bytes = Bytes::from_static(&[0; framing::PREFIX]);
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", HeaderValue::from_static("0"));
    let frames = [Frame::data(EMPTY), Frame::trailers(trailers)].map(Ok::<_, Infallible>);
    let body = http_body_util::StreamBody::new(tokio_stream::iter(frames));
    let mut response = Response::new(Body::new(body));
    response.headers_mut().insert(
        http::header::CONTENT_TYPE,
        HeaderValue::from_static("application/grpc"),
    );
    response
}

/// One of the calls that may be under way.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(calls: &Arc<AtomicUsize>, most: usize) -> Option<Self> {
        let place = Self(calls.clone());
        (calls.fetch_add(1, Ordering::Relaxed) < most).then_some(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::{Arc, RwLock};

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::sync::watch;
use tokio_stream::wrappers::WatchStream;
use tokio_stream::{Stream, StreamExt};
use tower_http::services::ServeFile;

/// The state shared by the server's thread and the builder's.
pub(super) struct Shared {
    pub port: u16,
    /// A `Showing` as JSON.
    pub showing: watch::Sender<Arc<str>>,
    /// A `Doing` as JSON, or `null`.
    pub doing: watch::Sender<Arc<str>>,
    /// The files that a browser may request, by name.
    pub files: RwLock<BTreeMap<String, PathBuf>>,
}

/// The page loads nothing from other origins, and no other site can frame it.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'";

const PARTS: [(&str, &str, &str); 3] = [
    ("/", "text/html; charset=utf-8", include_str!("page/index.html")),
    ("/page.css", "text/css; charset=utf-8", include_str!("page/page.css")),
    ("/page.js", "text/javascript; charset=utf-8", include_str!("page/page.js")),
];

/// Serves `/` (the page), `/events` (server-sent events `showing` and `doing`), and `/files/NAME` (movies and
/// stills).
pub(super) fn routes(shared: Arc<Shared>) -> Router {
    let mut router = Router::new();
    for (path, kind, text) in PARTS {
        let headers = [(header::CONTENT_TYPE, kind), (header::CONTENT_SECURITY_POLICY, POLICY)];
        router = router.route(path, get(move || async move { (headers, text) }));
    }
    router
        .route("/events", get(events))
        .route("/files/{name}", get(file))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), guard))
        .with_state(shared)
}

/// Rejects requests whose host is not a local name of this machine. Otherwise, a foreign page whose domain
/// resolves to this machine (DNS rebinding) could read the movie.
async fn guard(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let ours = ["127.0.0.1", "localhost"].map(|name| format!("{name}:{}", shared.port));
    if !ours.iter().any(|ours| ours == host) {
        return (StatusCode::FORBIDDEN, "this page can only be opened on this machine").into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

async fn events(State(shared): State<Arc<Shared>>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let named = |sender: &watch::Sender<Arc<str>>, name: &'static str| {
        WatchStream::new(sender.subscribe()).map(move |text| Ok(Event::default().event(name).data(&*text)))
    };
    let stream = named(&shared.showing, "showing").merge(named(&shared.doing, "doing"));
    Sse::new(stream).keep_alive(KeepAlive::default())
}

/// Serves a file or the requested part of it. A name always has the same content, so browsers may cache it.
async fn file(State(shared): State<Arc<Shared>>, Path(name): Path<String>, request: Request) -> Response {
    let path = shared.files.read().unwrap_or_else(|poison| poison.into_inner()).get(&name).cloned();
    let Some(path) = path else { return StatusCode::NOT_FOUND.into_response() };
    let kind = match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "jpg" => "image/jpeg",
        "webm" => "video/webm",
        _ => "video/mp4",
    };
    match ServeFile::new(path).try_call(request).await {
        Ok(response) => {
            let mut response = response.map(Body::new);
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("max-age=31536000, immutable"));
            response
        }
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

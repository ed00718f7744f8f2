//! Where the pages of other people's phones are served: a page on loopback may use the microphone.

use std::path::{Component, Path, PathBuf};

use axum::Router;
use axum::extract::Path as Below;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use tokio::sync::OnceCell;

use crate::support::settings::setting;

/// The address, without a slash at its end. The first who asks starts the server, which ends with the stories.
pub async fn address() -> &'static str {
    static ADDRESS: OnceCell<String> = OnceCell::const_new();
    ADDRESS.get_or_init(async || serve()).await
}

/// In a thread of its own: each story's runtime ends with the story.
fn serve() -> String {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
    let address = listener.local_addr().expect("it has an address");
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async {
            listener.set_nonblocking(true).expect("a listener that does not block");
            let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
            axum::serve(listener, Router::new().route("/{*file}", get(file))).await
        })
    });
    format!("http://{address}")
}

/// What is served below a name: a folder that xtask tells, or one of ours.
const BELOW: [(&str, Folder); 4] = [
    ("npm/", Folder::Setting("XC_PEERS")),
    ("lib/", Folder::Setting("XC_LIBRARY")),
    ("bench-program/", Folder::Setting("XC_BENCH_PROGRAM")),
    ("bench/", Folder::Ours("tests/bench/pages")),
];

/// Where files lie.
enum Folder {
    Setting(&'static str),
    Ours(&'static str),
}

impl Folder {
    fn path(&self) -> PathBuf {
        match self {
            Self::Setting(name) => PathBuf::from(setting(name)),
            Self::Ours(folder) => Path::new(env!("CARGO_MANIFEST_DIR")).join(folder),
        }
    }
}

async fn file(Below(file): Below<String>) -> impl IntoResponse {
    let below =
        BELOW.iter().find_map(|(name, folder)| file.strip_prefix(name).map(|rest| (folder.path(), rest)));
    let (folder, file) = below.unwrap_or_else(|| (Folder::Ours("tests/interop/peers").path(), &file));
    read(folder, file).await
}

async fn read(folder: PathBuf, file: &str) -> impl IntoResponse + use<> {
    let below = Path::new(file).components().all(|part| matches!(part, Component::Normal(_)));
    let content = match below {
        true => tokio::fs::read(folder.join(file)).await.ok(),
        false => None,
    };
    let kind = match file.rsplit('.').next() {
        Some("html") => "text/html",
        Some("js" | "mjs") => "text/javascript",
        Some("json") => "application/json",
        Some("wasm") => "application/wasm",
        _ => "text/plain",
    };
    match content {
        Some(content) => (StatusCode::OK, [(CONTENT_TYPE, kind)], content),
        None => (StatusCode::NOT_FOUND, [(CONTENT_TYPE, kind)], Vec::new()),
    }
}

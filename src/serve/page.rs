use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::{Arc, RwLock};
use std::thread;

use tokio::sync::watch;

use super::routes::{Shared, routes};
use super::{Doing, Showing};

/// The port that is taken where none is asked for and it is free.
const PORT: u16 = 7311;

/// The page, served by a thread of its own until the process ends.
pub struct Page {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Page {
    /// Serves on `port` of the loopback device; without one on a port of its own, the same as
    /// last time unless someone else has it.
    ///
    /// # Errors
    /// When the port can't be had.
    pub fn open(port: Option<u16>) -> io::Result<Self> {
        let at = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
        let listener = match port {
            Some(port) => at(port),
            None => at(PORT).or_else(|_| at(0)),
        }?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            port: address.port(),
            showing: watch::Sender::new(text(&Showing::default())),
            doing: watch::Sender::new("null".into()),
            files: RwLock::default(),
        });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let app = routes(Arc::clone(&shared));
        thread::spawn(move || {
            runtime.block_on(async {
                match tokio::net::TcpListener::from_std(listener) {
                    Ok(listener) => axum::serve(listener, app).await,
                    Err(error) => Err(error),
                }
            })
        });
        Ok(Self { address, shared })
    }

    /// Where a browser finds it.
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Shows something else. Of this machine's files the page gives out `files` and no other, each
    /// by the name that `showing` has for it.
    pub fn show(&self, showing: &Showing, files: BTreeMap<String, PathBuf>) {
        *self.shared.files.write().unwrap_or_else(|poison| poison.into_inner()) = files;
        self.shared.doing.send_replace("null".into());
        self.shared.showing.send_replace(text(showing));
    }

    /// Shows how far the build is.
    pub fn doing(&self, doing: &Doing) {
        self.shared.doing.send_replace(serde_json::to_string(doing).unwrap_or_default().into());
    }
}

fn text(showing: &Showing) -> Arc<str> {
    serde_json::to_string(showing).unwrap_or_default().into()
}

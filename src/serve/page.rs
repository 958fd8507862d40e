use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::{Arc, RwLock};
use std::thread;

use tokio::sync::watch;

use super::routes::{Shared, routes};
use super::{Doing, Showing};

/// The default port.
const PORT: u16 = 7311;

/// The page, served by its own thread until the process ends.
pub struct Page {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Page {
    /// Serves the page on `port` of the loopback device. Without a port, uses 7311, or any free port if 7311
    /// is taken.
    ///
    /// # Errors
    /// If the port can't be opened.
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

    /// Returns the address of the page for a browser.
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Shows something else. The page serves only `files`, each under the name that `showing` uses.
    pub fn show(&self, showing: &Showing, files: BTreeMap<String, PathBuf>) {
        *self.shared.files.write().unwrap_or_else(|poison| poison.into_inner()) = files;
        self.shared.doing.send_replace("null".into());
        self.shared.showing.send_replace(text(showing));
    }

    /// Shows the progress of the build.
    pub fn doing(&self, doing: &Doing) {
        self.shared.doing.send_replace(serde_json::to_string(doing).unwrap_or_default().into());
    }
}

fn text(showing: &Showing) -> Arc<str> {
    serde_json::to_string(showing).unwrap_or_default().into()
}
